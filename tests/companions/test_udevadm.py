"""The rules as udev itself goes through them, for the NICs of captured machines."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from hyperv_net.companions.udev_rules import JOINED_BY_RULE, join_command, udev_rules, wake_command
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Mode, RenderedFile, System
from hyperv_net.root.turned_off import OFF
from tests.debian.tools import SUITES, tools, udevadm_verify, write
from tests.firstboot.sandbox import Step, run
from tests.inventory.captured import capture, materialise

pytestmark = pytest.mark.debian

MAC = "00:0d:3a:11:22:33"
BOND = WantedPair(MAC, Mode.AGGREGATE, "eth0", ("virtio_net",), "bond0", primary=True)
JOINS = join_command(BOND).replace("$$", "$")
WAKES = wake_command()


def kernels(mac: str, driver: str) -> WantedPair:
    return WantedPair(mac, Mode.TRANSPARENT, "eth0", (driver,))


class Machine(NamedTuple):
    """A captured machine, its pairs, and the events to be looked at (none: each device added)."""

    capture: str
    pairs: tuple[WantedPair, ...]
    events: tuple[tuple[str, str], ...]


MACHINES: Mapping[str, Machine] = {
    "bond": Machine(
        "virtio-bond",
        (BOND,),
        (
            # First, since before 257 `udevadm test` notes what it found for the next.
            ("remove", "ens17"),
            *((action, "ens17") for action in ("offline", "add", "change", "move")),
            ("change", "eth0"),
            *((action, "bond0") for action in ("add", "change", "remove")),
            ("add", "lo"),
        ),
    ),
    "joined": Machine("virtio-bond", (BOND,), (("change", "ens17"), ("move", "ens17"))),
    "other MAC": Machine(
        "virtio-bond",
        (WantedPair("00:0d:3a:11:22:99", Mode.AGGREGATE, "eth0", ("virtio_net",), "bond9"),),
        (("change", "ens17"), ("add", "bond0"), ("add", "eth0")),
    ),
    "stacked": Machine(
        "stacked-same-mac",
        (WantedPair("60:45:bd:9d:ea:9c", Mode.AGGREGATE, "eth0", ("hv_netvsc",), "bond0"),),
        (),
    ),
    "transparent": Machine(
        "azure-transparent-mlx5",
        (kernels("60:45:bd:9d:ea:9c", "hv_netvsc"),),
        (("add", "vf"), ("remove", "vf"), ("add", "synthetic")),
    ),
}


class Heard(NamedTuple):
    """What udev made of an event: properties, and the programs of ours that it would run."""

    properties: Mapping[str, str]
    runs: tuple[str, ...]


def rules_of(machine: Machine) -> RenderedFile:
    return udev_rules(Wanted(System.LINUX, "netplan", machine.pairs))


@cache
def heard(
    suite: str,
    name: str,
    noted: str = "",
    *,
    off: bool = False,
    held: str = "eth0 ens17",
    mode: str = "active-backup 1",
) -> Mapping[tuple[str, str], Heard]:
    """All events of a machine, each for itself.

    `noted` is what udev noted of devices before, `held` what bond0 holds and `mode` its mode;
    with `off` hyperv-net is turned off.
    """
    machine = MACHINES[name]
    with TemporaryDirectory() as folder:
        own = Path(folder)
        devices = sysfs(own, machine.capture)
        write(own, [rules_of(machine)])
        if off:
            write(own, [RenderedFile(OFF[System.LINUX], "turned off\n")])
        bonding = own / "sys/class/net/bond0/bonding"
        if bonding.exists():
            (bonding / "slaves").write_text(f"{held}\n")
            (bonding / "mode").write_text(f"{mode}\n")
        (own / "run/udev/data").mkdir(parents=True)
        for index in range(1, 12):
            (own / f"run/udev/data/n{index}").write_text(noted)
        events = list(machine.events) or [("add", nic) for nic in sorted(set(devices.values()))]
        steps = [
            Step(
                "event",
                "#!/bin/sh\nexport SYSTEMD_DEVICE_VERIFY_SYSFS=0\n"
                f"chroot $1 /usr/bin/udevadm test -a {action} "
                f"/sys/class/net/{devices.get(device, device)}\n",
                outside=True,
            )
            for action, device in events
        ]
        outcomes = run([tools(suite).root], own, steps)
    assert {outcome.status for outcome in outcomes} == {0}, outcomes[0].err
    return {event: _heard(outcome.out) for event, outcome in zip(events, outcomes)}


def sysfs(own: Path, name: str) -> dict[str, str]:
    """The captured /sys with the links by which udev knows a NIC; role or name → name."""
    materialise(capture(name), own)
    devices = {}
    class_net = own / "sys/class/net"
    for nic in class_net.iterdir():
        if not nic.is_symlink():
            continue
        if not (nic / "subsystem").is_symlink():
            (nic / "subsystem").symlink_to(os.path.relpath(class_net, nic.resolve()))
        devices[nic.name] = nic.name
        driver = (nic / "device/driver").resolve().name if (nic / "device").exists() else ""
        if driver == "hv_netvsc":
            devices["synthetic"] = nic.name
        elif driver:
            devices["vf"] = nic.name
    return devices


def _heard(out: str) -> Heard:
    properties, runs = {}, []
    for line in map(str.strip, out.splitlines()):
        if "/bin/sh -c" in line:
            # `run: '…'` before 257, `RUN{program} : …` since.
            command = line[line.index("/bin/sh -c") :]
            runs.append(command[:-1] if command.endswith("''") else command)
        elif "=" in line and " " not in line.partition("=")[0]:
            key, _, value = line.partition("=")
            properties[key] = value
    return Heard(properties, tuple(runs))


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("action", ["add", "change", "move"])
def test_a_vf_is_marked_joined_and_the_worker_is_woken(suite: str, action: str) -> None:
    found = heard(suite, "bond")[action, "ens17"]
    assert found.properties["NM_UNMANAGED"] == "1"
    assert found.properties["HYPERV_NET_VF"] == "aggregate"
    assert "ID_NET_MANAGED_BY" not in found.properties  # networkd may join it as well
    assert found.runs == (JOINS, WAKES)


@pytest.mark.parametrize("suite", SUITES)
def test_turned_off_nothing_is_run_and_nobody_is_told_of_a_join(suite: str) -> None:
    """The marks stay, as the files stay that `apply` wrote: they keep managers off a VF."""
    events = heard(suite, "bond", off=True, held="eth0")
    assert {one.runs for one in events.values()} == {()}
    assert events["add", "ens17"].properties["NM_UNMANAGED"] == "1"
    assert JOINED_BY_RULE not in events["add", "ens17"].properties
    as_ever = heard(suite, "bond", held="eth0")
    assert as_ever["add", "ens17"].runs == (JOINS, WAKES)
    assert as_ever["remove", "bond0"].runs == (WAKES,)
    assert JOINED_BY_RULE in as_ever["add", "ens17"].properties


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("action", ["add", "change", "move"])
def test_networkd_is_kept_off_a_vf_that_the_rule_joins(suite: str, action: str) -> None:
    """One whose bond holds one NIC and is in its mode; networkd may have others."""
    for held, mode, known in (
        ("eth0", "active-backup 1", "1"),
        ("", "active-backup 1", None),
        ("eth0", "balance-rr 0", None),
        ("eth0 eth1", "active-backup 1", None),
        ("eth0 ens17", "active-backup 1", None),
    ):
        found = heard(suite, "bond", held=held, mode=mode)[action, "ens17"].properties
        assert found.get(JOINED_BY_RULE) == known, held


@pytest.mark.parametrize("suite", SUITES)
def test_a_vf_that_the_rule_has_joined_stays_the_rules(suite: str) -> None:
    noted = f"E:HYPERV_NET_VF=aggregate\nE:{JOINED_BY_RULE}=1\n"
    for found in heard(suite, "joined", noted).values():
        assert found.properties[JOINED_BY_RULE] == "1"
    for found in heard(suite, "joined").values():
        assert JOINED_BY_RULE not in found.properties


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("event", [("change", "eth0"), ("add", "bond0"), ("remove", "bond0")])
def test_the_synthetic_nic_and_the_bond_wake_the_worker_and_are_not_marked(
    suite: str, event: tuple[str, str]
) -> None:
    found = heard(suite, "bond")[event]
    assert found.runs == (WAKES,)
    assert not {"NM_UNMANAGED", "HYPERV_NET_VF"} & found.properties.keys()


@pytest.mark.parametrize("suite", SUITES)
def test_a_vf_that_goes_wakes_the_worker_by_what_was_noted_of_it(suite: str) -> None:
    """Of a device that has gone no attribute is left to tell it by."""
    assert heard(suite, "bond", "E:HYPERV_NET_VF=aggregate\n")["remove", "ens17"].runs == (WAKES,)
    assert heard(suite, "bond")["remove", "ens17"].runs == ()


@pytest.mark.parametrize("suite", SUITES)
def test_no_other_device_and_no_other_action_is_ours(suite: str) -> None:
    assert heard(suite, "bond")["add", "lo"].runs == ()
    assert heard(suite, "bond")["offline", "ens17"].runs == ()
    for found in heard(suite, "other MAC").values():
        assert found.runs == ()
        assert not {"NM_UNMANAGED", "HYPERV_NET_VF"} & found.properties.keys()


@pytest.mark.parametrize("suite", SUITES)
def test_a_vf_whose_bond_has_given_it_another_mac_stays_marked(suite: str) -> None:
    """An administrator's bond may have a MAC of its own, which its members take on."""
    found = heard(suite, "other MAC", "E:HYPERV_NET_VF=aggregate\n")["change", "ens17"]
    assert found.properties["NM_UNMANAGED"] == "1"
    assert found.runs == (WAKES,)


@pytest.mark.parametrize("suite", SUITES)
def test_devices_of_software_that_bear_the_mac_are_left_alone(suite: str) -> None:
    """Vlans, bridges, macvlans and so on over the pair."""
    found = {device: one for (_, device), one in heard(suite, "stacked").items()}
    assert {"br0", "eth0.10", "mac0", "ipv0"} <= found.keys()
    assert {one for one in found if "NM_UNMANAGED" in found[one].properties} == {"enP1s1"}
    assert {one for one in found if found[one].runs} == {"enP1s1", "eth0"}
    assert len(found["enP1s1"].runs) == 2


@pytest.mark.parametrize("suite", SUITES)
def test_the_vf_of_a_transparent_pair_is_marked_for_all_managers_and_nothing_runs(
    suite: str,
) -> None:
    found = heard(suite, "transparent")
    vf = found["add", "vf"]
    assert vf.properties["NM_UNMANAGED"] == "1"
    assert vf.properties["ID_NET_MANAGED_BY"] == "unmanaged"
    assert "NM_UNMANAGED" not in found["add", "synthetic"].properties
    assert {one.runs for one in found.values()} == {()}


def test_udev_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    """As its own check says, of 254 and later."""
    both = (BOND, kernels("60:45:bd:9d:ea:9c", "hv_netvsc"))
    for number, pairs in enumerate((both[:1], both[1:], both)):
        rules = udev_rules(Wanted(System.LINUX, "netplan", pairs))
        write(tmp_path / str(number), [rules])
        ran = udevadm_verify("trixie", tmp_path / str(number) / rules.path)
        assert ran.status == 0, ran.out + ran.err
