"""Whole Debian roots, as mmdebstrap makes them: configured packages, a kernel, dpkg's database.

mmdebstrap comes from Debian like all other tools of the tests, runs on this
machine's apt and dpkg as root, and is done in mounts and processes of its own.
A root is made once for each recipe, kept below `.cache/roots`, and never
written to afterwards: whoever changes one works on a copy.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.debian.packages import CACHE as DEBIAN
from tests.debian.packages import DebianError, lock, unpacked

CACHE = DEBIAN.parent / "roots"

PACKAGES = {
    "bookworm": ("ifupdown", "ifenslave", "isc-dhcp-client"),
    "trixie": ("netplan.io",),
}
"""What configures the network of each suite's root, so that both kinds are there."""

_COMMON = (
    *("systemd-sysv", "udev", "cloud-init", "initramfs-tools", "linux-image-amd64"),
    *("hyperv-daemons", "iproute2"),
)
_OPTIONS = ("--mode=root", "--variant=minbase", "--format=directory", "--quiet")
_APT = 'APT::Install-Recommends "false"'
_SECONDS = 600


def debian_root(suite: str) -> Path:
    """The root of a suite; made on first use, which takes a minute.

    Raises DebianError where this user may not, or the mirror does not answer.
    """
    packages = unpacked(suite, ("cloud-init",)).versions
    recipe = repr((_COMMON, PACKAGES[suite], _OPTIONS, _APT, packages["cloud-init"]))
    root = CACHE / f"{suite}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"
    with lock(CACHE):
        if not root.exists():
            for old in CACHE.glob(f"{suite}-*/"):
                shutil.rmtree(old)
            with TemporaryDirectory(prefix="making-", dir=CACHE) as scratch:
                _make(suite, Path(scratch, "root"))
                Path(scratch, "root").rename(root)
    return root


def copied(root: Path, to: Path) -> Path:
    """A copy with owners, modes and links."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(root), str(to)], check=True)
    return to


def _make(suite: str, root: Path) -> None:
    if os.geteuid() != 0:
        raise DebianError("a root of its own users and devices is made as root: run it as root")
    tools = unpacked("trixie", ("mmdebstrap",))
    apt = DEBIAN / suite / "apt"
    (perl,) = tools.root.glob("usr/lib/*-linux-gnu/perl/5.*.*")
    version = perl.name.rpartition(".")[0]
    triplet = perl.parents[1]
    libraries = (
        *(triplet / "perl" / version, tools.root / "usr/share/perl" / version),
        *(tools.root / "usr/share/perl5", triplet / "perl5" / version, triplet / "perl-base"),
    )
    archives, inside = apt / "cache/archives", "$1/var/cache/apt/archives"
    command = [
        *("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
        *tools.command("/usr/bin/perl"),
        str(tools.root / "usr/bin/mmdebstrap"),
        *_OPTIONS,
        f"--include={','.join((*_COMMON, *PACKAGES[suite]))}",
        f"--aptopt={_APT}",
        # What has been fetched before is not fetched again, and what is fetched is kept.
        f'--setup-hook=mkdir -p "{inside}" && cp -l {archives}/*.deb "{inside}"',
        "--skip=essential/unlink",
        f'--customize-hook=cp -ln "{inside}"/*.deb {archives}',
        *(suite, str(root), str(apt / "sources.list")),
    ]
    environment = {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "PERL5LIB": ":".join(map(str, libraries)),
        # Nothing boots from this root, and the initramfs takes longer than the rest.
        "INITRD": "No",
    }
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    except FileNotFoundError as missing:
        raise DebianError(f"no {missing.filename} on this machine: it takes a Debian one") from None
    if done.returncode:
        last = done.stderr.strip().splitlines()[-5:]
        raise DebianError(f"mmdebstrap failed ({done.returncode}): {' / '.join(last)}")
