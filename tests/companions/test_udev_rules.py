"""The rules as text, and their commands in a shell; test_udevadm.py has udev go through them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from hyperv_net.companions.udev_rules import MARK, join_command, udev_rules, wake_command
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.kept.worker import work_alone
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Mode, System
from hyperv_net.places import Place

MAC = "00:0d:3a:11:22:33"
OTHER = "00:0d:3a:11:22:34"
PAIR = WantedPair(MAC, Mode.AGGREGATE, "eth0", ("hv_netvsc",), "bond0", primary=True)
TRANSPARENT = WantedPair(OTHER, Mode.TRANSPARENT, "eth1", ("hv_netvsc",))


def wanted(*pairs: WantedPair) -> Wanted:
    return Wanted(System.LINUX, "netplan", pairs)


def by_shell(command: str, root: Path, name: str) -> list[str]:
    """Run a RUN key's command as udev would, over folders that stand for /sys and /run.

    The result is what it ran besides the shell.
    """
    programs = root / "bin"
    programs.mkdir(exist_ok=True)
    for program in ("ip", "setsid"):
        (programs / program).write_text(f'#!/bin/sh\nprintf "%s\\n" "{program} $*" >>{root}/log\n')
        (programs / program).chmod(0o755)
    command = command.replace("$$", "$").replace("/sys/class/net", str(root))
    command = command.replace("/run/", f"{root}/run/")
    shell, option, script = command.split(" ", 2)
    script = script.strip("'").replace("PATH=", f"PATH={programs}:")
    # What it leaves behind writes to the log as well: `wait` is for the test alone.
    subprocess.run(
        [shell, option, f"{script}\ns=$?; wait; exit $s"],
        env={"INTERFACE": name, "IFINDEX": "7"},
        check=True,
        timeout=20,
    )
    log = root / "log"
    return log.read_text().splitlines() if log.exists() else []


def nic(root: Path, name: str, flags: str = "0x1002") -> Path:
    """A NIC's folder, as sysfs has one for each name that the kernel itself uses."""
    folder = root / name
    folder.mkdir()
    (folder / "ifindex").write_text("7\n")
    (folder / "flags").write_text(f"{flags}\n")
    return folder


def bond(root: Path, held: str = "eth0\n", mode: str = "active-backup 1", mac: str = MAC) -> Path:
    """A bond's folder; `slaves` of a real one takes what is written without losing what it has."""
    folder = root / "bond0/bonding"
    folder.mkdir(parents=True)
    (folder / "slaves").write_text(held)
    (folder / "mode").write_text(f"{mode}\n")
    for member in held.split():
        (root / member / "bonding_slave").mkdir(parents=True)
        (root / member / "bonding_slave/perm_hwaddr").write_text(f"{mac}\n")
    return folder


def test_a_vf_is_joined_and_made_primary_and_only_then_a_program_is_run(tmp_path: Path) -> None:
    folder = bond(tmp_path)
    nic(tmp_path, "enP1s2")
    assert by_shell(join_command(PAIR), tmp_path, "enP1s2") == ["ip addr flush dev enP1s2"]
    assert (folder / "slaves").read_text() == "+enP1s2\n"
    assert (folder / "primary").read_text() == "enP1s2\n"


def test_a_vf_that_somebody_has_raised_is_cleared_and_joined(tmp_path: Path) -> None:
    """It is taken down first, since the kernel enslaves nothing that is up, and never raised."""
    folder = bond(tmp_path)
    nic(tmp_path, "enP1s2", flags="0x1003")
    ran = by_shell(join_command(PAIR), tmp_path, "enP1s2")
    assert ran == ["ip link set dev enP1s2 down", "ip addr flush dev enP1s2"]
    assert (folder / "slaves").read_text() == "+enP1s2\n"
    assert (folder / "primary").read_text() == "enP1s2\n"


def test_the_primary_is_left_alone_where_it_is_not_to_be_the_vf(tmp_path: Path) -> None:
    folder = bond(tmp_path)
    nic(tmp_path, "enP1s2")
    by_shell(join_command(PAIR._replace(primary=False)), tmp_path, "enP1s2")
    assert (folder / "slaves").read_text() == "+enP1s2\n"
    assert not (folder / "primary").exists()


def test_the_bond_of_a_drained_pair_forgets_its_primary_before_a_vf_joins(tmp_path: Path) -> None:
    """It would send through a VF that joins under that name, before `reconcile` has looked."""
    folder = bond(tmp_path)
    (folder / "primary").write_text("enP1s2\n")
    nic(tmp_path, "enP1s2")
    (tmp_path / "run/hyperv-net/drained").mkdir(parents=True)
    (tmp_path / "run/hyperv-net/drained" / MAC).touch()
    by_shell(join_command(PAIR), tmp_path, "enP1s2")
    assert (folder / "slaves").read_text() == "+enP1s2\n"
    assert (folder / "primary").read_text() == "\n"


def test_a_vf_that_has_a_master_is_left_alone(tmp_path: Path) -> None:
    """It is a member already, or the kernel's own."""
    folder = bond(tmp_path)
    (nic(tmp_path, "enP1s2") / "master").mkdir()
    assert by_shell(join_command(PAIR), tmp_path, "enP1s2") == []
    assert (folder / "slaves").read_text() == "eth0\n"


def test_a_nic_that_has_the_name_of_one_that_left_is_not_the_events(tmp_path: Path) -> None:
    """Its own event is still to come, and with it the name that it is to have."""
    folder = bond(tmp_path)
    (nic(tmp_path, "eth1") / "ifindex").write_text("8\n")
    assert by_shell(join_command(PAIR), tmp_path, "eth1") == []
    assert (folder / "slaves").read_text() == "eth0\n"


@pytest.mark.parametrize(
    "other",
    [
        {"mode": "balance-rr 0"},
        {"held": "eth0 enP9s9\n"},
        {"held": "eth0 enP9s9 enP8s8\n"},
        {"held": "eth7\n", "mac": OTHER},
    ],
    ids=["another mode", "another VF", "two others", "another card"],
)
def test_a_bond_that_is_not_as_it_should_be_is_left_to_reconcile(
    other: dict[str, str], tmp_path: Path
) -> None:
    folder = bond(tmp_path, **other)
    nic(tmp_path, "enP1s2")
    assert by_shell(join_command(PAIR), tmp_path, "enP1s2") == []
    assert not (folder / "primary").exists()


def test_a_bond_that_is_still_being_made_gets_no_vf(tmp_path: Path) -> None:
    """Its first member gives it its MTU and perhaps its MAC, which is the synthetic NIC's part."""
    folder = bond(tmp_path, held="")
    nic(tmp_path, "enP1s2")
    assert by_shell(join_command(PAIR), tmp_path, "enP1s2") == []
    assert (folder / "slaves").read_text() == ""


def test_nothing_is_done_before_there_is_a_bond(tmp_path: Path) -> None:
    """The VF is not touched, and no file appears."""
    nic(tmp_path, "enP1s2")
    assert by_shell(join_command(PAIR), tmp_path, "enP1s2") == []
    assert {path.name for path in tmp_path.iterdir()} == {"bin", "enP1s2"}


def test_a_nic_that_could_not_be_renamed_is_left_to_reconcile(tmp_path: Path) -> None:
    """INTERFACE is then an alternative name, by which `ip` would take an active member down."""
    folder = bond(tmp_path)
    assert by_shell(join_command(PAIR), tmp_path, "enP1s2") == []
    assert (folder / "slaves").read_text() == "eth0\n"


def test_nothing_in_a_name_is_expanded(tmp_path: Path) -> None:
    """The kernel allows `*` and `$` in names."""
    folder = bond(tmp_path)
    (folder / "mode$(id)").touch()
    nic(tmp_path, "*$(id)", flags="0x1003")
    ran = by_shell(join_command(PAIR), tmp_path, "*$(id)")
    assert ran[0] == "ip link set dev *$(id) down"


@pytest.mark.parametrize("systemd", [True, False])
def test_the_worker_is_woken_by_its_mark_and_without_systemd_it_is_started(
    systemd: bool, tmp_path: Path
) -> None:
    """Beside systemd, whose path unit waits for the mark, no process is left behind."""
    (tmp_path / "run").mkdir()
    if systemd:
        (tmp_path / "run/systemd/system").mkdir(parents=True)
    ran = by_shell(wake_command(), tmp_path, "enP1s2")
    assert (tmp_path / "run/hyperv-net/again").exists()
    assert ran == ([] if systemd else ["setsid python3 -I -m hyperv_net.hotplug"])


def test_the_mark_of_the_rules_is_the_one_that_the_worker_takes(tmp_path: Path) -> None:
    """A rule's mark, left while a worker is at work, has it look once more."""
    runs: list[None] = []

    def work() -> None:
        runs.append(None)
        if len(runs) == 1:
            (tmp_path / MARK.rpartition("/")[2]).touch()

    assert work_alone(str(tmp_path), work)
    assert len(runs) == 2


def test_a_machine_whose_pairs_are_all_the_kernels_runs_nothing_unless_one_is_drained() -> None:
    """Most machines have such pairs, and no event of theirs may cost a process."""
    text = udev_rules(wanted(TRANSPARENT)).text
    ways = [line for line in text.splitlines() if 'GOTO="hyperv_net_wake"' in line]
    assert len(ways) == 2
    assert all('TEST=="/run/hyperv-net/drained"' in line for line in ways)
    assert f"{text.partition('LABEL=')[0].splitlines()[-1]}" == (
        'ENV{HYPERV_NET_VF}!="aggregate", GOTO="hyperv_net_end"'
    )
    assert 'ENV{NM_UNMANAGED}="1"' in text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"mac": ":".join(["00"] * 20)}, "not a MAC address"),
        ({"aggregate": "bond 0"}, "not an interface name"),
        ({"aggregate": '0", RUN+="x'}, "not an interface name"),
        ({"synthetic_drivers": ('x", RUN+="/bin/evil',)}, "not a driver's name"),
    ],
)
def test_a_pair_that_no_rule_can_be_made_for_is_an_error(
    wrong: dict[str, object], says: str
) -> None:
    """Its VF would never be joined, so the user is told where and why."""
    pair = PAIR._replace(**wrong)  # type: ignore[arg-type]
    with pytest.raises(HypervNetError) as caught:
        udev_rules(wanted(pair))
    assert says in caught.value.what and "VF of eth0" in caught.value.what
    assert caught.value.where == Place("", ("bonds", str(pair.aggregate))) and caught.value.hint


def test_every_goto_leads_to_a_label_below_it() -> None:
    """udev ignores a GOTO that does not."""
    for pairs in ((PAIR,), (TRANSPARENT,), (PAIR, TRANSPARENT)):
        lines = udev_rules(wanted(*pairs)).text.splitlines()
        labels = {line: n for n, line in enumerate(lines) if line.startswith("LABEL=")}
        for number, line in enumerate(lines):
            for target in re.findall(r"GOTO=(\"\w+\")", line):
                assert labels[f"LABEL={target}"] > number
