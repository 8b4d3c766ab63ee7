#!/usr/bin/env bash
# The pre-switch check: refuses a switch that would stop more MicroVMs than the limit of the policy.
# It counts what `act.bash count` says, and changes nothing. A page without a limit has no such check.
#
#   check.bash DATA -- check G ACTION
# shellcheck source=templates/microvm-sweep/common.bash
source "${BASH_SOURCE[0]%/*}/common.bash"
read_data "$@"
generation=${words[1]}
action=${words[2]}

# An installer has no running system, and `boot` stops nothing.
[[ -n ${option[limit]} && $action != boot && -e /run/current-system ]] || exit 0

names=()
problem=''
last=''
while IFS=$'\t' read -r word name _; do
  last=$word
  case $word in
    stop) names+=("$name") ;;
    error) problem="the limit cannot be checked: $name" ;;
  esac
done < <(exec "$BASH" "${BASH_SOURCE[0]%/*}/act.bash" "${data[@]}" -- count "$generation" "$action")
if [[ -z $problem && $last != end ]]; then
  problem="the limit cannot be checked"
elif ((${#names[@]} > option[limit])); then
  problem="this switch would stop ${#names[@]} MicroVMs, and the limit is ${option[limit]}: ${names[*]}"
fi
[[ -n $problem ]] || exit 0
complain "error: $problem"
complain "to go on, raise the limit, or set NIXOS_NO_CHECK=1 for this one switch"
# The plan is to be seen all the same.
[[ $action == dry-activate ]]
