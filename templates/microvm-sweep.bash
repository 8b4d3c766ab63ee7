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
install=install-microvm-
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
declare -A planned=()

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

# act KEY DOING DO WHAT [ITEM…]
act() {
  local key=$1 doing=$2 do=$3 what=$4
  shift 4
  join "$@"
  local IFS=$'\n'
  planned[$key]+="$*"$'\n'
  acts+=("would $do $what${joined:+: $joined}")
  case $mode in
    real) printf '%s\n' "$doing $what${joined:+: $joined}" ;;
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

# Sets `lines` to what a command prints. Fails where it fails. (`read` takes a system call for each character of a pipe.)
read_lines() {
  local IFS=$'\n' answer
  answer=$("$@") || return
  lines=($answer)
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

files=() prefix_dirs=() want_dirs=() roots=()
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
    d*) [[ $3 == *.d ]] || { want_dirs+=("$3") && unset 'files[-1]'; } ;;
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
  local dir path entries=0
  for dir in "${option[state-dir]}" "$record_state_dir" "$default_state_dir"; do
    [[ -n $dir && -z ${real_of[$dir]-} ]] || continue
    resolve "$dir"
    state_dirs+=("$dir")
    glob "$dir" '*'
    ((entries += ${#found[@]}))
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
  ((entries > 0 || ${#roots[@]} == 0)) || hidden=${option[state-dir]}
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
record_toplevel='' record_next='' record_state_dir='' record_vms=() record_unfinished=()
declare -A declared=() kept=() replaced=() reserved=() unfinished=()

# Takes the toplevel $1 as the generation, and finds the one that runs.
find_generations() {
  cd -P -- "$1" 2> /dev/null && generation=$PWD units=$PWD/etc/systemd/system
  cd -P /run/current-system 2> /dev/null && current=$PWD
  cd /
  [[ -n $units && -d $units ]] && return
  fail "$1 is not the toplevel of a NixOS generation, so nothing is stopped or removed"
  exit 1
}

read_record() {
  local key value
  while read -r key value; do
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
    add_name "$name" && unfinished["@$name"]=yes former["@$name"]="an earlier run did not end with it"
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
  verdict["@$name"]=$1 evidence["@$name"]=$2
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
declare -A activity=() dependents=() required=() staying=()

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
  act stop stopping stop "orphaned MicroVMs" "${stops[@]}"
  [[ $mode == real ]] || return 0
  # `--quiet` skips a query that would make systemd read the files of units it has just dropped.
  SYSTEMD_LOG_LEVEL=err "${option[systemctl]}" stop --quiet -- "${stop_units[@]}"
  collect_units
  # Success means that nothing of a VM is active any more, whatever systemctl says.
  for name in "${stops[@]}"; do ! is_active "$name" || held["@$name"]="it runs after the stop"; done
  drop_held && { fail "still running after the stop, and left as they are: $joined"; }
}

# Takes the names that are held out of `stops`, and joins them. Fails where there are none.
drop_held() {
  local still=() out=()
  for name in "${stops[@]}"; do
    if [[ -n ${held["@$name"]-} ]]; then out+=("$name"); else still+=("$name"); fi
  done
  stops=("${still[@]}") stop_units=()
  for name in "${stops[@]}"; do stop_units+=(${active["@$name"]-}); done
  join "${out[@]}"
  ((${#out[@]} > 0))
}

# Leaves an orphan alone that a unit which stays requires, directly or through units that would stop with it.
hold_required() {
  if ! ask_dependents; then
    fail "systemd does not say what requires the orphaned MicroVMs, so none is stopped"
    for name in "${stops[@]}"; do held["@$name"]="systemd does not say what requires it"; done
  else
    find_staying
    spread_staying
  fi
  drop_held || true
}

# Asks what depends on the units, then what depends on that: one call for each link of the chain.
ask_dependents() {
  local line block count
  ask=("${stop_units[@]}")
  while ((${#ask[@]} > 0)); do
    count=${#ask[@]}
    # Each block ends with an empty line, which splitting would drop; Id is in each block once.
    read_lines "${option[systemctl]}" show --property=Id,ActiveState,Job,RequiredBy,RequisiteOf,BoundBy,ConsistsOf,PropagatesStopTo \
      -- "${ask[@]}" init.scope || return
    ask=() block=()
    split_blocks "$count" || return
  done
}

#### next
