#!/bin/bash
# A scripted systemctl for the property test: answers from /t/units as systemd 252 would, and records
# what it was asked to do. /t/units has a unit a line: name, active state, what becomes of a stop, and
# the units that would be stopped with it.
set -f
if [[ -e /t/silent ]]; then
  echo "Failed to connect to bus: No such file or directory" >&2
  exit 1
fi

# What systemctl says below a root that is not that of PID 1, or with SYSTEMD_OFFLINE=1.
if [[ -e /t/offline ]]; then
  echo "Running in chroot, ignoring command '$1'" >&2
  exit 0
fi

mapfile -t units < /t/units
units+=("init.scope active refuses")
verb=$1
shift
arguments=()
for argument in "$@"; do
  [[ $argument == -* && $argument != -dash* ]] || arguments+=("$argument")
done

matches() {
  local pattern
  for pattern in "${arguments[@]}"; do
    # Patterns are matched with FNM_NOESCAPE: a backslash is itself.
    # shellcheck disable=SC2053
    [[ $1 == ${pattern//\\/\\\\} ]] && return
  done
  return 1
}

status=0
result=()
for line in "${units[@]}"; do
  read -r name active stop dependents <<< "$line"
  case $verb in
    list-units)
      matches "$name" && printf '%-40s %-6s %-12s %-7s %s\n' "$name" loaded "$active" sub "a description"
      ;;
    stop)
      if matches_exactly=$(printf '%s\n' "${arguments[@]}" | grep -Fxc -- "$name") && ((matches_exactly)); then
        printf 'stop %s\n' "$name" >> /t/log
        case $stop in
          stops) active=inactive ;;
          fails) active=failed ;;
          *) status=1 ;;
        esac
      fi
      ;;
    show)
      [[ " ${arguments[*]} " == *" $name "* ]] && printf 'Id=%s\nBoundBy=\nRequiredBy=%s\nActiveState=%s\n\n' "$name" "$dependents" "$active"
      ;;
    daemon-reload) [[ $active == inactive ]] && continue ;;
    reset-failed)
      if [[ $active == failed ]] && matches "$name"; then
        printf 'reset %s\n' "$name" >> /t/log
        continue
      fi
      ;;
    *) status=2 ;;
  esac
  [[ $name == init.scope ]] || result+=("$name $active $stop $dependents")
done
[[ $verb == list-units || $verb == show ]] && exit 0
[[ $verb == daemon-reload ]] && echo reload >> /t/log
printf '%s\n' "${result[@]}" > /t/units
exit "$status"
