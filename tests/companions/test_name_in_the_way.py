"""What udev runs where a VF has the name of its synthetic NIC: by a shell, and by udev itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hyperv_net.companions.name_in_the_way import program
from hyperv_net.companions.udev_rules import VF_MARK, udev_rules
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.inventory import identifiers
from hyperv_net.model import Mode, System
from hyperv_net.names import is_interface_name
from tests.companions.test_udevadm import sysfs
from tests.debian.tools import SUITES, tools, write
from tests.firstboot.sandbox import Step, run

MAC = "00:0d:3a:11:22:33"
OTHER = "00:0d:3a:11:22:34"
PAIR = WantedPair(MAC, Mode.AGGREGATE, "eth0", ("virtio_net",), "bond0", primary=True)

DONE = "USEC_INITIALIZED=1"
IS_VF = f"{DONE} {VF_MARK}=aggregate"

#: `ip` of the kernel's own mind: a NIC that is up is not renamed, and no name is given twice.
_IP = """#!/bin/sh
echo "$*" >>LOG
case $* in
"link set dev "*" name "*)
    [ -d "ROOT/$4" ] && [ ! -e "ROOT/$4/busy" ] && [ ! -e "ROOT/$6" ] || exit 2
    mv "ROOT/$4" "ROOT/$6" ;;
*" down") rm -f "ROOT/$4/busy" ;;
esac
"""
#: What udev has noted of the NIC is in a file: a word each property, a line each time it is asked.
_UDEVADM = """#!/bin/sh
[ "$1 $2 $3" = "info -q property" ] || exit 2
echo >>ROOT/asked
read -r said <ROOT/noted
sed -i '1{$!d}' ROOT/noted
read -r up <ROOT/uptime
echo $((up + 2)) >ROOT/uptime
printf '%s\\n' DEVTYPE=x $said
case $said in *ID_RENAMING*) : >ROOT/goes ;; esac
"""
#: Meanwhile udev renames it, if it has said so.
_SLEEP = """#!/bin/sh
[ ! -e ROOT/goes ] || mv ROOT/eth0 ROOT/ens17
"""


def nic(
    root: Path,
    name: str,
    index: int,
    mac: str = MAC,
    flags: str = "0x1002",
    driver: str = "mlx5_core",
) -> Path:
    """A NIC's folder in sysfs."""
    folder = root / name
    (folder / "device").mkdir(parents=True)
    (folder / "device" / "driver").symlink_to(f"../../../bus/pci/drivers/{driver}")
    for key, text in (("ifindex", index), ("address", mac), ("flags", flags)):
        (folder / key).write_text(f"{text}\n")
    return folder


def freed(root: Path, *noted: str, pair: WantedPair = PAIR) -> list[str]:
    """What the program has `ip` do, while udev has noted this of the NIC in the way, in turn.

    A look takes 2 s, as on a machine that is busy.
    """
    programs = root / "bin"
    programs.mkdir()
    for name, text in (("ip", _IP), ("udevadm", _UDEVADM), ("sleep", _SLEEP)):
        path = programs / name
        path.write_text(text.replace("LOG", f"{root}/log").replace("ROOT", str(root)))
        path.chmod(0o755)
    (root / "noted").write_text("".join(f"{one}\n" for one in noted))
    (root / "uptime").write_text("100\n")
    command = program(pair, "virtio_net", VF_MARK).replace("$$", "$")
    command = command.replace("/sys/class/net", str(root)).replace("/proc", str(root))
    shell, option, script = command.split(" ", 2)
    script = script.strip("'").replace("PATH=", f"PATH={programs}:")
    subprocess.run([shell, option, script], timeout=60)
    log = root / "log"
    return log.read_text().splitlines() if log.exists() else []


def test_a_vf_that_udev_has_left_the_name_is_given_another(tmp_path: Path) -> None:
    nic(tmp_path, "eth0", 2)
    assert freed(tmp_path, IS_VF) == ["link set dev eth0 name vf2"]
    assert not (tmp_path / "eth0").exists()
    assert (tmp_path / "asked").read_text() == "\n", "udev was done with it"


def test_one_that_udev_is_about_to_rename_is_waited_for_and_left_alone(tmp_path: Path) -> None:
    nic(tmp_path, "eth0", 2)
    assert freed(tmp_path, "", "", f"{IS_VF} ID_RENAMING=1") == []
    assert (tmp_path / "ens17").exists()


def test_a_vf_of_which_udev_has_noted_nothing_is_told_by_its_address(tmp_path: Path) -> None:
    """Bounded: the machine is not to wait for an event that does not come."""
    nic(tmp_path, "eth0", 2)
    assert freed(tmp_path, "") == ["link set dev eth0 name vf2"]
    assert (tmp_path / "asked").read_text() == "\n" * 3, "within the time, not for so many times"


def test_the_vf_of_another_card_is_given_another_name_too(tmp_path: Path) -> None:
    nic(tmp_path, "eth0", 2, OTHER)
    assert freed(tmp_path, IS_VF) == ["link set dev eth0 name vf2"]


@pytest.mark.parametrize("noted", [DONE, ""], ids=["known", "not known yet"])
def test_a_nic_that_is_no_vf_keeps_its_name(noted: str, tmp_path: Path) -> None:
    nic(tmp_path, "eth0", 2, OTHER)
    assert freed(tmp_path, noted) == []


def test_a_device_of_software_that_bears_the_address_keeps_its_name(tmp_path: Path) -> None:
    folder = nic(tmp_path, "eth0", 2)
    (folder / "device/driver").unlink()
    (folder / "device").rmdir()
    assert freed(tmp_path, DONE) == []


def test_two_synthetic_nics_that_have_each_others_names_do_not_wait_for_each_other(
    tmp_path: Path,
) -> None:
    """Of a NIC whose event it is still at, udev has noted nothing."""
    nic(tmp_path, "eth0", 2, OTHER, driver="virtio_net")
    assert freed(tmp_path, "") == []
    assert not (tmp_path / "asked").exists()


def test_a_vf_that_is_up_is_taken_down_for_it_and_raised_in_its_bond(tmp_path: Path) -> None:
    folder = nic(tmp_path, "eth0", 2, flags="0x1003")
    (folder / "busy").touch()
    (folder / "master").mkdir()
    assert freed(tmp_path, IS_VF) == [
        "link set dev eth0 name vf2",
        "link set dev eth0 down",
        "link set dev eth0 name vf2",
        "link set dev vf2 up",
    ]


def test_a_vf_that_cannot_be_renamed_is_raised_again_under_its_own_name(tmp_path: Path) -> None:
    folder = nic(tmp_path, "eth0", 2, flags="0x1003")
    (folder / "busy").touch()
    (folder / "master").mkdir()
    (tmp_path / "vf2").mkdir()
    assert freed(tmp_path, IS_VF)[-2:] == [
        "link set dev eth0 name vf2",
        "link set dev eth0 up",
    ]


def test_a_vf_that_is_up_without_a_bond_is_not_taken_down(tmp_path: Path) -> None:
    """It may carry the network of the initramfs."""
    (nic(tmp_path, "eth0", 2, flags="0x1003") / "busy").touch()
    assert freed(tmp_path, IS_VF) == ["link set dev eth0 name vf2"]
    assert (tmp_path / "eth0").exists()


@pytest.mark.parametrize("name", ["", "no name"])
def test_a_name_that_nobody_knows_is_kept_free_by_no_rule(name: str) -> None:
    pairs = (PAIR._replace(synthetic=name),)
    assert "PROGRAM" not in udev_rules(Wanted(System.LINUX, "netplan", pairs), [name]).text


def test_a_name_that_nobody_gives_to_the_synthetic_nic_is_left_to_the_vf() -> None:
    wanted = Wanted(System.LINUX, "netplan", (PAIR,))
    assert "PROGRAM" not in udev_rules(wanted, ["eth1"]).text
    assert 'KERNEL!="eth0", PROGRAM==' in udev_rules(wanted, ["eth0"]).text


@pytest.mark.parametrize("mode", [Mode.AGGREGATE, Mode.TRANSPARENT])
def test_a_command_is_no_longer_than_udev_takes(mode: Mode) -> None:
    """UTIL_PATH_SIZE of src/udev/udev-rules.c in older systemd, which cuts the rest off.

    Of a name (IFNAMSIZ), an address and a driver's name as long as there can be.
    """
    long = PAIR._replace(mode=mode, mac="ff:ff:ff:ff:ff:ff", synthetic="enP12345p0s2np9")
    assert is_interface_name(long.synthetic) and not is_interface_name(f"{long.synthetic}0")
    driver = "d" * 64
    assert identifiers.driver(driver) and not identifiers.driver(f"{driver}d")
    assert len(program(long, driver, VF_MARK)) < 1024


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize(
    ("name", "action", "asked"),
    [("ens17", "add", True), ("eth0", "add", False), ("ens17", "change", False)],
    ids=["VF has its name", "has its name", "no new NIC"],
)
def test_udev_runs_it_for_a_synthetic_nic_that_is_not_called_as_configured(
    suite: str, name: str, action: str, *, asked: bool, tmp_path: Path
) -> None:
    """On a captured machine whose VF is ens17: what is to be called so is its synthetic NIC."""
    sysfs(tmp_path, "virtio-bond")
    pair = PAIR._replace(synthetic=name)
    write(tmp_path, [udev_rules(Wanted(System.LINUX, "netplan", (pair,)), [name])])
    (tmp_path / "run/udev/data").mkdir(parents=True)
    event = Step(
        "event",
        "#!/bin/sh\nexport SYSTEMD_DEVICE_VERIFY_SYSFS=0 SYSTEMD_LOG_LEVEL=debug\n"
        f"chroot $1 /usr/bin/udevadm test -a {action} /sys/class/net/eth0 2>&1\n",
        outside=True,
    )
    (outcome,) = run([tools(suite).root], tmp_path, [event])
    assert outcome.status == 0, outcome.out
    ran = [line for line in outcome.out.splitlines() if "Running PROGRAM" in line]
    command = program(pair, "virtio_net", VF_MARK).replace("$$", "$")
    assert [command in line for line in ran] == [True] * asked
