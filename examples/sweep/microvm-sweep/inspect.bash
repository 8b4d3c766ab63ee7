#!/usr/bin/env bash
# Says what `state` has to know of MicroVMs before it moves or deletes what they have left, and why one may not go.
# It changes nothing. It prints a fact a line, with tabs between its parts, and `end` at last:
#
#   refused NAME WHY; WHAT HELPS | directory NAME DEVICE:INODE | root NAME LINK | rest NAME PATH | size NAME SIZE
#   changed NAME WHEN | outside NAME PATH | unknown NAME WHY | declares NAME GENERATION | end
#
#   inspect.bash DATA -- archive|delete PLACE NAME...
#
# PLACE is where the directories go. A rest is what a delete that was cut short has left there.
# shellcheck source=templates/microvm-sweep/common.bash
source "${BASH_SOURCE[0]%/*}/common.bash"
# shellcheck source=templates/microvm-sweep/nearest.bash
source "${BASH_SOURCE[0]%/*}/nearest.bash"
read_data "$@"
verb=${words[0]}
place=${words[1]}
roots_dir=/nix/var/nix/gcroots/microvm
profiles=/nix/var/nix/profiles
generation=/run/current-system
state_dir=${option[state-dir]}
! cd -P -- "$state_dir" 2> /dev/null || state_dir=$PWD

# A stranger could have chosen a part of the text: no terminal may take it for a command.
say() { printf '%s\t%s\t%s\n' "$1" "$name" "${2//[! -~]/?}"; }

declare -A verdict=() evidence=() runs=() reserved=()
read_plan() {
  local lines word vm text
  lines=$("$BASH" "${BASH_SOURCE[0]%/*}/act.bash" "${data[@]}" -- plan)
  while IFS=$'\t' read -r word vm text; do
    case $word/$text in
      vm/*) verdict["@$vm"]=${text%%$'\t'*} evidence["@$vm"]=${text#*$'\t'} ;;
      "fact/active units: none") ;;
      "fact/active units: "*) runs["@$vm"]=${text#*: } ;;
      "fact/a system that this host may change to"*) reserved["@$vm"]=yes ;;
      error/*) complain "error: $vm" ;;
    esac
  done < <(printf '%s\n' "$lines")
  # In doubt a VM could be declared, or run.
  [[ $lines == *end && $'\n'$lines != *$'\n'error$'\t'* ]] || exit 1
}

# Sets `roots` to the links of `name`. `booted-x` is a link of x, or of a VM of that name: where it leads says which.
find_roots() {
  local link owner
  roots=()
  for link in "$roots_dir/$name" "$roots_dir/booted-$name" "$roots_dir/old-$name"; do
    [[ -L $link ]] || continue
    owner=$(readlink -- "$link")
    owner=${owner%/*}
    owner=${owner##*/}
    if [[ $owner == "$name" || ($link == "$roots_dir/$name" && $name != *-"$owner") ]]; then roots+=("$link"); fi
  done
}

# Sets `refusal` to why `name` may not go, with the command that helps.
find_refusal() {
  local path=$state_dir/$name fate=${verdict["@$name"]-} units=${runs["@$name"]-} uses known left=''
  # A shell takes a backslash away.
  local escaped=${path//\\/\\\\}
  find_word "$name"
  [[ ${#roots[@]} -eq 0 && ! -e $place/$name+ ]] || left=yes
  refusal=''
  if [[ $fate == live ]]; then
    refusal="$name is declared: ${evidence["@$name"]}; take it out of the configuration, switch, and run this again"
  elif [[ $fate == kept ]]; then
    refusal="$name is in the keep list of the policy; take it off, switch, and run this again"
  elif [[ -n ${reserved["@$name"]-} ]]; then
    refusal="$name is declared by the system that boots next, or by a specialisation"
    refusal+="; switch to a system without it, and run this again"
  elif [[ -n $units ]]; then
    find_advice "to stop it" "$units"
    refusal="$name is active ($units); $advice"
  elif [[ -L $path ]]; then
    refusal="$path is a link, and no link is followed; to remove the link: rm $escaped"
  elif [[ -d $path && $verb == archive && (-e $place/$name || -L $place/$name) ]]; then
    refusal="$place/$name is in the way; to archive to another directory: --to DIR"
  elif [[ -d $path && -e $place ]] && ! is_same_file_system "$state_dir" "$place"; then
    refusal="$place is on another file system; to copy it: cp --archive --sparse=always $escaped $place/"
    refusal+="; to delete it then: sweep-microvms delete $word"
  elif [[ -d $path ]]; then
    uses=$("$BASH" "${BASH_SOURCE[0]%/*}/uses.bash" "./$name")
    [[ $uses == end ]] || refusal="$name is in use: ${uses%%$'\n'*}"
    [[ $uses == *end ]] || refusal="it is not known who uses $name"
  elif [[ -e $path ]]; then
    refusal="$path is not a directory; to remove it: rm $escaped"
  elif [[ -z $left && -n $fate ]]; then
    refusal="$name has no state directory and no garbage collection roots; if it has unit files: sweep-microvms run"
  elif [[ -z $left ]]; then
    known=("${!verdict[@]}")
    find_nearest "$name" "${known[@]#@}"
    refusal="there is no MicroVM $name; the nearest name is ${nearest:-none}; to see all: sweep-microvms plan"
  elif [[ $verb == archive ]]; then
    refusal="$name has no state directory; to remove what else is left of it: sweep-microvms delete $word"
  fi
}

# Whether rename(2) can move a directory from one to the other: it crosses no mount, and no btrfs subvolume.
is_same_file_system() {
  local path sides=()
  for path in "$@"; do
    sides+=("$(stat --format=%d -- "$path") $(findmnt --noheadings --output ID --target "$path")")
  done
  [[ ${sides[0]} == "${sides[1]}" ]]
}

say_size() {
  local size changed
  IFS=$'\t' read -r size changed _ < <(
    without_power du --summarize --human-readable --time --time-style=long-iso -- "./$name"
  )
  say size "$size"
  say changed "$changed"
}

# The absolute paths that the runner names, in its scripts and as sources of shares: nobody else knows them afterwards.
say_outside() {
  local runner word
  runner=$(without_power readlink -- "./$name/current")
  if [[ ! $runner =~ ^/nix/store/[^/]+$ || ! -d $runner ]]; then
    say unknown "its runner is not in the store any more"
    return
  fi
  while read -r word; do
    case $word/ in
      /nix/* | /dev/* | /proc/* | /sys/* | /run/* | "$state_dir/$name"/*) ;;
      /[!/]*) say outside "$word" ;;
    esac
  done < <(without_power "$BASH" -c "$read_words" bash "$runner")
}
# Bash that prints the words of the small files of a runner.
# shellcheck disable=SC2016 # It is not for this Bash.
read_words='find -L "$1/bin" "$1/share/microvm/virtiofs" -maxdepth 2 -type f -size -1024k -exec cat {} + 2> /dev/null |
  tr --squeeze-repeats "[:space:]\"\047=,;:()<>|&" "\n" | sort --unique'

# The retained generations that still declare `name`.
say_generations() {
  local link number units wants
  for link in "$profiles"/system-*-link; do
    units=$link/etc/systemd/system
    wants=''
    [[ ! -r $units/$target ]] || wants=$(< "$units/$target")
    [[ -e $units/$install$name.service || "${wants//[=$'\n']/ } " == *" microvm@$name.service "* ]] || continue
    number=${link#"$profiles/system-"}
    say declares "${number%-link}"
  done
}

read_plan
for name in "${words[@]:2}"; do
  find_roots
  find_refusal
  if [[ -n $refusal ]]; then
    say refused "$refusal"
    continue
  fi
  if [[ -d $state_dir/$name ]]; then
    say directory "$(stat --format=%d:%i -- "./$name")"
    say_size
    say_outside
  fi
  for link in "${roots[@]}"; do say root "$link"; done
  [[ $verb != delete || ! -e $place/$name+ ]] || say rest "$place/$name+"
  say_generations
done
echo end
