"""The rules that keep everybody off VFs as udev itself goes through them, on captured machines."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from hyperv_net.companions.keep_off import keep_off_files
from hyperv_net.companions.udev_rules import KEEP_OFF_RULES, KEPT_OFF, RULES_FILE, udev_rules
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Mode, RenderedFile, System
from hyperv_net.root.turned_off import OFF
from tests.companions.keep_off_tree import PLAIN, STANDBY, machine
from tests.debian.packages import unpacked
from tests.debian.tools import SUITES, tools, udevadm_verify, write
from tests.firstboot.sandbox import Step, run

pytestmark = pytest.mark.debian

MARKS = {
    KEPT_OFF: "1",
    "HYPERV_NET_VF": "transparent",
    "NM_UNMANAGED": "1",
    "ID_NET_MANAGED_BY": "unmanaged",
}
STANDBYS_MARKS = {key: value for key, value in MARKS.items() if key != "HYPERV_NET_VF"}
#: Later ones, from 257 on, take it that a PROGRAM has succeeded: the lab has them run it.
SUITES_THAT_ASK = ("bookworm",)
#: Rules of others, before ours and after: what they set is to be seen, and what they start not.
OTHERS = """\
SUBSYSTEM=="net", ENV{SYSTEMD_WANTS}+="ifup@$name.service", ENV{OTHERS}="1"
"""
#: The MAC of an administrator's bond over a pair that is the kernel's nowhere.
BOND = WantedPair("00:0d:3a:11:22:33", Mode.AGGREGATE, "eth0", ("virtio_net",), "bond0")


class Heard(NamedTuple):
    """What udev made of an event: properties, and whether a VF would be shown to it again."""

    properties: Mapping[str, str]
    shows_again: bool

    @property
    def marks(self) -> Mapping[str, str]:
        """Those that keep somebody off."""
        return {key: self.properties[key] for key in MARKS if key in self.properties}


@cache
def heard(
    suite: str,
    capture: str,
    *,
    without: tuple[str, ...] = (),
    features: str | None = None,
    actions: tuple[str, ...] = ("add",),
    drivers: tuple[str, ...] = (),
    beside: tuple[RenderedFile, ...] = (),
) -> Mapping[tuple[str, str], Heard]:
    """Each event of each NIC of a machine, each for itself."""
    with TemporaryDirectory() as folder:
        own = machine(Path(folder), capture, without=without, features=features)
        write(own, keep_off_files(drivers))
        write(own, [RenderedFile("etc/udev/rules.d/80-others.rules", OTHERS), *beside])
        (own / "run/udev/data").mkdir(parents=True)
        nics = sorted(one.name for one in (own / "sys/class/net").iterdir() if one.is_symlink())
        events = [(action, nic) for action in actions for nic in nics]
        steps = [
            Step(
                "event",
                "#!/bin/sh\nexport SYSTEMD_DEVICE_VERIFY_SYSFS=0\n"
                f"chroot $1 /usr/bin/udevadm test -a {action} /sys/class/net/{nic} 2>&1\n",
                outside=True,
            )
            for action, nic in events
        ]
        layers = [tools(suite).root, unpacked(suite, ("dash",)).root]
        outcomes = run(layers, own, steps)
    assert {outcome.status for outcome in outcomes} == {0}, outcomes[0].out
    return {event: _heard(outcome.out) for event, outcome in zip(events, outcomes)}


def _heard(out: str) -> Heard:
    properties, shows = {}, False
    for line in map(str.strip, out.splitlines()):
        key, equals, value = line.partition("=")
        if equals and key.isupper() and " " not in key:
            properties[key] = value
        is_run = line.startswith(("run:", "RUN{program}"))
        shows = shows or (is_run and "echo change" in line)
    return Heard(properties, shows)


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("action", ["add", "change", "move"])
def test_a_vf_is_marked_for_every_manager_and_no_unit_is_started_for_it(
    suite: str, action: str
) -> None:
    actions = ("add", "change", "move")
    found = heard(suite, "azure-transparent-mlx5", actions=actions)
    vf = found[action, "enP35237s1"]
    assert vf.marks == MARKS
    assert vf.properties["OTHERS"] == "1"
    assert vf.properties.get("SYSTEMD_WANTS", "") == ""
    synthetic = found[action, "eth0"]
    assert synthetic.marks == {}
    assert synthetic.properties["SYSTEMD_WANTS"].startswith("ifup@")
    assert synthetic.shows_again is (action != "change") and not vf.shows_again


@pytest.mark.parametrize("suite", SUITES)
def test_of_two_vfs_on_one_pci_function_each_is_marked(suite: str) -> None:
    found = heard(suite, "azure-mana-two-ports")
    marked = {nic for (_, nic), one in found.items() if one.marks == MARKS}
    assert marked == {"enP30832s1", "enP30832s1d1"}
    assert {nic for (_, nic), one in found.items() if one.marks} == marked


@pytest.mark.parametrize("suite", SUITES_THAT_ASK)
def test_machines_without_a_pair_are_as_they_were(suite: str) -> None:
    """A VF alone, a synthetic NIC alone, and two virtio machines whose pair nobody owns."""
    alone = heard(suite, "azure-transparent-mlx5", without=("eth0",))
    machines = (
        alone,
        heard(suite, "azure-vf-absent"),
        heard(suite, "virtio-bare", features=PLAIN),
        heard(suite, "virtio-bond", features=PLAIN),
    )
    assert [one.marks for found in machines for one in found.values() if one.marks] == []
    assert alone["add", "enP35237s1"].properties["SYSTEMD_WANTS"].startswith("ifup@")


@pytest.mark.parametrize("suite", SUITES)
def test_of_net_failover_the_vf_and_the_standby_are_marked(suite: str) -> None:
    found = heard(suite, "net-failover", features=STANDBY)
    assert found["add", "enp2s0"].marks == MARKS
    assert found["add", "enp1s0nsby"].marks == STANDBYS_MARKS
    assert found["add", "enp1s0"].marks == {} and found["add", "enp1s0"].shows_again


@pytest.mark.parametrize("suite", SUITES)
def test_a_driver_that_is_told_counts_as_synthetic(suite: str) -> None:
    found = heard(suite, "virtio-bare", features=PLAIN, drivers=("virtio_net",))
    assert found["add", "ens17"].marks == MARKS
    assert found["add", "eth0"].marks == {} and found["add", "eth0"].shows_again


@pytest.mark.parametrize("suite", SUITES_THAT_ASK)
def test_devices_of_software_that_bear_the_mac_are_left_alone(suite: str) -> None:
    found = heard(suite, "stacked-same-mac")
    assert {nic for (_, nic), one in found.items() if one.marks} == {"enP1s1"}


@pytest.mark.parametrize("suite", SUITES)
def test_a_vf_that_belongs_to_a_bond_of_ours_is_that_ones(suite: str) -> None:
    """The rules that a plan made know better."""
    own = udev_rules(Wanted(System.LINUX, "netplan", (BOND,)))
    assert RULES_FILE < KEEP_OFF_RULES
    found = heard(suite, "virtio-bond", features=PLAIN, drivers=("virtio_net",), beside=(own,))
    vf = found["add", "ens17"]
    assert vf.properties["HYPERV_NET_VF"] == "aggregate"
    assert not {"ID_NET_MANAGED_BY", KEPT_OFF} & vf.properties.keys()


@pytest.mark.parametrize("suite", SUITES)
def test_turned_off_it_is_as_if_it_were_not_there(suite: str) -> None:
    off = RenderedFile(OFF[System.LINUX], "turned off\n")
    found = heard(suite, "azure-transparent-mlx5", beside=(off,))
    assert [one for one in found.values() if one.marks or one.shows_again] == []


def test_udev_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    """As its own check says, of 254 and later."""
    for number, drivers in enumerate(((), ("virtio_net",), ("xen-netfront", "vif"))):
        files = keep_off_files(drivers)
        write(tmp_path / str(number), files)
        ran = udevadm_verify("trixie", tmp_path / str(number) / KEEP_OFF_RULES)
        assert ran.status == 0, ran.out + ran.err
