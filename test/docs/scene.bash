#!/usr/bin/env bash
# The host hyp-01 of the documentation, in a mount namespace, with a stand-in for systemctl.
#
#     unshare --mount --propagation private bash scene.bash DIRECTORY SCENE COMMAND…
#
# SCENE_DATA has more words for the program, as a policy would.
#
# It declares `fw`, and `web` leaves with this switch. The scenes:
# - plain: `web` runs.
# - stopped: `web` does not run any more. From 26.05 on NixOS has stopped it before the sweep runs.
# - one: `web` runs, and systemctl set-property has made a drop-in for it.
# - year: as in `one`, and there are three more. An older generation declared `bar`, which runs, and `old`,
#   which does not; `scratch` was made with microvm -c.
# - removed: the switch removes the host module. Somebody has copied its templates into a directory of their own.
set -euo pipefail
program=$(realpath "$1") scene=$2
shift 2
[[ $scene == @(plain|stopped|one|year|removed) ]] || { echo "there is no scene $scene"; exit 2; }

mkdir -p /nix
for directory in /nix /run /var/lib /etc/systemd /usr/local/lib; do mount -t tmpfs none "$directory"; done
copy=/run/scene
mkdir "$copy"

# generation HASH VM...: sets `generation` to a toplevel that declares these.
generation() {
  generation=/nix/store/$1-nixos-system-hyp-01-26.05
  local name units=$generation/etc/systemd/system
  mkdir -p "$units"
  [[ $scene == removed ]] || touch "$units/microvm@.service"
  for name in "${@:2}"; do touch "$units/install-microvm-$name.service"; done
}
declared=(fw)
[[ $scene != removed ]] || declared=()
generation 9dq2mnc4rk8vzfgj1h7s3b5xwylp06ai "${declared[@]}" web
old=$generation
generation k3v9xq7m2bz1c8r5w0n4p6d1h7s2f9ja "${declared[@]}"
new=$generation

roots=/nix/var/nix/gcroots/microvm profiles=/nix/var/nix/profiles
mkdir -p "$roots" "$profiles" /run/systemd/system /etc/systemd/system.control
ln -s "$old" /run/current-system
ln -s "$old" /run/booted-system
ln -s "$new" "$profiles/system-2-link"
ln -s system-2-link "$profiles/system"

# vm NAME: its state directory as the host module makes it.
vm() {
  mkdir -p "/var/lib/microvms/$1"
  ln -s "/nix/store/$1-toplevel" "/var/lib/microvms/$1/toplevel"
}
# drop_in NAME: what `systemctl set-property` makes.
drop_in() {
  mkdir -p "/etc/systemd/system.control/microvm@$1.service.d"
  touch "/etc/systemd/system.control/microvm@$1.service.d/50-CPUWeight.conf"
}
for name in "${declared[@]}" web; do vm "$name"; done
active="${declared[*]} web" failed=''
[[ $scene != stopped ]] || active="${declared[*]}"
if [[ $scene == removed ]]; then
  templates=/usr/local/lib/systemd/system
  mkdir -p "$templates"
  for unit in microvm@.service microvm-virtiofsd@.service; do echo "[Service]" > "$templates/$unit"; done
elif [[ $scene == @(one|year) ]]; then
  drop_in web
fi
if [[ $scene == year ]]; then
  vm bar
  vm old
  head -c 3000000 /dev/zero > /var/lib/microvms/old/disk.img
  drop_in old
  mkdir /var/lib/microvms/scratch
  ln -s /var/lib/microvms/scratch/current "$roots/scratch"
  active="fw web bar" failed=old
fi
printf '%s\n' "$active" > "$copy/active"
printf '%s\n' "$failed" > "$copy/failed"

cat > "$copy/systemctl" <<'END'
#!/usr/bin/env bash
here=${0%/*}
case $1 in
  list-units)
    echo "init.scope loaded active running System and Service Manager"
    for name in $(< "$here/active"); do echo "microvm@$name.service loaded active running MicroVM '$name'"; done
    for name in $(< "$here/failed"); do echo "microvm@$name.service loaded failed failed MicroVM '$name'"; done
    echo "-.slice loaded active active Root Slice"
    ;;
  show)
    fields='Id=%s\nLoadState=loaded\nCanStop=yes\nRequiredBy=\nRequisiteOf=\nBoundBy=\nConsistsOf=\nPropagatesStopTo=\nUpheldBy=\nTriggeredBy=\n\n'
    # shellcheck disable=SC2059
    for unit in "${@:2}"; do [[ $unit == -* ]] || printf "$fields" "$unit"; done
    ;;
  stop)
    names=" $(< "$here/active") "
    for unit in "${@:2}"; do [[ $unit == -* ]] || { unit=${unit#*@} names=${names/" ${unit%.service} "/ }; }; done
    echo "$names" > "$here/active"
    ;;
  reset-failed) : > "$here/failed" ;;
esac
END
chmod +x "$copy/systemctl"

# Words of a command may name the generation that the switch brings.
cd /
case $1 in
  activate | run) part=act ;;
  check) part=check ;;
  archive | delete) part=state ;;
  *) part=show ;;
esac
words=("${@//NEW/"$new"}")
# shellcheck disable=SC2206 # Words.
data=(${SCENE_DATA-})
# Like the command on the host; a time is always the same in the documentation.
env -i PATH="$copy:$PATH" bash "$program/$part.bash" --release="$(sed -n 's/^release=//p' "$program/common.bash")" \
  --host=hyp-01 "${declared[@]/#/--vm=}" "${data[@]}" -- "${words[@]}" 2>&1 |
  sed -E 's/[0-9]{8}T[0-9]{6}Z/20261128T221100Z/g; s/[0-9]{4}-[0-9]{2}-[0-9]{2}([T ])[0-9]{2}:[0-9]{2}(:[0-9]{2}Z)?/2026-11-28\122:11\2/g; s/22:11:[0-9]{2}Z/22:11:00Z/g'
exit "${PIPESTATUS[0]}"
