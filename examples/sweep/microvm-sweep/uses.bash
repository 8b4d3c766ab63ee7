#!/usr/bin/env bash
# Says who uses a directory: mounts, processes and loop devices, in all mount namespaces. It changes nothing. It prints
# a sentence for each, with what helps, and `end` at last.
#
#   uses.bash ./NAME
#
# Root reads /proc, where devices and inodes say what is in use, whatever path led to it. The directory itself is read
# without root's power: the user microvm could have written what is in it.
# shellcheck source=templates/microvm-sweep/common.bash
source "${BASH_SOURCE[0]%/*}/common.bash"
entry=$1

# A stranger could have chosen the text: no terminal may take a part of it for a command.
say() { printf '%s\n' "${1//[! -~]/?}"; }

give_up() {
  complain "error: $1"
  exit 1
}

# Sets `path` to that of the directory, `device` to its file system, and `inner` to its path from the root of that. They
# are as in /proc/PID/mountinfo, which writes two characters in another way (proc_pid_mountinfo(5)).
find_place() {
  local field point above longest=0
  cd -P . || give_up "the directory above is gone"
  above=${PWD//\\/\\134}
  above=${above// /\\040}
  path=${entry#./}
  path=$above/${path//\\/\\134}
  while read -ra field; do
    point=${field[4]%/}
    # The last mount at a place hides the others.
    [[ $above/ == "$point"/* && ${#point} -ge $longest ]] || continue
    longest=${#point}
    device=${field[2]}
    inner=${field[3]%/}${path#"$point"}
  done < /proc/self/mountinfo
}

# Sets `who` to a process and the name that it gives itself.
find_who() {
  local text=gone
  { read -r text < "/proc/$1/comm"; } 2> /dev/null
  who="process $1 ($text)"
}

# Mount points at or below the directory, here or for PID 1; and what is mounted from it, in any mount namespace.
is_mounted=''
say_mounts() {
  local lines line field type source point process
  mapfile -t lines < <(cat /proc/self/mountinfo /proc/1/mountinfo)
  for line in "${lines[@]}"; do
    read -ra field <<< "$line"
    [[ ${field[4]}/ == "$path"/* ]] || continue
    read -r type source _ <<< "${line#* - }"
    # As findmnt(8) writes it.
    [[ ${field[3]} == / ]] || source+="[${field[3]}]"
    printf -v point %b "${field[4]}"
    say "$point is a mount point of $type $source; to go on: umount $point"
    is_mounted=yes
  done
  for process in /proc/[0-9]*; do
    { mapfile -t lines < "$process/mountinfo"; } 2> /dev/null
    for line in "${lines[@]}"; do
      [[ $line == *" $device $inner"[/\ ]* ]] || continue
      read -r _ _ _ _ point _ <<< "$line"
      find_who "${process#/proc/}"
      printf -v point %b "$point"
      say "$who sees it mounted at $point; to go on: umount $point there"
      return
    done
  done
}

# Prints device and inode of all that a process has open or mapped, or where it is, and of what loop devices have.
list_open() {
  local inode major minor loop
  # A dead mount answers no stat(2). A process that ends meanwhile makes it fail.
  timeout --signal=KILL 60 find -L /proc/[0-9]*/{fd,map_files,cwd,root} -maxdepth 1 -printf '%D:%i %p\n' \
    \( -name cwd -o -name root \) -prune 2> /dev/null
  (($? != 137)) || give_up "what processes have open cannot be read in a minute"
  losetup --list --noheadings --output BACK-INO,BACK-MAJ:MIN,NAME |
    while IFS=' :' read -r inode major minor loop; do
      # As makedev(3) does it.
      echo "$(((minor & 0xfff00) << 12 | major << 8 | minor & 0xff)):$inode $loop"
    done
}

# Files of the directory that somebody has open.
say_open() {
  local inodes opened holder
  inodes=$(without_power find -P "$entry" -printf '%D:%i\n') || give_up "not every file of ${entry#./} can be read"
  opened=$(list_open) || exit 1
  while read -r _ holder; do
    if [[ $holder == /proc/* ]]; then
      holder=${holder#/proc/}
      find_who "${holder%%/*}"
      say "$who has a file of it open, or is in it; to go on: end that process"
    else
      say "$holder is attached to a file of it; to go on: losetup --detach $holder"
    fi
  done < <(join <(printf '%s\n' "$inodes" | sort --unique) <(printf '%s\n' "$opened" | sort))
}

find_place
say_mounts
# What is mounted there could hang whoever reads it.
[[ -n $is_mounted ]] || say_open
echo end
