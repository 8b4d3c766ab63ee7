#!/usr/bin/env bash
# Acts: the only part that changes a host in a switch. It does five things: it stops units of removed MicroVMs, removes
# their unit files, reloads systemd, resets their failed units, and reports.
# It never touches a state directory, a garbage collection root, the Nix store, or a unit that is not microvm.nix's.
#
#   act.bash DATA -- activate G [ACTION] | run | plan [G [ACTION]] | count G ACTION
#
# `decide` says what is to be done, and has no power to do it. Each line it says must fit the rules below.
# shellcheck source=templates/microvm-sweep/common.bash
source "${BASH_SOURCE[0]%/*}/common.bash"
# A reader of our output that goes away must not end a run half way.
trap '' PIPE
read_data "$@"

lock=/run/microvm-sweep/lock
removed_dir=/var/lib/microvm-sweep/removed
message_id=6d0f5a1e8c3b4f0f9a527f5c2be1c7d4
# `real` does it, `dry` says what it would do, `plan` prints it in lines (docs/plan.md).
mode=real
view=switch
status=0

# Whatever changes units or files goes through here.
run() { [[ $mode != real ]] || "$@"; }

# tell VERB WHAT ITEM...: says that something is done, or would be.
declare -A doing=([stop]=stopping [remove]=removing [move]=moving [reload]=reloading [reset]=resetting)
tell() {
  local items=''
  (($# < 3)) || printf -v items ', %s' "${@:3}"
  [[ $mode != real ]] || printf '%s\n' "${doing[$1]} $2${items/#,/:}"
  [[ $mode != dry ]] || printf '%s\n' "would $1 $2${items/#,/:}"
}

# say WORD FIELD...: prints a line of a plan.
say() {
  local IFS=$'\t'
  [[ $mode != plan ]] || printf '%s\n' "$*"
}

# report TEXT WORD FIELD...: tells a person something, or prints a line of a plan.
report() { if [[ $mode == plan ]]; then say "${@:2}"; else complain "$1"; fi; }
note() { report "$1" note "$1"; }
# keep VM PATH WHY: a file that nothing declared needs, and that stays.
keep() { report "left alone: $2, which is $3" keep "$@"; }

# A step failed; the others go on.
fail() {
  status=1
  report "error: $1" error "$1"
}

# In doubt, nothing happens.
give_up() {
  fail "$1, so nothing is stopped or removed"
  say end
  exit 1
}

# ---- What there is.

# Sets `generation` to G, the toplevel that $1 leads to, and `current` to C, the one that runs.
find_generations() {
  generation=$(cd -P -- "$1" 2> /dev/null && pwd)
  current=$(cd -P /run/current-system 2> /dev/null && pwd)
  [[ -n $generation && -d $generation/etc/systemd/system ]] || give_up "$1 is not the toplevel of a NixOS generation"
}

# Asks systemd, which root reaches without D-Bus. Sets `systemd` and `answer`.
ask_systemd() {
  systemd=absent
  answer=''
  [[ -d /run/systemd/system ]] || return 0
  # At boot, systemd of the initrd may still run. It has no MicroVMs. Its initrd-release is a link into its own store,
  # which leads nowhere from here.
  [[ ! -e /proc/1/root/etc/initrd-release && ! -L /proc/1/root/etc/initrd-release ]] || return 0
  [[ ! -e /proc/1/root || /proc/1/root -ef / ]] || give_up "systemd runs, and this process has another root directory"
  systemd=running
  answer=$(list_units)
  read_units "$answer" || give_up "systemd does not answer"
}

ask_decide() {
  local command=(without_power)
  ((EUID == 0)) || view=user command=()
  command+=("$BASH" "${BASH_SOURCE[0]%/*}/decide.bash" "${data[@]}" -- "$generation" "$action" "$systemd" "$view")
  decisions=$(printf '%s\n' "$answer" | "${command[@]}") || give_up "the host cannot be read"
}

# ---- The rules for each line. Whatever `decide` says: only services of a VM that is neither declared nor kept are
# stopped or reset, and only unit files of such a VM, or of a template that the generation lacks, are removed.

# Fields have no control characters, and none is empty.
line_pattern=$'^[ -~]+(\t[ -~]+)*$'
stops=() removals=() keeps=() notes=()
declare -A units_of=() failed_units=()
read_decisions() {
  local line lines field word=''
  mapfile -t lines < <(printf '%s\n' "$decisions")
  for line in "${lines[@]}"; do
    IFS=$'\t' read -ra field <<< "$line"
    if [[ ! $line =~ $line_pattern || $word == end ]] || ! fits "${field[@]}"; then
      give_up "a decision does not fit: ${line//[! -~]/ }"
    fi
    word=${field[0]}
    case $word in
      stop) stops+=("${field[1]}") units_of["@${field[1]}"]="${field[*]:2}" ;;
      reset) failed_units["@${field[1]}"]="${field[*]:2}" ;;
      remove) removals+=("$line") ;;
      keep) keeps+=("$line") ;;
      note) notes+=("${field[1]}") ;;
      vm | fact) say "${field[@]}" ;;
    esac
  done
  # `is_place` has changed the directory.
  cd /
  [[ $word == end ]] || give_up "the decisions were cut short"
}

# fits WORD FIELD...: whether a line has the form that docs/plan.md describes, and may be done.
fits() {
  local unit
  case $1 in
    end) (($# == 1)) ;;
    note) (($# == 2)) ;;
    keep) (($# == 4)) ;;
    vm) [[ $mode == plan && $# -eq 4 ]] ;;
    fact) [[ $mode == plan && $# -eq 3 ]] ;;
    remove) (($# == 3)) && is_place "$3" "$2" ;;
    stop | reset)
      [[ $systemd == running && $# -gt 2 ]] && is_free "$2" || return 1
      for unit in "${@:3}"; do is_service_of "$2" "$unit" || return 1; done
      ;;
    *) return 1 ;;
  esac
}

is_free() { is_name "$1" && [[ -z ${declared["@$1"]-}${kept["@$1"]-} ]]; }
is_service_of() { parse_unit "$2" && [[ $name == "$1" && $suffix == service ]]; }

# is_place PATH VM: whether a path is a unit file of VM (of a template, where VM is `-`), its directory of drop-ins or
# links, or a link to it in the directory of another unit.
is_place() {
  local dir=${1%/*} unit=${1##*/} vm=$2
  if [[ $dir =~ ^(.+)/[A-Za-z0-9:_.\\@-]+\.(wants|requires|upholds)$ && ! -L $dir ]]; then
    dir=${BASH_REMATCH[1]}
  elif [[ $unit =~ ^(.+)\.(d|wants|requires|upholds)$ ]]; then
    unit=${BASH_REMATCH[1]}
  fi
  [[ " ${unit_dirs[*]} " == *" $dir "* && $dir != *' '* ]] || return 1
  cd -P -- "$dir" && [[ $PWD/ != /nix/store/* ]] || return 1
  # A VM may be called `-` too.
  if [[ $vm == - ]] && is_template "$unit"; then
    [[ ! -e $generation/etc/systemd/system/$unit ]]
  else
    is_free "$vm" && parse_unit "$unit" && [[ $name == "$vm" ]]
  fi
}

# ---- Stop. Nothing but the VM's own services ever stops: a VM that another unit is attached to stays as it is.

declare -A held=()
hold() {
  held["@$1"]=yes
  report "$1 keeps running: $2" hold "$@"
}

# Asks systemd about the units that are to stop. Its answer counts only when it has each property of each unit, and no
# other unit: otherwise something could be attached that was not named.
properties=(LoadState CanStop RequiredBy RequisiteOf BoundBy ConsistsOf PropagatesStopTo UpheldBy TriggeredBy)
declare -A vm_of=() property=()
ask_attached() {
  local key value unit='' wanted
  printf -v wanted ',%s' "${properties[@]}"
  while IFS='=' read -r key value; do
    case $key in
      '') ;;
      Id)
        unit=$value
        [[ -n ${vm_of[${unit:-none}]-} ]] || return 1
        ;;
      *) property["$unit $key"]=$value ;;
    esac
  done < <(exec systemctl show --property="Id$wanted" -- "${!vm_of[@]}")
  ((${#property[@]} == ${#vm_of[@]} * ${#properties[@]}))
}

# Holds each VM that systemd cannot stop, or that has a unit attached which stays. systemd is asked about attached units
# that go, too: it stops what is attached to them, even if they are at rest. The units of a held VM stay, so look again.
hold_attached() {
  local vm unit count=-1
  for vm in "${stops[@]}"; do
    for unit in ${units_of["@$vm"]}; do vm_of[$unit]=$vm; done
  done
  until ((${#vm_of[@]} + ${#held[@]} == count)); do
    count=$((${#vm_of[@]} + ${#held[@]}))
    if ! ask_attached; then
      fail "systemd does not say what is attached to the removed MicroVMs, so none is stopped"
      for vm in "${stops[@]}"; do hold "$vm" "systemd does not say what is attached to it"; done
      return
    fi
    for unit in "${!vm_of[@]}"; do hold_unit "$unit" "${vm_of[$unit]}"; done
  done
}

hold_unit() {
  local unit=$1 vm=$2 key other state=${property["$1 LoadState"]}${property["$1 CanStop"]}
  [[ -z ${held["@$vm"]-} ]] || return 0
  if [[ $state != loadedyes && " ${units_of["@$vm"]} " == *" $unit "* ]]; then
    hold "$vm" "systemd cannot stop $unit cleanly; shut it down from inside"
    return
  fi
  for key in "${properties[@]:2}"; do
    # Names with a backslash are quoted: "a\\x2db.service".
    for other in ${property["$unit $key"]//[\"]/}; do
      other=${other//\\\\/\\}
      stays "$other" "$vm" || continue
      find_advice "to stop both" "$other" "microvm@$vm.service"
      hold "$vm" "$other is attached to it; $advice"
      return
    done
  done
}

# stays UNIT VM: whether a unit stays when VM stops. It goes if it is a service of a VM that stops too, or if it leaves
# with this switch. One that goes is added to `vm_of`: the next look asks what is attached to it.
stays() {
  local owner=${vm_of[$1]-$2}
  if parse_unit "$1" && [[ $suffix == service ]]; then
    owner=$name
    [[ " ${stops[*]} " == *" $name "* ]] || return 0
  elif [[ -z $current || $current == "$generation" ]] || ! has_unit "$current" "$1" || has_unit "$generation" "$1"; then
    return 0
  fi
  vm_of[$1]=$owner
  [[ -n ${held["@$owner"]-} ]]
}

# Whether a toplevel has a unit, or its template.
has_unit() {
  local path=$1/etc/systemd/system/$2 template=$1/etc/systemd/system/${2%%@*}@.${2##*.}
  [[ -e $path || -L $path || ($2 == *@* && (-e $template || -L $template)) ]]
}

# Stops all units of all orphans in one call, while systemd has the old units.
stopped=()
stop_orphans() {
  local vm unit messages unclean going=() units=()
  ((${#stops[@]} == 0)) || hold_attached
  for vm in "${stops[@]}"; do
    [[ -z ${held["@$vm"]-} ]] || continue
    going+=("$vm")
    for unit in ${units_of["@$vm"]}; do units+=("$unit"); done
    # shellcheck disable=SC2086 # Units have no spaces.
    say stop "$vm" ${units_of["@$vm"]}
  done
  ((${#going[@]} > 0)) || return 0
  tell stop "orphaned MicroVMs" "${going[@]}"
  [[ $mode == real ]] || return 0
  # `--quiet` skips the query for what could start them again, which would make systemd read what it has just dropped.
  messages=$(run exec systemctl stop --quiet -- "${units[@]}" 2>&1)
  # Whatever systemctl says, a VM has stopped when nothing of it is active any more.
  answer=$(list_units)
  if ! read_units "$answer"; then
    fail "systemd does not answer after the stop, so these may still run, and their files stay: ${going[*]}"
    for vm in "${going[@]}"; do held["@$vm"]=yes; done
    return
  fi
  for vm in "${going[@]}"; do
    if [[ -n ${active["@$vm"]-} ]]; then
      held["@$vm"]=yes
      fail "$vm still runs after the stop, and its files stay:${active["@$vm"]}${messages:+; ${messages//$'\n'/; }}"
      continue
    fi
    stopped+=("$vm")
    unclean=${failed["@$vm"]-}
    unclean=${unclean# }
    # What had failed before says nothing of this stop.
    [[ -n $unclean && $unclean != "${failed_units["@$vm"]-}" ]] || continue
    failed_units["@$vm"]=$unclean
    note "$vm did not shut down cleanly; see: journalctl -u ${unclean// / -u }"
  done
}

# ---- Unit files. What somebody wrote is moved, not deleted. Links are deleted, and so is what the next boot removes.

removed=()
remove_files() {
  local line vm path points deletes=() moves=()
  mapfile -t points < /proc/self/mountinfo
  for line in "${removals[@]}"; do
    IFS=$'\t' read -r _ vm path <<< "$line"
    # A VM that runs on needs its files, and the templates.
    if [[ -n ${held["@$vm"]-} || ($vm == - && ${#held[@]} -gt 0) ]]; then continue; fi
    # In mountinfo a backslash is written as \134.
    if [[ $EUID -eq 0 && ! -w ${path%/*} ]]; then
      keep "$vm" "$path" "stale, in a directory that is read-only"
    elif [[ " ${points[*]}" == *" ${path//\\/\\134}"[/\ ]* ]]; then
      keep "$vm" "$path" "stale, and is a mount point or has one in it"
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
    if [[ $mode == real && (-e $path || -L $path) ]]; then
      fail "$path could not be removed"
    else
      removed+=("$path")
    fi
  done
}

# Moves files below a new directory, with their paths: one call for each directory that has some.
move_files() {
  local path dir batch place=$removed_dir
  local -A batches=()
  [[ $mode != real ]] || printf -v place '%s/%(%Y%m%dT%H%M%SZ)T' "$removed_dir" -1
  # Another run may have had the same second, and what it moved could be in the way.
  [[ $mode != real || ! -e $place ]] || place+=-$$
  tell move "unit files to $place" "$@"
  run mkdir --parents -- "$removed_dir" || return
  # `cp -a $place/. /` brings all back, and gives / and /etc the modes of these directories.
  umask 022
  run mkdir -- "$place" || return
  for path in "$@"; do batches[${path%/*}]+=$path$'\n'; done
  for dir in "${!batches[@]}"; do
    mapfile -t batch <<< "${batches[$dir]%$'\n'}"
    run mkdir --parents -- "$place$dir" && run mv --target-directory="$place$dir" -- "${batch[@]}"
  done
  umask 077
}

# ---- systemd again, and what a person has to know.

reload_systemd() {
  [[ $systemd == running && ${#removed[@]} -gt 0 ]] || return 0
  say reload
  tell reload systemd
  run systemctl daemon-reload || fail "systemd could not be reloaded"
}

reset_failed() {
  local vm unit units=() patterns=()
  for vm in "${!failed_units[@]}"; do
    [[ -z ${held[$vm]-} ]] || continue
    # shellcheck disable=SC2086 # Units have no spaces.
    say reset "${vm#@}" ${failed_units[$vm]}
    # The name of a unit that is no longer loaded fails; a pattern matches what is loaded.
    for unit in ${failed_units[$vm]}; do units+=("$unit") patterns+=("[${unit:0:1}]${unit:1}"); done
  done
  ((${#units[@]} > 0)) || return 0
  tell reset "failed units" "${units[@]}"
  run systemctl reset-failed -- "${patterns[@]}" || fail "not every failed unit could be reset"
}

write_report() {
  local text field left=("${!held[@]}")
  for text in "${notes[@]}"; do note "$text"; done
  for text in "${keeps[@]}"; do
    IFS=$'\t' read -ra field <<< "$text"
    keep "${field[@]:1}"
  done
  [[ $mode == real && $((${#stopped[@]} + ${#removed[@]})) -gt 0 && -S /run/systemd/journal/socket ]] || return 0
  printf '%s\n' "MESSAGE_ID=$message_id" "MESSAGE=microvm-sweep removed what removed MicroVMs left behind" PRIORITY=6 \
    SYSLOG_IDENTIFIER=microvm-sweep "MICROVM_SWEEP_STOPPED=${stopped[*]}" "MICROVM_SWEEP_REMOVED=${removed[*]}" \
    "MICROVM_SWEEP_LEFT=${left[*]#@}" "MICROVM_SWEEP_GENERATION=$generation" | logger --journald 2> /dev/null
}

# ---- What hooks and persons ask for.

sweep() {
  find_generations "$1"
  ask_systemd
  ask_decide
  read_decisions
  stop_orphans
  remove_files
  reload_systemd
  reset_failed
  write_report
  say end
}

# Goes on under the lock, or waits for it. `flock --close` keeps it from our children: a stop that outlives us has none.
take_lock() {
  mkdir --parents -- "${lock%/*}" && flock --nonblock --conflict-exit-code 75 "$lock" true
  case $? in
    0) ;;
    75) note "waiting for another run" ;;
    *) give_up "$lock cannot be locked" ;;
  esac
  exec flock --close "$lock" "$BASH" "${BASH_SOURCE[0]}" "${data[@]}" -- "${words[0]}" "$toplevel" "$action" locked
}

toplevel=${words[1]:-/run/current-system}
action=${words[2]-}
case ${words[0]-} in
  run | activate)
    ((EUID == 0)) || refuse "${words[0]} needs root"
    [[ $action != dry-activate ]] || mode=dry
    [[ $mode == dry || ${words[3]-} == locked ]] || take_lock
    ;;
  plan) mode=plan view=plan ;;
  # The same without the names that nothing happens to: the user microvm can make as many as it likes.
  count) mode=plan ;;
  *) refuse "this part does not know ${words[*]}" ;;
esac
sweep "$toplevel"
exit "$status"
