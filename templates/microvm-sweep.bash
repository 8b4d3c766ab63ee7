#!/usr/bin/env bash
# microvm-sweep: removes what removed MicroVMs leave behind on a NixOS host with microvm.nix.
#
# The page microvm-sweep.nix starts it:  env -i PATH=... bash microvm-sweep.bash DATA... -- COMMAND
# DATA says what the host has and wants; this file is the same on every host. docs/design.md has the rules and the reasons.
#
# Globbing is off, so that `$words` can be split without quotes; `glob` turns it on for one pattern. Keys of maps are
# "@NAME", because Bash takes the keys "@" and "*" for all keys.
# shellcheck disable=SC2015,SC2053,SC2086,SC2206
release=0.2.0
set -f
shopt -s dotglob extglob nullglob
umask 077
# A reader of our output that goes away must not end a run half way.
trap '' PIPE
export LC_ALL=C TZ=UTC0

run_dir=/run/microvm-sweep
store=/var/lib/microvm-sweep
roots_dir=/nix/var/nix/gcroots/microvm
default_state_dir=/var/lib/microvms
profile=/nix/var/nix/profiles/system
message_id=6d0f5a1e8c3b4f0f9a527f5c2be1c7d4

# What microvm.nix has owned in any release: template units, one target, and a unit that installs each VM.
families=(microvm microvm-tap-interfaces microvm-macvtap-interfaces microvm-pci-devices microvm-virtiofsd microvm-set-booted)
printf -v family '|%s' "${families[@]}"
family="@(${family#|})@" target=microvms.target install="install-microvm-" max_name_length=220

# The unit directories that an administrator or a tool can write, in the order of systemd.unit(5).
unit_dirs=(/{etc,run}/systemd/system.control /{etc,run}/systemd/system /{etc,run}/systemd/system.attached
  /usr/local/lib/systemd/system)

#### Data: what the page says of the host and the policy. A value that no test below knows changes nothing.

declare -A option=([host]=this-host [state-dir]=$default_state_dir [backend]=activation [systemctl]=systemctl [orphans]=stop
  [unit-files]=delete [state]=keep [gcroots]=prune [archive-dir]=$store/archive [limit]='')
list_vm=() list_autostart=() list_file_system=() list_keep=() list_state_delete=() list_unit_dir=()

# Reads the words --key=value before `--`. Sets `words` to the rest, which is the user's command.
read_data() {
  local key value
  [[ ${1-} == --release=* ]] || refuse "the first argument must be --release=RELEASE: start this program with sweep-microvms"
  [[ $1 == "--release=$release" ]] ||
    refuse "the page is of release ${1#*=} and the program of release $release: generate both with the same microvm-sweep"
  while shift && [[ ${1---} != -- ]]; do
    key=${1%%=*} key=${key#--} value=${1#*=}
    [[ $key != @(state-dir|archive-dir|unit-dir|file-system) ]] || value=${value%/}
    [[ $key != @(state-dir|archive-dir|unit-dir) || $value == /?* ]] || refuse "the page says $1, which is not an absolute path"
    if [[ $1 == --@(vm|autostart|file-system|keep|state-delete|unit-dir)=* ]]; then
      local -n list=list_${key//-/_}
      list+=("$value")
    elif [[ $1 == --?*=* && -n ${option[$key]+set} ]]; then option[$key]=$value
    else refuse "the page says $1, which release $release of the program does not know"
    fi
  done
  words=("${@:2}")
}

#### Output. Mode `real` says what is done, `dry` what would be done; `plan` collects both for the table.

mode=real status=0 shown='' joined='' acts=() notes=() errors=()
declare -A doing=([stop]=stopping [remove]=removing [quarantine]=quarantining [reload]=reloading [reset]=resetting
  [archive]=archiving [delete]=deleting)

# Sets `shown` to $1 as text: no control character of a name or path reaches the terminal. `join` does so for a list.
text() { if [[ $1 == *[![:print:]]* ]]; then printf -v shown %q "$1"; else shown=$1; fi; }
join() {
  local item
  joined=''
  for item in "$@"; do text "$item" && joined+=${joined:+, }$shown; done
}

# act VERB WHAT [ITEM...]: says what is done to the items. Succeeds where there are some and it is to be done.
act() {
  (($# > 2)) || [[ $1 == reload ]] || return
  join "${@:3}"
  acts+=("would $1 $2${joined:+: $joined}")
  [[ $mode != real ]] || printf '%s\n' "${doing[$1]} $2${joined:+: $joined}"
  [[ $mode != dry ]] || printf '%s\n' "${acts[-1]}"
  [[ $mode == real ]]
}

# report WHAT [ITEM...]: something is left alone. fail WHAT: a step failed or is refused; the others go on.
report() { join "${@:2}" && notes+=("$1${joined:+: $joined}") && complain "${notes[-1]}"; }
fail() { text "$1" && errors+=("$shown") status=1 && complain "error: $shown"; }
refuse() { mode=real && fail "$1" && exit 2; }
complain() { [[ $mode == plan ]] || printf 'microvm-sweep: %s\n' "$1" >&2 || true; }

#### Small helpers.

lines=() found=() names=() name='' suffix=''
declare -A seen=() fact=()

# Sets `lines` to what a command prints, and has its status. (`read` takes a system call for each character of a pipe.)
read_lines() {
  local IFS=$'\n' answer result=0
  answer=$("$@") || result=$?
  lines=($answer)
  return "$result"
}

# glob DIR PATTERN: sets `found` to the paths in DIR that match.
glob() {
  local - IFS=''
  set +f
  found=("$1"/$2)
}

# Whether $1 can be an instance name, and a path made of it stays in its directory (systemd.unit(5)).
is_name() { [[ $1 == +([A-Za-z0-9:_.\\@-]) && $1 != @(.|..) ]] && ((${#1} <= max_name_length)); }
add_name() { [[ -n ${seen["@$1"]-} ]] || ! is_name "$1" || { seen["@$1"]=yes && names+=("$1"); }; }
# add_fact ROW NAME SENTENCE: a reason for a row of the table of verdicts.
add_fact() { add_name "$2" && fact["$1@$2"]=$3; }

# Sets `name` and `suffix` from a unit of a MicroVM: the name is between the first "@" and the last ".".
parse_unit() {
  case $1 in
    $family*) name=${1#*@} ;;
    "$install"*) name=${1#"$install"} ;;
    *) return 1 ;;
  esac
  suffix=${1##*.} name=${name%.*}
  [[ $suffix == @(service|timer|socket|path) ]] && is_name "$name"
}

# Whether the unit $1 is microvm.nix's. Sets `name`, to nothing for a template unit and the target.
is_ours() { if [[ $1 == "$target" || $1 == ${family}.service ]]; then name=''; else parse_unit "$1"; fi; }

#### Facts from systemd. `blind` says why nothing may be stopped or removed.

systemd=absent blind=''
declare -A active=() failed=() lost=()

is_active() { [[ -n $blind || -n ${active["@$1"]-} ]]; }

# One question for all units. Every systemd has init.scope and -.slice: an answer without both was cut short.
# Where PID 1 has another root, this is a chroot or an initrd, and systemd is not ours to ask.
collect_units() {
  local line state ends='' question=(list-units --all --full --plain --no-legend --no-pager --)
  [[ -d /run/systemd/system && (! -e /proc/1/root || /proc/1/root -ef /) ]] || return 0
  systemd=running active=() failed=() lost=()
  question+=(init.scope "$install*.service" "${families[@]/%/@*.service}" -.slice)
  read_lines "${option[systemctl]}" "${question[@]}" || lines=()
  for line in "${lines[@]}"; do
    # UNIT LOAD ACTIVE SUB, then JOB where any unit has one. What is not clearly at rest is active.
    set -- $line
    [[ $1 != @(init.scope|-.slice) ]] || ends+=x
    parse_unit "$1" || continue
    add_name "$name"
    state=$3
    [[ ${5-} != @(start|restart) ]] || state=starting
    case $state in
      inactive) ;;
      failed) failed["@$name"]+=" $1" ;;
      *) active["@$name"]+=" $1" && [[ $2 != not-found ]] || lost["@$name"]=yes ;;
    esac
  done
  [[ $ends == xx ]] || blind="systemd does not answer"
}

#### Facts from unit directories, from the generation's units, and from garbage collection roots.

files=() prefix_dirs=() roots=() parent=''
declare -A top=() unit_of=() vm_of=() why=() own_units=() root_target=() has_file=()

# One `find` for all. A path with a tab or a line break cannot be a unit's.
collect_files() {
  local dir line dirs=("$units")
  for dir in "${unit_dirs[@]}" "${list_unit_dir[@]%/}"; do
    # What resolves into the store belongs to a generation.
    [[ -d $dir ]] && cd -P -- "$dir" && [[ $PWD/ != /nix/store/* && -z ${top[$PWD]-} ]] || continue
    top[$PWD]=yes top[$dir]=yes dirs+=("$dir")
  done
  cd /
  [[ ! -d $roots_dir ]] || dirs+=("$roots_dir")
  read_lines find -H "${dirs[@]}" -mindepth 1 -maxdepth 2 ! -path $'*[\n\t]*' ! -lname $'*[\n\t]*' \
    \( -name 'microvm*' -o -name "$install*" -o -lname '*microvm*' -o -path "$roots_dir/*" \
    -o -regex '.*/\(install-\)?microvm[^/]*\.\(wants\|requires\|upholds\)/[^/]*' \) \
    -printf '%y\t%s\t%p\t%l\n' || blind="the unit directories cannot be read to the end"
  for line in "${lines[@]}"; do
    local IFS=$'\t'
    set -- $line
    IFS=$' \t\n'
    case $3 in
      "$roots_dir"/*) [[ $1 != l || ${3%/*} != "$roots_dir" ]] || add_root "$3" "$4" ;;
      "$units"/*) add_own "$1" "$3" "${4-}" ;;
      *) add_file "$@" ;;
    esac
  done
}

# A root that leads somewhere is state of its VM.
add_root() {
  local root=${1##*/}
  roots+=("$root") root_target["@$root"]=$2
  root=${root#booted-}
  [[ ! -e $1 ]] || add_name "${root#old-}"
}

# add_own TYPE PATH TARGET: a unit of the generation, a link in one of its .wants directories, or an alias.
add_own() {
  own_units[${2##*/}]=yes
  if ! parse_unit "${2##*/}"; then [[ $1 != l ]] || add_alias "$2" "$3"
  elif [[ $suffix == service ]]; then add_fact 1 "$name" "the generation has the unit ${2#"$units/"}"
  fi
}

# add_alias LINK TARGET: a link in a unit directory that masks an instance, or makes two units one (systemd.unit(5)).
add_alias() {
  local file=${1##*/} linked=${2##*/} what="is a link to another unit"
  if ! parse_unit "$file"; then parse_unit "$linked" && what="is another name of it" || return 0
  elif [[ $linked == @("$file"|"${file%%@*}@.$suffix") ]]; then return
  elif [[ $2 == /dev/null ]]; then what="masks it"
  fi
  text "$1" && add_fact 3 "$name" "$shown $what"
}

# Sets `parent` to the unit in whose directory of links $1 is.
find_parent() {
  parent=${1%/*}
  if [[ -n ${top[$parent]-} ]]; then parent=''; else parent=${parent##*/} parent=${parent%.*}; fi
}

# add_file TYPE SIZE PATH [TARGET]: what a unit directory has of a MicroVM or of a template unit.
add_file() {
  local path=$3 unit=${3##*/}
  find_parent "$path"
  if [[ -n $parent ]]; then [[ ${path%/*} == *.@(wants|requires|upholds) ]] || return 0
  elif [[ $unit == *-.service.d ]]; then prefix_dirs+=("$path") && return
  elif [[ $1 == l ]]; then add_alias "$path" "$4"
  fi
  [[ $unit != *.@(d|wants|requires|upholds) ]] || unit=${unit%.*}
  is_ours "$unit" || { unit=$parent && is_ours "$unit"; } || return 0
  [[ -z $name ]] || { add_name "$name" && has_file["@$name"]=yes; }
  # Of a directory of links, each link counts.
  [[ $1 != d || $path == *.d ]] || return 0
  # What the generation has put there stays; so does a regular file in the place of one of its template units.
  [[ $path == /etc/* && (-e $generation$path || -L $generation$path) && (-n $name || $1 != f) ]] && return
  files+=("$path") unit_of[$path]=$unit vm_of[$path]=$name
  set_owner "$@"
}

# Sets `why` where the file is the administrator's, and says why it is.
set_owner() {
  case $1$name in
    d*) ;;
    l*) [[ ! -e $3 || $4 == /nix/store/* || $4 == /etc/static/* ]] || why[$3]="a link to a file outside the store" ;;&
    l*) [[ $4 != /dev/null ]] || why[$3]="a mask" ;;
    f) (($2 > 0)) || why[$3]="a mask" ;;
    f*) why[$3]="a whole unit file" && (($2 > 0)) || add_fact 3 "$name" "an empty unit file masks it" ;;
    *) why[$3]="not a file" ;;
  esac
  [[ -z $name || $suffix == service ]] || why[$3]="a $suffix unit"
}

#### Facts from mounts and state directories. `hidden` says where state may be that nobody can see.

hidden=''
declare -A mounted=() mount_in=() real_of=() entries=() state=() elsewhere=() toplevel=() bare=()

# Sets `point` to $1 without the escapes of proc_pid_mountinfo(5) and fstab(5): after a zero, `%b` takes three digits.
decode() { printf -v point '%b' "${1//\\0/\\00}"; }

# Sets `mounted` for each mount point to its device and the path in there, and `mount_in` to a mount point for each path at or above one.
collect_mounts() {
  local mounts mount point source path
  mapfile -t mounts < /proc/self/mountinfo
  ((${#mounts[@]} > 0)) || blind="/proc/self/mountinfo cannot be read"
  for mount in "${mounts[@]}"; do
    # An automount point is a promise: what is mounted there has a line of its own.
    [[ $mount != *" - autofs "* ]] || continue
    set -- $mount
    decode "$4" && source="$3 $point"
    decode "$5" && mounted[$point]=$source path=$point
    while [[ -n $path ]]; do mount_in[$path]=$point path=${path%/*}; done
  done
}

# Sets `point` to the mount point of the directory $1, which has no links in it.
find_point() {
  point=$1
  until [[ -n ${mounted[${point:-/}]-} || -z $point ]]; do point=${point%/*}; done
  point=${point:-/}
}

# Looks at the state directory of the configuration, at that of the record, and at the default one.
collect_state() {
  local dir path
  local -A visited=()
  for dir in "${option[state-dir]}" "${record[state-dir]-}" "$default_state_dir"; do
    [[ -n $dir && -z ${real_of[$dir]-} ]] || continue
    find_real "$dir"
    [[ -z ${visited[${real_of[$dir]}]-} ]] || continue
    visited[${real_of[$dir]}]=yes
    glob "$dir" '*'
    # A file is no state directory. A link is one, and so is what cannot be looked at.
    for path in "${found[@]}"; do [[ -e $path && ! -d $path && ! -L $path ]] || add_state "$dir" "$path"; done
    # Roots without state: the directory is not the real one, or its file system is not there.
    [[ $dir != "${option[state-dir]}" || ${#state[@]} -gt 0 || ${#roots[@]} == 0 ]] || hidden=$dir
  done
  check_mounts
}

# add_state DIR PATH
add_state() {
  name=${2##*/} entries["@${2##*/}"]=yes
  add_name "$name"
  if [[ $1 == "${option[state-dir]}" ]]; then state["@$name"]=$2; else elsewhere["@$name"]=$2; fi
  # Fully declarative VMs have this link. The user microvm owns the parent: no link there is followed. An old directory
  # says nothing of a VM that has a directory in the new one.
  if [[ -L $2 || ! -L $2/toplevel ]]; then bare["@$name"]=yes
  elif [[ $1 == "${option[state-dir]}" || -z ${state["@$name"]-} ]]; then toplevel["@$name"]="its state directory has the link toplevel"
  fi
}

# Sets `real_of` to the directory without links. It may be hidden where its parent lists it and nobody can look
# into it: a link to nowhere, a dead file system.
find_real() {
  local above=$1 below entry
  until [[ (-d $above && -r $above && -x $above) || $above == / ]]; do
    below=$above above=${above%/*} above=${above:-/}
    glob "${above%/}" '*'
    for entry in "${found[@]}"; do [[ $entry != "$below" ]] || hidden=$1; done
  done
  real_of[$1]=$1
  cd -P -- "$above" && real_of[$1]=${PWD%/}${1#"${above%/}"}
  cd /
}

# Hidden too is what a file system of the configuration holds that is not mounted. A script without a page has these
# from fstab(5).
check_mounts() {
  local point dir
  if ((${#list_file_system[@]} == 0)) && [[ -r $generation/etc/fstab ]]; then
    while read -r _ point _; do decode "$point" && list_file_system+=("${point%/}"); done < "$generation/etc/fstab"
  fi
  for point in "${list_file_system[@]}"; do
    [[ $point == /?* && -z ${mounted[$point]-} ]] || continue
    for dir in "${!real_of[@]}" "${real_of[@]}"; do
      [[ $dir/ == "$point"/* || $point/ == "$dir"/* ]] || continue
      cd -P -- "$point" 2> /dev/null && [[ -n ${mounted[$PWD]-} ]] || hidden=$point
      cd /
    done
  done
}

# Whether $1 has a directory, or a root that leads somewhere.
has_state() {
  local root
  [[ -z ${entries["@$1"]-} ]] || return 0
  for root in "$roots_dir"/{,booted-}{,old-}"$1"; do [[ ! -e $root ]] || return 0; done
  return 1
}

#### Facts from generations, and from the record of the last run or pre-switch check.

action='' current='' generation='' units='' boots='' record_text=''
declare -A record=() reserved=()

# Takes the toplevel $1 as the generation, and finds the one that runs.
find_generations() {
  cd -P -- "$1" 2> /dev/null && generation=$PWD units=$PWD/etc/systemd/system
  cd -P /run/current-system 2> /dev/null && current=$PWD
  cd /
  [[ -n $units && -d $units ]] && return
  [[ $mode != plan ]] || refuse "$1 is not the toplevel of a NixOS generation: give one with --system"
  fail "$1 is not the toplevel of a NixOS generation, so nothing is stopped or removed"
  exit 1
}

# Sets `found` to the names of the install units in the directory $1.
find_installed() {
  glob "$1" "$install*.service"
  found=("${found[@]#"$1/$install"}")
  found=("${found[@]%.service}")
}

# A key that comes again has a list of names, which have no spaces. A line with anything else is damaged.
read_record() {
  local key value
  [[ -r $run_dir/record ]] || return 0
  while read -r key value; do
    record_text+="$key $value"$'\n'
    [[ $key != @(vm|unfinished) ]] || is_name "$value" || continue
    [[ -z $key ]] || record[$key]+=${record[$key]:+ }$value
  done < "$run_dir/record"
}

# What this switch removes. A record of the generation itself says that its sweep is done: what runs since then was
# started by hand. A record whose `next` runs says that the sweep did not end: nothing of it is stopped any more, unless
# this is the service, which starts only then.
collect_record() {
  local from next
  read_record
  from=${record[toplevel]-} next=${record[next]-}
  [[ ${option[backend]} != service || -n $action || $next != "$current" ]] || from=$next
  if [[ -n $from && $from == "$current" ]]; then
    for name in ${record[vm]-}; do add_fact 5 "$name" "the system that is replaced declared it"; done
  elif [[ -n $next && $next == "$current" ]]; then
    record[unfinished]+=" ${record[vm]-}"
  fi
  for name in ${record[unfinished]-}; do add_fact 6 "$name" "the record says that an earlier run did not finish with it"; done
  [[ -n $current && $current != "$generation" && $from != "$generation" ]] || return 0
  find_installed "$current/etc/systemd/system"
  for name in "${found[@]}"; do add_fact 5 "$name" "the system that is replaced has the unit $install$name.service"; done
}

# Names in the booted system and in the retained generations. Most of them declare the same, so each list is taken once.
collect_former() {
  local dir name list
  local -A visited=()
  glob "${profile%/*}" 'system-*-link'
  for dir in /run/booted-system "${found[@]}"; do
    cd -P -- "$dir/etc/systemd/system" 2> /dev/null && [[ -z ${visited[$PWD]-} ]] || continue
    visited[$PWD]=yes
    find_installed .
    list="=${found[*]}"
    [[ -z ${visited[$list]-} ]] || continue
    visited[$list]=yes
    for name in "${found[@]}"; do fact["6@$name"]="$dir has the unit $install$name.service"; done
  done
  cd /
}

# Names of the generation's specialisations; where it is one itself, those of the system that boots, and its siblings.
# Sets `boots` where the generation is that system or a specialisation of it.
collect_reserved() {
  local system systems=()
  glob "$profile/specialisation" '*'
  for system in "${found[@]}"; do [[ ! $system -ef $generation ]] || boots=yes; done
  [[ -z $boots ]] || systems=("$profile" "${found[@]}")
  [[ (-e $profile || -L $profile) && ! $profile -ef $generation ]] || boots=yes
  glob "$generation/specialisation" '*'
  for system in "${systems[@]}" "${found[@]}"; do
    find_installed "$system/etc/systemd/system"
    for name in "${found[@]}"; do reserved["@$name"]=yes; done
  done
}

#### Verdicts: the first row of the table that fits (docs/design.md, "Verdicts").

verdicts=(none live kept foreign imperative orphan lingering leftover imperative unknown ghost) former_known=''
declare -A row=() verdict=() evidence=() held=()

collect() {
  collect_record
  collect_units
  collect_files
  collect_mounts
  collect_state
  collect_reserved
  for name in "${list_vm[@]}" "${list_autostart[@]}"; do add_fact 1 "$name" "the configuration declares it"; done
  for name in "${list_keep[@]}"; do fact["2@$name"]="the keep list of the policy names it"; done
  for name in "${names[@]}"; do judge; done
  [[ -z $blind ]] || fail "$blind, so nothing is stopped or removed"
}

# decide ROW EVIDENCE: for `name`.
decide() { text "$2" && row["@$name"]=$1 evidence["@$name"]=$shown verdict["@$name"]=${verdicts[$1]}; }

judge() {
  local number key=@$name
  [[ -z ${bare[$key]-} || -z ${root_target[$key]+set} ]] ||
    fact[4$key]="it has the root $roots_dir/$name, and its state directory has no link toplevel"
  for number in 1 2 3 4 5; do
    [[ -z ${fact[$number$key]-} ]] || { decide "$number" "${fact[$number$key]}" && return; }
  done
  # Older generations are read only where a name needs them.
  fact[6$key]=${toplevel[$key]:-${fact[6$key]-}}
  [[ -n ${fact[6$key]}$former_known ]] || { former_known=yes && collect_former; }
  if [[ -n ${fact[6$key]} ]]; then
    if is_active "$name"; then number=6; else number=7; fi
    decide "$number" "an older generation declared it: ${fact[6$key]}"
    [[ $number == 7 || ${option[orphans]} != stop-all ]] || verdict[$key]=orphan
  elif has_state "$name"; then decide 8 "it has state, and no generation that is left declares it"
  elif [[ -n $hidden ]]; then decide 8 "it may have state in $hidden, which cannot be seen"
  elif is_active "$name"; then decide 9 "a unit of it is active, and nothing else is known of it"
  else decide 10 "only unit files or failed units have its name"
  fi
}

# Whether $1 is stale and does not run, and whether its unit files and state may go: a specialisation may need them.
is_gone() { [[ -z $blind && ${verdict["@$1"]-} == @(orphan|leftover|ghost) && -z ${held["@$1"]-} ]]; }
may_go() { is_gone "$1" && [[ -z ${reserved["@$1"]-} ]]; }

#### Stop: all units of the orphans in one call, while systemd still has them. `held` says why one keeps running.

stops=() stop_units=() ask=()
declare -A activity=() dependents=() required=() revivers=()

stop_orphans() {
  local still=()
  find_stops
  ((${#stops[@]} == 0)) || hold_required
  hold_revived
  act stop "orphaned MicroVMs" "${stops[@]}" || return 0
  # `--quiet` skips a query that would make systemd read the files of units it has just dropped.
  SYSTEMD_LOG_LEVEL=err "${option[systemctl]}" stop --quiet -- "${stop_units[@]}"
  collect_units
  # Success means that nothing of a VM is active any more, whatever systemctl says.
  for name in "${stops[@]}"; do
    [[ -n ${held["@$name"]-} ]] || ! is_active "$name" || { held["@$name"]="it runs after the stop" && still+=("$name"); }
  done
  join "${still[@]}"
  ((${#still[@]} == 0)) || fail "${blind:+$blind after the stop, so perhaps }still running, and left as they are: $joined"
}

# Sets `stops` to the orphans that stop, and `stop_units` to their units.
find_stops() {
  stops=() stop_units=()
  for name in "${names[@]}"; do
    [[ ${verdict["@$name"]} == orphan && -z ${held["@$name"]-} ]] && is_active "$name" || continue
    if [[ -n $blind ]]; then held["@$name"]=$blind
    elif [[ ${option[orphans]} != stop* ]]; then held["@$name"]="the policy says so"
    elif [[ -n ${lost["@$name"]-} ]]; then held["@$name"]="systemd has lost its unit file, so it cannot shut down cleanly"
    else stops+=("$name") stop_units+=(${active["@$name"]})
    fi
  done
}

# Holds an orphan that a unit which stays requires, directly or through units that would stop with it. The units of such
# an orphan stay too, so the others are looked at again.
hold_required() {
  local vm unit blocker count=-1
  if ! ask_dependents; then
    fail "systemd does not say what requires the orphaned MicroVMs, so none is stopped"
    for vm in "${stops[@]}"; do held["@$vm"]="systemd does not say what requires it"; done
    find_stops
  fi
  until ((${#stops[@]} == count)); do
    count=${#stops[@]}
    for vm in "${stops[@]}"; do
      local -A visited=()
      for unit in ${active["@$vm"]}; do ! find_blocker "$unit" || held["@$vm"]="$blocker requires it"; done
    done
    find_stops
  done
}

is_at_rest() { [[ ${activity[$1]} == @(inactive|failed) ]]; }
# Sets `blocker` to a unit that stays and would stop with the unit $1: one that is not at rest, and is another MicroVM's
# or required. What is only bound to the unit or part of it is meant to stop too.
find_blocker() {
  local other
  for other in ${dependents[$1]-}; do
    [[ -z ${visited[$other]-} ]] && ! is_at_rest "$other" || continue
    visited[$other]=yes blocker=$other
    if parse_unit "$other"; then [[ " ${stops[*]} " == *" $name "* ]] || return 0
    elif [[ -n ${required[$other]-} ]]; then return 0
    fi
    ! find_blocker "$other" || return 0
  done
  return 1
}

# Asks what depends on the units, then what depends on that: one call for each link of the chain.
ask_dependents() {
  local line key answered properties=Id,ActiveState,Job,RequiredBy,RequisiteOf,BoundBy,ConsistsOf,PropagatesStopTo
  local -A has
  ask=("${stop_units[@]}")
  while ((${#ask[@]} > 0)); do
    has=() answered=-${#ask[@]}
    read_lines "${option[systemctl]}" show --property=$properties,UpheldBy,TriggeredBy -- "${ask[@]}" init.scope || return
    ask=()
    for line in "${lines[@]}"; do
      key=${line%%=*}
      # A property that comes again is the next unit's. init.scope is asked last, so that every other unit has a next one.
      [[ -z ${has[$key]+set} ]] || { add_dependents && ((++answered, 1)) && has=(); } || return
      has[$key]=${line#*=}
    done
    ((answered == 0)) || return
  done
}

# Takes the properties of one unit from `has`. What is at rest does not stop, so nothing depends on it.
add_dependents() {
  local unit=${has[Id]-} other
  [[ -n $unit && -n ${has[ActiveState]-} && -n ${has[RequiredBy]+set} && -n ${has[ConsistsOf]+set} ]] || return
  activity[$unit]=${has[ActiveState]}${has[Job]:+ with a job}
  ! is_at_rest "$unit" || return 0
  for other in ${has[RequiredBy]} ${has[RequisiteOf]-}; do required[$other]=yes; done
  dependents[$unit]="${has[RequiredBy]} ${has[RequisiteOf]-} ${has[BoundBy]-} ${has[ConsistsOf]} ${has[PropagatesStopTo]-}"
  revivers[$unit]="${has[UpheldBy]-} ${has[TriggeredBy]-}"
  for other in ${dependents[$unit]} ${revivers[$unit]}; do
    [[ -n ${activity[$other]-} ]] || ask+=("$other")
    activity[$other]=${activity[$other]:-asked}
  done
}

# Holds what a unit starts again after its stop: by Upholds= (systemd.unit(5)), or a timer. It is stopped all the same.
hold_revived() {
  local unit other
  for unit in "${stop_units[@]}"; do
    for other in ${revivers[$unit]-}; do
      is_at_rest "$other" || { parse_unit "$unit" && held["@$name"]="$other starts it again"; }
    done
  done
}

#### Unit files: `stale` go, `left` stay although no declared VM needs them, and `why` says why.

stale=() stale_templates=() left=() holders=() resting=() pending=''
declare -A swept=() place_of=()

# Sets `holders` to the VMs that need template units now, and `resting` to those that only need them to start again.
find_holders() {
  for name in "${names[@]}"; do
    case ${verdict["@$name"]} in
      lingering | unknown | foreign) holders+=("$name") ;;
      kept) ! has_state "$name" && ! is_active "$name" && [[ -z ${has_file["@$name"]-} ]] || holders+=("$name") ;;
      imperative) if is_active "$name" || [[ $systemd == absent ]]; then holders+=("$name"); else resting+=("$name"); fi ;;
      # In a real run, what something starts again is at rest just now.
      *) [[ -z ${held["@$name"]-} ]] && { ! is_active "$name" || is_gone "$name"; } || holders+=("$name") ;;
    esac
  done
}

# Template units come first: links lead to them.
find_stale() {
  local path
  find_holders
  for path in "${files[@]}"; do [[ -n ${vm_of[$path]} ]] || check_template "$path"; done
  stale_templates=("${stale[@]}")
  for path in "${files[@]}"; do
    [[ -n ${vm_of[$path]} ]] && may_go "${vm_of[$path]}" || continue
    # A link in a directory of another VM's unit belongs to that VM too.
    find_parent "$path"
    ! parse_unit "$parent" || may_go "$name" || continue
    if [[ -z ${why[$path]-} ]] || links_to_stale "$path"; then add_stale "$path"; else left+=("$path"); fi
  done
  ((${#stale[@]} < 2)) || ! read_lines sort < <(printf '%s\n' "${stale[@]}") || stale=("${lines[@]}")
}

# A link that leads nowhere is always stale.
check_template() {
  local unit=${unit_of[$1]}
  if [[ -L $1 && ! -e $1 ]]; then add_stale "$1" && return
  elif [[ -n ${own_units[$unit]-} ]]; then
    [[ ${1##*/} == "$unit" && -f $1 && ! -L $1 ]] || return 0
    why[$1]="an override of a unit that the generation has"
  elif [[ -z ${why[$1]-} ]]; then
    ((${#holders[@]} > 0)) || [[ -n $hidden && $systemd == absent ]] || { add_stale "$1" && return; }
    join "${holders[@]:-what may be in $hidden}"
    why[$1]="a template unit for $joined"
  fi
  left+=("$1")
}

# Whether $1 leads to a template unit that goes: then it would lead nowhere.
links_to_stale() {
  local path
  for path in "${stale_templates[@]}"; do [[ ! $1 -ef $path ]] || return 0; done
  return 1
}

# Runtime files need no quarantine: the next boot removes them.
is_quarantined() { [[ ${option[unit-files]} == quarantine && $1 != /run/* ]]; }

# The stale file $1 goes, where nothing is in the way.
add_stale() {
  why[$1]=''
  if [[ ${option[unit-files]} != @(delete|quarantine) ]]; then why[$1]="stale, and stays as the policy says"
  elif [[ ! -w ${1%/*} && $EUID == 0 ]]; then why[$1]="stale, in a directory that is read-only"
  elif [[ ! -L $1 && -d $1 ]] && cd -P -- "$1" && [[ -n ${mount_in[$PWD]-} ]]; then
    why[$1]="stale, and is a mount point or has one in it"
  elif is_quarantined "$1" && ! is_same_place "${1%/*}" "$store/quarantine"; then
    why[$1]="stale, and on another file system than $store/quarantine"
    fail "$1 is not quarantined: it is on another file system than $store/quarantine"
  fi
  cd /
  if [[ -n ${why[$1]} ]]; then left+=("$1") pending=yes; else stale+=("$1") swept["@${vm_of[$1]}"]=yes; fi
}

sweep_files() {
  local path removes=() moves=()
  [[ -z $blind ]] || return 0
  find_stale
  for path in "${stale[@]}"; do if is_quarantined "$path"; then moves+=("$path"); else removes+=("$path"); fi; done
  # This file is not empty until systemd was reloaded: a run after a crash does it.
  [[ $mode != real || $systemd == absent || ${#stale[@]} == 0 ]] || printf 'reload\n' > "$run_dir/reload" ||
    fail "$run_dir/reload cannot be written"
  ! act remove "stale unit files" "${removes[@]}" || remove_files "${removes[@]}"
  ! act quarantine "stale unit files" "${moves[@]}" || quarantine_files "${moves[@]}"
}

# The directory of links of a unit that is gone goes with its last link.
remove_files() {
  local path parents=()
  rm -rf --one-file-system -- "$@" || fail "not every stale unit file could be removed"
  for path in "$@"; do find_parent "$path" && ! is_ours "$parent" || parents+=("${path%/*}"); done
  ((${#parents[@]} == 0)) || rmdir --ignore-fail-on-non-empty -- "${parents[@]}" 2> /dev/null
}

# Moves files to the quarantine under their original paths, with one call for each directory.
quarantine_files() {
  local path dir place IFS=$'\n'
  local -A batch=()
  for path in "$@"; do batch[${path%/*}]+=$path$'\n'; done
  for dir in "${!batch[@]}"; do
    place=$store/quarantine/$now$dir
    mkdir -p -- "$place" && mv --no-clobber --target-directory="$place" -- ${batch[$dir]} ||
      fail "not every stale unit file in $dir could be quarantined"
  done
}

# Whether a rename can move from directory $1 into $2: one mount, and one device (bind mounts, subvolumes).
is_same_place() {
  local dir point real=() places=() key="$1 $2"
  [[ -z ${place_of[$key]-} ]] || { [[ ${place_of[$key]} == same ]]; return; }
  for dir in "$1" "$2"; do
    until [[ -d $dir ]]; do dir=${dir%/*} dir=${dir:-/}; done
    cd -P -- "$dir" || return
    find_point "$PWD" && real+=("$PWD") places+=("$point")
  done
  cd /
  place_of[$key]=other
  [[ ${places[0]} == "${places[1]}" ]] && read_lines stat --format=%d -- "${real[@]}" && [[ ${lines[0]} == "${lines[1]}" ]] &&
    place_of[$key]=same
}

#### systemd again: reload, and forget failed instances. Stopped units may have failed while they stopped.

resets=() reloads=false

reload_systemd() {
  [[ $systemd == running && -z $blind && (${#stale[@]} -gt 0 || -s $run_dir/reload) ]] || return 0
  reloads=true
  act reload systemd || return 0
  if ! "${option[systemctl]}" daemon-reload; then fail "systemd could not be reloaded"
  elif [[ -s $run_dir/reload ]]; then : > "$run_dir/reload"
  fi
}

reset_failed() {
  local unit patterns=()
  [[ -z $blind ]] || return 0
  for name in "${names[@]}"; do ! is_gone "$name" || resets+=(${failed["@$name"]-}); done
  # A pattern matches only what systemd has loaded.
  for unit in "${resets[@]}"; do patterns+=("[${unit:0:1}]${unit:1}"); done
  act reset "failed units" "${resets[@]}" || return 0
  "${option[systemctl]}" reset-failed -- "${patterns[@]}" || fail "not every failed unit could be reset"
}

#### State directories, and garbage collection roots.

movable=() dangling=()
declare -A leaving=() busy=()

# Sets `movable` to the names whose state directory goes. This generation must be the one that boots: another may still
# declare the VM.
find_movable() {
  local path wanted=() dir=${real_of[${option[state-dir]}]}
  [[ ${option[state]} == @(archive|delete) && -z $blind && -z $hidden && $action != test ]] || return 0
  [[ $action == @(switch|dry-activate) || -n $boots ]] || return 0
  for name in "${names[@]}"; do
    [[ -n ${state["@$name"]-} ]] && may_go "$name" || continue
    [[ ${option[state]} == delete && " ${list_state_delete[*]} " != *" $name "* ]] || wanted+=("$name")
  done
  if ((${#wanted[@]} == 0)); then return
  elif [[ ${option[state]} == archive ]] && ! is_same_place "$dir" "${option[archive-dir]}"; then
    fail "${option[archive-dir]} and $dir are on different file systems, so nothing is archived" && return
  elif [[ ${option[state]} == archive ]] && ! can_make "${option[archive-dir]}"; then
    fail "${option[archive-dir]} cannot be made, so nothing is archived" && return
  elif ! find_busy "$dir"; then
    fail "/proc does not say which files are open, so no state directory goes" && return
  fi
  find_shown "$dir"
  for name in "${wanted[@]}"; do
    path=${state["@$name"]}
    # Below the directory the user microvm chose the name.
    text "${mount_in["$dir/$name"]-}"
    [[ -z $shown ]] || busy["@$name"]="$path is left alone: $shown is a mount point"
    [[ ! -L $path ]] || busy["@$name"]="$path is a symbolic link, which is not followed"
    if [[ -n ${busy["@$name"]-} ]]; then fail "${busy["@$name"]}"; else movable+=("$name") leaving["@$name"]=yes; fi
  done
}

# Whether the directory $1 exists or can be made.
can_make() {
  local above=$1
  until [[ -e $above || -L $above ]]; do above=${above%/*} above=${above:-/}; done
  [[ -d $above && (-w $above || $EUID != 0) ]]
}

# Sets `busy` for the names in $1 that a mount elsewhere shows, or whose disk the kernel has as a loop device.
find_shown() {
  local dir=$1 point inside path file
  find_point "$dir"
  # The directory as its file system knows it, behind the device: proc_pid_mountinfo(5).
  inside=${mounted[$point]} inside=${inside%/}${dir#"${point%/}"}
  for path in "${!mounted[@]}"; do
    [[ $path != "$point" && ${mounted[$path]} == "$inside"/* ]] || continue
    name=${mounted[$path]#"$inside/"} name=${name%%/*}
    text "$path" && busy["@$name"]="$dir/$name is left alone: $shown shows it too"
  done
  glob /sys/block 'loop*/loop/backing_file'
  for file in "${found[@]}"; do
    read -r path < "$file" && [[ $path == "$dir"/* ]] || continue
    name=${path#"$dir/"} name=${name%%/*}
    busy["@$name"]="$dir/$name is left alone: a loop device uses a file in it"
  done
}

# Sets `busy` for the names in $1 that a process uses, by one `find`. Processes end while it reads, so its status says
# nothing; our own working directory among the answers says that /proc can be read.
find_busy() {
  local line path pid dir=$1
  cd -P -- "$dir" || return
  read_lines find /proc -mindepth 2 -maxdepth 3 -path '/proc/[0-9]*/*' \
    \( -path '*/fd/*' -o -path '*/map_files/*' -o -name cwd -o -name root \) -lname "${dir//[\\*?[]/?}*" -printf '%p\t%l\n' 2> /dev/null
  cd /
  [[ $'\n'${lines[*]} == *"/cwd"$'\t'"$dir"* ]] || return
  for line in "${lines[@]}"; do
    path=${line#*$'\t'} pid=${line#/proc/} pid=${pid%%/*}
    [[ $path == "$dir"/* ]] || continue
    name=${path#"$dir/"} name=${name%%/*}
    is_stopping "$pid" || busy["@$name"]="$dir/$name is left alone: process $pid uses a file in it"
  done
}

# Whether process $1 belongs to a unit that a real run would have stopped by now (cgroups(7)).
is_stopping() {
  local groups='' unit
  [[ $mode != real ]] || return
  read -rd '' groups 2> /dev/null < "/proc/$1/cgroup"
  for unit in "${stop_units[@]}"; do [[ $groups$'\n' != */"$unit"[/$'\n']* ]] || return 0; done
  return 1
}

# Roots that lead nowhere, or to what goes in this run. Those of a VM that is left may dangle for a while.
prune_roots() {
  local root owner to dangles
  [[ -z $blind && -z $hidden && ${option[gcroots]} == prune ]] || return 0
  for root in "${roots[@]}"; do
    to=${root_target["@$root"]} dangles=yes
    [[ ! -e $roots_dir/$root ]] || dangles=''
    for owner in "$root" "${root#booted-}" "${root#old-}"; do
      [[ -z ${fact["2@$owner"]-}${reserved["@$owner"]-} ]] || continue 2
      if [[ -n ${verdict["@$owner"]-} ]]; then is_gone "$owner"; else [[ -z ${entries["@$owner"]-} ]]; fi || continue 2
      [[ -z ${leaving["@$owner"]-} || $to != @("${option[state-dir]}"|"${real_of[${option[state-dir]}]}")/"$owner"/* ]] || dangles=yes
      # microvm-set-booted@ removes the link `booted` when it stops, so a dry run counts its root too.
      [[ $mode == real || $to != */"$owner"/booted || " ${stop_units[*]} " != *" microvm-set-booted@$owner.service "* ]] || dangles=yes
    done
    [[ -z $dangles ]] || dangling+=("$root")
  done
  act remove "dangling garbage collection roots" "${dangling[@]}" || return 0
  rm -f -- "${dangling[@]/#/"$roots_dir/"}" || fail "not every dangling garbage collection root could be removed"
}

sweep_state() {
  local moves=()
  if [[ ${option[state]} == delete ]]; then
    act delete "state directories" "${movable[@]}" || return 0
    # What is left of a directory may lack the link toplevel: the record tells the next run whose it is.
    save_record pending
    rm -rf --one-file-system -- "${movable[@]/#/"${option[state-dir]}/"}" || fail "not every state directory could be deleted"
  else
    for name in "${movable[@]}"; do moves+=("$name -> ${option[archive-dir]}/$name-$now"); done
    ! act archive "state directories" "${moves[@]}" || archive_state
  fi
}

# A rename follows no link, so the user microvm can put one in the place of a directory and gain nothing. `--no-copy`
# (coreutils 9.5) keeps mv from copying where the kernel does not rename. Each VM gets another name, so each is a call.
archive_state() {
  local place no_copy=''
  mkdir -p -- "${option[archive-dir]}" || { fail "${option[archive-dir]} cannot be made" && return; }
  ! mv --no-copy --version &> /dev/null || no_copy=--no-copy
  for name in "${movable[@]}"; do
    place=${option[archive-dir]}/$name-$now
    if [[ -e $place || -L $place ]] || ! mv $no_copy --no-clobber --no-target-directory -- "${state["@$name"]}" "$place"; then
      fail "${state["@$name"]} could not be archived"
    elif [[ -L $place ]]; then
      fail "$place is a symbolic link: somebody put it in the place of the directory"
    fi
  done
}

#### Records: for the next run, and for the journal.

# Writes the record by rename, so that it is never half written. With $1, VMs that leave are not done with yet.
save_record() {
  local key text=''
  for key in toplevel next state-dir; do text+="$key ${record[$key]-}"$'\n'; done
  for name in ${record[vm]-}; do text+="vm $name"$'\n'; done
  for name in ${record[unfinished]-}; do text+="unfinished $name"$'\n'; done
  for name in "${names[@]}"; do
    [[ -z ${1-} || ${verdict["@$name"]} != @(orphan|leftover) ]] || text+="unfinished $name"$'\n'
  done
  [[ $text != "$record_text" ]] || return 0
  printf '%s' "$text" > "$run_dir/record.new" && mv -f -- "$run_dir/record.new" "$run_dir/record" && record_text=$text ||
    fail "$run_dir/record cannot be written"
}

# What the generation declares, and what this switch removes and could not stop: the next run tries again.
record_generation() {
  record[toplevel]=$generation record[next]='' record[state-dir]=${option[state-dir]} record[vm]="${list_vm[*]}"
  [[ -n $blind ]] || record[unfinished]=''
  for name in "${names[@]}"; do
    [[ -z ${fact["5@$name"]-} || -z ${held["@$name"]-} || ${held["@$name"]} == "the policy says so" ]] || record[vm]+=" $name"
  done
  ((status == 0)) || pending=yes
  save_record "$pending"
}

# One entry in the journal for each run that did something: see systemd.journal-fields(7).
write_journal() {
  local running=()
  [[ ${#acts[@]} -gt 0 && -S /run/systemd/journal/socket ]] || return 0
  for name in "${names[@]}"; do
    [[ -z ${held["@$name"]-} && ${verdict["@$name"]} != @(lingering|unknown) ]] || running+=("$name")
  done
  printf '%s\n' "MESSAGE_ID=$message_id" "MESSAGE=microvm-sweep removed what removed MicroVMs left behind" PRIORITY=6 \
    SYSLOG_IDENTIFIER=microvm-sweep "MICROVM_SWEEP_STOPPED=${stops[*]}" "MICROVM_SWEEP_REMOVED=${stale[*]}" \
    "MICROVM_SWEEP_LEFT=${running[*]}" "MICROVM_SWEEP_GENERATION=$generation" | logger --journald 2> /dev/null
}

#### What is left alone, and why.

report_left() {
  local path kept_dirs=()
  [[ -z $hidden || $systemd == absent ]] || report "state may be there that cannot be seen, so it is left alone" "$hidden"
  for name in "${names[@]}"; do report_vm "@$name"; done
  [[ ${#resting[@]} == 0 || "${stale_templates[*]} " != *"@.service "* ]] ||
    report "these MicroVMs are yours and keep their state; to start them again, import the host module of microvm.nix" "${resting[@]}"
  for path in "${left[@]}"; do text "$path" && report "left alone: $shown, which is ${why[$path]}"; done
  ((${#stale[@]} == 0 || ${#prefix_dirs[@]} == 0)) ||
    report "left alone: drop-in directories for all units of a prefix" "${prefix_dirs[@]}"
  for name in "${names[@]}"; do
    is_gone "$name" && [[ ${verdict["@$name"]} == orphan || -n ${swept["@$name"]-} ]] || continue
    [[ -n ${leaving["@$name"]-}${busy["@$name"]-} ]] || kept_dirs+=(${state["@$name"]+"${state["@$name"]}"})
    kept_dirs+=(${elsewhere["@$name"]+"${elsewhere["@$name"]}"})
  done
  ((${#kept_dirs[@]} == 0)) || report "state directories kept" "${kept_dirs[@]}"
}

# Says what is to be said of `name`, whose key is $1.
report_vm() {
  find_command "$1"
  case ${verdict[$1]} in
    lingering) report "still running, declared only by an older generation: $name; $command" ;;
    orphan) [[ -z ${held[$1]-} ]] || report "$name keeps running: ${held[$1]}; $command" ;;
    unknown) [[ -n $blind ]] || report "running, but no generation declares it, so it is left alone" "$name" ;;
    foreign) report "left alone: $name, because ${evidence[$1]}" ;;
    imperative) [[ -z ${fact[5$1]-} ]] || report "left alone: $name, which is imperative although the replaced system declared it" ;;
    *) ;;
  esac
}

# Sets `command` to how `name` is stopped. After a stop its units may be at rest, and in a dry run they are not.
find_command() {
  local units=${active[$1]-}
  [[ -n $units && " ${stops[*]} " != *" $name "* ]] || units=" microvm@$name.service"
  command="to stop: systemctl stop$units"
  [[ -z ${lost[$1]-} ]] || command="to stop it cleanly, shut it down from inside"
}

#### Views: what a run would do, as a table, as JSON, and for one name. They show what `sweep` decided.

command='' happens='' near='' json='' quoted='' occasion="a run under" unseen=()
declare -A done=([delete]=deleted [quarantine]="moved to the quarantine" [archive]=archived)

# Sets `happens` to what a run does with the name whose key is $1.
find_happens() {
  local parts=()
  case ${verdict[$1]} in
    lingering) happens="keeps running, and is named" ;;
    foreign | unknown) happens="nothing; it is named" ;;
    orphan | leftover | ghost) happens="keeps running: ${held[$1]-$blind}" ;;
    *) happens=nothing ;;
  esac
  is_gone "${1#@}" || return 0
  [[ " ${stops[*]} " != *" ${1#@} "* ]] || parts+=("it is stopped")
  [[ -z ${swept[$1]-} ]] || parts+=("its unit files are ${done[${option[unit-files]}]}")
  [[ -z ${failed[$1]-} ]] || parts+=("its failed units are reset")
  if [[ -n ${leaving[$1]-} ]]; then parts+=("its state directory is ${done[${option[state]}]}")
  elif [[ -n ${state[$1]-} ]]; then parts+=("its state directory stays${busy[$1]:+: ${busy[$1]}}")
  fi
  [[ -z ${reserved[$1]-} ]] || parts+=("a specialisation declares it, so its files and state stay")
  printf -v happens '; %s' "${parts[@]:-nothing is left to do}"
  text "${happens#; }" && happens=$shown
}

# show_row KIND NAME TEXT: on a terminal, TEXT goes on in lines of its own.
show_row() {
  local rest=$3 part
  while part=${rest:0:room} && ((${#rest} > room)) && [[ $part == *' '* ]]; do
    part=${part% *} rest=${rest:${#part}+1}
    printf '%-11s %-*s  %s\n' "$1" "$width" "$2" "$part"
    set -- '' ''
  done
  printf '%-11s %-*s  %s\n' "$1" "$width" "$2" "$rest"
}

show_table() {
  local kind path columns='' width=4 room=100000
  for name in "${names[@]}"; do ((${#name} <= width)) || width=${#name}; done
  [[ ! -t 1 ]] || read -r _ columns < <(stty size <&1)
  ((${columns:-0} < width + 34)) || room=$((columns - width - 14))
  text "$generation"
  printf 'MicroVMs of %s, and what %s %s does\n\n' "${option[host]}" "$occasion" "$shown"
  show_row VERDICT NAME "WHAT HAPPENS, AND WHY"
  for kind in orphan lingering leftover ghost unknown foreign imperative kept live; do
    for name in "${names[@]}"; do
      [[ ${verdict["@$name"]} == "$kind" ]] || continue
      find_happens "@$name"
      show_row "$kind" "$name" "$happens"
      show_row '' '' "${evidence["@$name"]}"
    done
  done
  ((${#stale[@]} + ${#left[@]} == 0)) || printf '\nUNIT FILES\n'
  for path in "${stale[@]}"; do text "$path" && show_row "${option[unit-files]}" "${vm_of[$path]}" "$shown"; done
  for path in "${left[@]}"; do text "$path" && show_row keep "${vm_of[$path]}" "$shown: ${why[$path]}"; done
  printf '\n' && printf '%s\n' "${acts[@]:-nothing to do}" "${notes[@]/#/note: }" "${errors[@]/#/error: }" "${unseen[@]/#/not seen: }"
}

# Adds to `json` the member KEY of an object, with a string; `list` does so with a list of strings.
quote() { text "$1" && shown=${shown//\\/\\\\} quoted=\"${shown//\"/\\\"}\"; }
member() { quote "$2" && json+="\"$1\": $quoted, "; }
list() {
  local item items=''
  for item in "${@:2}"; do quote "$item" && items+=", $quoted"; done
  json+="\"$1\": [${items#, }], "
}

show_json() {
  local path vms='' rows=''
  for name in "${names[@]}"; do
    find_happens "@$name"
    json='' && member name "$name" && member verdict "${verdict["@$name"]}"
    if is_active "$name"; then json+='"active": true, '; else json+='"active": false, '; fi
    member evidence "${evidence["@$name"]}" && member happens "$happens"
    vms+=$',\n    { '${json%, }' }'
  done
  for path in "${stale[@]}" "${left[@]}"; do
    json='' && member path "$path"
    if [[ -n ${vm_of[$path]} ]]; then member vm "${vm_of[$path]}"; else json+='"vm": null, '; fi
    if [[ -n ${why[$path]-} ]]; then member happens keep; else member happens remove; fi
    member reason "${why[$path]:-no MicroVM needs it any more}"
    rows+=$',\n    { '${json%, }' }'
  done
  json='' && member release "$release" && member host "${option[host]}" && member generation "$generation"
  printf '{ "schemaVersion": 1, %s\n  "vms": [%s ],\n  "files": [%s ],\n' "$json" "${vms#,}" "${rows#,}"
  json='' && list stop "${stops[@]}" && list remove "${stale[@]}" && list reset "${resets[@]}" && list roots "${dangling[@]}"
  list state "${movable[@]/#/"${option[state-dir]}/"}"
  list notes "${notes[@]}" && list errors "${errors[@]}" && list unseen "${unseen[@]}"
  printf '  %s"reload": %s }\n' "$json" "$reloads"
}

# Sets `near` to the word that shares the longest beginning with $1.
find_nearest() {
  local word length
  near=${2-none}
  for ((length = ${#1}; length > 0; length--)); do
    for word in "${@:2}"; do [[ $word != "${1:0:length}"* ]] || { near=$word && return; }; done
  done
}

declare -A change=(
  [live]="take it out of microvm.vms and microvm.autostart, and switch: it becomes an orphan, and is stopped"
  [kept]="take it off the keep list of the policy"
  [foreign]="remove the link or file that masks it or gives it two names"
  [imperative]="remove its state directory and its garbage collection roots: it becomes unknown or a ghost")

# Says in sentences what is known of $1, which row fits, and what would change it.
explain() {
  local number path key=@$1 found=()
  find_nearest "$1" "${names[@]}" && join "${names[@]}"
  [[ -n ${verdict[$key]-} ]] || refuse "nothing on this host is named $1; the nearest name is $near, and the names are: ${joined:-none}"
  name=$1
  find_happens "$key" && find_command "$key"
  printf '%s: %s, because %s.\n' "$name" "${verdict[$key]}" "${evidence[$key]}"
  text "$generation"
  printf 'This is row %s of the table in docs/design.md.\nWhat %s %s does: %s.\n' "${row[$key]}" "$occasion" "$shown" "$happens"
  printf '\nFacts:\n- systemd: active units:%s; failed units:%s\n' "${active[$key]:- none}" "${failed[$key]:- none}"
  for path in "${files[@]}"; do [[ ${vm_of[$path]} != "$name" ]] || found+=("$path"); done
  join "${found[@]}" && printf -- '- unit files: %s\n' "${joined:-none in the unit directories}"
  join ${state[$key]+"${state[$key]}"} ${elsewhere[$key]+"${elsewhere[$key]}"}
  printf -- '- state directory: %s\n' "${joined:-none in ${option[state-dir]}}"
  text "${root_target[$key]-none}" && printf -- '- garbage collection root %s: %s\n' "$roots_dir/$name" "$shown"
  for number in {1..6}; do
    [[ -z ${fact[$number$key]-} ]] || { text "${fact[$number$key]}" && printf -- '- row %s: %s\n' "$number" "$shown"; }
  done
  printf '\nWhat would change it: %s.\n' "${change[${verdict[$key]}]-declare it in microvm.vms, or name it in the keep list of the policy}"
  ! is_active "$name" || printf '%s\n' "${command^}"
  for path in "${errors[@]/#/Error: }" "${unseen[@]/#/Not seen: }"; do printf '%s\n' "$path"; done
}

#### Commands.

words=()
usage="sweep-microvms [plan [--json] | explain NAME | run] [--system=TOPLEVEL]"
# Help and completion show these.
command_words=($'plan\tshow what a run would do' $'explain\tsay what is known of a MicroVM' $'run\tdo what plan shows, as root')
option_words=($'--system=\tlook at another generation than the running one' $'--json\tprint the plan for programs')

# One run at a time: a second one waits. Whoever can read the lock can hold it, so only root can.
take_lock() {
  { [[ -d $run_dir ]] || mkdir -- "$run_dir" 2> /dev/null || [[ -d $run_dir ]]; } && exec {lock}>> "$run_dir/lock" && flock "$lock" && return
  fail "$run_dir/lock cannot be taken, so nothing is stopped or removed"
  exit 1
}

# Every step in its order: whatever ends a run early, the next one finds what is left (docs/design.md, "Order").
sweep() {
  printf -v now '%(%Y%m%dT%H%M%SZ)T' -1
  collect
  stop_orphans
  find_movable
  sweep_files
  reload_systemd
  reset_failed
  prune_roots
  sweep_state
  [[ $mode != real ]] || { record_generation && write_journal; }
  report_left
}

# activate G [ACTION]
activate() {
  action=${2-}
  [[ $action != dry-activate ]] || mode=dry
  find_generations "$1"
  [[ $mode != real ]] || take_lock
  sweep
}

# The pre-switch check: it stops a switch only for the limit. An installer has no running system.
check() {
  [[ -e /run/current-system ]] || return 0
  action=$2
  find_generations "$1"
  mode=plan
  [[ $action != @(switch|test) ]] || (mode=real && take_lock && record_replaced)
  [[ ${option[backend]} != service || $action != dry-activate ]] || mode=dry
  [[ $mode == dry || (-n ${option[limit]} && $action != boot) ]] || return 0
  sweep
  status=0
  ((${#stops[@]} > ${option[limit]:-${#stops[@]}})) || return 0
  join "${stops[@]}" && mode=real
  fail "this switch would stop ${#stops[@]} MicroVMs, and the limit is ${option[limit]}: $joined"
  echo "To go on, raise the limit, or set NIXOS_NO_CHECK=1 for this one switch." >&2
}

# Writes what the running system declares, before it is replaced. The sweep of the generation may have run already.
record_replaced() {
  collect_record
  [[ ${record[toplevel]-} != "$generation" || $current == "$generation" ]] || return 0
  [[ ${record[toplevel]-} == "$current" ]] || record[state-dir]=''
  record[toplevel]=$current record[next]=$generation record[vm]=''
  for name in "${names[@]}"; do [[ -z ${fact["5@$name"]-} ]] || record[vm]+="${record[vm]:+ }$name"; done
  save_record
}

show_help() {
  local word && printf 'usage: %s\n\n' "$usage"
  for word in "${command_words[@]}" "${option_words[@]}"; do printf '  %-11s%s\n' "${word%%$'\t'*}" "${word#*$'\t'}"; done
}

# What the user asks for. Anything unknown is refused before anything is read.
run_command() {
  local word system=/run/current-system format='' own='' rest=()
  for word in "$@"; do
    case $word in
      --system=?*) system=${word#*=} ;;
      --json) format=json ;;
      --own) own=yes ;;
      -h | --help) show_help; exit 0 ;;
      -*) refuse "there is no option $word; usage: $usage" ;;
      *) rest+=("$word") ;;
    esac
  done
  set -- "${rest[@]:-plan}"
  case "$1 $# $format" in
    "run 1 ")
      ((EUID == 0)) || refuse "run needs root"
      [[ $system == /run/current-system ]] || refuse "run works on the running system: --system is for plan and explain"
      activate "$system" run
      ;;
    "plan 1 "* | "explain 2 ") look "$@" ;;
    plan\ * | explain\ * | run\ *) refuse "$* does not fit; usage: $usage" ;;
    *) find_nearest "$1" plan explain run && refuse "$* is no command; the nearest is $near; usage: $usage" ;;
  esac
}

# Another generation declares other names, and its own sweep-microvms knows them. With --own that one does not ask again.
ask_generation() {
  local program=$generation/sw/bin/sweep-microvms
  [[ -z $own && -x $program ]] && exec "$program" "$@" ${format:+--$format} "--system=$generation" --own
  [[ -n $own ]] || unseen+=("what $generation declares: it has no sweep-microvms, so these names are those of this page")
}

# Shows the plan, or explains the name $2.
look() {
  mode=plan
  ((EUID == 0)) || unseen+=("without root: the record of what the last switch removed, and which files are in use")
  find_generations "$system"
  # A generation that does not run yet is looked at as a switch to it.
  [[ $generation == "$current" ]] || { ask_generation "$@" && action=switch occasion="a switch to"; }
  sweep
  if [[ $1 == explain ]]; then explain "$2" && return; elif [[ $format == json ]]; then show_json; else show_table; fi
  ((${#acts[@]} == 0)) || status=1
}

# Prints the words that fit for the last argument, with a tab and what each means: what a shell asks for at each Tab.
# A line that is only `/` asks the shell for its file names.
offer_words() {
  local word given='' typed=${!#} offers=("${option_words[0]}")
  for word in "${@:1:$#-1}"; do [[ $word == -* ]] || given+=$word; done
  case $given/$typed in
    */--system=*) echo / && return ;;
    explain/-*) ;;
    explain/*) mode=plan && find_generations /run/current-system && collect && offers=("${names[@]}") ;;
    /-* | plan/*) offers=("${option_words[@]}") ;;
    /*) offers=("${command_words[@]}") ;;
  esac
  for word in "${offers[@]}"; do [[ $word != "$typed"* ]] || printf '%s\n' "$word"; done
}

read_data "$@"
case ${words[0]-} in
  complete) offer_words "${words[@]:1}" ;;
  check) check "${words[1]-}" "${words[2]-}" ;;
  activate) activate "${words[1]-}" "${words[2]-}" ;;
  *) run_command "${words[@]}" ;;
esac
exit "$status"
