# shellcheck shell=bash
# What the parts of microvm-sweep share: the units of microvm.nix, the data of the page, systemd's answer. It only
# defines: nothing here changes the host, and it never runs by itself. The rules are in docs/design.md.
# Keys of maps are "@NAME": a MicroVM may be called "@", and Bash takes the key "@" for all keys.
# shellcheck disable=SC2034,SC2154 # The other parts read these variables, and set `generation`.
release=0.3.0
shopt -s extglob nullglob
umask 077
export LC_ALL=C TZ=UTC0

# The template units of microvm.nix in any release, its target, and what the unit that installs a VM begins with.
families=(microvm microvm-tap-interfaces microvm-macvtap-interfaces microvm-pci-devices microvm-virtiofsd
  microvm-set-booted)
target=microvms.target
install="install-microvm-"
# The unit directories that an administrator or a tool can write, in the order of systemd.unit(5).
unit_dirs=(/etc/systemd/system.control /run/systemd/system.control /etc/systemd/system /run/systemd/system
  /etc/systemd/system.attached /run/systemd/system.attached /usr/local/lib/systemd/system)

printf -v any_family '%s|' "${families[@]}"
unit_pattern="^($install|(${any_family%|})@)([A-Za-z0-9:_.\\@-]+)\.(service|timer|socket|path)$"
template_pattern="^((${any_family%|})@\.service|$target)$"

# Prints a message. A control character in it could command the terminal.
complain() { printf 'microvm-sweep: %s\n' "${1//[! -~]/?}" >&2; }

# Ends a run that was called in a wrong way, before anything is read.
refuse() {
  complain "error: $1"
  exit 2
}

# Whether a text can be an instance name. "." and ".." would be other directories; a unit name has at most 255 bytes.
is_name() { [[ $1 =~ ^[A-Za-z0-9:_.\\@-]+$ && $1 != . && $1 != .. && ${#1} -le 220 ]]; }

is_template() { [[ $1 =~ $template_pattern ]]; }

# Sets `name` and `suffix` from a unit of a MicroVM. The name is between the first "@" and the last ".".
parse_unit() {
  [[ $1 =~ $unit_pattern ]] || return 1
  name=${BASH_REMATCH[3]}
  suffix=${BASH_REMATCH[4]}
  is_name "$name"
}

# Reads the words `--key=value` of the page up to `--`. Sets `words` to the rest: what a hook or a person asks for.
declare -A option=([host]=this-host [backend]=activation [state-dir]=/var/lib/microvms [orphans]=stop
  [unit-files]=remove [limit]='')
declare -A declared=() kept=()
data=()
read_data() {
  local word key
  [[ ${1-} == "--release=$release" ]] ||
    refuse "the page says ${1:-nothing}, and the program is of release $release: generate both with one microvm-sweep"
  for word in "$@"; do
    case $word in
      --vm=* | --autostart=*) declared["@${word#*=}"]=yes ;;
      --keep=*) kept["@${word#*=}"]=yes ;;
      --) break ;;
      --release=* | --host=* | --backend=* | --state-dir=* | --orphans=* | --unit-files=* | --limit=*)
        key=${word%%=*}
        option[${key#--}]=${word#*=}
        ;;
      *) refuse "the page says $word, which release $release of the program does not know" ;;
    esac
    data+=("$word")
  done
  words=("${@:${#data[@]}+2}")
}

# Asks for the services of all MicroVMs that are active, have failed, or have a job.
list_units() {
  local patterns=("$install*.service" "${families[@]/%/@*.service}")
  exec systemctl list-units --full --plain --no-legend --no-pager -- init.scope "${patterns[@]}" -.slice
}

# Reads that answer. Sets `active` and `failed` to the units of each name. Every systemd has init.scope, which comes
# first, and -.slice, which comes last: an answer without both was cut short. What the page declares is left out,
# unless `every_name` is set: a host may have hundreds, and nothing happens to them.
declare -A active=() failed=()
every_name=''
read_units() {
  local - line unit first='' last='' IFS=$'\n'
  set -f
  active=()
  failed=()
  for line in $1; do
    last=${line%% *}
    first=${first:-$last}
    unit=${last#*@}
    [[ -n $every_name || -z ${declared["@${unit%.service}"]-} ]] || continue
    parse_unit "$last" || continue
    # The third column is the state. A unit that is neither active nor failed is listed because it has a job: it counts
    # as active.
    if [[ $line =~ ^[^\ ]+\ +[^\ ]+\ +failed\  ]]; then failed["@$name"]+=" $last"; else active["@$name"]+=" $last"; fi
  done
  [[ $first == init.scope && $last == -.slice ]]
}

# find_advice WHAT UNIT...: sets `advice` to a command that works after the switch. Where the new generation has no
# template, systemd would kill a VM in place of running its ExecStop.
find_advice() {
  local template=$generation/etc/systemd/system/microvm@.service
  advice="$1: systemctl stop ${*:2}"
  # A shell takes a backslash away.
  advice=${advice//\\/\\\\}
  [[ -e $template && ! $template -ef /dev/null ]] ||
    advice="shut it down from inside: the new generation has no microvm@.service, and systemd would kill it"
}

# Runs a command that may read everything and change nothing: as a user that owns nothing and runs nothing else, with
# one capability. (`nobody` could kill what other services run as `nobody`.)
without_power() {
  local power=-all,+dac_read_search
  setpriv --reuid 65533 --regid 65533 --clear-groups --no-new-privs \
    --inh-caps "$power" --ambient-caps "$power" --bounding-set "$power" -- "$@"
}
