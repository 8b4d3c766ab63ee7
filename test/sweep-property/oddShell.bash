# What other snippets of an activation script may have left behind for this one to run in.
set -CEefu +B -o pipefail
shopt -s dotglob failglob nocaseglob nocasematch
shopt -u nullglob
IFS=a- CDPATH=/ GLOBIGNORE='*'
export LC_ALL=C.UTF-8 TZ=Pacific/Auckland
# Names that the snippet uses too, for other kinds of values.
declared=(outer) kept=(outer) seen=(outer) active=(outer) replaced=(outer) verdict=(outer) family=(outer)
visited=(outer) has_file=(outer) going=(outer) deletable=(outer) names=outer files=outer stale=outer dry=outer
in_use=outer went=outer needs_reload=outer generation=outer
declare -i orphans=7 systemctl=7 state_dir=7 line=7 status=7
declare -u systemd=outer
declare -A keep=([outer]=yes) vms=([outer]=yes) stops=([outer]=yes) path=([outer]=yes)
declare -n units=PATH name=HOME
shopt -s localvar_inherit
trap '[[ $BASH_SUBSHELL == 0 ]] || echo "the trap of another snippet" >&2' ERR
is_name() { return 1; }
cd /tmp
umask 0
set -o posix
