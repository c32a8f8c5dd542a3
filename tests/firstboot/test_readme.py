"""The README's commands for putting the plugin into a running image and taking it out, as given."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.firstboot.cases import V2, has_nothing_of_ours, netvsc_pair, seeded
from tests.firstboot.checks import assert_vf_left_alone, assert_went_well
from tests.firstboot.guarded import guarded
from tests.firstboot.machine import BOOT, Machine
from tests.firstboot.root import SUITES
from tests.paths import CHECKOUT

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]

SECTION = "**A machine boots for the first time.**"

RUN_TIME = (
    "usr/lib/systemd/system/hyperv-net-reconcile.path",
    "usr/lib/systemd/system/hyperv-net-reconcile.service",
    "etc/systemd/system/paths.target.wants/hyperv-net-reconcile.path",
)


def blocks() -> list[str]:
    """The shell commands of the README's part about first boot: how to install, how to remove."""
    section = (CHECKOUT / "README.md").read_text().split(SECTION)[1]
    section = section.split("\n**")[0]
    return re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def with_a_checkout(machine: Machine) -> Machine:
    """The machine with what somebody who has cloned the repository would have in /checkout."""
    for name in ("hyperv_net", "renderers"):
        shutil.copytree(
            CHECKOUT / name,
            machine.files / "checkout" / name,
            symlinks=True,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    return machine


def settings(machine: Machine) -> str:
    """What the machine's own netplan file says."""
    return (machine.files / "etc/netplan/50-cloud-init.yaml").read_text()


@pytest.mark.parametrize("suite", SUITES)
def test_the_commands_do_what_they_are_for(suite: str, tmp_path: Path) -> None:
    """On an image that has booted: put in, a first boot; taken out, the next boot, and a new one.

    Every boot ends well, and removing it keeps the machine's settings until
    the image is used for another machine.
    """
    install, remove = blocks()
    machine = with_a_checkout(seeded(suite, tmp_path, netvsc_pair(), "netplan", "nocloud", V2))
    stock = machine.boot()
    assert has_nothing_of_ours(stock)
    alone = settings(machine)

    done = machine.run(f"set -e; cd /checkout\n{install}")
    # What bake says of an image that has booted is what `cloud-init clean` and that boot mend,
    # and bookworm's systemd is what it is.
    assert done.status == 0, done.err
    said = {line.rpartition("[")[2] for line in done.err.splitlines()}
    assert said - {"networkd-forgets-unmanaged]"} == {"stale-datasource]", "pinned-mac]"}
    log = len(stock.log)
    first = machine.boot(guarded(machine, BOOT))
    assert_went_well(first, log_from=log)
    assert_vf_left_alone(first)
    with_plugin = settings(machine)
    assert "bond0" in with_plugin
    # The other half: what keeps the VF in its bond once the machine runs.
    assert machine.run("hyperv-net reconcile --help").status == 0
    assert [path for path in RUN_TIME if os.path.lexists(machine.files / path)] == [*RUN_TIME]

    done = machine.run(f"set -e\n{remove}")
    assert (done.status, done.err) == (0, "")
    assert not list(tmp_path.rglob("usr/**/hyperv_net"))
    assert [path for path in RUN_TIME if os.path.lexists(machine.files / path)] == []
    assert machine.run("command -v hyperv-net").status != 0
    log = len(first.log)
    second = machine.boot()
    assert_went_well(second, log_from=log)
    assert settings(machine) == with_plugin
    assert "hyperv-net" not in second.log[log:]

    assert machine.run("cloud-init clean --logs").status == 0
    third = machine.boot()
    assert third["status"].status == 0
    assert settings(machine) == alone
