#!/usr/bin/env bash
# Removes what MicroVMs have left: `archive` moves state directories away, `delete` deletes them, and both remove
# garbage collection roots. Only a person starts it, with the names: no switch does.
#
#   state.bash DATA -- archive|delete NAME... [--to DIR] [--dry-run] [--yes]
#
# The user microvm owns the directory above, and can exchange what is in it at any moment. So a state directory is
# renamed into a directory of root's, and looked at again there, before anything else happens to it.
# shellcheck source=templates/microvm-sweep/common.bash
source "${BASH_SOURCE[0]%/*}/common.bash"
# shellcheck source=templates/microvm-sweep/nearest.bash
source "${BASH_SOURCE[0]%/*}/nearest.bash"
read_data "$@"
verb=${words[0]}
usage="sweep-microvms archive NAME... [--to DIR] [--dry-run] [--yes], or delete NAME... [--dry-run] [--yes]"
status=0

fail() {
  complain "error: $1"
  status=1
  return 1
}

give_up() {
  [[ -z $1 ]] || complain "error: $1"
  complain "nothing is changed"
  exit 1
}

names=() to='' is_dry='' is_sure=''
read_words() {
  local name
  while (($# > 0)); do
    case $1 in
      --dry-run) is_dry=yes ;;
      --yes) is_sure=yes ;;
      --to=?*) to=${1#*=} ;;
      --to)
        [[ -n ${2-} ]] || refuse "--to needs a directory; usage: $usage"
        to=$2
        shift
        ;;
      --)
        names+=("${@:2}")
        break
        ;;
      -h | --help)
        printf 'usage: %s\n' "$usage"
        exit 0
        ;;
      -?*)
        find_nearest "$1" --to --dry-run --yes
        refuse "there is no option $1; the nearest is ${nearest:---yes}; a name that begins with - needs -- before it"
        ;;
      *) names+=("$1") ;;
    esac
    shift
  done
  ((${#names[@]} > 0)) || refuse "$verb needs the name of a MicroVM; usage: $usage"
  for name in "${names[@]}"; do is_name "$name" || refuse "${name//[! -~]/?} cannot be the name of a MicroVM"; done
  mapfile -t names < <(printf '%s\n' "${names[@]}" | sort --unique)
  [[ -z $to || $verb == archive ]] || refuse "delete takes no --to; usage: $usage"
}

# Sets `place` to where directories go. Without --to, it is in the state directory, where a rename crosses no file
# system, under a name that no VM can have.
find_place() {
  state_dir=$(realpath -m -- "${option[state-dir]}")
  place=$state_dir/+archive
  [[ $verb == archive ]] || place=$state_dir/+deleted
  [[ -z $to ]] || place=$(realpath -m -- "$to")
  if [[ -e $place || -L $place ]]; then
    (enter_place) 2> /dev/null || give_up "$place is not a directory that only root can change"
  elif [[ -n $to ]]; then
    give_up "there is no directory $place; to make it: mkdir --mode=0700 $place"
  fi
}

# Goes to the place, if only root can change it. Whatever its path leads to later, this is the working directory.
enter_place() { cd -P -- "$place" && [[ $PWD == "$place" && $(stat --format=%u:%A .) == 0:d????-??-? ]]; }

# Sets what `inspect.bash` says of each VM.
declare -A identity=() size=() changed=() rests=() roots=() outside=() unknown=() declares=()
look() {
  local lines word name text
  identity=() size=() changed=() rests=() roots=() outside=() unknown=() declares=()
  lines=$("$BASH" "${BASH_SOURCE[0]%/*}/inspect.bash" "${data[@]}" -- "$verb" "$place" "${names[@]}")
  [[ $lines == *end ]] || give_up "the host cannot be read"
  while IFS=$'\t' read -r word name text; do
    case $word in
      refused) fail "$text" ;;
      directory) identity["@$name"]=$text ;;
      size) size["@$name"]=$text ;;
      changed) changed["@$name"]=$text ;;
      rest) rests["@$name"]=$text$'\n' ;;
      root) roots["@$name"]+=$text$'\n' ;;
      outside) outside["@$name"]+=", $text" ;;
      unknown) unknown["@$name"]=$text ;;
      declares) declares["@$name"]+=", $text" ;;
    esac
  done < <(printf '%s\n' "$lines")
  ((status == 0)) || give_up ''
}

show() {
  local name key goes path
  print_row NAME SIZE "LAST CHANGE UTC" "WHAT GOES"
  for name in "${names[@]}"; do
    key=@$name
    goes=()
    [[ -z ${identity[$key]-} ]] || goes=("$state_dir/$name")
    mapfile -t -O "${#goes[@]}" goes < <(printf '%s' "${rests[$key]-}${roots[$key]-}")
    print_row "$name" "${size[$key]--}" "${changed[$key]--}" "${goes[0]}"
    for path in "${goes[@]:1}"; do print_row '' '' '' "$path"; done
  done
  [[ $verb == delete ]] || printf 'State directories go to %s\n' "$place"
  for name in "${names[@]}"; do
    key=@$name
    [[ -z ${outside[$key]-} ]] || printf 'The runner of %s names these, which stay: %s\n' "$name" "${outside[$key]:2}"
    [[ -z ${unknown[$key]-} ]] || printf 'It is not known what %s has elsewhere: %s\n' "$name" "${unknown[$key]}"
    [[ -z ${declares[$key]-} ]] ||
      printf 'Generation %s still has %s: after a rollback it starts with nothing\n' "${declares[$key]:2}" "$name"
  done
  # What deletes have left that did not come to their end.
  for path in "$state_dir"/+deleted/*+; do
    name=${path##*/}
    name=${name%+}
    find_word "$name"
    ! is_name "$name" || [[ " ${names[*]} " == *" $name "* ]] ||
      printf 'A delete of %s did not end; to go on: sweep-microvms delete %s\n' "$name" "$word"
  done
}
print_row() { printf '%-16s %6s  %-16s  %s\n' "$@"; }

ask() {
  local answer=''
  [[ -t 0 ]] || refuse "$verb asks for the names on a terminal; to go on without one: --yes"
  printf 'To %s, type %s: ' "$verb" "${names[*]}"
  read -r answer
  [[ $answer == "${names[*]}" ]] || give_up "that is another text"
}

# ---- What is done. From here on the working directory is the place.

# Renames by rename(1) of util-linux. It calls rename(2) and nothing else, so it never copies, and follows no link.
move() { rename --no-overwrite -- "$1" "$2" "$1"; }
is_there() { [[ -e ./$1 || -L ./$1 ]]; }

# Moves the state directory of `name` to ./$1, and looks at it there. If it is not the one that was looked at before, or
# is in use, it goes back. What has come and gone is asked of the place alone: only root changes it.
take() {
  local path=$state_dir/$name
  if ! move "$path" "./$1" || ! is_there "$1"; then
    fail "$path could not be moved to $place"
    return
  fi
  if [[ $(stat --format=%d:%i:%F -- "./$1") != "${identity["@$name"]}:directory" ]]; then
    fail "$path was exchanged meanwhile, so it stays"
  elif is_unused "$1"; then
    return
  fi
  move "./$1" "$path"
  ! is_there "$1" || fail "$place/$1 could not be moved back to $path"
  return 1
}

is_unused() {
  local uses
  uses=$("$BASH" "${BASH_SOURCE[0]%/*}/uses.bash" "./$1")
  [[ $uses == end ]] || fail "$name is in use, so it stays: ${uses%%$'\n'*}"
}

erase() {
  find_word "$name"
  rm --recursive --force --one-file-system -- "./$1" ||
    fail "the rest of $name is in $place/$1; to go on: sweep-microvms delete $word"
}

# Removes what `name` has left. Where a delete is killed, the directory is as it was, or the rest of it is in the place.
remove() {
  local rest=$name+ links text
  if [[ $verb == archive ]]; then
    take "$name" || return
  else
    [[ -z ${rests["@$name"]-} ]] || { is_unused "$rest" && erase "$rest"; } || return
    [[ -z ${identity["@$name"]-} ]] || { take "$rest" && erase "$rest"; } || return
  fi
  mapfile -t links < <(printf '%s' "${roots["@$name"]-}")
  rm --force -- "${links[@]}" || fail "not all garbage collection roots of $name could be removed" || return
  if [[ $verb == archive ]]; then text="archived $name: $place/$name"; else text="deleted $name"; fi
  printf '%s\n' "$text"
  logger --tag microvm-sweep -- "$text" 2> /dev/null
}

read_words "${words[@]:1}"
((EUID == 0)) || give_up "$verb needs root; to go on: sudo sweep-microvms ${words[*]}"
find_place
look
show
[[ -z $is_dry ]] || exit 0
if [[ -z $is_sure ]]; then
  ask
  # It may have taken long.
  look
fi
# A VM may have garbage collection roots and no directory.
if ((${#identity[@]} + ${#rests[@]} > 0)); then
  [[ -e $place ]] || mkdir -- "$place"
  enter_place || give_up "$place is not a directory that only root can change"
fi
for name in "${names[@]}"; do remove; done
[[ $verb == archive || ! -d $place ]] || rmdir --ignore-fail-on-non-empty -- "$place"
exit "$status"
