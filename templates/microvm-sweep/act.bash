#!/usr/bin/env bash
# Acts: the only part that changes a host in a switch. It does five things, and each through `run`: it stops units of
# removed MicroVMs, removes unit files of theirs, reloads systemd, resets their failed units, and reports.
# It never touches a state directory, a garbage collection root, the Nix store, or a unit that is not microvm.nix's.
#
#   act.bash DATA -- activate G [ACTION] | run | check G ACTION | plan [G]
#
# `decide` says what is to be done, and has no power to do it. Nothing happens unless each line it says fits the rules
# below. A plan and a dry activation take the same way; only `run` does not run anything then.
# shellcheck source=templates/microvm-sweep/common.bash
source "${BASH_SOURCE[0]%/*}/common.bash"
# A reader of our output that goes away must not end a run half way.
trap '' PIPE
read_data "$@"

lock=/run/microvm-sweep/lock
removed_dir=/var/lib/microvm-sweep/removed
message_id=6d0f5a1e8c3b4f0f9a527f5c2be1c7d4
# `real` does it, `dry` says what it would do, `plan` prints lines for `show`, `check` prints nothing.
mode=real
status=0

run() { [[ $mode != real ]] || "$@"; }

# tell VERB WHAT ITEM...: says that something is done, or would be.
declare -A doing=([stop]=stopping [remove]=removing [move]=moving [reload]=reloading [reset]=resetting)
tell() {
  local items=''
  (($# < 3)) || printf -v items ', %s' "${@:3}"
  items=${items:+: ${items:2}}
  case $mode in
    real) printf '%s\n' "${doing[$1]} $2$items" ;;
    dry) printf '%s\n' "would $1 $2$items" ;;
  esac
}

# say WORD FIELD...: prints one line of a plan.
say() {
  local IFS=$'\t'
  [[ $mode != plan ]] || printf '%s\n' "$*"
}

note() {
  case $mode in
    plan) say note "$1" ;;
    check) ;;
    *) complain "$1" ;;
  esac
}

# A step failed. The others go on.
fail() {
  status=1
  if [[ $mode == plan ]]; then say error "$1"; else complain "error: $1"; fi
}

# In doubt, nothing happens.
give_up() {
  fail "$1, so nothing is stopped or removed"
  say end
  exit 1
}

# ---- What there is.

# Finds G, the toplevel that $1 leads to, and C, the one that runs.
find_generations() {
  generation=''
  current=''
  ! cd -P -- "$1" 2> /dev/null || generation=$PWD
  ! cd -P /run/current-system 2> /dev/null || current=$PWD
  cd /
  [[ -n $generation && -d $generation/etc/systemd/system ]] || give_up "$1 is not the toplevel of a NixOS generation"
}

# Asks systemd, which root reaches without D-Bus. Sets `answer`.
ask_systemd() {
  systemd=absent
  answer=''
  [[ -d /run/systemd/system ]] || return 0
  # At boot, that may be systemd of the initrd, which has no MicroVMs.
  [[ ! -e /proc/1/root/etc/initrd-release ]] || return 0
  [[ ! -e /proc/1/root || /proc/1/root -ef / ]] || give_up "systemd runs, but not below the root directory of this process"
  systemd=running
  answer=$(list_units)
  read_units "$answer" || give_up "systemd does not answer"
}

# Sets `decisions` to what `decide` says.
ask_decide() {
  local view=switch asker=(without_power)
  [[ $mode != plan ]] || view=plan
  if ((EUID != 0)); then
    view=user
    asker=()
  fi
  local command=("$BASH" "${BASH_SOURCE[0]%/*}/decide.bash" "${data[@]}" -- "$generation" "$action" "$systemd" "$view")
  decisions=$(printf '%s\n' "$answer" | "${asker[@]}" "${command[@]}") || give_up "the host cannot be read"
}

# ---- The rules for each line. Whatever `decide` says, nothing but units of a VM that is neither declared nor kept is stopped
# or reset, and nothing but unit files of such a VM, or a template unit that the generation lacks, is removed.

# Fields without control characters, and none of them empty.
line_pattern=$'^[ -~]+(\t[ -~]+)*$'
stops=() resets=() removals=() keeps=() notes=()
declare -A units_of=()
read_decisions() {
  local line last='' field=()
  mapfile -t lines < <(printf '%s\n' "$decisions")
  for line in "${lines[@]}"; do
    IFS=$'\t' read -ra field <<< "$line"
    if [[ ! $line =~ $line_pattern || $last == end ]] || ! fits "${field[@]}"; then
      give_up "a decision does not fit: ${line//[! -~]/ }"
    fi
    last=${field[0]}
    case $last in
      stop) stops+=("${field[1]}") units_of["@${field[1]}"]="${field[*]:2}" ;;
      reset) resets+=("$line") ;;
      remove) removals+=("$line") ;;
      keep) keeps+=("$line") ;;
      note) notes+=("${field[1]}") ;;
      vm | fact) say "${field[@]}" ;;
    esac
  done
  [[ $last == end ]] || give_up "the decisions were cut short"
}

# fits WORD FIELD...: whether a line has the form that docs/plan.md describes, and may be done.
fits() {
  local unit
  case "$1 $#" in
    "end 1" | "note 2" | "keep 4") ;;
    "vm 4" | "fact 3") [[ $mode == plan ]] ;;
    "remove 3") { [[ $2 == - ]] || is_free "$2"; } && is_place "$3" "$2" ;;
    "stop "* | "reset "*)
      (($# > 2)) && is_free "$2" || return 1
      for unit in "${@:3}"; do is_service_of "$unit" "$2" || return 1; done
      ;;
    *) return 1 ;;
  esac
}

is_free() { is_name "$1" && [[ -z ${declared["@$1"]-}${kept["@$1"]-} ]]; }
is_service_of() { parse_unit "$1" && [[ $suffix == service && $name == "$2" ]]; }

# Whether PATH is a unit file of VM (or of a template, where VM is `-`), its directory of drop-ins or links, or a link to it.
is_place() {
  local path=$1 vm=$2 dir=${1%/*} unit=${1##*/} above
  above=${dir##*/}
  if [[ $above =~ ^[A-Za-z0-9:_.\\@-]+\.(wants|requires|upholds)$ && ! -L $dir ]]; then
    dir=${dir%/*}
  elif [[ $unit =~ ^(.+)\.(d|wants|requires|upholds)$ ]]; then
    unit=${BASH_REMATCH[1]}
  fi
  [[ " ${unit_dirs[*]} " == *" $dir "* && $dir != *' '* ]] && cd -P -- "$dir" && [[ $PWD/ != /nix/store/* ]] || return 1
  if [[ $vm == - ]]; then
    is_template "$unit" && [[ ! -e $generation/etc/systemd/system/$unit ]]
  else
    parse_unit "$unit" && [[ $name == "$vm" ]]
  fi
}

# ---- Stop. Nothing but the VM's own units ever stops: a VM that another unit is attached to stays as it is.

declare -A held=()
hold() {
  held["@$1"]=$2
  say hold "$1" "$2"
  note "$1 keeps running: $2"
}

# Asks systemd about the units that are to stop. Its answer counts only when it has each property of each unit, and no
# other unit: otherwise something could be attached that was not named.
properties=(Id LoadState CanStop RequiredBy RequisiteOf BoundBy ConsistsOf PropagatesStopTo UpheldBy TriggeredBy)
declare -A asked=() load_state=() can_stop=() attached=()
ask_attached() {
  local line wanted
  local -A has=()
  printf -v wanted '%s,' "${properties[@]}"
  while read -r line; do
    if [[ -n $line ]]; then
      has[${line%%=*}]=${line#*=}
    elif ((${#has[@]} > 0)); then
      take_answer || return 1
      has=()
    fi
  done < <(systemctl show --property="${wanted%,}" -- "${!asked[@]}" && echo)
  ((${#has[@]} == 0 && ${#load_state[@]} == ${#asked[@]}))
}

take_answer() {
  local unit=${has[Id]-} property
  [[ -n ${asked[${unit:-none}]-} && -z ${load_state[$unit]-} && ${#has[@]} -eq ${#properties[@]} ]] || return 1
  load_state[$unit]=${has[LoadState]:-unknown}
  can_stop[$unit]=${has[CanStop]}
  for property in "${properties[@]:3}"; do attached[$unit]+="${has[$property]} "; done
}

# Holds each VM that cannot stop, or that a unit which stays is attached to. The units of a held VM stay too, so the
# others are looked at again.
hold_attached() {
  local vm unit others='' count=-1
  for vm in "${stops[@]}"; do
    for unit in ${units_of["@$vm"]}; do asked[$unit]=$vm; done
  done
  if ! ask_attached; then
    fail "systemd does not say what is attached to the removed MicroVMs, so none is stopped"
    for vm in "${stops[@]}"; do hold "$vm" "systemd does not say what is attached to it"; done
  fi
  until ((${#held[@]} == count)); do
    count=${#held[@]}
    for unit in "${!asked[@]}"; do
      vm=${asked[$unit]}
      [[ -n ${held["@$vm"]-} ]] || hold_unit "$vm" "$unit"
    done
  done
}

hold_unit() {
  local vm=$1 unit=$2 other others
  if [[ ${load_state[$unit]} != loaded ]]; then
    hold "$vm" "systemd has lost $unit, and would kill it: shut it down from inside"
  elif [[ ${can_stop[$unit]} != yes ]]; then
    hold "$vm" "$unit refuses to be stopped: shut it down from inside"
  fi
  read -ra others <<< "${attached[$unit]//\\\\/\\}"
  for other in "${others[@]}"; do
    other=${other#\"}
    other=${other%\"}
    [[ -z ${held["@$vm"]-} ]] || return 0
    stays "$other" "$vm" || continue
    find_advice "to stop both" "$other" "microvm@$vm.service"
    hold "$vm" "$other is attached to it; $advice"
  done
}

# Whether a unit stays when VM stops: it is neither VM's own nor that of a VM that stops too, and does not leave with
# this switch.
stays() {
  if parse_unit "$1" && [[ $suffix == service ]]; then
    [[ $name != "$2" && (" ${stops[*]} " != *" $name "* || -n ${held["@$name"]-}) ]]
    return
  fi
  [[ $current == "$generation" ]] || ! has_unit "$current" "$1" || has_unit "$generation" "$1"
}

# Whether a toplevel has a unit, or its template.
has_unit() {
  local path=$1/etc/systemd/system/$2 template=$1/etc/systemd/system/${2%%@*}@.${2##*.}
  [[ -e $path || -L $path || ($2 == *@* && (-e $template || -L $template)) ]]
}

# Stops all units of all orphans in one call, while systemd has the old units.
stopped=()
stop_orphans() {
  local vm units=() unit messages='' going=()
  ((${#stops[@]} > 0)) || return 0
  hold_attached
  for vm in "${stops[@]}"; do
    [[ -z ${held["@$vm"]-} ]] || continue
    going+=("$vm")
    for unit in ${units_of["@$vm"]}; do units+=("$unit"); done
    say stop "$vm" "${units[@]}"
  done
  stops=("${going[@]}")
  ((${#stops[@]} > 0)) || return 0
  tell stop "orphaned MicroVMs" "${stops[@]}"
  [[ $mode == real ]] || return 0
  # `--quiet` skips the query for what could start them again, which would make systemd read what it has just dropped.
  messages=$(exec systemctl stop --quiet -- "${units[@]}" 2>&1)
  # Whatever systemctl says, a stop has succeeded when nothing of the VM is active any more.
  answer=$(list_units)
  if ! read_units "$answer"; then
    fail "systemd does not answer after the stop, so these may still run, and their files stay: ${stops[*]}"
    for vm in "${stops[@]}"; do held["@$vm"]="systemd does not answer"; done
    return
  fi
  for vm in "${stops[@]}"; do
    if [[ -n ${active["@$vm"]-} ]]; then
      held["@$vm"]="it still runs"
      fail "$vm still runs after the stop:${active["@$vm"]}${messages:+ ($messages)}"
    else
      stopped+=("$vm")
    fi
    [[ -z ${failed["@$vm"]-} ]] || note "$vm did not shut down cleanly; see: journalctl -u ${failed["@$vm"]# }"
  done
}

# ---- Unit files. What somebody wrote is moved and not deleted; links, and files that the next boot removes, are deleted.

removed=()
remove_files() {
  local line path vm deletes=() moves=() points=()
  mapfile -t points < /proc/self/mountinfo
  for line in "${removals[@]}"; do
    IFS=$'\t' read -r _ vm path <<< "$line"
    if [[ -n ${held["@$vm"]-} || ($vm == - && ${#held[@]} -gt 0) ]]; then
      :
    elif [[ $EUID -eq 0 && ! -w ${path%/*} ]]; then
      keeps+=("keep"$'\t'"$vm"$'\t'"$path"$'\t'"stale, in a directory that is read-only")
    elif [[ " ${points[*]} " == *" ${path//\\/\\134}"[/\ ]* ]]; then
      keeps+=("keep"$'\t'"$vm"$'\t'"$path"$'\t'"stale, and has a mount point in it")
    else
      say remove "$vm" "$path"
      if [[ -L $path || $path == /run/* ]]; then deletes+=("$path"); else moves+=("$path"); fi
    fi
  done
  if ((${#deletes[@]} > 0)); then
    tell remove "stale unit files" "${deletes[@]}"
    run rm --recursive --force --one-file-system -- "${deletes[@]}"
  fi
  ((${#moves[@]} == 0)) || move_files "${moves[@]}"
  for path in "${deletes[@]}" "${moves[@]}"; do
    if [[ $mode != real || (! -e $path && ! -L $path) ]]; then removed+=("$path"); else fail "$path could not be removed"; fi
  done
}

# Moves files below a new directory, with their paths. One call for each directory that has some.
move_files() {
  local path dir place batch now
  printf -v now '%(%Y%m%dT%H%M%SZ)T' -1
  place=$removed_dir/$now
  [[ $mode == real ]] || place=$removed_dir
  tell move "unit files to $place" "$@"
  # A directory that exists could have files of the same names.
  run mkdir --parents -- "$removed_dir" && run mkdir -- "$place" || return
  local -A batches=()
  for path in "$@"; do batches[${path%/*}]+=$path$'\n'; done
  for dir in "${!batches[@]}"; do
    mapfile -t batch <<< "${batches[$dir]%$'\n'}"
    run mkdir --parents -- "$place$dir" && run mv --target-directory="$place$dir" -- "${batch[@]}"
  done
}

# ---- systemd again, and what a person has to know.

reload_systemd() {
  [[ $systemd == running && ${#removed[@]} -gt 0 ]] || return 0
  say reload
  tell reload systemd
  run systemctl daemon-reload || fail "systemd could not be reloaded"
}

reset_failed() {
  local line vm units=() unit patterns=()
  for line in "${resets[@]}"; do
    IFS=$'\t' read -ra line <<< "$line"
    vm=${line[1]}
    [[ -z ${held["@$vm"]-} ]] || continue
    units+=("${line[@]:2}")
    say "${line[@]}"
  done
  for vm in "${stopped[@]}"; do
    for unit in ${failed["@$vm"]-}; do [[ " ${units[*]} " == *" $unit "* ]] || units+=("$unit"); done
  done
  ((${#units[@]} > 0)) || return 0
  # A name fails where the unit is no longer loaded; a pattern matches what is loaded.
  for unit in "${units[@]}"; do patterns+=("[${unit:0:1}]${unit:1}"); done
  tell reset "failed units" "${units[@]}"
  run systemctl reset-failed -- "${patterns[@]}" || fail "not every failed unit could be reset"
}

report() {
  local line field text
  for text in "${notes[@]}"; do note "$text"; done
  for line in "${keeps[@]}"; do
    IFS=$'\t' read -ra field <<< "$line"
    if [[ $mode == plan ]]; then say "${field[@]}"; else note "left alone: ${field[2]}, which is ${field[3]}"; fi
  done
  [[ $mode == real && $((${#stopped[@]} + ${#removed[@]})) -gt 0 && -S /run/systemd/journal/socket ]] || return 0
  printf '%s\n' "MESSAGE_ID=$message_id" "MESSAGE=microvm-sweep removed what removed MicroVMs left behind" PRIORITY=6 \
    SYSLOG_IDENTIFIER=microvm-sweep "MICROVM_SWEEP_STOPPED=${stopped[*]}" "MICROVM_SWEEP_REMOVED=${removed[*]}" \
    "MICROVM_SWEEP_LEFT=${!held[*]}" "MICROVM_SWEEP_GENERATION=$generation" | logger --journald 2> /dev/null
}

# ---- What hooks and persons ask for.

# Goes on under the lock, or waits for it. `flock --close` keeps it from our children: a stop that outlives us has none.
take_lock() {
  local command=(flock --close "$lock" "$BASH" "${BASH_SOURCE[0]}" "${data[@]}" -- locked "${words[@]}")
  mkdir --parents -- "${lock%/*}" || give_up "${lock%/*} cannot be made"
  flock --nonblock "$lock" true || note "waiting for another run, which has $lock"
  exec "${command[@]}"
}

sweep() {
  find_generations "$1"
  ask_systemd
  ask_decide
  read_decisions
  stop_orphans
  remove_files
  reload_systemd
  reset_failed
  report
  say end
}

# Refuses a switch that would stop more MicroVMs than the limit. An installer has no running system.
check_limit() {
  [[ -n ${option[limit]} && $action != boot && -e /run/current-system ]] || return 0
  mode=check
  sweep "$1"
  ((status == 0)) || fail "so the limit of --limit cannot be checked"
  ((${#stops[@]} <= option[limit])) || fail "this switch would stop ${#stops[@]} MicroVMs, and the limit is ${option[limit]}: ${stops[*]}"
  ((status == 0)) || complain "to go on, raise the limit, or set NIXOS_NO_CHECK=1 for this one switch"
  [[ $action != dry-activate ]] || status=0
}

[[ ${words[0]-} == locked ]] && words=("${words[@]:1}") && locked=yes
action=${words[2]-}
case ${words[0]-} in
  activate)
    [[ $action != dry-activate ]] || mode=dry
    [[ $mode == dry || -n ${locked-} ]] || take_lock
    sweep "${words[1]}"
    ;;
  run)
    ((EUID == 0)) || refuse "run needs root"
    [[ -n ${locked-} ]] || take_lock
    sweep /run/current-system
    ;;
  check) check_limit "${words[1]}" ;;
  plan)
    mode=plan
    sweep "${words[1]-/run/current-system}"
    ;;
  *) refuse "${words[*]} is no command of this part" ;;
esac
exit "$status"
