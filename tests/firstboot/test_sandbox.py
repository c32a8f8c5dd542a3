"""The harness itself: what runs in it stays in it."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.firstboot import sandbox
from tests.firstboot.cases import SHORT, VF, netvsc_pair, renamed, seeded
from tests.firstboot.machine import NETWORK, new_machine
from tests.firstboot.root import SUITES, layers, packages
from tests.firstboot.sandbox import SandboxError, Step, run

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]


@SHORT
def test_a_machine_touches_neither_this_machines_network_nor_its_name(tmp_path: Path) -> None:
    """Its NICs, Azure's addresses and its host name are in namespaces of their own."""

    def own_network() -> tuple[object, ...]:
        routes = Path("/proc/self/net/fib_trie").read_text()
        return socket.gethostname(), socket.if_nameindex(), routes

    before = own_network()
    machine = seeded("trixie", tmp_path, netvsc_pair(), "netplan", "azure", "")
    boot = machine.boot(NETWORK)
    assert boot["init"].status == 0, boot["init"].err
    assert own_network() == before
    assert "GET 169.254.169.254/metadata" in "\n".join(boot.asked)


def test_azures_services_refuse_a_namespace_without_the_far_ends(tmp_path: Path) -> None:
    """They add addresses, so they never run where the NICs are not."""
    log = tmp_path / "log"
    program = Path(sandbox.__file__).with_name("fabric.py")
    # In namespaces of its own all the same, should it not refuse.
    done = sandbox._unshared([sys.executable, str(program), str(log), "/", "far0=eth0"])
    assert done.returncode == 1
    assert done.stderr.strip() == "fabric: the far ends are not in this network namespace"
    assert not log.exists()


@pytest.mark.parametrize("suite", SUITES)
def test_read_only_layers_stay_as_they_are(suite: str, tmp_path: Path) -> None:
    """What a step writes, changes or removes is in the machine's own files and nowhere else."""
    own = tmp_path / "own"
    own.mkdir()
    script = "#!/bin/sh\necho new >/etc/new; echo other >/etc/hostname; rm /etc/machine-id\n"
    (outcome,) = run(layers(suite), own, [Step("write", script)])
    assert outcome.status == 0, outcome.err
    assert (own / "etc/new").read_text() == "new\n"
    assert (own / "etc/hostname").read_text() == "other\n"
    for layer in layers(suite):
        assert not (layer / "etc/new").exists()
    (outcome,) = run(layers(suite), tmp_path, [Step("read", "#!/bin/cat /etc/machine-id\n")])
    assert "00112233445566778899aabbccddeeff" in outcome.out


def test_each_step_is_told_from_the_others(tmp_path: Path) -> None:
    """Status and both outputs are the step's own; a failed step does not end the run."""
    steps = [
        Step("one", "#!/bin/sh\necho out; echo err >&2; exit 3\n"),
        Step("two", "#!/bin/sh\ntest -d /proc/1\n"),
        Step("outside", '#!/bin/sh\ntest -x "$1/bin/sh"\n', outside=True),
    ]
    one, two, outside = run(layers("trixie"), tmp_path, steps)
    assert (one.status, one.out, one.err) == (3, "out\n", "err\n")
    assert (two.status, outside.status) == (0, 0)


def test_what_a_step_leaves_running_ends_with_the_sandbox(tmp_path: Path) -> None:
    """And what it wrote before is there."""
    script = "#!/bin/sh\nsleep 1000 >/dev/null & echo $! >/background\n"
    (outcome,) = run(layers("trixie"), tmp_path, [Step("start", script)])
    assert outcome.status == 0
    assert (tmp_path / "background").read_text().strip().isdigit()


def test_a_renamed_nic_has_its_new_name_in_sys_too(tmp_path: Path) -> None:
    """`ip` works on real interfaces, and /sys follows it as the kernel's would."""
    nics = renamed(netvsc_pair(), "eth0", "eth7")
    machine = new_machine("trixie", tmp_path, nics, "netplan")
    boot = machine.boot({"rename": "sh -c 'ip link set dev eth7 name lan0 && ip link set lan0 up'"})
    assert boot["rename"].status == 0, boot["rename"].err
    there = tmp_path / "sys/class/net/lan0"
    assert (there / "operstate").read_text() == "up\n"
    assert (there / "device/driver").readlink().name == "hv_netvsc"
    assert "INTERFACE=lan0" in (there / "uevent").read_text()
    assert sorted(path.name for path in (tmp_path / "sys/class/net").iterdir()) == [
        VF,
        "lan0",
        "lo",
    ]
    assert boot.calls == ["ip link set dev eth7 name lan0", "ip link set lan0 up"]


def test_no_namespaces_is_an_error_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never a silent skip."""

    def refuse(command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "unshare: Operation not permitted\n")

    monkeypatch.setattr(sandbox, "_unshared", refuse)
    sandbox._namespaces_allowed.cache_clear()
    with pytest.raises(SandboxError, match="Operation not permitted; run as root, or allow"):
        run([Path("/")], Path("/nonexistent"), [])


def test_the_three_versions_of_cloud_init_are_far_apart() -> None:
    """Oldest and newest that Debian ships, so that what works on all works in between."""
    found = [packages(suite).versions["cloud-init"] for suite in SUITES]
    assert found[0].startswith("22.4.2")
    assert found[1].startswith("25.1.4")
    assert int(found[2].split(".")[0]) >= 26
