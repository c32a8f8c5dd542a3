"""What rc.d/netif reads of ours, in whatever state it is: the shell that reads it goes on."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.freebsd_machine.machine import Machine
from tests.hotplug.freebsd_guest import HOOK, WANTED, guest, install
from tests.paths import CHECKOUT

DATA = CHECKOUT / "hyperv_net/data/freebsd"
SCRIPT = "/usr/local/libexec/hyperv-net/netif-vfs"
LINE = (DATA / "netif").read_bytes()
READ = (DATA / "netif-vfs").read_bytes()
GARBAGE = [b"\0" * 512, b"", b"\xff\xfe\0\x80" * 99, b"'", b'"$(', b"if", b"}", b"<<E\n`"]


def _goes_on(folder: Path, line: bytes, read: bytes | None, shell: str = "dash") -> bool:
    """Whether a shell that reads the line, which reads the script, comes to its own end."""
    script, named = folder / "netif-vfs", folder / "hyperv-net"
    script.unlink(missing_ok=True)
    if read is not None:
        script.write_bytes(read.replace(b"timeout -k", f"{folder}/no -k".encode()))
    named.write_bytes(line.replace(SCRIPT.encode(), bytes(script)))
    done = subprocess.run(
        [shell, "-c", f". {named}; echo here"],
        cwd=folder,
        env={"PATH": str(folder)},
        capture_output=True,
        check=False,
        executable=f"/bin/{shell}",
    )
    return done.stdout == b"here\n"


def test_the_line_may_be_cut_anywhere(tmp_path: Path) -> None:
    text = LINE.replace(SCRIPT.encode(), b"/x/netif-vfs")
    cut = [length for length in range(len(text)) if not _goes_on(tmp_path, text[:length], None)]
    assert cut == []


def test_what_it_reads_may_be_cut_anywhere_or_be_gone(tmp_path: Path) -> None:
    cut = [length for length in range(len(READ)) if not _goes_on(tmp_path, LINE, READ[:length])]
    assert cut == []
    assert _goes_on(tmp_path, LINE, None)


@pytest.mark.parametrize("garbage", GARBAGE)
def test_what_it_reads_may_be_anything(garbage: bytes, tmp_path: Path) -> None:
    assert _goes_on(tmp_path, LINE, garbage)
    assert _goes_on(tmp_path, LINE, READ[:700] + garbage)


def _prepare(machine: Machine) -> None:
    machine.write(WANTED, "{}")


@pytest.mark.parametrize("hook", ["while :; do sleep 1; done\n", "echo '$(; x'\n", "exit 3\n", "("])
def test_a_hook_that_hangs_or_says_anything_is_no_matter(hook: str, tmp_path: Path) -> None:
    with guest(tmp_path, prepare=_prepare) as one:
        install(one.machine, HOOK, f"#!/bin/sh\n{hook}")
        install(one.machine, "/usr/local/etc/rc.conf.d/netif/hyperv-net", LINE.decode())
        install(one.machine, SCRIPT, READ.decode().replace("-k 1 10", "-k 1 1"))
        done = one.inside(". /usr/local/etc/rc.conf.d/netif/hyperv-net; echo here")
        assert done.out == "here\n"
