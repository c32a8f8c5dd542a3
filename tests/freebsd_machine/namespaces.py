"""The namespaces in which a machine's programs and scripts run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.freebsd_machine.programs import PLACES
from tests.paths import CHECKOUT

# Process 1 of the machine: $1 its folder, $2 the checkout, $3 and $4 where Python is.
_HOLD = """\
set -eu
folder=$1 checkout=$2
mount -t proc proc /proc
mount -t tmpfs -o mode=755 machine "$folder/new"
cd "$folder/new"
mkdir upper overlay root
mount -t overlay -o "lowerdir=/,upperdir=$PWD/upper,workdir=$PWD/overlay" overlay root
for place in etc var boot tmp; do
    mkdir -p "root/$place"
    mount --bind "$folder/root/$place" "root/$place"
done
# /var/run is a link to /run on this system, and a folder of its own on FreeBSD.
mkdir -p root/run
mount --bind "$folder/root/var/run" root/run
mount -t proc proc root/proc
mount --rbind /dev root/dev
for kept in "$folder" "$checkout" "$3" "$4"; do
    mkdir -p "root$kept"
    mount --rbind "$kept" "root$kept"
done
for program in "$folder"/bin/*; do
    for place in $(sed -n "s/^$(basename "$program") //p" "$folder/places"); do
        mkdir -p "root/$place"
        rm -f "root/$place/$(basename "$program")"
        cp "$program" "root/$place/$(basename "$program")"
    done
done
# Not the machine's own root: the one of these namespaces.
cd root
mkdir -p .old
pivot_root . .old
umount -l /.old
echo ready
# As process 1 it also waits for those whose parents have gone.
exec 3<&0
cat <&3 >/dev/null &
wait $!
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    """Make those of the machine below `folder`; they last until the holder's input ends."""
    (folder / "new").mkdir(exist_ok=True)
    places = "".join(f"{name} {place}\n" for name, place in PLACES.items())
    (folder / "places").write_text(places)
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", *as_root, "--mount", "--pid", "--fork", "--kill-child"]
    # The Python that runs the tests, and the virtual environment it may be in.
    pythons = [os.path.realpath(sys.base_prefix), sys.prefix]
    holder = subprocess.Popen(
        [*command, "sh", "-c", _HOLD, "hold", str(folder), str(CHECKOUT), *pythons],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    if holder.stdout.readline() != "ready\n":
        holder.send_signal(signal.SIGTERM)
        _, said = holder.communicate()
        raise RuntimeError(f"no namespaces for the machine: {said.strip()}")
    return holder
