"""FreeBSD: whatever raises in the plugin, the machine boots as it would without it."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.firstboot.cases import V2, result
from tests.firstboot.faults import Function, break_function, fault_met
from tests.firstboot.freebsd import FreeBsd, install, new_freebsd, remove
from tests.firstboot.machine import Boot, Machine
from tests.firstboot.seeds import seed_nocloud

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]

STEPS = {"init-local": "cloud-init init --local"}
FILES = ("etc/rc.conf", "etc/resolv.conf")

#: What only FreeBSD's way through the plugin calls, and what all of it goes through.
FUNCTIONS = [
    Function("inventory/freebsd.py", "read_freebsd"),
    Function("inventory/ifconfig.py", "parse_ifconfig"),
    Function("renderers/freebsd/render/__init__.py", "render"),
    Function("sources/machine.py", "_inventory"),
    Function("sources/machine.py", "make_boot_plan"),
    Function("sources/machine.py", "pairs"),
    Function("sources/patches.py", "_with_synthetics.get_interfaces_by_mac_on_freebsd.mended"),
    Function("renderers/freebsd/first_boot.py", "follow_up"),
    Function("sources/stand_in.py", "_render"),
    Function("sources/written.py", "_write"),
]


def machine_with_plugin(files: Path) -> FreeBsd:
    """A pair in non-transparent mode, which stock cloud-init boots in its own way."""
    machine = new_freebsd("trixie", files)
    seed_nocloud(machine, V2)
    install(machine)
    return machine


def came_to(boot: Boot) -> tuple[object, ...]:
    """What two boots are compared by."""
    found = result(boot)
    return found.statuses, found.troubles, *(boot.text(path) for path in FILES)


@cache
def came_to_whole(*, with_plugin: bool) -> tuple[object, ...]:
    """What such a machine comes to where nothing raises; once for all tests of a process."""
    files = Path(mkdtemp(prefix="firstboot-freebsd-"))
    machine = machine_with_plugin(files / "machine")
    if not with_plugin:
        remove(machine)
    found = came_to(machine.boot(STEPS))
    shutil.rmtree(files)
    return found


def allowed() -> list[tuple[object, ...]]:
    """Stock's result, the same for the right NIC, and the plan's."""
    *ended, rc_conf, resolv_conf = came_to_whole(with_plugin=False)
    mended = str(rc_conf).replace("ifconfig_mce0_name", "ifconfig_hn0_name")
    assert mended != rc_conf
    # With the wrong NIC the image's ifconfig_DEFAULT has the other one ask for a lease, which
    # brings name servers in place of the config's.
    servers = (resolv_conf, "nameserver 10.0.0.2\nsearch example.org\n")
    return [
        (*ended, rc_conf, resolv_conf),
        *((*ended, mended, one) for one in servers),
        came_to_whole(with_plugin=True),
    ]


@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
def test_a_function_that_raises_does_no_harm(function: Function, tmp_path: Path) -> None:
    """The result is stock's, or better where the function was not needed for it; one line says why.

    Never anything between, and never a worse status.
    """
    machine = machine_with_plugin(tmp_path)
    files = Machine(machine.suite, tmp_path, None)
    break_function(files, function)
    boot = machine.boot(STEPS)
    assert fault_met(files)
    assert came_to(boot) in allowed()
    assert "Traceback" not in boot.log
    assert [line for line in boot.log.splitlines() if "cloud-init goes on alone" in line]


def test_hostile_metadata_is_left_to_cloud_init(tmp_path: Path) -> None:
    """Nothing of it is evaluated: rc.conf is a shell script, and its values are run twice."""
    machine = machine_with_plugin(tmp_path)
    hostile = V2.replace("search: [example.org]", "search: ['$(touch /tmp/owned)']")
    seed_nocloud(machine, hostile)
    boot = machine.boot({**STEPS, "rc": "sh -c 'service netif start; :'"})
    assert not (tmp_path / "tmp/owned").exists()
    assert "touch" not in boot.text("etc/rc.conf")
