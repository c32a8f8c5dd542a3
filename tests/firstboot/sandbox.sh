# What runs as process 1 of a sandbox: builds its root from layers, then goes through its steps.
# sandbox.py starts it in new namespaces, as root of them, with:
#   $1  empty folder to work in      $2  lower layers, joined with ':'
#   $3  folder with the files of the machine's own, brought back here at the end
#   $4  folder with the steps, each an executable file: NN-host-* runs outside the root, other
#       ones inside; the status and the outputs of each are left beside it
set -eu
work=$1 lower=$2 own=$3 steps=$4
root=$work/root

# Process ids are those of the sandbox from here on, also for what runs outside its root.
mount -t proc proc /proc

# The upper layer is a tmpfs: not every file system can carry one, and this is quick.
mount -t tmpfs -o mode=755 sandbox "$work"
mkdir "$work/upper" "$work/overlay" "$root"
cp -a "$own/." "$work/upper/"
mount -t overlay -o "lowerdir=$lower,upperdir=$work/upper,workdir=$work/overlay" overlay "$root"

mkdir -p "$root/proc" "$root/dev"
mount -t proc proc "$root/proc"
# Where the machine has a file of its own below /proc, it hides the kernel's.
(cd "$own" && [ ! -d proc ] || find proc -type f) | while read -r file; do
    mount --bind "$own/$file" "$root/$file"
done
mount -t tmpfs -o mode=755 devices "$root/dev"
for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"

for step in "$steps"/*.run; do
    case ${step##*/} in
    *-host-*) set -- "$step" "$root" ;;
    *)
        cp "$step" "$root/.step"
        set -- chroot "$root" /.step
        ;;
    esac
    status=0
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        "$@" >"$step.out" 2>"$step.err" </dev/null || status=$?
    rm -f "$root/.step"
    echo "$status" >"$step.status"
done

# What a step left running keeps it busy.  All processes here are the sandbox's own.
until umount -R "$root" 2>/dev/null; do
    kill -KILL -1 2>/dev/null || true
    sleep 0.1
done
find "$own" -mindepth 1 -delete
cp -a "$work/upper/." "$own/"
