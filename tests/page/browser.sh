# What runs as process 1 of the browser's sandbox, in new namespaces and as root of them, with:
#   $1  empty folder to work in      $2  the browser's root, read-only
#   $3  folder with the pages        $4...  the browser and its options
# File descriptors 3 and 4 are those that the browser is told by, and tells.
set -eu
work=$1 lower=$2 pages=$3
shift 3
root=$work/root

mount -t tmpfs -o mode=755 browser "$work"
mkdir "$work/upper" "$work/overlay" "$root"
mount -t overlay -o "lowerdir=$lower,upperdir=$work/upper,workdir=$work/overlay" overlay "$root"
mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root/pages"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 devices "$root/dev"
mkdir "$root/dev/shm"
for device in null zero full random urandom; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
mount --bind -o ro "$pages" "$root/pages"
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 chroot "$root" "$@"
