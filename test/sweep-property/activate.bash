# The part of NixOS's activation script that surrounds a snippet (nixpkgs,
# nixos/modules/system/activation/activation-script.nix), and checks that nothing leaked into it.
systemConfig=/nix/store/g-new
export PATH=/usr/bin:/bin
_status=0
trap "_status=1 _localstatus=\$?" ERR
umask 0022
IFS=$' \t\n'
name=outer dir=outer status=outer
join() { echo outer; }
snapshot() { set; shopt; set -o; trap; umask; pwd; }
snapshot > /t/before 2>&1

#### Activation script snippet microvm-sweep:
_localstatus=0
. /t/script

_observed=$_localstatus
_localstatus=0
[[ $_status == 1 ]] && _status=0
snapshot > /t/after 2>&1
unset_noise() { grep -vE '^(_|_observed|BASH_[A-Z]*|BASHPID|PIPESTATUS|LINENO|EPOCH[A-Z]*|SECONDS|RANDOM|SRANDOM|FUNCNAME|_localstatus|_status)=' "$1"; }
if ! diff <(unset_noise /t/before) <(unset_noise /t/after) > /t/leaks; then
  echo "LEAK" >&2
fi
exit "$_observed"
