# Makes a root of its own out of a directory, in namespaces that end with the run, and serves commands there:
# enter.sh ROOT BASH BOUND…; the machine's BOUND are seen in the root at the same place.
set -e
root=$1 bash=$2
shift 2
# As on a host, `/` is a mount point.
mount --rbind "$root" "$root"
for bound; do
  mount --rbind "$bound" "$root$bound"
done
# A container may not allow a /proc of its own.
mount -t proc proc "$root/proc" 2> /dev/null || mount --rbind /proc "$root/proc"
cd "$root"
exec chroot "$root" "$bash" /t/serve.bash
