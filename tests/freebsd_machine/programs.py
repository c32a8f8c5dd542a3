"""The programs of the machine: one function runs any of them, on a state that is given.

`main` is what the executables call: it takes the state from its folder, runs
one program, writes the state back and notes the call.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from tests.freebsd_machine.ifconfig import ifconfig
from tests.freebsd_machine.route import netstat, route
from tests.freebsd_machine.state import State, changing
from tests.freebsd_machine.sysctl import sysctl, values

#: Where each of them is on FreeBSD.
PLACES = {
    "ifconfig": "sbin",
    "sysctl": "sbin",
    "route": "sbin",
    "dhclient": "sbin",
    "kldload": "sbin",
    "kldstat": "sbin",
    "service": "usr/sbin",
    "pccard_ether": "etc",
    "netstat": "usr/bin",
    "timeout": "usr/bin",
    "logger": "usr/bin",
    "kenv": "bin",
    "hostname": "bin",
    "uname": "usr/bin",
}


def run(
    state: State, root: Path, name: str, arguments: list[str], *, real: bool = True
) -> tuple[int, str, str]:
    """Run a program: exit status and what it prints on both outputs.

    `root` has the machine's files (rc.conf, resolv.conf, leases, pid files).
    `real`: DHCP clients are processes.
    """
    done = _run(state, root, name, arguments, real=real)
    if state.clients:
        from tests.freebsd_machine.dhclient import hear

        hear(state, root)
    state.relinked = []
    return done


def _run(
    state: State, root: Path, name: str, arguments: list[str], *, real: bool
) -> tuple[int, str, str]:
    if name == "ifconfig":
        return ifconfig(state, arguments)
    if name == "sysctl":
        return sysctl(state, arguments)
    if name == "route":
        return route(state, arguments)
    if name == "netstat":
        return netstat(state, arguments)
    if name == "dhclient":
        from tests.freebsd_machine.dhclient import dhclient

        return dhclient(state, root, arguments, real=real)
    if name == "service":
        from tests.freebsd_machine.service import service

        return service(state, root, arguments, real=real)
    if name == "pccard_ether":
        from tests.freebsd_machine.rc import PccardEther

        devd = PccardEther(state, root, real=real)
        return devd.start(arguments[0]), devd.out, devd.err
    if name == "make-clients-real":
        from tests.freebsd_machine.dhclient import make_real

        make_real(state, root)
        return 0, "", ""
    return _small(state, root, name, arguments)


def _small(state: State, root: Path, name: str, words: list[str]) -> tuple[int, str, str]:
    if name == "hostname":
        if words[-1:] and not words[-1].startswith("-"):
            state.hostname = words[-1]
            return 0, "", ""
        return 0, f"{state.hostname.partition('.')[0] if '-s' in words else state.hostname}\n", ""
    if name == "kenv":
        plain = [one for one in words if not one.startswith("-")]
        if not plain:
            return 0, "".join(f'{key}="{text}"\n' for key, text in sorted(state.kenv.items())), ""
        if plain[0] not in state.kenv:
            quiet = any("q" in one for one in words if one.startswith("-"))
            return 1, "", "" if quiet else f"kenv: unable to get {plain[0]}\n"
        return 0, f"{state.kenv[plain[0]]}\n", ""
    if name == "kldstat":
        return _kldstat(state, words)
    if name == "kldload":
        for module in (one for one in words if not one.startswith("-")):
            file = module if module.endswith(".ko") else f"{module}.ko"
            if file in state.modules and "-n" not in words:
                return 1, "", f"kldload: can't load {module}: module already loaded or in kernel\n"
            state.modules = [*(one for one in state.modules if one != file), file]
        return 0, "", ""
    if name == "logger":
        with (root / "var/log/messages").open("a") as log:
            log.write(" ".join(words) + "\n")
        return 0, "", ""
    assert name == "uname", name
    said = {"-s": "FreeBSD", "-r": state.release, "-m": "amd64", "-n": state.hostname}
    said["-K"] = said["-U"] = f"{state.release.partition('.')[0]}03000"
    said["-i"] = "GENERIC"
    return 0, " ".join(said.get(one, "FreeBSD") for one in words or ["-s"]) + "\n", ""


def _kldstat(state: State, words: list[str]) -> tuple[int, str, str]:
    for option in ("-n", "-m"):
        if option in words:
            asked = words[words.index(option) + 1]
            names = {one.removesuffix(".ko") for one in state.modules}
            if asked.removesuffix(".ko") in names:
                return 0, "", ""
            return 1, "", f"kldstat: can't find file {asked}: {os.strerror(2)}\n"
    rows = [f"{n:2}    1 0xffffffff80200000  1f41500 {m}" for n, m in enumerate(state.modules, 1)]
    return 0, "\n".join(["Id Refs Address                Size Name", *rows]) + "\n", ""


def main(folder: str, root: str, name: str, *arguments: str) -> int:
    """Run one program on the machine whose state is in `folder`."""
    directory = Path(folder)
    note(directory, " ".join([name, *arguments]))
    if name == "timeout":
        # What it runs are programs that change the state themselves.
        from tests.freebsd_machine.timeout import timeout

        return timeout(list(arguments))
    with changing(directory) as state:
        status, out, err = run(state, Path(root), name, list(arguments))
    sys.stdout.write(out)
    sys.stderr.write(err)
    return status


def note(directory: Path, call: str) -> None:
    """Add a line to the record of what was run."""
    with (directory / "calls").open("a") as calls:
        fcntl.flock(calls, fcntl.LOCK_EX)
        calls.write(f"{call}\n")


__all__ = ["PLACES", "main", "note", "run", "values"]
