#!/bin/bash
# A scripted systemctl for the property test. It answers from /t/units as systemd 252 would, and logs in
# /t/log what it was asked to change. /t/units has a unit a line: name, load state, active state, outcome
# of a stop, `job` where a start is queued, and KIND=UNIT for each unit that stops with it.
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

declare -A load active outcome job needs
units=()
while read -r name load_state state stop queued others; do
  units+=("$name") load[$name]=$load_state active[$name]=$state outcome[$name]=$stop needs[$name]=$others
  job[$name]=${queued#none}
done < /t/units

verb=$1 wanted='' status=0
shift
arguments=()
while (($# > 0)); do
  case $1 in
    --property=*) wanted=,${1#*=}, ;;
    --) shift && arguments+=("$@") && break ;;
    -*) ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

# Patterns are matched with FNM_NOESCAPE: a backslash is itself.
matches() {
  local pattern
  for pattern in "${arguments[@]}"; do
    # shellcheck disable=SC2053
    [[ $1 == ${pattern//\\/\\\\} ]] && return
  done
  return 1
}

# Where any unit has a job, all lines have that column.
list_units() {
  local name column='' has_jobs='' lines=()
  for name in "${units[@]}"; do
    [[ -n ${job[$name]} ]] && has_jobs=yes
  done
  matches init.scope && lines+=("init.scope loaded active running ${has_jobs:+-} System and Service Manager")
  for name in "${units[@]}"; do
    matches "$name" || continue
    column=${has_jobs:+-}
    [[ -z ${job[$name]} ]] || column=start
    lines+=("$name ${load[$name]} ${active[$name]} sub $column a description")
  done
  matches -.slice && lines+=("-.slice loaded active active ${has_jobs:+-} Root Slice")
  [[ ! -e /t/cut ]] || lines=("${lines[@]:0:${#lines[@]}/2}")
  printf '%s\n' "${lines[@]}"
}

others_of() {
  local other found=()
  for other in ${needs[$1]}; do
    [[ $other == "$2="* ]] && found+=("${other#*=}")
  done
  echo "${found[*]}"
}

show() {
  local name block first=yes property value
  for name in "${arguments[@]}"; do
    block=
    for property in Id Names RequiredBy RequisiteOf BoundBy UpheldBy ConsistsOf TriggeredBy PropagatesStopTo LoadState ActiveState Job; do
      [[ -z $wanted || $wanted == *",$property,"* ]] || continue
      case $property in
        Id | Names) value=$name ;;
        LoadState) value=${load[$name]-not-found} ;;
        ActiveState) value=${active[$name]-inactive} ;;
        Job) value=${job[$name]:+17} ;;
        *) value=$(others_of "$name" "$property") ;;
      esac
      block+=$property=$value$'\n'
    done
    if [[ -e /t/show-fails ]]; then
      printf '%s' "${first:+${block:0:${#block}/2}}"
      exit 1
    fi
    [[ -n $first ]] || echo
    printf '%s' "$block"
    first=
  done
}

declare -A stopping=()
# Stops a unit and what depends on it. A unit at rest passes nothing on.
stop_unit() {
  local other name=$1
  [[ -n ${stopping[$name]-} || -z ${active[$name]-} ]] && return
  stopping[$name]=yes
  [[ ${active[$name]} =~ ^(inactive|failed)$ && -z ${job[$name]} ]] && return
  for other in ${needs[$name]}; do
    [[ $other == @(UpheldBy|TriggeredBy)=* ]] && continue
    stop_unit "${other#*=}"
  done
  case ${outcome[$name]} in
    stops) active[$name]=inactive job[$name]='' ;;
    fails) active[$name]=failed job[$name]='' ;;
    complains) active[$name]=inactive job[$name]='' status=1 ;;
    revives) ;;
    *) status=1 ;;
  esac
}

case $verb in
  list-units) list_units ;;
  show) show ;;
  stop)
    for name in "${arguments[@]}"; do
      printf 'stop %s\n' "$name" >> /t/log
      [[ -n ${active[$name]-} ]] || status=5
      stop_unit "$name"
    done
    ;;
  daemon-reload)
    echo reload >> /t/log
    for name in "${units[@]}"; do
      [[ ${active[$name]} == inactive && -z ${job[$name]} ]] && active[$name]=''
    done
    ;;
  reset-failed)
    for name in "${units[@]}"; do
      if [[ ${active[$name]} == failed && -z ${job[$name]} ]] && matches "$name"; then
        printf 'reset %s\n' "$name" >> /t/log
        active[$name]=''
      fi
    done
    ;;
  *)
    echo "unexpected: systemctl $verb" >> /t/log
    exit 2
    ;;
esac
[[ $verb == list-units || $verb == show ]] && exit 0
for name in "${units[@]}"; do
  [[ -z ${active[$name]-} ]] || echo "$name ${load[$name]} ${active[$name]} ${outcome[$name]} ${job[$name]:-none} ${needs[$name]}"
done > /t/units
exit "$status"
