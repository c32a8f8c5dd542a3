"""Debian packages, fetched from the mirror this machine's apt uses and unpacked into a cache.

Nothing is installed: apt runs with a state, a cache and a package status of
its own below `.cache/debian/`, and the packages are unpacked, not configured.
The mirror is read from the machine's own apt settings, with the suite replaced
where another one is asked for.  Works for an ordinary user as well as for root.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.paths import CHECKOUT

CACHE = CHECKOUT / ".cache" / "debian"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_ALIASES = ("stable", "oldstable", "testing", "unstable", "sid")
_STAMP = ".packages"
# Links into /usr stay links, and no program keeps a set-user-id bit.
_TAR = (
    *("tar", "-x", "--warning=no-timestamp"),
    *("--keep-directory-symlink", "--no-same-owner", "--no-same-permissions"),
)


class DebianError(Exception):
    """Packages could not be had; the message says what was tried and what to do."""


@dataclass(frozen=True)
class Tree:
    """The unpacked files of some packages and of all they depend on.

    `root` is laid out like a machine's `/` (with /bin, /lib and /sbin as links
    into /usr).  `versions` maps package to version.
    """

    suite: str
    root: Path
    versions: dict[str, str]

    def command(self, program: str) -> list[str]:
        """The argument list that runs `program` (a path below `/`) of this tree on this machine.

        It runs with the tree's own loader and libraries, so that neither the
        machine's libraries nor its release matter.
        """
        (loader,) = self.root.glob("usr/lib*/ld-linux-*.so.[12]") or [None]
        if loader is None:
            raise DebianError(f"no loader in {self.root}: remove the folder and fetch it again")
        (triplet,) = (path.parent for path in self.root.glob("usr/lib/*-linux-gnu/libc.so.6"))
        libraries = (triplet, triplet / "systemd", self.root / "usr/lib/systemd")
        return [
            str(loader),
            "--library-path",
            ":".join(map(str, libraries)),
            "--argv0",
            program,
            str(self.root / program.lstrip("/")),
        ]


def unpacked(suite: str, packages: Sequence[str], cache: Path = CACHE) -> Tree:
    """The tree of these packages of a suite, from the cache or else from the mirror.

    Raises DebianError where this machine's apt knows no Debian mirror, or the
    mirror does not answer.
    """
    root = cache / suite / "trees" / "+".join(sorted(packages))
    if not (root / _STAMP).exists():
        with lock(cache / suite):
            if not (root / _STAMP).exists():
                _say(f"{suite}: {' '.join(packages)}: fetching into {root}")
                _unpack(_download(suite, packages, cache / suite), root)
    lines = (root / _STAMP).read_text().splitlines()
    return Tree(suite, root, dict(line.split(" ", 1) for line in lines))


def codename() -> str:
    """The suite of this machine, from os-release; `sid` where it names none."""
    for line in Path("/etc/os-release").read_text().splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.partition("=")[2].strip().strip('"')
    return "sid"


def mirror(print_uris: str, own_suite: str) -> str:
    """The archive's address, from what `apt-get update --print-uris` prints.

    The machine's own suite is looked for, not its updates or security, and an
    address that ends in /debian is preferred to a vendor's of the same suite.
    """
    found = re.findall(r"^'(\S+)/dists/([a-z]+)/InRelease'", print_uris, re.MULTILINE)
    bases: list[str] = [base for base, release in found if release in (own_suite, *_ALIASES)]
    if not bases:
        raise DebianError(
            "apt has no Debian mirror on this machine: add one to /etc/apt/sources.list.d"
        )
    return next((base for base in bases if base.endswith("/debian")), bases[0])


def _download(suite: str, packages: Sequence[str], home: Path) -> list[Path]:
    """Fetch the packages with all they depend on; reads the lists anew where that fails."""
    options = _private_apt(suite, home)
    archives = home / "apt" / "cache" / "archives"
    install = ["-y", "--no-install-recommends", "install", *packages]
    if not any((home / "apt" / "state" / "lists").glob("*_InRelease")):
        _say(f"{suite}: reading the package lists")
        _apt(options, "update")
    try:
        _say(f"{suite}: downloading")
        _apt(options, "--download-only", *install)
    except DebianError:
        _say(f"{suite}: that failed; reading the package lists again")
        _apt(options, "update")
        _apt(options, "--download-only", *install)
    # Everything that is needed is now in the archives, yet apt lists only what it would fetch
    # from elsewhere: so the names are taken from a simulated installation.
    plan = _apt(options, "--simulate", *install)
    chosen = re.findall(r"^Inst (\S+) \((\S+) .*\[(\w+)\]", plan, re.MULTILINE)
    return [
        archives / f"{name}_{version.replace(':', '%3a')}_{arch}.deb"
        for name, version, arch in chosen
    ]


def _private_apt(suite: str, home: Path) -> list[str]:
    """Make apt's private folders, and the options that make apt use them and nothing else."""
    apt = home / "apt"
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (apt / folder).mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    sources = apt / "sources.list"
    if not sources.exists():
        known = _run(["apt-get", "-o", "Debug::NoLocking=true", "update", "--print-uris"])
        signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
        sources.write_text(f"deb {signed}{mirror(known, codename())} {suite} main\n")
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "-",
        "Dir::Etc::Preferences": "-",
        "Dir::Etc::PreferencesParts": "-",
        "Dir::State": apt / "state",
        "Dir::State::Status": apt / "status",
        "Dir::State::Extended_States": apt / "extended_states",
        "Dir::Cache": apt / "cache",
        "Dir::Log": apt,
        "APT::Sandbox::User": "",
        "APT::Keep-Downloaded-Packages": "true",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "Debug::NoLocking": "true",
    }
    # Containers' images often carry a hook that empties the archives after each run.
    hooks = ["DPkg::Post-Invoke", "APT::Update::Post-Invoke", "APT::Update::Post-Invoke-Success"]
    cleared = [f"#clear {hook};" for hook in hooks]
    config = apt / "apt.conf"
    config.write_text("\n".join([*cleared, ""]))
    options = [f"-o={name}={value}" for name, value in settings.items()]
    return [f"-c={config}", *options]


def _unpack(debs: Sequence[Path], root: Path) -> None:
    _say(f"unpacking {len(debs)} packages")
    if root.exists():
        shutil.rmtree(root)
    (root / "usr").mkdir(parents=True)
    for name in ("bin", "lib", "lib64", "sbin"):
        (root / "usr" / name).mkdir()
        (root / name).symlink_to(f"usr/{name}")
    for deb in debs:
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE) as tar:
            _run(
                [*_TAR, "-C", str(root)],
                stdin=tar.stdout,
            )
        if tar.returncode:
            raise DebianError(f"{deb} is damaged: remove it and try again")
    stamp = "".join(f"{name} {version}\n" for name, version in sorted(map(_identity, debs)))
    (root / _STAMP).write_text(stamp)


def _identity(deb: Path) -> tuple[str, str]:
    name, version, _ = deb.name.split("_")
    return name, version.replace("%3a", ":")


def _apt(options: Sequence[str], *arguments: str) -> str:
    return _run(["apt-get", "-q", *options, *arguments])


def _run(command: Sequence[str | Path], stdin: IO[bytes] | None = None) -> str:
    try:
        done = subprocess.run(
            command,
            stdin=stdin or subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
        )
    except FileNotFoundError as missing:
        raise DebianError(f"no {command[0]} on this machine: it takes a Debian one") from missing
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise DebianError(f"{' '.join(map(str, command[:2]))} failed: {' / '.join(last)}")
    out: str = done.stdout
    return out


@contextmanager
def lock(home: Path) -> Iterator[None]:
    """Only one process at a time changes a cache, which is made where it is not there."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _say(text: str) -> None:
    print(f"debian: {text}", file=sys.stderr, flush=True)
