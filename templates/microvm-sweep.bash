#!/usr/bin/env bash
# microvm-sweep: removes what removed MicroVMs leave behind on a NixOS host with microvm.nix.
#
# The page microvm-sweep.nix starts it:  env -i PATH=… bash microvm-sweep.bash DATA… -- COMMAND
# The data are the host's; this file is the same on every host. docs/design.md has the rules and their reasons.
#
# Globbing is off, so that `$words` can be split into words without quotes; `glob` turns it on for one pattern.
# shellcheck disable=SC2015,SC2086,SC2206
release=0.2.0
set -f
shopt -s dotglob nullglob
umask 022
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
target=microvms.target
install="install-microvm-"
max_name_length=219

# The unit directories that an administrator or a tool can write, in the order of systemd.unit(5).
unit_dirs=(/{etc,run}/systemd/system.control /{etc,run}/systemd/system /{etc,run}/systemd/system.attached /usr/local/lib/systemd/system)

#### Data: what the page says of the host and the policy. A value that no test below knows changes nothing.

declare -A option=([host]=this-host [state-dir]=$default_state_dir [backend]=activation [systemctl]=systemctl [orphans]=stop
  [unit-files]=delete [state]=keep [gcroots]=prune [archive-dir]=$store/archive [limit]='')
list_vm=() list_autostart=() list_file_system=() list_keep=() list_state_delete=() list_unit_dir=()

# Ends the program before it has done anything.
refuse() {
  text "$1"
  printf 'microvm-sweep: error: %s\n' "$shown" >&2
  exit 2
}

# Reads the words --key=value before `--`. Sets `words` to the rest, which is the user's command.
read_data() {
  local key value
  [[ ${1-} == --release=* ]] || refuse "the first argument must be --release=…: start this program with sweep-microvms"
  [[ $1 == "--release=$release" ]] ||
    refuse "the page is of release ${1#*=} and the program of release $release: generate both with the same microvm-sweep"
  for ((; $# > 0; )); do
    shift
    [[ ${1---} != -- ]] || break
    key=${1%%=*} key=${key#--} value=${1#*=}
    case $key in
      vm | autostart | file-system | keep | state-delete | unit-dir)
        local -n list=list_${key//-/_}
        list+=("$value")
        ;;
      *)
        [[ $1 == --*=* && -n ${option[$key]+set} ]] || refuse "the page says $1, which release $release of the program does not know"
        option[$key]=$value
        ;;
    esac
  done
  words=("${@:2}")
}

#### Output. Mode `real` says what is done, `dry` what would be done; `plan` collects both for the table.

mode=real status=0 shown='' joined=''
acts=() notes=() errors=()

# Sets `shown` to $1 as text: no control character of a name or path reaches the terminal.
text() {
  shown=$1
  [[ $1 != *[![:print:]]* ]] || printf -v shown %q "$1"
}

join() {
  local item
  joined=''
  for item in "$@"; do
    text "$item"
    joined+=${joined:+, }$shown
  done
}

# act DOING DO WHAT [ITEM…]
act() {
  join "${@:4}"
  acts+=("would $2 $3${joined:+: $joined}")
  case $mode in
    real) printf '%s\n' "$1 $3${joined:+: $joined}" ;;
    dry) printf '%s\n' "${acts[-1]}" ;;
    *) ;;
  esac
}

# report WHAT [ITEM…]: something is left alone.
report() {
  join "${@:2}"
  notes+=("$1${joined:+: $joined}")
  [[ $mode == plan ]] || printf 'microvm-sweep: %s\n' "${notes[-1]}" >&2
}

# fail WHAT: a step failed or is refused. The others go on.
fail() {
  text "$1"
  errors+=("$shown") status=1
  [[ $mode == plan ]] || printf 'microvm-sweep: error: %s\n' "$shown" >&2
}

#### Small helpers.

lines=() found=() names=() name='' suffix=''
declare -A family=() seen=()
for name in "${families[@]}"; do family[$name]=yes; done

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
is_name() {
  [[ -n ${seen["@$1"]-} ]] || [[ -n $1 && $1 != . && $1 != .. && $1 != *[!A-Za-z0-9:_.\\@-]* ]] && ((${#1} <= max_name_length))
}

# Keys of maps are "@NAME": Bash takes the keys "@" and "*" for all keys.
add_name() {
  [[ -z ${seen["@$1"]-} ]] && is_name "$1" || return 0
  seen["@$1"]=yes
  names+=("$1")
}

# Whether the unit $1 is a template unit, or the target.
is_template() {
  [[ $1 == "$target" || ($1 == *@.service && -n ${family["${1%@.service}"]-}) ]]
}

# Sets `name` and `suffix` from a unit of a MicroVM: the name is between the first "@" and the last ".".
parse_unit() {
  name=${1%.*} suffix=${1##*.}
  if [[ $1 == *@* && -n ${family["${1%%@*}"]-} ]]; then
    name=${name#*@}
  elif [[ $1 == "$install"* ]]; then
    name=${name#"$install"}
  else
    return 1
  fi
  [[ $suffix == @(service|timer|socket|path) ]] && is_name "$name"
}

#### Facts from systemd. `blind` says why nothing may be stopped or removed.

systemd=absent blind=''
declare -A active=() failed=() lost=()

# One question for all units. Every systemd has init.scope and -.slice: an answer without both was cut short.
# Where PID 1 has another root, this is a chroot or an initrd, and systemd is not ours to ask.
collect_units() {
  local line ends='' patterns=("$install*.service" "${families[@]/%/@*.service}")
  [[ -d /run/systemd/system && (! -e /proc/1/root || /proc/1/root -ef /) ]] || return 0
  systemd=silent active=() failed=() lost=()
  read_lines "${option[systemctl]}" list-units --all --full --plain --no-legend --no-pager -- init.scope "${patterns[@]}" -.slice || lines=()
  for line in "${lines[@]}"; do
    set -- $line
    [[ $1 != @(init.scope|-.slice) ]] || ends+=x
    parse_unit "$1" || continue
    add_name "$name"
    # The columns are UNIT LOAD ACTIVE SUB, and JOB where there is one. What is not clearly at rest is active.
    case ${5-} in
      start | restart) active["@$name"]+=" $1" ;;
      *) case $3 in
        inactive) ;;
        failed) failed["@$name"]+=" $1" ;;
        *) active["@$name"]+=" $1" && [[ $2 != not-found ]] || lost["@$name"]=yes ;;
      esac ;;
    esac
  done
  if [[ $ends == xx ]]; then systemd=running; else blind="systemd does not answer"; fi
}

is_active() {
  [[ -n $blind || -n ${active["@$1"]-} ]]
}

#### Facts from unit directories, from the generation's units, and from garbage collection roots.

files=() prefix_dirs=() roots=()
declare -A top=() unit_of=() vm_of=() parent_of=() why=() own=() own_units=() foreign=() root_target=() rooted=() has_file=()

# One `find` for all. A path with a tab or a line break cannot be a unit's.
collect_files() {
  local dir line dirs=("$units")
  for dir in "${unit_dirs[@]}" "${list_unit_dir[@]}"; do
    [[ -d $dir ]] && cd -P -- "$dir" || continue
    # What resolves into the store belongs to a generation.
    [[ $PWD/ == /nix/store/* || -n ${top[$PWD]-} ]] && continue
    top[$PWD]=yes top[$dir]=yes dirs+=("$dir")
  done
  cd /
  [[ ! -d $roots_dir ]] || dirs+=("$roots_dir")
  read_lines find -H "${dirs[@]}" -mindepth 1 -maxdepth 2 ! -path $'*[\n\t]*' ! -lname $'*[\n\t]*' \
    \( -name 'microvm*' -o -name "$install*" -o -lname '*microvm*' -o -path "$roots_dir/*" -o -regex '.*/microvm[^/]*\.\(wants\|requires\|upholds\)/[^/]*' \) \
    -printf '%y\t%s\t%p\t%l\n' || blind="the unit directories cannot be read to the end"
  for line in "${lines[@]}"; do
    local IFS=$'\t'
    set -- $line
    local IFS=$' \t\n'
    case $3 in
      "$roots_dir"/*) [[ $1 != l ]] || add_root "$3" "$4" ;;
      "$units"/*) add_own "$1" "$3" "${4-}" ;;
      *) add_file "$@" ;;
    esac
  done
}

# A root that leads somewhere is state of its VM. A VM may have the name of another one's root.
add_root() {
  local root=${1##*/} owner
  roots+=("$root") root_target["@$root"]=$2
  [[ -e $1 ]] || return 0
  owner=${root#booted-} owner=${owner#old-}
  add_name "$owner"
  for owner in "$root" "${root#booted-}" "${root#old-}" "$owner"; do rooted["@$owner"]=yes; done
}

# add_own TYPE PATH TARGET: a unit of the generation, a link in one of its .wants directories, or an alias.
add_own() {
  own_units[${2##*/}]=yes
  if ! parse_unit "${2##*/}"; then
    [[ $1 != l ]] || add_alias "$2" "$3"
  elif [[ $suffix == service ]]; then
    own["@$name"]=${2#"$units/"}
    add_name "$name"
  fi
}

# add_alias LINK TARGET: a link in a unit directory that masks an instance, or makes two units one (systemd.unit(5)).
add_alias() {
  local file=${1##*/} linked=${2##*/} what="is a link to another unit"
  if parse_unit "$file"; then
    [[ $linked != "$file" && $linked != "${file%%@*}@.$suffix" ]] || return 0
    [[ $2 != /dev/null ]] || what="masks it"
  else
    parse_unit "$linked" || return 0
    what="is another name of it"
  fi
  text "$1"
  foreign["@$name"]="$shown $what"
  add_name "$name"
}

# add_file TYPE SIZE PATH [TARGET]: a file of a MicroVM or of a template unit.
add_file() {
  local path=$3 dir=${3%/*} unit=${3##*/} parent=''
  if [[ -z ${top[$dir]-} ]]; then
    [[ $dir == *.@(wants|requires|upholds) ]] || return 0
    parent=${dir##*/} parent=${parent%.*}
  elif [[ $unit == *-.service.d ]]; then
    prefix_dirs+=("$path")
    return
  elif [[ $1 == l ]]; then
    add_alias "$path" "$4"
  fi
  [[ $unit != *.@(d|wants|requires|upholds) ]] || unit=${unit%.*}
  is_template "$unit" || parse_unit "$unit" || unit=$parent
  if is_template "$unit"; then
    name=''
  else
    parse_unit "$unit" || return 0
    add_name "$name"
    has_file["@$name"]=yes
  fi
  # Of a directory of links, each link counts.
  [[ $1 != d || $path == *.d ]] || return 0
  # What the generation has put there stays; so does a regular file in the place of one of its template units.
  [[ $path == /etc/* && (-e $generation$path || -L $generation$path) && (-n $name || $1 != f) ]] && return
  files+=("$path") unit_of[$path]=$unit vm_of[$path]=$name parent_of[$path]=$parent
  set_owner "$@"
}

# Sets `why` where the file is the administrator's, and says why it is.
set_owner() {
  case $1$name in
    l*)
      [[ $4 == /nix/store/* || $4 == /etc/static/* || ! -e $3 ]] || why[$3]="a link to a file outside the store"
      [[ $4 != /dev/null ]] || why[$3]="a mask"
      ;;
    d*) ;;
    f) (($2 > 0)) || why[$3]="a mask" ;;
    f*) why[$3]="a whole unit file" && { (($2 > 0)) || foreign["@$name"]="an empty unit file masks it"; } ;;
    *) why[$3]="not a file" ;;
  esac
  [[ -z $name || $suffix == service ]] || why[$3]="a $suffix unit"
}

#### Facts from mounts and state directories. `hidden` says where state may be that nobody can see.

hidden='' state_dirs=()
declare -A mounted=() real_of=() state=() elsewhere=() toplevel=() former=()

# Sets `point` to $1 without the escapes of proc_pid_mountinfo(5) and fstab(5): after a zero, `%b` takes three digits.
decode() {
  printf -v point '%b' "${1//\\0/\\00}"
}

collect_mounts() {
  local mounts mount point
  mapfile -t mounts < /proc/self/mountinfo
  ((${#mounts[@]} > 0)) || blind="/proc/self/mountinfo cannot be read"
  for mount in "${mounts[@]}"; do
    # An automount point is a promise: what is mounted there has a line of its own.
    [[ $mount != *" - autofs "* ]] || continue
    point=${mount#* * * * } point=${point%% *}
    [[ $point != *\\* ]] || decode "$point"
    mounted[$point]=yes
  done
}

# Looks at the directory of the configuration, the one of the record, and the default one.
collect_state() {
  local dir path
  for dir in "${option[state-dir]}" "$record_state_dir" "$default_state_dir"; do
    [[ -n $dir && -z ${real_of[$dir]-} ]] || continue
    resolve "$dir"
    state_dirs+=("$dir")
    glob "$dir" '*'
    # Roots without state: the directory is not the real one, or its file system is not there.
    [[ $dir != "${option[state-dir]}" || ${#found[@]} -gt 0 || ${#roots[@]} == 0 ]] || hidden=$dir
    for path in "${found[@]}"; do
      name=${path##*/}
      # A file is no state directory. A link is one, and so is what cannot be looked at.
      is_name "$name" && [[ -d $path || -L $path || ! -e $path ]] || continue
      add_name "$name"
      if [[ $dir == "${option[state-dir]}" ]]; then state["@$name"]=$path; else elsewhere["@$name"]=$path; fi
      # Fully declarative VMs have this link. The user microvm owns the parent: no link there is followed.
      [[ -L $path || ! -L $path/toplevel ]] || toplevel["@$name"]=yes former["@$name"]="$path/toplevel is a link"
    done
  done
  check_mounts
}

# Sets `real_of` to the directory without links. It may be hidden where its parent lists it and nobody can look
# into it: a link to nowhere, a dead file system.
resolve() {
  local above=$1 below entry
  until [[ -d $above && -r $above && -x $above ]] || [[ $above == / ]]; do
    below=${above##*/} above=${above%/*}
    above=${above:-/}
    glob "${above%/}" '*'
    for entry in "${found[@]}"; do [[ ${entry##*/} != "$below" ]] || hidden=$1; done
  done
  real_of[$1]=$1
  cd -P -- "$above" && real_of[$1]=${PWD%/}${1#"${above%/}"}
  cd /
}

# Hidden too is what a file system of the configuration holds that is not mounted. The script that has no page
# has them from fstab(5).
check_mounts() {
  local point dir
  if ((${#list_file_system[@]} == 0)) && [[ -r $generation/etc/fstab ]]; then
    while read -r _ point _; do decode "$point" && list_file_system+=("${point%/}"); done < "$generation/etc/fstab"
  fi
  for point in "${list_file_system[@]}"; do
    [[ $point == /?* && -z ${mounted[$point]-} ]] || continue
    for dir in "${state_dirs[@]}" "${real_of[@]}"; do
      [[ $dir/ == "$point"/* || $point/ == "$dir"/* ]] || continue
      cd -P -- "$point" 2> /dev/null && [[ -n ${mounted[$PWD]-} ]] || hidden=$point
      cd /
    done
  done
}

has_state() {
  [[ -n ${state["@$1"]-}${elsewhere["@$1"]-}${rooted["@$1"]-} ]]
}

#### Facts from the record and from generations.

current='' generation='' units='' service=''
record_text='' record_toplevel='' record_next='' record_state_dir='' record_vms=() record_unfinished=()
declare -A declared=() kept=() replaced=() reserved=() unfinished=()

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

read_record() {
  local key value
  while read -r key value; do
    record_text+="$key $value"$'\n'
    case $key in
      toplevel) record_toplevel=$value ;;
      next) record_next=$value ;;
      state-dir) record_state_dir=$value ;;
      vm) record_vms+=("$value") ;;
      *) record_unfinished+=("$value") ;;
    esac
  done < "$run_dir/record"
}

# What this switch removes. A record of the generation itself says that its sweep is done: what runs since then was
# started by hand. A record whose `next` runs says that the sweep did not end: nothing of it is stopped any more.
collect_record() {
  local from=$record_toplevel
  [[ ! -r $run_dir/record ]] || read_record
  from=$record_toplevel
  [[ -z $service || -z $record_next || $record_next != "$current" ]] || from=$current
  if [[ $from == "$current" ]]; then
    for name in "${record_vms[@]}"; do add_name "$name" && replaced["@$name"]="the system that is replaced declared it"; done
  elif [[ $record_next == "$current" ]]; then
    record_unfinished+=("${record_vms[@]}")
  fi
  for name in "${record_unfinished[@]}"; do
    add_name "$name" && former["@$name"]="an earlier run did not end with it"
  done
  [[ -n $current && $current != "$generation" && $from != "$generation" ]] || return 0
  glob "$current/etc/systemd/system" "$install*.service"
  for name in "${found[@]##*/"$install"}"; do
    name=${name%.service}
    add_name "$name" && replaced["@$name"]="the system that is replaced has its install unit"
  done
}

# Names in the booted system and in the retained generations. Most of them declare the same, so each list is taken once.
collect_former() {
  local dir list
  local -A visited=()
  glob "${profile%/*}" 'system-*-link'
  for dir in /run/booted-system "${found[@]}"; do
    cd -P -- "$dir/etc/systemd/system" 2> /dev/null || continue
    [[ -z ${visited[$PWD]-} ]] && glob . "$install*.service" && list=${found[*]} || continue
    [[ -z ${visited["=$list"]-} ]] || continue
    visited[$PWD]=yes visited["=$list"]=yes
    for list in "${found[@]#./"$install"}"; do former["@${list%.service}"]="${dir##*/} declares it"; done
  done
  cd /
}

# Names of the generation's specialisations; where it is one itself, those of the system that boots, and its siblings.
collect_reserved() {
  local system systems
  glob "$generation/specialisation" '*'
  systems=("${found[@]}")
  ! boots_as_specialisation || systems+=("$profile" "${found[@]}")
  for system in "${systems[@]}"; do
    glob "$system/etc/systemd/system" "$install*.service"
    for name in "${found[@]##*/"$install"}"; do reserved["@${name%.service}"]=yes; done
  done
}

boots_as_specialisation() {
  local system
  glob "$profile/specialisation" '*'
  for system in "${found[@]}"; do [[ ! $system -ef $generation ]] || return 0; done
  return 1
}

#### Verdicts: the first row of the table that fits (docs/design.md, "Verdicts").

declare -A verdict=() evidence=() held=()
former_known=''

collect() {
  collect_record
  collect_units
  collect_files
  collect_mounts
  collect_state
  collect_reserved
  for name in "${list_vm[@]}" "${list_autostart[@]}"; do add_name "$name" && declared["@$name"]=yes; done
  for name in "${list_keep[@]}"; do kept["@$name"]=yes; done
  for name in "${names[@]}"; do judge; done
}

# decide VERDICT EVIDENCE: for `name`.
decide() {
  text "$2"
  verdict["@$name"]=$1 evidence["@$name"]=$shown
}

judge() {
  local key=@$name
  if [[ -n ${declared[$key]-} ]]; then decide live "the configuration declares it"
  elif [[ -n ${own[$key]-} ]]; then decide live "the generation has the unit ${own[$key]}"
  elif [[ -n ${kept[$key]-} ]]; then decide kept "the keep list names it"
  elif [[ -n ${foreign[$key]-} ]]; then decide foreign "${foreign[$key]}"
  elif [[ -n ${state[$key]-}${elsewhere[$key]-} && -z ${toplevel[$key]-} && -n ${root_target[$key]-} ]]; then
    decide imperative "it has the root $roots_dir/$name, and its state directory has no link toplevel"
  elif [[ -n ${replaced[$key]-} ]]; then decide orphan "${replaced[$key]}"
  else judge_former
  fi
}

# The rows from 6 on. Older generations are read only where a name needs them.
judge_former() {
  local key=@$name old=$name
  [[ -n ${former[$key]-}$former_known ]] || { former_known=yes && collect_former && name=$old; }
  if [[ -n ${former[$key]-} ]]; then
    if ! is_active "$name"; then decide leftover "${former[$key]}"
    elif [[ ${option[orphans]} == stop-all ]]; then decide orphan "${former[$key]}; the policy is stop-all"
    else decide lingering "${former[$key]}"
    fi
  elif has_state "$name"; then decide imperative "it has state, and no generation that is left declares it"
  elif [[ -n $hidden ]]; then decide imperative "it may have state in $hidden, which cannot be seen"
  elif is_active "$name"; then decide unknown "it is active, and nothing else is known of it"
  else decide ghost "only unit files or failed units have its name"
  fi
}

# Whether the parts of $1 may go: it is stale, and does not run.
is_gone() {
  [[ -z $blind && ${verdict["@$1"]-} == @(orphan|leftover|ghost) && -z ${held["@$1"]-} ]]
}

# A specialisation that declares $1 still needs its unit files and its state.
may_go() {
  is_gone "$1" && [[ -z ${reserved["@$1"]-} ]]
}

# Records that $1 is not gone yet. A ghost has nothing that a record could add to.
not_finished() {
  [[ -z $1 || ${verdict["@$1"]-} == ghost ]] || unfinished["@$1"]=yes
}

#### Stop: all units of the orphans in one call, while systemd still has them.

stops=() stop_units=() ask=()
declare -A activity=() dependents=() required=() revivers=() revived=()

stop_orphans() {
  for name in "${names[@]}"; do
    [[ ${verdict["@$name"]} == orphan ]] && is_active "$name" || continue
    if [[ -n $blind ]]; then held["@$name"]=$blind
    elif [[ -n ${lost["@$name"]-} ]]; then held["@$name"]="systemd has lost its unit file, so it cannot shut down cleanly"
    elif [[ ${option[orphans]} != stop* ]]; then held["@$name"]="the policy says so"
    else stops+=("$name") stop_units+=(${active["@$name"]})
    fi
  done
  ((${#stops[@]} == 0)) || hold_required
  ((${#stops[@]} > 0)) || return 0
  act stopping stop "orphaned MicroVMs" "${stops[@]}"
  if [[ $mode == real ]]; then
    # `--quiet` skips a query that would make systemd read the files of units it has just dropped.
    SYSTEMD_LOG_LEVEL=err "${option[systemctl]}" stop --quiet -- "${stop_units[@]}"
    collect_units
  fi
  for name in "${!revived[@]}"; do [[ -n ${held[$name]-} ]] || held[$name]=${revived[$name]}; done
  drop_held || true
  # Success means that nothing of a VM is active any more, whatever systemctl says.
  [[ $mode == real ]] || return 0
  for name in "${stops[@]}"; do ! is_active "$name" || held["@$name"]="it runs after the stop"; done
  ! drop_held || fail "${blind:+$blind after the stop, so perhaps }still running, and left as they are: $joined"
}

# Takes the names that are held out of `stops`, and joins them. Fails where there are none.
drop_held() {
  local vm all=("${stops[@]}") out=()
  stops=() stop_units=()
  for vm in "${all[@]}"; do
    if [[ -n ${held["@$vm"]-} ]]; then out+=("$vm"); else stops+=("$vm") stop_units+=(${active["@$vm"]-}); fi
  done
  join "${out[@]}"
  ((${#out[@]} > 0))
}

# Leaves an orphan alone that a unit which stays requires, directly or through units that would stop with it. The units
# of such an orphan stay too, so the others are looked at again.
hold_required() {
  local vm unit blocker=''
  if ! ask_dependents; then
    fail "systemd does not say what requires the orphaned MicroVMs, so none is stopped"
    for vm in "${stops[@]}"; do held["@$vm"]="systemd does not say what requires it"; done
  fi
  while drop_held || [[ -z $blocker ]]; do
    blocker=none
    for vm in "${stops[@]}"; do
      local -A visited=()
      for unit in ${active["@$vm"]}; do
        ! find_blocker "$unit" || held["@$vm"]="$blocker requires it"
        find_reviver "$unit" "$vm"
      done
    done
  done
}

# Sets `blocker` to a unit that stays and would stop with the unit $1: one that is not at rest, and is another MicroVM's
# or required. What is only bound to the unit or part of it is meant to stop too.
find_blocker() {
  local other
  for other in ${dependents[$1]-}; do
    [[ -z ${visited[$other]-} && ${activity[$other]} != @(inactive|failed) ]] || continue
    visited[$other]=yes blocker=$other
    if parse_unit "$other"; then
      [[ " ${stops[*]} " == *" $name "* ]] || return 0
    elif [[ -n ${required[$other]-} ]]; then
      return 0
    fi
    ! find_blocker "$other" || return 0
  done
  return 1
}

# Asks what depends on the units, then what depends on that: one call for each link of the chain.
ask_dependents() {
  local line key count
  ask=("${stop_units[@]}")
  while ((${#ask[@]} > 0)); do
    local -A has=()
    count=${#ask[@]}
    read_lines "${option[systemctl]}" show --property=Id,ActiveState,Job,RequiredBy,RequisiteOf,BoundBy,ConsistsOf,PropagatesStopTo,UpheldBy,TriggeredBy \
      -- "${ask[@]}" init.scope || return
    ask=()
    for line in "${lines[@]}"; do
      key=${line%%=*}
      # A property that comes again is the next unit's. init.scope is asked last, so that every other unit has a next one.
      [[ -z ${has[$key]+set} ]] || { add_dependents && ((count -= 1, 1)) && has=(); } || return
      has[$key]=${line#*=}
    done
    ((count == 0)) || return
  done
}

# Takes the properties of one unit from `has`. What is at rest does not stop, so nothing depends on it.
add_dependents() {
  local unit=${has[Id]-} other
  [[ -n $unit && -n ${has[ActiveState]-} && -n ${has[RequiredBy]+set} && -n ${has[ConsistsOf]+set} ]] || return
  activity[$unit]=${has[ActiveState]}${has[Job]:+ with a job}
  [[ ${activity[$unit]} != @(inactive|failed) ]] || return 0
  for other in ${has[RequiredBy]} ${has[RequisiteOf]-}; do required[$other]=yes; done
  dependents[$unit]="${has[RequiredBy]} ${has[RequisiteOf]-} ${has[BoundBy]-} ${has[ConsistsOf]} ${has[PropagatesStopTo]-}"
  revivers[$unit]="${has[UpheldBy]-} ${has[TriggeredBy]-}"
  for other in ${dependents[$unit]} ${revivers[$unit]}; do
    [[ -z ${activity[$other]-} ]] || continue
    activity[$other]=asked
    ask+=("$other")
  done
}

# Notes a unit that starts the unit $1 of $2 again after its stop: by Upholds= (systemd.unit(5)), or a timer.
find_reviver() {
  local other
  for other in ${revivers[$1]-}; do
    [[ ${activity[$other]} == @(inactive|failed) ]] || revived["@$2"]="$other starts it again"
  done
}

#### Unit files.

stale=() kept_files=() held_templates=() holders=() resting=() went=''
declare -A going=()

# Sets `holders` to the VMs that need template units now, and `resting` to those that only need them to start again.
find_holders() {
  for name in "${names[@]}"; do
    case ${verdict["@$name"]} in
      lingering | unknown | foreign) holders+=("$name") ;;
      kept) ! has_state "$name" && ! is_active "$name" && [[ -z ${has_file["@$name"]-} ]] || holders+=("$name") ;;
      imperative) if is_active "$name" || [[ $systemd == absent ]]; then holders+=("$name"); else resting+=("$name"); fi ;;
      *) ! is_active "$name" || is_gone "$name" || holders+=("$name") ;;
    esac
  done
}

# Sorts all files into `stale`, `kept_files` and those that are needed. Template units come first: links lead to them.
find_stale() {
  local path
  find_holders
  for path in "${files[@]}"; do [[ -n ${vm_of[$path]} ]] || ! is_stale_template "$path" || add_stale "$path"; done
  for path in "${files[@]}"; do
    [[ -n ${vm_of[$path]} ]] && may_go "${vm_of[$path]}" || continue
    # A link in a directory of another VM's unit belongs to that VM too.
    ! parse_unit "${parent_of[$path]}" || may_go "$name" || continue
    if [[ -n ${why[$path]-} ]] && ! links_to_stale "$path"; then kept_files+=("$path"); else add_stale "$path"; fi
  done
  ((${#stale[@]} > 0)) || return 0
  count=${#stale[@]}
  read_lines sort < <(printf '%s\n' "${stale[@]}") && ((${#lines[@]} == count)) || lines=()
  stale=("${lines[@]}")
}

# A link that leads nowhere is always stale.
is_stale_template() {
  [[ ! -L $1 || -e $1 ]] || return 0
  if [[ -n ${own_units[${unit_of[$1]}]-} ]]; then
    [[ ${1##*/} != "${unit_of[$1]}" || ! -f $1 || -L $1 ]] || { why[$1]="an override of a unit that the generation has" && kept_files+=("$1"); }
    return 1
  elif [[ -n ${why[$1]-} ]]; then
    kept_files+=("$1")
    return 1
  elif ((${#holders[@]} > 0)) || [[ -n $hidden && $systemd == absent ]]; then
    held_templates+=("$1")
    return 1
  fi
}

# Whether the link $1 leads to a template unit that goes: then it would lead nowhere.
links_to_stale() {
  local path
  [[ -L $1 ]] || return
  for path in "${stale[@]}"; do [[ ! $1 -ef $path ]] || return 0; done
  return 1
}

add_stale() {
  local point reason=''
  if [[ ! -w ${1%/*} ]]; then
    reason="stale, in a directory that is read-only"
  elif [[ ! -L $1 && -d $1 ]] && cd -P -- "$1"; then
    for point in "${!mounted[@]}"; do [[ $point/ != "$PWD"/* ]] || reason="stale, and is a mount point or has one in it"; done
    cd /
  fi
  if [[ -n $reason ]]; then
    why[$1]=$reason kept_files+=("$1")
    not_finished "${vm_of[$1]}"
  else
    stale+=("$1") going[$1]=yes
  fi
}

sweep_files() {
  local path runtime=() rest=()
  [[ -z $blind ]] || return 0
  find_stale
  for path in "${stale[@]}"; do
    # Runtime files need no quarantine: the next boot removes them.
    if [[ $path == /run/* || ${option[unit-files]} == delete ]]; then runtime+=("$path"); else rest+=("$path"); fi
  done
  if [[ ${option[unit-files]} != @(delete|quarantine) ]]; then
    ((${#stale[@]} == 0)) || report "stale unit files left in place, as the policy says" "${stale[@]}"
    going=()
    return
  fi
  ((${#runtime[@]} == 0)) || remove_files "${runtime[@]}"
  ((${#rest[@]} == 0)) || quarantine_files "${rest[@]}"
}

remove_files() {
  local path
  local -A parents=()
  act removing remove "stale unit files" "$@"
  begin_removal || return 0
  rm -rf --one-file-system -- "$@" || fail "not every stale unit file could be removed"
  # The directory of links of a unit that is gone goes with its last link.
  for path in "$@"; do
    [[ -n ${parent_of[$path]} ]] || continue
    ! is_template "${parent_of[$path]}" && ! parse_unit "${parent_of[$path]}" || parents[${path%/*}]=yes
  done
  ((${#parents[@]} == 0)) || rmdir --ignore-fail-on-non-empty -- "${!parents[@]}"
  end_removal "$@"
}

# Moves files to the quarantine under their original paths, with one call for each directory.
quarantine_files() {
  local path dir time place=$store/quarantine moves=() IFS=$'\n'
  local -A batch=()
  for path in "$@"; do
    dir=${path%/*}
    if [[ -z ${batch[$dir]+set} ]]; then
      batch[$dir]=''
      same_place "$dir" "$place" || { fail "$dir and $place are on different file systems, so nothing in it is quarantined" && batch[$dir]=refused; }
    fi
    if [[ ${batch[$dir]} == refused ]]; then not_finished "${vm_of[$path]}"; else batch[$dir]+=$path$'\n' moves+=("$path"); fi
  done
  ((${#moves[@]} > 0)) || return 0
  set -- "${moves[@]}"
  act quarantining quarantine "stale unit files" "$@"
  begin_removal || return 0
  printf -v time '%(%Y%m%dT%H%M%SZ)T' -1
  for dir in "${!batch[@]}"; do
    [[ ${batch[$dir]} != refused ]] || continue
    mkdir -p -- "$place/$time$dir" && mv --no-clobber --target-directory="$place/$time$dir" -- ${batch[$dir]} ||
      fail "not every stale unit file in $dir could be quarantined"
  done
  end_removal "$@"
}

# Fails in a dry run. The file `reload` is not empty until systemd was reloaded: a run after a crash does it.
begin_removal() {
  went=yes
  [[ $mode == real ]] || return
  went=''
  [[ $systemd == absent ]] || printf 'reload\n' > "$run_dir/reload" || fail "$run_dir/reload cannot be written"
}

end_removal() {
  local path
  for path in "$@"; do
    if [[ -e $path || -L $path ]]; then not_finished "${vm_of[$path]}"; else went=yes; fi
  done
}

#### systemd again: reload, and forget failed instances.

reloads=false resets=()

reload_systemd() {
  [[ $systemd == running && -z $blind && (-n $went || -s $run_dir/reload) ]] || return 0
  act reloading reload systemd && reloads=true
  [[ $mode == real ]] || return 0
  if ! "${option[systemctl]}" daemon-reload; then
    fail "systemd could not be reloaded"
  elif [[ -s $run_dir/reload ]]; then
    : > "$run_dir/reload"
  fi
}

# Stopped units may have failed while they stopped. A pattern matches only what systemd has loaded.
reset_failed() {
  local unit patterns=()
  [[ $systemd == running && -z $blind ]] || return 0
  for name in "${names[@]}"; do
    ! is_gone "$name" || resets+=(${failed["@$name"]-})
  done
  ((${#resets[@]} > 0)) || return 0
  act resetting reset "failed units" "${resets[@]}"
  [[ $mode == real ]] || return 0
  for unit in "${resets[@]}"; do patterns+=("[${unit:0:1}]${unit:1}"); done
  "${option[systemctl]}" reset-failed -- "${patterns[@]}" || fail "not every failed unit could be reset"
}

#### State directories, and garbage collection roots.

movable=() dangling=() action=''
declare -A leaving=() busy=()

# Whether a rename can move from one directory into the other: one mount and one device, for bind mounts and subvolumes.
same_place() {
  local dir point real=() places=()
  for dir in "$1" "$2"; do
    until [[ -d $dir ]]; do dir=${dir%/*} dir=${dir:-/}; done
    cd -P -- "$dir" || return
    real+=("$PWD") point=$PWD
    until [[ -n ${mounted[${point:-/}]-} || -z $point ]]; do point=${point%/*}; done
    places+=("${point:-/}")
  done
  cd /
  [[ ${places[0]} == "${places[1]}" ]] && read_lines stat --format=%d -- "${real[@]}" && [[ ${lines[0]} == "${lines[1]}" ]]
}

# Whether the policy moves state, and this generation is the one that boots: another may still declare the VM.
state_moves() {
  [[ ${option[state]} == @(archive|delete) && -z $blind && -z $hidden && $action != test ]] || return
  [[ $action == @(switch|dry-activate) || ! -e $profile || $profile -ef $generation ]] || boots_as_specialisation
}

# Sets `movable` to the names whose state directory goes.
find_movable() {
  local wanted=() dir=${real_of[${option[state-dir]}]} path
  state_moves || return 0
  for name in "${names[@]}"; do
    [[ -n ${state["@$name"]-} ]] && may_go "$name" || continue
    [[ ${option[state]} == delete && " ${list_state_delete[*]} " != *" $name "* ]] || wanted+=("$name")
  done
  ((${#wanted[@]} > 0)) || return 0
  if [[ ${option[state]} == archive ]] && ! same_place "$dir" "${option[archive-dir]}"; then
    fail "${option[archive-dir]} and $dir are on different file systems, so nothing is archived"
  elif ! find_busy "$dir"; then
    fail "/proc does not say which files are open, so no state directory goes"
  else
    for path in "${!mounted[@]}"; do [[ $path != "$dir"/* ]] || { path=${path#"$dir/"} && busy["@${path%%/*}"]="it has a mount point in it"; }; done
    for name in "${wanted[@]}"; do
      [[ ! -L ${state["@$name"]} ]] || busy["@$name"]="it is a symbolic link"
      if [[ -n ${busy["@$name"]-} ]]; then fail "${state["@$name"]} stays: ${busy["@$name"]}"; else movable+=("$name") leaving["@$name"]=yes; fi
    done
  fi
  for name in "${wanted[@]}"; do [[ -n ${leaving["@$name"]-} ]] || not_finished "$name"; done
}

# Sets `busy` for the names in $1 that a process uses, by one `find`. Processes end while it reads, so its status says
# nothing; our own working directory among the answers says that /proc can be read.
find_busy() {
  local line path pid dir=$1
  cd -P -- "$dir" || return
  read_lines find /proc -mindepth 2 -maxdepth 3 -path '/proc/[0-9]*/*' \( -path '*/fd/*' -o -path '*/map_files/*' -o -name cwd -o -name root \) \
    -lname "${dir//[\\*?[]/?}*" -printf '%p\t%l\n' 2> /dev/null
  cd /
  [[ $'\n'${lines[*]} == *"/cwd"$'\t'"$dir"* ]] || return
  for line in "${lines[@]}"; do
    path=${line#*$'\t'} pid=${line#/proc/} pid=${pid%%/*}
    [[ $path == "$dir"/* ]] || continue
    name=${path#"$dir/"} name=${name%%/*}
    # In a dry run, what is about to stop is in the way of nothing.
    is_stopping "$pid" || busy["@$name"]="process $pid uses a file in it"
  done
}

# Whether process $1 belongs to a unit that a real run would have stopped by now (cgroups(7)).
is_stopping() {
  local cgroup='' unit
  [[ $mode != real ]] && read -r cgroup < "/proc/$1/cgroup"
  for unit in "${stop_units[@]}"; do [[ $cgroup/ != */"$unit"/* ]] || return 0; done 2> /dev/null
  return 1
}

# Roots that lead nowhere, or to state that goes in this run. Those of a VM that is left may dangle for a while.
prune_roots() {
  local root owner
  [[ -z $blind && -z $hidden && ${option[gcroots]} == prune ]] || return 0
  for root in "${roots[@]}"; do
    dangles "$root" || continue
    for owner in "$root" "${root#booted-}" "${root#old-}"; do
      [[ -z ${kept["@$owner"]-}${reserved["@$owner"]-} ]] || continue 2
      if [[ -n ${verdict["@$owner"]-} ]]; then is_gone "$owner"; else ! has_directory "$owner"; fi || continue 2
    done
    dangling+=("$root")
  done
  ((${#dangling[@]} > 0)) || return 0
  act removing remove "dangling garbage collection roots" "${dangling[@]}"
  [[ $mode != real ]] || rm -f -- "${dangling[@]/#/"$roots_dir/"}" || fail "not every dangling garbage collection root could be removed"
}

# Whether a state directory has a directory $1, which need not be an instance name.
has_directory() {
  local dir
  for dir in "${state_dirs[@]}"; do [[ ! -d $dir/$1 && ! -L $dir/$1 ]] || return 0; done
  return 1
}

# microvm-set-booted@ removes the link `booted` when it stops, so a dry run counts its root too.
dangles() {
  local owner to=${root_target["@$1"]}
  [[ -e $roots_dir/$1 ]] || return 0
  for owner in "$1" "${1#booted-}" "${1#old-}"; do
    [[ -z ${leaving["@$owner"]-} || $to != "${option[state-dir]}/$owner"/* ]] || return 0
    [[ $mode == real || $to != */"$owner"/booted || " ${stop_units[*]} " != *" microvm-set-booted@$owner.service "* ]] || return 0
  done
  return 1
}

sweep_state() {
  local time place moves=()
  ((${#movable[@]} > 0)) || return 0
  printf -v time '%(%Y%m%dT%H%M%SZ)T' -1
  for name in "${movable[@]}"; do moves+=("$name -> ${option[archive-dir]}/$name-$time"); done
  if [[ ${option[state]} == delete ]]; then
    act deleting delete "state directories" "${movable[@]}"
    [[ $mode != real ]] || delete_state
  else
    act archiving archive "state directories" "${moves[@]}"
    [[ $mode != real ]] || archive_state
  fi
}

# What is left of a directory may lack the link toplevel: the record tells the next run whose it is.
delete_state() {
  for name in "${movable[@]}"; do not_finished "$name"; done
  save_record
  rm -rf --one-file-system -- "${movable[@]/#/"${option[state-dir]}/"}" || fail "not every state directory could be deleted"
  for name in "${movable[@]}"; do [[ -e ${state["@$name"]} || -L ${state["@$name"]} ]] || unfinished["@$name"]=''; done
}

# A rename follows no link, so the user microvm can put one in the place of a directory and gain nothing.
archive_state() {
  mkdir -p -- "${option[archive-dir]}" || { fail "${option[archive-dir]} cannot be made" && return; }
  for name in "${movable[@]}"; do
    place=${option[archive-dir]}/$name-$time
    if [[ -e $place || -L $place ]] || ! mv --no-clobber --no-target-directory -- "${state["@$name"]}" "$place"; then
      not_finished "$name"
      fail "${state["@$name"]} could not be archived"
    elif [[ -L $place ]]; then
      fail "$place is a symbolic link: somebody put it in the place of the directory"
    fi
  done
}

#### Records: for the next run, and for the journal.

# Writes the record by rename, so that it is never half written.
save_record() {
  local key text="toplevel $record_toplevel"$'\n'"next $record_next"$'\n'"state-dir $record_state_dir"$'\n'
  for name in "${record_vms[@]}"; do text+="vm $name"$'\n'; done
  for name in "${record_unfinished[@]}"; do text+="unfinished $name"$'\n'; done
  for key in "${!unfinished[@]}"; do [[ -z ${unfinished[$key]} ]] || text+="unfinished ${key#@}"$'\n'; done
  [[ $text != "$record_text" ]] || return 0
  { printf '%s' "$text" > "$run_dir/record.new" && mv -f -- "$run_dir/record.new" "$run_dir/record"; } || fail "$run_dir/record cannot be written"
}

# What the generation declares, and what this switch removes and could not stop: the next run tries again.
record_generation() {
  record_toplevel=$generation record_next='' record_state_dir=${option[state-dir]} record_vms=("${list_vm[@]}")
  [[ -n $blind ]] || record_unfinished=()
  for name in "${names[@]}"; do
    [[ -z ${replaced["@$name"]-} || -z ${held["@$name"]-} || ${held["@$name"]} == "the policy says so" ]] || record_vms+=("$name")
  done
  save_record
}

# One entry in the journal for each run that did something: see systemd.journal-fields(7).
write_journal() {
  local left=()
  ((${#acts[@]} > 0)) && [[ -S /run/systemd/journal/socket ]] || return 0
  for name in "${names[@]}"; do [[ -z ${held["@$name"]-} && ${verdict["@$name"]} != @(lingering|unknown) ]] || left+=("$name"); done
  printf '%s\n' "MESSAGE_ID=$message_id" "MESSAGE=microvm-sweep removed what removed MicroVMs left behind" PRIORITY=6 SYSLOG_IDENTIFIER=microvm-sweep \
    "MICROVM_SWEEP_STOPPED=${stops[*]}" "MICROVM_SWEEP_REMOVED=${stale[*]}" "MICROVM_SWEEP_LEFT=${left[*]}" \
    "MICROVM_SWEEP_GENERATION=$generation" | logger --journald 2> /dev/null
}

#### What is left alone, and why.

report_left() {
  [[ -z $hidden || $systemd == absent ]] || report "state may be there that cannot be seen, so it is left alone" "$hidden"
  for name in "${names[@]}"; do
    case ${verdict["@$name"]} in
      lingering) report_running "still running, declared only by an older generation: $name" ;;
      orphan) [[ -z ${held["@$name"]-} ]] || report_running "$name keeps running: ${held["@$name"]}" ;;
      unknown) [[ -n $blind ]] || report "running, but no generation declares it, so it is left alone" "$name" ;;
      foreign) report "left alone: $name, because ${foreign["@$name"]}" ;;
      imperative) [[ -z ${replaced["@$name"]-} ]] || report "left alone: $name, which is imperative although the replaced system declared it" ;;
      *) ;;
    esac
  done
  report_templates
  report_kept
}

report_running() {
  local units=${active["@$name"]-}
  [[ -n $units && -z ${revived["@$name"]-} ]] || units=" microvm@$name.service"
  if [[ -n ${lost["@$name"]-} ]]; then
    report "$1; to stop it cleanly, shut it down from inside"
  else
    report "$1; to stop: systemctl stop$units"
  fi
}

report_templates() {
  local path
  if ((${#held_templates[@]} > 0)); then
    join "${holders[@]:-$hidden}"
    report "template units stay, because these MicroVMs need them: $joined; they are" "${held_templates[@]}"
  fi
  for path in "${!going[@]}"; do
    [[ $path == *@.service && ${#resting[@]} -gt 0 ]] || continue
    report "these MicroVMs are yours and keep their state; to start them again, import the host module of microvm.nix" "${resting[@]}"
    return
  done
}

# Names the administrator's files, and the state of what this run swept.
report_kept() {
  local path paths=()
  local -A swept=()
  for path in "${kept_files[@]}"; do text "$path" && report "left alone: $shown, which is ${why[$path]}"; done
  ((${#stale[@]} == 0 || ${#prefix_dirs[@]} == 0)) || report "left alone: drop-in directories for all units of a prefix" "${prefix_dirs[@]}"
  for path in "${!going[@]}"; do swept["@${vm_of[$path]}"]=yes; done
  for name in "${names[@]}"; do
    is_gone "$name" && [[ ${verdict["@$name"]} == orphan || -n ${swept["@$name"]-} ]] || continue
    [[ -z ${state["@$name"]-} || -n ${leaving["@$name"]-}${busy["@$name"]-} ]] || paths+=("${state["@$name"]}")
    [[ -z ${elsewhere["@$name"]-} ]] || paths+=("${elsewhere["@$name"]}")
  done
  ((${#paths[@]} == 0)) || report "state directories kept" "${paths[@]}"
}

#### Views: what a run would do, as a table, as JSON, and for one name. They show what `sweep` decided.

happens='' json=''
unseen=()

# Sets `happens` to what a run does with `name`.
set_happens() {
  local key=@$name
  happens=nothing
  [[ ${verdict[$key]} != lingering ]] || happens="keeps running"
  [[ ${verdict[$key]} == @(orphan|leftover|ghost) ]] || return 0
  happens="keeps running: ${held[$key]-$blind}"
  is_gone "$name" || return 0
  happens=''
  [[ " ${stops[*]} " != *" $name "* ]] || happens="stops; "
  if [[ -n ${reserved[$key]-} ]]; then
    happens+="its files and state stay: a specialisation declares it"
  else
    [[ -z ${has_file[$key]-} ]] || happens+="unit files: ${option[unit-files]}; "
    if [[ -n ${leaving[$key]-} ]]; then happens+="state: ${option[state]}; "; elif [[ -n ${state[$key]-} ]]; then happens+="its state stays${busy[$key]:+, because ${busy[$key]}}; "; fi
    happens=${happens%; } happens=${happens:-its failed units are reset}
  fi
}

show_table() {
  local row path width=4
  for name in "${names[@]}"; do ((${#name} <= width)) || width=${#name}; done
  printf 'MicroVMs of %s under %s\n\n%-11s %-*s  %s\n' "${option[host]}" "$generation" VERDICT "$width" NAME "WHAT HAPPENS"
  for row in orphan lingering leftover ghost unknown foreign imperative kept live; do
    for name in "${names[@]}"; do
      [[ ${verdict["@$name"]} == "$row" ]] || continue
      set_happens
      printf '%-11s %-*s  %s\n%*s%s\n' "$row" "$width" "$name" "$happens" "$((16 + width))" '' "${evidence["@$name"]}"
    done
  done
  ((${#stale[@]} + ${#kept_files[@]} == 0)) || printf '\nUNIT FILES\n'
  for path in "${stale[@]}"; do text "$path" && printf '%-11s %s\n' "${option[unit-files]}" "$shown"; done
  for path in "${kept_files[@]}"; do text "$path" && printf '%-11s %s: %s\n' keep "$shown" "${why[$path]}"; done
  printf '\n' && printf '%s\n' "${acts[@]:-nothing to do}"
  ((${#notes[@]} == 0)) || printf 'note: %s\n' "${notes[@]}"
  ((${#errors[@]} == 0)) || printf 'error: %s\n' "${errors[@]}"
  ((${#unseen[@]} == 0)) || printf 'not seen: %s\n' "${unseen[@]}"
}

# Sets `json` to $1 as a JSON string.
quote() {
  text "$1"
  json=${shown//\\/\\\\}
  json=\"${json//\"/\\\"}\"
}

# Sets `json` to a JSON object of the arguments KEY VALUE…; the value of a KEY that ends in ":" is JSON already.
object() {
  local fields=''
  for ((; $# > 0; )); do
    json=$2
    [[ $1 == *: ]] || quote "$2"
    fields+=${fields:+, }\"${1%:}\":\ $json
    shift 2
  done
  json="{ $fields }"
}

# Sets `json` to a JSON list of strings.
list() {
  local item items=''
  for item in "$@"; do quote "$item" && items+=${items:+, }$json; done
  json="[$items]"
}

show_json() {
  local path key vm_rows='' file_rows='' lists='' is=false
  for name in "${names[@]}"; do
    set_happens
    is=false
    ! is_active "$name" || is=true
    object name "$name" verdict "${verdict["@$name"]}" active: "$is" evidence "${evidence["@$name"]}" happens "$happens"
    vm_rows+=${vm_rows:+,}$'\n    '$json
  done
  for path in "${stale[@]}" "${kept_files[@]}"; do
    json=null
    [[ -z ${vm_of[$path]} ]] || quote "${vm_of[$path]}"
    if [[ -n ${going[$path]-} ]]; then key=remove; else key=keep; fi
    object path "$path" vm: "$json" happens "$key" reason "${why[$path]-its MicroVM is gone, or no MicroVM needs it}"
    file_rows+=${file_rows:+,}$'\n    '$json
  done
  list "${stops[@]}" && lists+="  \"stop\": $json,"$'\n'
  list "${!going[@]}" && lists+="  \"remove\": $json,"$'\n'
  list "${resets[@]}" && lists+="  \"reset\": $json,"$'\n'
  list "${dangling[@]}" && lists+="  \"roots\": $json,"$'\n'
  list "${movable[@]/#/"${option[state-dir]}/"}" && lists+="  \"state\": $json,"$'\n'
  quote "$generation" && local toplevel=$json
  quote "${option[host]}"
  printf '{ "schemaVersion": 1, "release": "%s", "host": %s, "generation": %s,\n  "vms": [%s ],\n  "files": [%s ],\n%s  "reload": %s,\n' \
    "$release" "$json" "$toplevel" "$vm_rows" "$file_rows" "$lists" "$reloads"
  list "${notes[@]}" && printf '  "notes": %s,\n' "$json"
  list "${errors[@]}" && printf '  "errors": %s,\n' "$json"
  list "${unseen[@]}" && printf '  "unseen": %s }\n' "$json"
}

# Sets `near` to the word that shares the longest beginning with $1.
nearest() {
  local word length best=-1
  near=''
  for word in "${@:2}"; do
    for ((length = ${#word}; length >= 0; length--)); do [[ $1 != "${word:0:length}"* ]] || break; done
    ((length <= best)) || best=$length near=$word
  done
}

# Says in sentences what is known of $1, which row fits, and what would change it.
explain() {
  local path found_files=()
  [[ -n ${verdict["@$1"]-} ]] || { nearest "$1" "${names[@]}" && join "${names[@]}" && refuse "nothing on this host is named $1; the nearest name is ${near:-none}, and the names are: ${joined:-none}"; }
  name=$1
  set_happens
  printf '%s is %s: %s.\nA run does this: %s.\n\nFacts:\n' "$name" "${verdict["@$name"]}" "${evidence["@$name"]}" "$happens"
  for path in "${files[@]}"; do [[ ${vm_of[$path]} != "$name" ]] || found_files+=("$path"); done
  printf -- '- active units:%s\n' "${active["@$name"]:- none}"
  printf -- '- failed units:%s\n' "${failed["@$name"]:- none}"
  join "${found_files[@]}" && printf -- '- unit files: %s\n' "${joined:-none}"
  text "${state["@$name"]:-${elsewhere["@$name"]:-none}}" && printf -- '- state directory: %s%s\n' "$shown" "${toplevel["@$name"]:+, with the link toplevel: fully declarative}"
  text "${root_target["@$name"]:-none}" && printf -- '- root %s: %s\n' "$roots_dir/$name" "$shown"
  printf -- '- removed by this switch: %s\n' "${replaced["@$name"]:-no}"
  printf -- '- declared by an older generation: %s\n' "${former["@$name"]:-no}"
  printf '\nWhat would change it:\n'
  case ${verdict["@$name"]} in
    live) echo "- remove it from microvm.vms and microvm.autostart, and switch: then it is an orphan, and stops" ;;
    kept) echo "- take it off the keep list of the policy" ;;
    foreign) echo "- remove the link or file that makes it yours" ;;
    imperative) echo "- remove its state directory and its garbage collection root: then it is unknown or a ghost" ;;
    *) printf -- '- declare it in microvm.vms, or name it in the keep list: then nothing happens to it\n' ;;
  esac
  ! is_active "$name" || printf -- '- to stop it: systemctl stop%s\n' "${active["@$name"]:- "microvm@$name.service"}"
}

#### Commands.

words=() near=''
usage="sweep-microvms [plan [--json] | explain NAME | run] [--system=TOPLEVEL]"

# One run at a time: a second one waits. Whoever can read the lock can hold it, so only root can.
take_lock() {
  { [[ -d $run_dir ]] || mkdir -m 0700 -- "$run_dir"; } && exec {lock}>> "$run_dir/lock" && flock "$lock" && return
  fail "$run_dir/lock cannot be taken, so nothing is stopped or removed"
  exit 1
}

# Every step in its order: whatever ends a run early, the next one finds what is left (docs/design.md, "Order").
sweep() {
  collect
  [[ -z $blind ]] || fail "$blind, so nothing is stopped or removed"
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

activate() {
  action=${2-}
  [[ $action != dry-activate ]] || mode=dry
  [[ ${option[backend]} != service || -n $action ]] || service=yes
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
  [[ $action != @(switch|test) ]] || (take_lock && record_replaced)
  [[ ${option[backend]} != service || $action != dry-activate ]] || mode=dry
  [[ $mode == dry || (-n ${option[limit]} && $action != boot) ]] || return 0
  sweep
  status=0
  ((${#stops[@]} > ${option[limit]:-${#stops[@]}})) || return 0
  join "${stops[@]}"
  fail "this switch would stop ${#stops[@]} MicroVMs, and the limit is ${option[limit]}: $joined"
  printf 'microvm-sweep: error: %s\n%s\n' "${errors[-1]}" "To go on, raise the limit, or set NIXOS_NO_CHECK=1 for this one switch." >&2
}

# Writes what the running system declares, before it is replaced. The sweep of the generation may have run already.
record_replaced() {
  collect_record
  [[ $record_toplevel != "$generation" || $current == "$generation" ]] || return 0
  record_vms=()
  for name in "${names[@]}"; do [[ -z ${replaced["@$name"]-} ]] || record_vms+=("$name"); done
  [[ $record_toplevel == "$current" ]] || record_state_dir=''
  record_toplevel=$current record_next=$generation
  save_record
}

# What the user asks for. Anything unknown is refused before anything is read.
run_command() {
  local word system=/run/current-system format=table rest=()
  for word in "$@"; do
    case $word in
      --system=?*) system=${word#*=} ;;
      --json) format=json ;;
      -h | --help) echo "usage: $usage" && exit 0 ;;
      -*) refuse "there is no option $word; usage: $usage" ;;
      *) rest+=("$word") ;;
    esac
  done
  set -- "${rest[@]:-plan}"
  case "$1 $#" in
    "run 1")
      ((EUID == 0)) || refuse "run needs root"
      activate "$system"
      ;;
    "plan 1" | "explain 2")
      mode=plan
      ((EUID == 0)) || unseen+=("what the running switch removes, and which files are open: that needs root")
      find_generations "$system"
      # A generation that does not run yet is looked at as a switch to it.
      [[ $generation == "$current" ]] || action=switch
      sweep
      if [[ $1 == explain ]]; then explain "$2" && acts=(); elif [[ $format == json ]]; then show_json; else show_table; fi
      ((${#acts[@]} == 0)) || status=1
      ;;
    *) nearest "$1" plan explain run && refuse "$* is no command; the nearest is $near; usage: $usage" ;;
  esac
}

read_data "$@"
case ${words[0]-} in
  check) check "${words[1]-}" "${words[2]-}" ;;
  activate) activate "${words[1]-}" "${words[2]-}" ;;
  *) run_command "${words[@]}" ;;
esac
exit "$status"
