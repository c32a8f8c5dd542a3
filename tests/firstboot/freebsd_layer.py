"""The layer that makes a Debian suite's root one of FreeBSD, for `tests.firstboot.freebsd`."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path
from zlib import crc32

from tests.debian.packages import CACHE
from tests.firstboot import root as machine_root
from tests.firstboot.sandbox import Step, run
from tests.freebsd_machine.machine import write_programs
from tests.freebsd_machine.programs import PLACES
from tests.paths import CHECKOUT

PACKAGES = "usr/lib/python3/dist-packages"
STATE = "var/db/freebsd-machine"
"""Where a machine keeps the state of its kernel and network."""

_FAKE = "opt/freebsd"
IP = f"{_FAKE}/ip"
"""Linux's `ip`, for the wire to Azure's services; as /bin/ip it is not to be had."""

_AS_FREEBSD = """\
import os

_there = os.uname()


def uname():
    kernel = "FreeBSD 14.3-RELEASE GENERIC"
    return os.uname_result(("FreeBSD", _there.nodename, "14.3-RELEASE", kernel, "amd64"))


os.uname = uname
"""
_COMPILE = f"""\
#!/bin/sh
exec python3 -m compileall -q /{_FAKE}/tests /{PACKAGES}/cloudinit
"""
_NOT_ON_FREEBSD = (
    *("bin/ip", "sbin/ip", "bin/udevadm", "bin/systemctl", "bin/networkctl", "sbin/netplan"),
    *("sbin/dhcpcd", "bin/systemd-detect-virt", "sbin/ifup", "sbin/ifdown", "sbin/ifquery"),
)


def layer(suite: str) -> Path:
    """The layer of what makes a Debian suite a FreeBSD machine, on top of the suite's own."""
    every = sorted((CHECKOUT / "tests/freebsd_machine").glob("*.py"))
    sources = [one for one in every if not one.name.startswith("test_")]
    amended = _amended(suite)
    parts = [*map(Path.read_text, sources), *amended.values(), Path(__file__).read_text()]
    made = CACHE / suite / "freebsd" / f"{crc32(''.join(parts).encode()):08x}"
    done = made.with_suffix(".done")
    made.parent.mkdir(parents=True, exist_ok=True)
    with (made.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            # Left half made by a run that was ended.
            shutil.rmtree(made, ignore_errors=True)
            _make_layer(suite, made, sources, amended)
            done.touch()
    return made


def _amended(suite: str) -> dict[str, str]:
    """The files of cloud-init that are not as Debian has them: path → text."""
    package = machine_root.packages(suite).root / PACKAGES / "cloudinit"
    settings = (package / "settings.py").read_text()
    found = {"settings.py": settings.replace('"/etc/cloud/', '"/usr/local/etc/cloud/')}
    if suite == "bookworm":
        networking = (package / "distros/networking.py").read_text()
        found["distros/networking.py"] = networking + "\n\nNetworking.blacklist_drivers = None\n"
    return found


def _make_layer(suite: str, folder: Path, sources: list[Path], amended: dict[str, str]) -> None:
    package = folder / _FAKE / "tests/freebsd_machine"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    for source in sources:
        shutil.copy(source, package)
    programs = folder / _FAKE / "bin"
    write_programs(
        programs,
        Path("/", STATE),
        Path("/"),
        checkout=Path("/", _FAKE),
        python="/usr/bin/python3",
    )
    for name, place in PLACES.items():
        # On Debian /sbin and /bin are links to those below /usr.
        target = folder / "usr" / place.rpartition("/")[2]
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(programs / name, target / name)
    shutil.copy(machine_root.packages(suite).root / "usr/bin/ip", folder / IP)
    for name in _NOT_ON_FREEBSD:
        target = folder / "usr" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(0o644)
    site = folder / PACKAGES
    for path, text in amended.items():
        target = site / "cloudinit" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    (site / "as_freebsd.py").write_text(_AS_FREEBSD)
    (site / "as_freebsd.pth").write_text("import as_freebsd\n")
    # As those of the suite itself: without it every start of a program compiles them again.
    suites_own = machine_root.layers(suite)[1:]
    (compiled,) = run(suites_own, folder, [Step("compile", _COMPILE)])
    if compiled.status:
        raise RuntimeError(f"{suite}: {compiled.err}")
