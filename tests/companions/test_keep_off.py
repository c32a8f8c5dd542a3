"""What keeps everybody off VFs as text, and its programs in the shells that machines have."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from hyperv_net.companions.keep_off import (
    keep_off_files,
    keep_off_paths,
    show_again_program,
    vf_program,
)
from hyperv_net.companions.udev_rules import KEEP_OFF_RULES
from hyperv_net.errors import HypervNetError
from hyperv_net.renderers.ifupdown.paths import KEEP_OFF_FILE as SCRIPT
from hyperv_net.renderers.ifupdown.paths import PROGRAMS as IFUPDOWN
from tests.companions.keep_off_tree import PLAIN, STANDBY, device_path, link, machine
from tests.debian.packages import unpacked

pytestmark = pytest.mark.debian

NETVSC = ("hv_netvsc",)
#: dash is Debian's sh, bash Fedora's and Flatcar's, busybox that of small images.
SHELLS = ("dash", "bash", "busybox")


def shell(name: str) -> list[str]:
    if name == "busybox":
        return [str(unpacked("trixie", ("busybox-static",)).root / "usr/bin/busybox"), "sh"]
    posix = ["--posix"] if name == "bash" else []
    return [*unpacked("trixie", (name,)).command(f"/usr/bin/{name}"), *posix]


def run(command: str, which: str, root: Path, nic: str, **environment: str) -> int:
    """Run a command of a rule as udev would for a NIC; its status.

    /sys is below `root`, and there is no PATH, as udev gives its programs none.
    """
    _, _, script = command.replace("$$", "$").replace("%%", "%").split(" ", 2)
    script = script.removeprefix("'").removesuffix("'").replace("/sys", f"{root}/sys")
    index = (root / "sys/class/net" / nic / "ifindex").read_text().strip()
    done = subprocess.run(
        [*shell(which), "-c", script],
        env={"DEVPATH": device_path(root, nic), "INTERFACE": nic, "IFINDEX": index, **environment},
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert done.stdout + done.stderr == b""
    return done.returncode


def vfs(root: Path, which: str = "dash", drivers: tuple[str, ...] = NETVSC) -> set[str]:
    """The NICs that the program takes for VFs."""
    nics = [one.name for one in (root / "sys/class/net").iterdir() if one.is_symlink()]
    return {nic for nic in nics if run(vf_program(drivers), which, root, nic) == 0}


@pytest.mark.parametrize("which", SHELLS)
@pytest.mark.parametrize(
    ("capture", "features", "expected"),
    [
        ("azure-transparent-mlx5", None, {"enP35237s1"}),
        ("azure-mana-two-ports", None, {"enP30832s1", "enP30832s1d1"}),
        ("azure-vf-absent", None, set()),
        ("hv-netvsc-on-virtio", None, {"ens17"}),
        ("stacked-same-mac", None, {"enP1s1"}),
        ("net-failover", STANDBY, {"enp2s0"}),
        ("net-failover-vf-absent", STANDBY, set()),
        ("virtio-bare", PLAIN, set()),
        ("virtio-bond", PLAIN, set()),
    ],
)
def test_a_vf_is_told_by_the_synthetic_nic_that_bears_its_address(
    capture: str, features: str | None, expected: set[str], which: str, tmp_path: Path
) -> None:
    """On VMBus, on any other bus, of two on one PCI function each, beside a standby."""
    assert vfs(machine(tmp_path, capture, features=features), which) == expected


def test_a_vf_without_a_synthetic_nic_is_an_ordinary_nic(tmp_path: Path) -> None:
    """A machine that has nothing else keeps its network; so does the second port of two."""
    assert vfs(machine(tmp_path / "mlx5", "azure-transparent-mlx5", without=["eth0"])) == set()
    one_left = machine(tmp_path / "mana", "azure-mana-two-ports", without=["eth1"])
    assert vfs(one_left) == {"enP30832s1"}


def test_a_virtio_nic_counts_where_it_is_told(tmp_path: Path) -> None:
    root = machine(tmp_path, "virtio-bare", features=PLAIN)
    assert vfs(root, drivers=("hv_netvsc", "virtio_net")) == {"ens17"}


def test_a_vf_whose_master_is_a_synthetic_nic_needs_no_address(tmp_path: Path) -> None:
    """Somebody may have given the synthetic NIC another one before the VF came back."""
    root = machine(tmp_path, "azure-transparent-mlx5")
    (root / "sys/class/net/eth0/address").write_text("02:00:00:00:00:01\n")
    assert vfs(root) == set()
    link(root / "sys/class/net/enP35237s1/master", (root / "sys/class/net/eth0").resolve())
    assert vfs(root) == {"enP35237s1"}


@pytest.mark.parametrize("which", SHELLS)
def test_nothing_in_a_name_is_expanded(which: str, tmp_path: Path) -> None:
    """The kernel allows `*`, `$` and quotes in names."""
    root = machine(tmp_path, "azure-transparent-mlx5")
    nics, name = root / "sys/class/net", "*';$(id)`id`"
    place = (nics / "enP35237s1").resolve()
    (nics / "enP35237s1").unlink()
    place.rename(place.with_name(name))
    link(nics / name, place.with_name(name))
    assert vfs(root, which) == {name}
    (place.with_name(name) / "uevent").write_text("")
    assert run(show_again_program(), which, root, "eth0") == 0
    assert (place.with_name(name) / "uevent").read_text() == "change\n"


def test_what_is_no_ethernet_is_no_vf(tmp_path: Path) -> None:
    root = machine(tmp_path, "azure-transparent-mlx5")
    (root / "sys/class/net/enP35237s1/type").write_text("32\n")
    assert vfs(root) == set()


def test_features_that_are_too_short_for_a_standby_tell_of_none(tmp_path: Path) -> None:
    root = machine(tmp_path, "net-failover", features="1" * 62)
    assert vfs(root) == set()


@pytest.mark.parametrize("which", SHELLS)
def test_a_vf_that_came_before_its_synthetic_nic_is_shown_to_udev_again(
    which: str, tmp_path: Path
) -> None:
    """Those of the same card, and of others none."""
    root = machine(tmp_path, "azure-mana-two-ports")
    told = {name: root / f"sys/class/net/{name}/uevent" for name in ("enP30832s1", "enP30832s1d1")}
    for uevent in told.values():
        uevent.write_text("")
    before = (root / "sys/class/net/eth1/uevent").read_text()
    assert run(show_again_program(), which, root, "eth1") == 0
    assert told["enP30832s1d1"].read_text() == "change\n"
    assert told["enP30832s1"].read_text() == ""
    assert (root / "sys/class/net/eth1/uevent").read_text() == before


def test_a_synthetic_nic_that_was_renamed_since_its_event_is_found_by_its_name(
    tmp_path: Path,
) -> None:
    root = machine(tmp_path, "azure-transparent-mlx5")
    uevent = root / "sys/class/net/enP35237s1/uevent"
    uevent.write_text("")
    gone = {"DEVPATH": "/devices/LNXSYSTM:00/gone/net/eth9"}
    assert run(show_again_program(), "dash", root, "eth0", **gone) == 0
    assert uevent.read_text() == "change\n"


@pytest.mark.parametrize("which", SHELLS)
def test_ifup_is_ended_for_a_vf_and_for_nothing_else(which: str, tmp_path: Path) -> None:
    """Whatever it was called for: by allow-hotplug, by waagent, by a person."""
    root = machine(tmp_path, "net-failover", features=STANDBY)
    files = {one.path: one for one in keep_off_files((), lambda path: path == IFUPDOWN[0])}
    script = tmp_path / "script"
    text = files[SCRIPT].text.replace("/sys/", f"{root}/sys/").replace("/var/", f"{root}/var/")
    script.write_text(text)

    def ended(interface: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*shell(which), str(script)],
            env={"IFACE": interface},
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )

    vf = ended("enp2s0")
    assert vf.returncode == 1 and vf.stderr.startswith("enp2s0 is the VF of a card")
    others = [ended(one) for one in ("enp1s0", "lo", "--all", "", "../../x", "eth9")]
    assert {(one.returncode, one.stderr) for one in others} == {(0, "")}
    off = root / "var/lib/hyperv-net/off"
    off.parent.mkdir(parents=True)
    off.write_text("turned off\n")
    assert ended("enp2s0").returncode == 0


def test_ifupdowns_script_is_for_machines_that_have_it() -> None:
    assert SCRIPT not in {one.path for one in keep_off_files()}
    assert SCRIPT in {one.path for one in keep_off_files((), lambda path: path == IFUPDOWN[1])}


def test_nothing_is_written_outside_etc_and_nothing_needs_python() -> None:
    """/usr is read-only on Flatcar and Fedora CoreOS, and there is no Python."""
    assert all(path.startswith("etc/") for path in keep_off_paths())
    for file in keep_off_files():
        assert "python" not in file.text.replace("setsid python3 -I -m hyperv_net.hotplug", "")


def test_what_holds_in_the_machine_holds_in_its_initramfs() -> None:
    for sign, path in (
        ("usr/share/initramfs-tools", "etc/initramfs-tools/hooks/hyperv-net-keep-off"),
        ("usr/bin/dracut", "etc/dracut.conf.d/90-hyperv-net-keep-off.conf"),
    ):
        files = {one.path: one for one in keep_off_files((), {sign}.__contains__)}
        carried = files.pop(path).text
        assert all(f"/{other}" in carried for other in files)


def test_the_hook_of_initramfs_tools_copies_what_is_there(tmp_path: Path) -> None:
    path = "etc/initramfs-tools/hooks/hyperv-net-keep-off"
    files = {one.path: one for one in keep_off_files((), lambda path: True)}
    root, into = tmp_path / "root", tmp_path / "into"
    (root / "functions").parent.mkdir(parents=True)
    (root / "functions").write_text("")
    (root / KEEP_OFF_RULES).parent.mkdir(parents=True)
    (root / KEEP_OFF_RULES).write_text("rules\n")
    script = tmp_path / "hook"
    text = files[path].text.replace(
        "/usr/share/initramfs-tools/hook-functions", f"{root}/functions"
    )
    script.write_text(text.replace('"/etc/', f'"{root}/etc/'))
    done = subprocess.run(
        ["/bin/sh", str(script)],
        env={"DESTDIR": str(into), "PATH": "/usr/bin:/bin"},
        timeout=20,
        check=False,
    )
    assert done.returncode == 0
    assert (into / KEEP_OFF_RULES).read_text() == "rules\n"


def test_every_goto_leads_to_a_label_below_it() -> None:
    """udev ignores a GOTO that does not."""
    for drivers in ((), ("virtio_net",)):
        (rules,) = [one for one in keep_off_files(drivers) if one.path == KEEP_OFF_RULES]
        lines = rules.text.splitlines()
        labels = {line: n for n, line in enumerate(lines) if line.startswith("LABEL=")}
        for number, line in enumerate(lines):
            for target in re.findall(r"GOTO=(\"\w+\")", line):
                assert labels[f"LABEL={target}"] > number


@pytest.mark.parametrize("wrong", ['x", RUN+="/bin/evil', "a b", "$(id)", "*"])
def test_a_driver_that_cannot_stand_in_a_rule_is_an_error(wrong: str) -> None:
    with pytest.raises(HypervNetError, match="not a driver's name"):
        keep_off_files([wrong])


def test_more_drivers_than_a_command_of_udev_has_room_for_are_an_error() -> None:
    """udev of systemd 241 and its kin cut a command at 1024 characters."""
    with pytest.raises(HypervNetError, match="more than a rule of udev may run"):
        keep_off_files([f"driver_of_some_length_{number}" for number in range(20)])
