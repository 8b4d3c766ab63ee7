#!/usr/bin/env bash
# Decides what a sweep does: reads the host and prints one decision a line (docs/plan.md has the form of the lines).
# It may read everything. It changes nothing, stops nothing and talks to nobody: `act` starts it as a user that owns
# nothing, and the kernel sees to it.
#
#   decide.bash DATA -- G ACTION SYSTEMD VIEW < ANSWER
#
# G is the toplevel to look at, ACTION that of switch-to-configuration (or empty), SYSTEMD `running` or `absent`. VIEW
# is `switch`, `plan` (all names with their evidence), or `user` (a plan without root). ANSWER is what systemd lists.
# shellcheck source=templates/microvm-sweep/common.bash
source "${BASH_SOURCE[0]%/*}/common.bash"
read_data "$@"
generation=${words[0]} action=${words[1]} systemd=${words[2]} view=${words[3]}
[[ $view == switch ]] || every_name=yes
units=$generation/etc/systemd/system
profile=/nix/var/nix/profiles/system
roots_dir=/nix/var/nix/gcroots/microvm
state_dir=${option[state-dir]%/}

# say WORD FIELD...: prints one line. No field has a control character: a name or path with one is never taken.
say() {
  local IFS=$'\t'
  printf '%s\n' "$*"
}

# Nothing is decided where something cannot be read: what was not seen could be a live VM's.
give_up() {
  complain "error: $1"
  exit 1
}

# Sets `real` to the directory that a path leads to, or to nothing.
find_real() {
  real=''
  cd -P -- "$1" 2> /dev/null || return 0
  real=$PWD
  cd /
}

# Whether `name` is to be looked at; adds it to `names`. In a switch, a declared name is live, and that is all.
names=()
declare -A known=()
take_name() {
  [[ -n $every_name || -z ${declared["@$name"]-} ]] && is_name "$name" || return 1
  [[ -n ${known["@$name"]-} ]] || names+=("$name")
  known["@$name"]=yes
}

# Takes the names in `found` into a map, with a text.
take_found() {
  local -n map=$1
  for name in "${found[@]}"; do
    # In a switch, most of them are declared.
    [[ -n $every_name || -z ${declared["@$name"]-} ]] || continue
    ! take_name || map["@$name"]=${map["@$name"]-$2}
  done
}

# ---- Generations: C is the system that is replaced, B the one that boots.

# Sets `found` to the names that the toplevel $1 installs: those in its `microvm.vms`.
find_installed() {
  found=("$1/etc/systemd/system/$install"*.service)
  found=("${found[@]##*/"$install"}")
  found=("${found[@]%.service}")
}

# Adds to `found` the names that it starts at boot: its target wants them (`microvm.autostart`).
add_autostart() {
  local key wanted unit
  [[ -r $1/etc/systemd/system/$target ]] || return 0
  while IFS='=' read -r key wanted; do
    [[ $key == Wants ]] || continue
    for unit in $wanted; do
      [[ $unit != microvm@*.service ]] || found+=("${unit:8:-8}")
    done
  done < "$1/etc/systemd/system/$target"
}

declare -A replaced=() autostarted=()
collect_replaced() {
  find_real /run/current-system
  current=$real
  [[ -n $current && $current != "$generation" ]] || return 0
  find_installed "$current"
  # The service runs when that system is gone, and systemd has lost its units: it stops nothing.
  if [[ ${option[backend]} == service ]]; then
    take_found former "the system that is replaced installs it"
    return
  fi
  take_found replaced "the system that is replaced installs it"
  found=()
  add_autostart "$current"
  take_found autostarted yes
}

# Names that G has units of. A drop-in makes no unit, and neither does a mask.
declare -A live=() own_unit=()
collect_live() {
  local path unit
  if [[ -n $every_name ]]; then
    found=("${!declared[@]}")
    found=("${found[@]#@}")
    take_found live "the configuration declares it"
  fi
  find_installed "$generation"
  # Of another toplevel than the page's, its units alone say what it declares.
  [[ $view == switch ]] || add_autostart "$generation"
  take_found live "the generation installs it, or starts it at boot"
  # systemd looks at the name of a link there: it may dangle, where the unit has only a drop-in.
  for path in "$units"/*.@(wants|requires|upholds)/microvm@?*.service "$units"/microvm@?*.service; do
    unit=${path##*/}
    name=${unit:8:-8}
    if is_mask "$units/$unit" || ! take_name || [[ -n ${live["@$name"]-} ]]; then continue; fi
    live["@$name"]="the generation has ${path#"$units/"}"
    [[ $path != "$units/$unit" ]] || own_unit["@$name"]=$unit
  done
}

# A link to /dev/null, or an empty file (systemd.unit(5)).
is_mask() { [[ -e $1 && ! -d $1 && ! -s $1 ]]; }

# Names in the booted system and in the retained generations: read only where a name needs them.
declare -A former=()
former_known=''
collect_former() {
  local toplevel other
  local -A seen=()
  [[ -z $former_known ]] || return 0
  former_known=yes
  for toplevel in /run/booted-system "${profile%/*}"/system-*-link; do
    find_installed "$toplevel"
    # Most generations install the same VMs.
    [[ -z ${seen["=${found[*]}"]-} ]] || continue
    seen["=${found[*]}"]=yes
    for other in "${found[@]}"; do former["@$other"]="$toplevel has $install$other.service"; done
  done
}

# Names that another system declares which this host may change to: B, a specialisation of B, or one of G.
declare -A reserved=()
collect_reserved() {
  local boots=$profile toplevel other
  ((${#names[@]} > 0)) || return 0
  # The switch itself would make G the one that boots.
  [[ $action != dry-activate ]] || boots=$generation
  for toplevel in "$boots" "$boots"/specialisation/* "$generation"/specialisation/*; do
    [[ ! $toplevel -ef $generation ]] || continue
    find_installed "$toplevel"
    add_autostart "$toplevel"
    for other in "${found[@]}"; do reserved["@$other"]=yes; done
  done
}

# ---- Unit directories and garbage collection roots.

# Sets `lines` to what a `find` prints, and `errors` to its errors. An entry that vanishes while it reads makes it fail,
# whatever its options: then it is run once more, and only other errors count. A run of its own reads the errors: in one
# stream, an error could be in the middle of a line.
errors=()
run_find() {
  local - output result line IFS=$'\n'
  set -f
  errors=()
  for _ in once again; do
    result=0
    # A file system whose server is gone would hold the switch.
    output=$(exec timeout --signal=KILL 20 find "$@" 2> /dev/null) || result=$?
    ((result == 1)) || break
  done
  # shellcheck disable=SC2206 # Split at line breaks.
  lines=($output)
  while ((result == 1)) && read -r line; do
    [[ $line == *": No such file or directory" ]] || errors+=("$line")
  done < <(((result != 1)) || exec timeout --signal=KILL 20 find "$@" 2>&1 > /dev/null)
  # It says what it cannot read, unless it is killed.
  ((result < 2)) || errors+=("find ended with status $result")
}

files=()
declare -A real_dir=() rooted=() foreign=() has_file=() type_of=() unit_of=() name_of=()
collect_files() {
  local dir line type path to places=()
  local -A seen=()
  for dir in "${unit_dirs[@]}"; do
    find_real "$dir"
    # What resolves into the store belongs to a generation.
    [[ -n $real && $real/ != /nix/store/* && -z ${seen[$real]-} ]] || continue
    seen[$real]=yes
    real_dir[$dir]=$real
    places+=("$dir")
  done
  [[ ! -d $roots_dir ]] || places+=("$roots_dir")
  ((${#places[@]} > 0)) || return 0
  # No unit has another character than these, and no line may have one: such a target is not told.
  run_find -H "${places[@]}" -mindepth 1 -maxdepth 2 ! -path '*[! -~]*' \
    \( -name 'microvm*' -o -name "$install*" -o -lname '*microvm*' -o -path "$roots_dir/*" \) \
    \( -lname '*[! -~]*' -printf 'l\t%p\n' -o -printf '%y\t%p\t%l\n' \)
  for line in "${errors[@]//[! -~]/ }"; do
    [[ $view == user ]] || give_up "the unit directories cannot be read to the end: $line"
    say note "not seen: $line"
  done
  for line in "${lines[@]}"; do
    IFS=$'\t' read -r type path to <<< "$line"
    if [[ $path == "$roots_dir"/* ]]; then
      add_root "$type" "${path#"$roots_dir/"}"
    else
      add_file "$type" "$path" "$to"
    fi
  done
}

# `microvm -c NAME` and ssh-deploy make the links NAME, booted-NAME and old-NAME; the host module makes none.
add_root() {
  [[ $1 == l && $2 != */* ]] || return 0
  rooted["@$2"]=yes
  name=${2#booted-}
  [[ $name != "$2" ]] || name=${2#old-}
  take_name
}
has_root() { [[ -n ${rooted["@$name"]-}${rooted["@booted-$name"]-}${rooted["@old-$name"]-} ]]; }

# add_file TYPE PATH TARGET: an entry of a unit directory, or of a directory of links in one.
add_file() {
  local type=$1 path=$2 to=$3 unit=${2##*/} dir=${2%/*} is_top=${real_dir[${2%/*}]-}
  [[ -n $is_top || ($dir =~ \.(wants|requires|upholds)$ && -n ${real_dir[${dir%/*}]-}) ]] || return 0
  # What NixOS has put there is its own: the sweep runs before the snippet `etc` brings it up to date.
  if [[ $path == /etc/* ]]; then
    [[ ! -e $generation$path && ! -L $generation$path ]] || return 0
    [[ -z $current || (! -e $current$path && ! -L $current$path) ]] || return 0
  fi
  # Drop-ins for all units with one beginning are not ours.
  [[ $unit != *-.service.d ]] || return 0
  if [[ -n $is_top && $unit =~ ^(.+)\.(d|wants|requires|upholds)$ ]]; then
    unit=${BASH_REMATCH[1]}
  elif [[ -n $is_top ]]; then
    find_foreign "$type" "$path" "${to##*/}"
  fi
  name=-
  is_template "$unit" || { parse_unit "$unit" && take_name; } || return 0
  has_file["@$name"]+=" $path"
  files+=("$path")
  type_of[$path]=$type unit_of[$path]=$unit name_of[$path]=$name
}

# A unit file that is a mask, or a link that makes two units one: an alias (systemd.unit(5)). Both names of an alias are
# foreign, also where one of them is declared: to stop the other would stop it.
find_foreign() {
  local type=$1 path=$2 linked=$3 unit=${2##*/}
  ! is_mask "$path" || ! parse_unit "$unit" || add_foreign "$path masks it"
  [[ $type == l && $linked =~ \.(service|socket|target|timer|path|mount|slice)$ ]] || return 0
  [[ $linked != "$unit" && $linked != "${unit%%@*}@.${unit##*.}" ]] || return 0
  ! parse_unit "$unit" || add_foreign "$path is a link to another unit, $linked"
  ! parse_unit "$linked" || add_foreign "$path is another name of it"
}
add_foreign() { ! take_name || foreign["@$name"]=$1; }

# ---- State directories: only whether there is one, and whether it has a link `toplevel`. The user microvm owns the
# directory above. No link there is followed, also not one that is put there just now: `find -P` sees to it.

declare -A has_state=() has_toplevel=()
collect_state() {
  local line path places=() depth=(-maxdepth 1)
  for name in "${names[@]}"; do
    ! needs_state || places+=("$state_dir/$name")
  done
  if [[ $view != switch && -d $state_dir ]]; then
    # It may be a link itself.
    places=("$state_dir/")
    depth=(-mindepth 1 -maxdepth 2)
  fi
  ((${#places[@]} > 0)) || return 0
  run_find -P "${places[@]}" "${depth[@]}" -name '*[! -~]*' -prune -o \( -type d -o -type l \) -printf '%y\t%p\n'
  if ((${#errors[@]} > 0)); then
    # In doubt, a VM is the administrator's.
    say note "not seen, so nothing is decided by state directories: ${errors[0]//[! -~]/ }"
    for name in "${names[@]}"; do has_state["@$name"]=yes; done
    return
  fi
  for line in "${lines[@]}"; do
    path=${line#*$'\t'"$state_dir/"}
    name=${path%%/*}
    if [[ $path == "$name" ]] && take_name; then
      has_state["@$name"]=yes
    elif [[ $path == "$name/toplevel" && $line == l* ]]; then
      has_toplevel["@$name"]=yes
    fi
  done
}

# Whether the verdict on `name`, or what is said of it, may depend on its state directory.
needs_state() {
  if [[ -n ${live["@$name"]-} ]]; then
    [[ -n ${own_unit["@$name"]-} && -n ${active["@$name"]-} ]]
  else
    [[ -z ${kept["@$name"]-}${foreign["@$name"]-} ]] && { [[ -z ${replaced["@$name"]-} ]] || has_root; }
  fi
}

# ---- Verdicts: the first row of the table that fits (docs/design.md, "Verdicts").

declare -A verdict=() evidence=()
decide() { verdict["@$name"]=$1 evidence["@$name"]=$2; }
judge() {
  local key=@$name
  if [[ -n ${live[$key]-} ]]; then decide live "${live[$key]}"
  elif [[ -n ${kept[$key]-} ]]; then decide kept "the keep list of the policy names it"
  elif [[ -n ${foreign[$key]-} ]]; then decide foreign "${foreign[$key]}"
  elif is_made_by_hand; then decide imperative "it has a garbage collection root in $roots_dir"
  elif [[ -n ${replaced[$key]-} ]]; then decide orphan "${replaced[$key]}"
  elif was_declared && [[ -n ${active[$key]-} ]]; then decide lingering "$was"
  elif [[ -n $was ]]; then decide leftover "$was"
  elif [[ -n ${has_state[$key]-} ]]; then
    decide imperative "it has a state directory, and no generation that is left declares it"
  elif [[ -n ${active[$key]-} ]]; then decide unknown "a unit of it is active, and nothing else is known of it"
  else decide ghost "only unit files or failed units have its name"
  fi
}
is_made_by_hand() { has_root && [[ -z ${replaced["@$name"]-} || -z ${has_toplevel["@$name"]-} ]]; }

# Whether a generation before G declared `name`. Sets `was` to how that is known.
was_declared() {
  was=${replaced["@$name"]-}${has_toplevel["@$name"]+"its state directory has the link toplevel"}
  [[ -n $was ]] || collect_former
  was=${was:-${former["@$name"]-}}
  [[ -n $was ]]
}

# ---- What follows from a verdict (docs/design.md, "Verdicts"): the second table.

#          stop unit files  holds templates  says
declare -A fates=(
  [live]="       -    stay  -        override"
  [kept]="       -    stay  present  -"
  [foreign]="    -    stay  yes      foreign"
  [imperative]=" -    stay  active   yours"
  [orphan]="     stop go    -        -"
  [lingering]="  -    stay  yes      runs"
  [leftover]="   -    go    -        -"
  [unknown]="    -    stay  yes      runs"
  [ghost]="      -    go    -        -"
)
holders=()
declare -A may_go=()
say_fate() {
  local fate=${verdict["@$name"]} runs=${active["@$name"]-} fails=${failed["@$name"]-} stop files holds says
  # The service starts when systemd has loaded the new units: a stop would kill, so it stops nothing.
  if [[ $fate == lingering && ${option[orphans]} == stop-all && ${option[backend]} != service ]]; then fate=orphan; fi
  if [[ $fate == orphan && -n $runs && ${option[orphans]} == report ]]; then fate=lingering; fi
  read -r stop files holds says <<< "${fates[$fate]}"
  # shellcheck disable=SC2086 # Units have no spaces.
  {
    [[ $stop != stop || -z $runs ]] || say stop "$name" $runs
    [[ $files != go || -z $fails ]] || say reset "$name" $fails
  }
  [[ $files != go || -n ${reserved["@$name"]-} ]] || may_go["@$name"]=yes
  case $holds in
    yes) holders+=("$name") ;;
    present) [[ -z $runs$fails${has_file["@$name"]-} ]] || holders+=("$name") ;;
    active) [[ -z $runs && $systemd == running ]] || holders+=("$name") ;;
  esac
  say_note "$says" "$runs"
}

# say_note SAYS UNITS: says what a person has to know of `name`, with a command that works at that moment.
say_note() {
  local runs=$2 note=''
  [[ $runs != *" microvm@$name.service"* ]] || runs=" microvm@$name.service"
  find_advice "to stop it" "${runs# }"
  if [[ $1 == override && -n $runs && -n ${own_unit["@$name"]-} ]] && was_declared; then
    note="$name has left microvm.vms and runs on, because ${evidence["@$name"]}; $advice"
  elif [[ $1 == foreign ]]; then
    note="left alone: $name, because ${evidence["@$name"]}"
  elif [[ $1 == yours && -n ${replaced["@$name"]-} ]]; then
    note="left alone: $name, which is managed by hand, although the system that is replaced declared it"
  elif [[ $1 == yours && ! -e $units/microvm@.service ]]; then
    note="$name is yours and stays; to start it again, import the host module of microvm.nix"
  elif [[ $1 == runs ]]; then
    note="still running, and not declared: $name; $advice"
  elif [[ $1 == yours && -n $runs && -n ${autostarted["@$name"]-} ]]; then
    note="$name has left microvm.autostart and runs on; $advice"
  fi
  [[ -z $note ]] || say note "$note"
}

# ---- Unit files.

# Directories come first, because all that is in one goes with it. Links come last: one is ours where its target goes.
declare -A goes=()
decide_files() {
  local kind path
  resolve_links
  for kind in d '[!dl]' l; do
    for path in "${files[@]}"; do
      # shellcheck disable=SC2053 # A pattern.
      if [[ ${type_of[$path]} == $kind && -z ${goes[${path%/*}]-} ]] && is_stale; then decide_file; fi
    done
  done
}

# Sets `leads_to` for each link that may go, by one call.
declare -A leads_to=()
resolve_links() {
  local path resolved=() links=()
  for path in "${files[@]}"; do
    [[ ${type_of[$path]} != l ]] || ! is_stale || links+=("$path")
  done
  ((${#links[@]} > 0)) || return 0
  mapfile -d '' -t resolved < <(exec realpath -m -z -- "${links[@]}")
  ((${#resolved[@]} == ${#links[@]})) || give_up "it is not known where links in the unit directories lead"
  for path in "${!links[@]}"; do leads_to[${links[path]}]=${resolved[path]}; done
}

# Whether nothing that is left needs the file `path`.
is_stale() {
  local unit=$units/${unit_of[$path]} vm=${name_of[$path]}
  if [[ $vm == - ]]; then [[ ! -e $unit && ! -L $unit ]]; else [[ -n ${may_go["@$vm"]-} ]]; fi
}

# Says that the stale file `path` goes, or why it stays.
decide_file() {
  local type=${type_of[$path]} vm=${name_of[$path]} unit=${unit_of[$path]} to=${leads_to[$path]-} reason='' who
  # What somebody wrote for this host is the administrator's.
  if [[ $type != d ]] && is_mask "$path"; then
    reason="a mask"
  elif [[ $unit =~ \.(timer|socket|path)$ ]]; then
    reason="a ${unit##*.} unit"
  elif [[ $type == f && $vm != - ]]; then
    reason="a whole unit file"
  elif [[ $type == l && $to != /nix/store/* && $to != /etc/static/* && -z ${goes[$to]-} && -e $path ]]; then
    reason="a link to a file outside the store"
  elif [[ $type != [dfl] ]]; then
    reason="not a file"
  elif [[ $vm == - && ${#holders[@]} -gt 0 ]]; then
    printf -v who ', %s' "${holders[@]}"
    reason="a template unit for ${who:2}"
  elif [[ ${option[unit-files]} == report ]]; then
    reason="stale, and stays as the policy says"
  fi
  if [[ -n $reason ]]; then
    say keep "$vm" "$path" "$reason"
  else
    say remove "$vm" "$path"
    goes[$path]=yes
    goes["${real_dir[${path%/*}]-}/${path##*/}"]=yes
  fi
}

# What is known of `name`, for a plan.
say_facts() {
  local key=@$name
  say vm "$name" "${verdict[$key]}" "${evidence[$key]}"
  say fact "$name" "active units:${active[$key]:- none}"
  say fact "$name" "failed units:${failed[$key]:- none}"
  say fact "$name" "unit files:${has_file[$key]:- none}"
  [[ -z ${has_state[$key]-} ]] || say fact "$name" "state directory: ${state_dir//[! -~]/?}/$name"
  ! has_root || say fact "$name" "it has a garbage collection root in $roots_dir"
  [[ -z ${reserved[$key]-} ]] || say fact "$name" "a system that this host may change to declares it, so its files stay"
}

answer=$(< /dev/stdin)
if [[ $systemd == running ]]; then
  read_units "$answer" || give_up "systemd does not answer"
fi
found=("${!active[@]}" "${!failed[@]}")
found=("${found[@]#@}")
take_found known yes
collect_replaced
collect_live
collect_files
collect_state
collect_reserved
for name in "${names[@]}"; do judge; done
for name in "${names[@]}"; do
  say_fate
  [[ $view == switch ]] || say_facts
done
decide_files
say end
