# Binds the machine's programs into a root, in namespaces that end with the run, and starts the sweep
# there: enter.sh ROOT BECAUSE BOUND… -- ARGUMENT…
# The sweep is PID 1, whose root is where systemd's would be; for BECAUSE=chroot PID 1 stays outside.
set -e
root=$1 because=$2
shift 2
# A root of its own, as on a host: `/` is a mount point.
mount --rbind "$root" "$root"
while [ "$1" != -- ]; do
  mount --rbind "/$1" "$root/$1"
  shift
done
shift
mount -t proc proc "$root/proc"
while read -r point; do
  mount --bind "$root$point" "$root$point"
done < "$root/t/mounts"
cd "$root"
if [ "$because" = chroot ]; then
  chroot "$root" /bin/bash /t/start "$@"
else
  exec chroot "$root" /bin/bash /t/start "$@"
fi
