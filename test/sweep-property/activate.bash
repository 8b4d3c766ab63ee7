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
without_noise() { grep -vE '^(_|BASH_[A-Z]*|BASHPID|PIPESTATUS|LINENO|EPOCH[A-Z]*|SECONDS|RANDOM|SRANDOM|FUNCNAME|_localstatus|_status|observed)=' "$1"; }
# Where the shell stops at errors, a snippet that fails ends it: so this is its last act, not its last line.
finish() {
  local observed=$?
  snapshot >| /t/after 2>&1
  set +efuC +o posix
  shopt -u failglob
  diff <(without_noise /t/before) <(without_noise /t/after) > /t/leaks || echo "LEAK" >&2
  exit "$observed"
}
trap finish EXIT
. /t/surroundings
_localstatus=0
snapshot >| /t/before 2>&1

#### Activation script snippet microvm-sweep:
. /t/script
