"""FreeBSD's guard: its rc script before cloudinitlocal, on packages that do not load."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.firstboot import damages
from tests.firstboot.cases import V2, result
from tests.firstboot.freebsd import FreeBsd, install, new_freebsd
from tests.firstboot.freebsd_layer import PACKAGES
from tests.firstboot.machine import Boot
from tests.firstboot.seeds import seed_nocloud
from tests.firstboot.test_freebsd_fail_open import FILES, STEPS, came_to_whole
from tests.paths import CHECKOUT

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]

DATA = CHECKOUT / "hyperv_net/data"
PLUG = "usr/local/etc/cloud/cloud.cfg.d/90-hyperv-net.cfg"
GUARDED = {"guard": "sh /usr/local/etc/rc.d/hyperv_net_guard start", **STEPS}

#: As much of it as the script asks for.
RC_SUBR = """\
load_rc_config() { :; }
run_rc_command() { eval "\\${${1}_cmd}"; }
"""
SOURCE = "sources/DataSourceNoCloud.py"
CASES = [
    one
    for one in (*damages.of_entrances(), *damages.endless())
    if damages.name(one) in (f"{SOURCE} half", f"{damages.compiled(SOURCE)} nul")
    or one[0] == "sources/patches.py"
]


@pytest.fixture
def machine(tmp_path: Path) -> FreeBsd:
    """A pair in non-transparent mode, with the files where the port has them; never booted."""
    machine = new_freebsd("trixie", tmp_path)
    seed_nocloud(machine, V2)
    install(machine)
    (tmp_path / PLUG).unlink()
    (tmp_path / PLUG).symlink_to("/var/run/hyperv-net/plug.cfg")
    machine.write("etc/rc.subr", RC_SUBR)
    libexec = tmp_path / "usr/local/libexec/hyperv-net"
    shutil.copytree(DATA / "guard", libexec)
    short = (libexec / "guard").read_text().replace("\nlimit=60\n", "\nlimit=8\n")
    (libexec / "guard").write_text(short)
    (tmp_path / "usr/local/etc/rc.d").mkdir()
    shutil.copy(DATA / "freebsd/hyperv_net_guard", tmp_path / "usr/local/etc/rc.d")
    (tmp_path / "usr/local/bin").mkdir(exist_ok=True)
    (tmp_path / "usr/local/bin/cloud-init").symlink_to("/usr/bin/cloud-init")
    return machine


def came_to(booted: Boot) -> tuple[object, ...]:
    found = result(booted)
    assert found.statuses.pop("guard") == 0
    return found.statuses, found.troubles, *(booted.text(path) for path in FILES)


def refusals(booted: Boot) -> Iterator[str]:
    lines = booted["guard"].err.splitlines()
    yield from (line for line in lines if "cloud-init goes on alone" in line)


def test_a_package_that_loads_is_found_and_a_stale_link_is_no_yes(machine: FreeBsd) -> None:
    """What is below /var/run may be of the boot before: cleanvar takes files alone away."""
    booted = machine.boot(GUARDED)
    assert list(refusals(booted)) == []
    assert came_to(booted) == came_to_whole(with_plugin=True)
    assert (machine.files / "var/run/hyperv-net/plug.cfg").is_symlink()
    (machine.files / "usr/local/libexec/hyperv-net/guard").unlink()
    machine.run(GUARDED["guard"])
    assert not (machine.files / "var/run/hyperv-net/plug.cfg").is_symlink()


@pytest.mark.parametrize("damage", CASES, ids=damages.name)
def test_one_that_does_not_is_left_out(damage: damages.Damage, machine: FreeBsd) -> None:
    if damages.is_compiled(damage):
        assert machine.run(GUARDED["guard"]).status == 0
    damages.do(damage, machine.files / PACKAGES / "hyperv_net")
    booted = machine.boot(GUARDED)
    assert len(list(refusals(booted))) == 1
    assert came_to(booted) == came_to_whole(with_plugin=False)


def test_one_that_another_python_has_is_left_out(machine: FreeBsd) -> None:
    """The port's default Python went from 3.X to 3.X+1."""
    behind = machine.files / "usr/local/lib/python3.9/site-packages"
    behind.mkdir(parents=True)
    (machine.files / PACKAGES / "hyperv_net").rename(behind / "hyperv_net")
    booted = machine.boot(GUARDED)
    (said,) = refusals(booted)
    assert "No module named 'hyperv_net'" in said
    assert came_to(booted) == came_to_whole(with_plugin=False)
