#!/usr/bin/env bash
# Shows what a run would do: as a table, as JSON, or for one MicroVM. Beside that, help, and words for completion.
# It is for people: no switch runs it. It changes nothing; what it shows is what `act.bash plan` prints.
#
#   show.bash DATA -- [plan [--json] | explain NAME | complete WORD...] [--system=TOPLEVEL]
# shellcheck source=templates/microvm-sweep/common.bash
source "${BASH_SOURCE[0]%/*}/common.bash"
# shellcheck source=templates/microvm-sweep/nearest.bash
source "${BASH_SOURCE[0]%/*}/nearest.bash"
read_data "$@"

usage="sweep-microvms [plan [--json] | explain NAME | run | archive NAME... | delete NAME...] [--system=TOPLEVEL]"
# Each with what help and completion say of it.
command_words=(
  $'plan\tshow what a run would do'
  $'explain\tsay what is known of a MicroVM'
  $'run\tdo what plan shows, as root'
  $'archive\tmove the state directory of a removed MicroVM away, as root'
  $'delete\tdelete the state directory of a removed MicroVM, as root'
)
option_words=(
  $'--system=\tlook at another toplevel than the running one'
  $'--json\tprint the plan for programs'
)
state_words=(
  $'--to\tthe directory to archive to'
  $'--dry-run\tshow what would go, and end'
  $'--yes\tdo not ask'
)

# The verdicts in the order of the table, each with what it means and what would change it (docs/design.md, "Verdicts").
table=(
  $'orphan\tthis switch removes it\tdeclare it in microvm.vms, or name it in the keep list of the policy'
  $'lingering\tan earlier switch removed it, and it still runs\tstop it, or declare it in microvm.vms'
  $'leftover\tan earlier switch removed it, and it does not run\tdeclare it, or remove its disks: sweep-microvms delete'
  $'ghost\tnothing but unit files or failed units has its name\tdeclare it in microvm.vms'
  $'unknown\tit runs, and nothing else is known of it\tstop it, or declare it in microvm.vms'
  $'foreign\ta mask or an alias of yours is in a unit directory\tremove the mask or the alias'
  $'imperative\tsomebody manages it by hand\tremove its roots and its disks: sweep-microvms delete'
  $'kept\tthe policy keeps it\ttake it off the keep list of the policy'
  $'live\tthe configuration has it\ttake it out of microvm.vms and microvm.autostart, and switch'
)

# ---- The plan.

status=0
reloads=false
names=() stops=() removals=() resets=() kept_files=() notes=() errors=() unseen=()
declare -A verdict=() evidence=() facts=() active=() state=() happening=() owner=() why=()

# Reads the plan for a toplevel. What another one declares its units say, and not the page.
read_plan() {
  local word vm rest lines action='' words=("${data[@]}")
  if [[ ! $1 -ef /run/current-system ]]; then
    words=()
    for word in "${data[@]}"; do [[ $word == --@(vm|autostart)=* ]] || words+=("$word"); done
    action=dry-activate
  fi
  generation=$1
  lines=$("$BASH" "${BASH_SOURCE[0]%/*}/act.bash" "${words[@]}" -- plan "$1" "$action") || status=1
  while IFS=$'\t' read -r word vm rest; do
    case $word in
      vm)
        names+=("$vm")
        verdict["@$vm"]=${rest%%$'\t'*}
        evidence["@$vm"]=${rest#*$'\t'}
        ;;
      fact) add_fact "$vm" "$rest" ;;
      stop)
        stops+=("$vm")
        happening["@$vm"]+="; it is stopped"
        ;;
      hold) happening["@$vm"]+="; it keeps running: $rest" ;;
      remove)
        removals+=("$rest")
        owner[$rest]=$vm
        [[ ${happening["@$vm"]-} == *"unit files"* ]] || happening["@$vm"]+="; its unit files go"
        ;;
      keep)
        kept_files+=("${rest%%$'\t'*}")
        owner[${rest%%$'\t'*}]=$vm
        why[${rest%%$'\t'*}]=${rest#*$'\t'}
        ;;
      reset)
        IFS=$'\t' read -ra words <<< "$rest"
        resets+=("${words[@]}")
        happening["@$vm"]+="; its failed units are reset"
        ;;
      reload) reloads=true ;;
      note) if [[ $vm == "not seen: "* ]]; then unseen+=("${vm#*: }"); else notes+=("$vm"); fi ;;
      error) errors+=("$vm") ;;
    esac
  done <<< "$lines"
  ((${#names[@]} == 0)) || mapfile -t names < <(printf '%s\n' "${names[@]}" | sort)
}

add_fact() {
  facts["@$1"]+="- $2"$'\n'
  case $2 in
    "active units: none") ;;
    "active units: "*) active["@$1"]=true ;;
    "state directory: "*) state["@$1"]=${2#*: } ;;
  esac
}

# Prints what a run does with the VM $1.
happens() {
  local parts=${happening["@$1"]-}
  printf '%s' "${parts:2}"
  [[ -n $parts ]] || printf nothing
}

show_table() {
  local row vm path width=4
  for vm in "${names[@]}"; do ((${#vm} <= width)) || width=${#vm}; done
  printf 'MicroVMs of %s, and what a run does\n\n' "${option[host]}"
  printf '%-11s %-*s  %s\n' VERDICT "$width" NAME "WHAT HAPPENS, AND WHY"
  for row in "${table[@]}"; do
    for vm in "${names[@]}"; do
      [[ ${verdict["@$vm"]} == "${row%%$'\t'*}" ]] || continue
      printf '%-11s %-*s  %s\n' "${row%%$'\t'*}" "$width" "$vm" "$(happens "$vm")"
      printf '%-11s %-*s  %s\n' '' "$width" '' "${evidence["@$vm"]}"
    done
  done
  ((${#removals[@]} + ${#kept_files[@]} == 0)) || printf '\nUNIT FILES\n'
  for path in "${removals[@]}"; do printf 'go    %s\n' "$path"; done
  for path in "${kept_files[@]}"; do printf 'stay  %s: %s\n' "$path" "${why[$path]}"; done
  echo
  ((${#stops[@]} + ${#removals[@]} + ${#resets[@]} + ${#errors[@]} > 0)) || echo "nothing to do"
  for vm in "${notes[@]}"; do printf 'note: %s\n' "$vm"; done
  for vm in "${errors[@]}"; do printf 'error: %s\n' "$vm"; done
  for vm in "${unseen[@]}"; do printf 'not seen: %s\n' "$vm"; done
  show_state
}

# One line where removed MicroVMs have left disks. The user microvm can write what is measured here.
show_state() {
  local vm size places=() asker=(without_power)
  for vm in "${names[@]}"; do
    [[ ${verdict["@$vm"]} != leftover || -z ${state["@$vm"]-} ]] || places+=("${state["@$vm"]}")
  done
  ((${#places[@]} > 0)) || return 0
  ((EUID == 0)) || asker=()
  size=$("${asker[@]}" du --summarize --total --human-readable -- "${places[@]}" 2> /dev/null | tail -n 1)
  printf 'state directories of removed MicroVMs: %s, %s; to remove one: sweep-microvms archive NAME, or delete NAME\n' \
    "${#places[@]}" "${size%%$'\t'*}"
}

# Says in sentences what is known of one VM.
explain() {
  local vm=$1 key=@$1 row kind meaning change
  if [[ -z ${verdict[$key]-} ]]; then
    find_nearest "$vm" "${names[@]}"
    refuse "nothing on this host is named $vm; the nearest name is ${nearest:-none}"
  fi
  printf '%s: %s, because %s.\n' "$vm" "${verdict[$key]}" "${evidence[$key]}"
  for row in "${table[@]}"; do
    IFS=$'\t' read -r kind meaning change <<< "$row"
    [[ $kind == "${verdict[$key]}" ]] || continue
    printf 'That means: %s.\nWhat a run does: %s.\nWhat would change it: %s.\n' "$meaning" "$(happens "$vm")" "$change"
  done
  printf '\nFacts:\n%s' "${facts[$key]-}"
}

# ---- JSON.

# Sets `quoted` to a text as JSON has it. Names and paths have no control characters; other texts lose theirs.
quote() {
  quoted=${1//[[:cntrl:]]/ }
  quoted=${quoted//\\/\\\\}
  quoted=\"${quoted//\"/\\\"}\"
}

# Adds an object to `rows`: object KEY TEXT KEY TEXT... A text that begins with `=` is JSON as it is.
object() {
  local members=''
  while (($# > 0)); do
    quote "$2"
    [[ $2 != =* ]] || quoted=${2#=}
    members+=", \"$1\": $quoted"
    shift 2
  done
  rows+=("    { ${members:2} }")
}

# Prints a member of the plan: a list of texts, or of the objects in `rows`.
print_list() {
  local item items=''
  for item in "${@:2}"; do
    quote "$item"
    items+=", $quoted"
  done
  printf '  "%s": [%s],\n' "$1" "${items:2}"
}
print_rows() {
  local rows_text=''
  ((${#rows[@]} == 0)) || printf -v rows_text ',\n%s' "${rows[@]}"
  printf '  "%s": [%s ],\n' "$1" "${rows_text#,}"
}

show_json() {
  local vm path rows=()
  printf '{\n  "schemaVersion": 2,\n'
  for vm in "release $release" "host ${option[host]}" "generation $(realpath -- "$generation")"; do
    quote "${vm#* }"
    printf '  "%s": %s,\n' "${vm%% *}" "$quoted"
  done
  printf '  "made": "%(%Y-%m-%dT%H:%M:%SZ)T",\n' -1
  for vm in "${names[@]}"; do
    object name "$vm" verdict "${verdict["@$vm"]}" active "=${active["@$vm"]:-false}" \
      evidence "${evidence["@$vm"]}" happens "$(happens "$vm")"
  done
  print_rows vms
  rows=()
  for path in "${removals[@]}"; do file_row "$path" remove; done
  for path in "${kept_files[@]}"; do file_row "$path" keep; done
  print_rows files
  print_list stop "${stops[@]}"
  print_list remove "${removals[@]}"
  print_list reset "${resets[@]}"
  print_list notes "${notes[@]}"
  print_list errors "${errors[@]}"
  print_list unseen "${unseen[@]}"
  printf '  "reload": %s\n}\n' "$reloads"
}
file_row() {
  local vm=${owner[$1]}
  [[ $vm != - ]] || vm="=null"
  object path "$1" vm "$vm" happens "$2" reason "${why[$1]-no MicroVM needs it any more}"
}

# ---- Words.

show_help() {
  local word
  printf 'usage: %s\n\n' "$usage"
  for word in "${command_words[@]}" "${option_words[@]}"; do
    printf '  %-10s %s\n' "${word%%$'\t'*}" "${word#*$'\t'}"
  done
}

# Prints the words that fit for the last argument, each with what it means: a shell asks for them at each Tab. A line
# that is only `/` asks the shell for its file names.
offer_words() {
  local typed=${!#} verb='' word offers=()
  [[ $# -lt 2 || $1 == -* ]] || verb=$1
  case $verb/$typed in
    */--system=* | */--to=*) offers=(/) ;;
    archive/-* | delete/-*) offers=("${state_words[@]}") ;;
    explain/* | archive/* | delete/*)
      read_plan /run/current-system 2> /dev/null
      for word in "${names[@]}"; do
        [[ $verb == explain || (-z ${active["@$word"]-} && ${verdict["@$word"]} != @(live|kept|orphan)) ]] || continue
        offers+=("$word")
      done
      ;;
    plan/* | /-*) offers=("${option_words[@]}") ;;
    /*) offers=("${command_words[@]}") ;;
  esac
  for word in "${offers[@]}"; do [[ $word != "$typed"* && $word != / ]] || printf '%s\n' "$word"; done
}

if [[ ${words[0]-} == complete ]]; then
  words=("${words[@]:1}")
  offer_words "${words[@]:-}"
  exit
fi
system=/run/current-system
format=table
rest=()
for word in "${words[@]}"; do
  case $word in
    --system=?*) system=${word#*=} ;;
    --json) format=json ;;
    -h | --help) show_help && exit ;;
    -*)
      find_nearest "$word" --system=TOPLEVEL --json --help
      refuse "there is no option $word; the nearest is $nearest; usage: $usage"
      ;;
    *) rest+=("$word") ;;
  esac
done
case "${rest[0]-plan} ${#rest[@]}" in
  "plan 0" | "plan 1")
    read_plan "$system"
    if [[ $format == json ]]; then show_json; else show_table; fi
    ;;
  "explain 2")
    read_plan "$system"
    explain "${rest[1]}"
    ;;
  plan\ *) refuse "plan takes no name: leave out ${rest[*]:1}; usage: $usage" ;;
  explain\ *) refuse "explain takes the name of one MicroVM; usage: $usage" ;;
  *)
    find_nearest "${rest[0]}" plan explain run archive delete
    refuse "${rest[0]} is no command; the nearest is ${nearest:-plan}; usage: $usage"
    ;;
esac
exit "$status"
