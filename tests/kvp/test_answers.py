"""What the host injects is what it is told next, on every target, with and without a pair."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hyperv_net.companions.wanted_file import to_json
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Mode, System
from tests.kvp import texts
from tests.kvp.linux import STATIC, answers, inject, kvp, with_pair, without_pair

Make = Callable[..., Path]
on_each_target = pytest.mark.parametrize("target", ["netplan", "ifupdown", "networkd"])
with_and_without = pytest.mark.parametrize("make", [with_pair, without_pair])


@on_each_target
@with_and_without
def test_a_replica_fails_over_and_back(
    make: Make, target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """DHCP at home; static at the replica, with its servers; another site; DHCP at home again."""
    root = make(tmp_path, target, dhcp4=True)
    assert answers(root, capsys)[0] == "Enabled"
    assert inject(root, texts.LINUX_IPV4) == 0
    assert answers(root, capsys) == ("Disabled", ["10.1.0.53"])
    assert inject(root, texts.LINUX) == 0
    assert answers(root, capsys) == ("Disabled", ["10.1.0.53", "2001:db8::53"])
    assert inject(root, texts.LINUX_OLD) == 0
    assert answers(root, capsys) == ("Disabled", ["10.1.0.53"])
    assert inject(root, texts.LINUX_DHCP) == 0
    assert answers(root, capsys)[0] == "Enabled"


@on_each_target
@with_and_without
@pytest.mark.parametrize("text", [texts.LINUX, texts.LINUX_DHCP, texts.LINUX_IPV6])
def test_the_same_injection_twice_changes_nothing(
    make: Make, target: str, text: str, tmp_path: Path
) -> None:
    """Every file but the record of it is byte for byte what it was after the first."""
    root = make(tmp_path, target, **STATIC)
    assert inject(root, text) == 0
    once = {path: path.read_bytes() for path in (root / "etc").rglob("*") if path.is_file()}
    assert inject(root, text) == 0
    assert once == {path: path.read_bytes() for path in (root / "etc").rglob("*") if path.is_file()}


@on_each_target
@pytest.mark.parametrize("name", ["eth0", "bond0"])
def test_nic_and_aggregate_have_one_answer(
    target: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The daemon asks for whichever interface with the MAC has an address."""
    root = with_pair(tmp_path, target, dhcp4=True)
    assert answers(root, capsys, name)[0] == "Enabled"
    inject(root, texts.LINUX_IPV4)
    assert answers(root, capsys, name)[0] == "Disabled"


@on_each_target
def test_the_vf_is_answered_for_by_the_wanted_state(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A VF has a name that no file has, and the MAC of its pair."""
    root = with_pair(tmp_path, target, dhcp4=True)
    vf = root / "sys/class/net/enP1s2/address"
    vf.parent.mkdir(parents=True)
    vf.write_text(f"{texts.MAC}\n")
    wanted = root / "var/lib/hyperv-net/wanted.json"
    wanted.parent.mkdir(parents=True)
    wanted.write_text(
        f"""{{"schema": "hyperv-net/wanted/1", "system": "linux", "target": "{target}", "pairs": [
        {{"mac": "{texts.MAC}", "mode": "aggregate", "synthetic": "eth0",
          "synthetic_drivers": ["hv_netvsc"], "aggregate": "bond0"}}]}}"""
    )
    assert answers(root, capsys, "enP1s2")[0] == "Enabled"


@on_each_target
def test_what_nobody_configures_is_disabled(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As upstream's script answers for an interface that it does not know."""
    root = with_pair(tmp_path, target, dhcp4=True)
    for name in ("eth9", "lo", "../../etc", ""):
        assert answers(root, capsys, name)[0] == "Disabled"


def test_a_wanted_state_that_cannot_be_read_is_no_obstacle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The files say all that has to be known."""
    root = with_pair(tmp_path, "netplan", dhcp4=True)
    (root / "var/lib/hyperv-net").mkdir(parents=True)
    (root / "var/lib/hyperv-net/wanted.json").write_text("{}")
    assert answers(root, capsys)[0] == "Enabled"


@on_each_target
@pytest.mark.parametrize(
    "text",
    [
        "network: 5\n",
        "network: {bonds: {bond0: {interfaces: 7, addresses: x, nameservers: []}}}\n",
        "network: {ethernets: {eth0: {addresses: [x, 1, {}], routes: 5, match: {name: [1]}}}}\n",
        "network: {ethernets: {nic: {match: {driver: 5, macaddress: 7}}, eth0: [1]}, bridges: 1}\n",
        "iface eth0 inet static\n address x\n netmask\n dns-nameservers x\niface\niface eth0\n",
        "[Match]\nName=bond0\nName=\n[\n[Network\nDNS=x %% y\nAddress=x\n[Address]\nDHCP=\\",
    ],
)
def test_files_that_make_no_sense_never_end_in_a_traceback(
    target: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are somebody's, and netplan or ifupdown will say what is wrong with them."""
    root = with_pair(tmp_path, target, dhcp4=True)
    name = {
        "netplan": "etc/netplan/60-x.yaml",
        "ifupdown": "etc/network/interfaces.d/60-x",
        "networkd": "etc/systemd/network/01-x.network",
    }[target]
    if target != "netplan" or text.startswith("network"):
        (root / name).write_text(text)
    assert answers(root, capsys)[0] in ("Enabled", "Disabled")
    assert inject(root, texts.LINUX) in (0, 1)


def test_name_servers_behind_a_stub_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """systemd-resolved's own address is of no use to the host; those of the lease are added."""
    root = with_pair(tmp_path, "netplan", **STATIC)
    uplink = root / "run/systemd/resolve/resolv.conf"
    uplink.parent.mkdir(parents=True)
    uplink.write_text("nameserver 10.0.0.2\nnameserver 192.0.2.7\nnameserver fe80::7%eth0\n")
    assert answers(root, capsys)[1] == ["10.0.0.2", "192.0.2.7", "fe80::7"]
    (root / "etc/resolv.conf").write_text("nameserver 192.0.2.8\nsearch example.org\n")
    assert answers(root, capsys)[1] == ["192.0.2.8"]


def test_a_resolver_of_ones_own_is_told_where_there_is_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """127.0.0.1 is better than no answer."""
    root = without_pair(tmp_path, "ifupdown", dhcp4=True)
    (root / "etc/resolv.conf").write_text("nameserver 127.0.0.1\n")
    assert answers(root, capsys)[1] == ["127.0.0.1"]


def test_resolv_conf_is_written_where_it_is_nobodys(tmp_path: Path) -> None:
    """A file is edited, and keeps its other lines."""
    root = without_pair(tmp_path, "netplan", dhcp4=True)
    (root / "etc/resolv.conf").write_text("search example.org\nnameserver 10.0.0.2\n")
    inject(root, texts.LINUX_IPV4)
    assert (root / "etc/resolv.conf").read_text() == "search example.org\nnameserver 10.1.0.53\n"


@pytest.mark.parametrize("program", ["", "usr/sbin/resolvconf"])
def test_resolv_conf_of_a_program_is_not_written(
    program: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A link belongs to the program that made it, and resolvconf(8) makes a file."""
    root = with_pair(tmp_path, "netplan", dhcp4=True)
    made = root / "run/stub"
    made.parent.mkdir(exist_ok=True)
    made.write_text("nameserver 127.0.0.53\n")
    (root / "etc/resolv.conf").unlink()
    if program:
        (root / program).parent.mkdir(parents=True)
        (root / program).touch()
        made.rename(root / "etc/resolv.conf")
    else:
        (root / "etc/resolv.conf").symlink_to("/run/stub")
    inject(root, texts.LINUX)
    assert "127.0.0.53" in (root / "etc/resolv.conf" if program else made).read_text()
    assert answers(root, capsys)[1] == ["10.1.0.53", "2001:db8::53"]


@pytest.mark.parametrize("folder", ["etc/cloud/cloud.cfg.d", "usr/local/etc/cloud/cloud.cfg.d"])
def test_cloud_init_is_kept_off_what_was_injected(folder: str, tmp_path: Path) -> None:
    """It would write its own at the next boot on Azure, and at a new instance's anywhere."""
    root = with_pair(tmp_path, "ifupdown", dhcp4=True)
    inject(root, texts.LINUX_IPV4)
    assert not (root / folder).exists()
    (root / folder).mkdir(parents=True)
    inject(root, texts.LINUX_IPV4)
    text = (root / folder / "99-hyperv-net-kvp.cfg").read_text()
    assert "\nnetwork: {config: disabled}\n" in text


def test_a_file_that_is_hidden_configures_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """netplan's is a link to /dev/null, so that interfaces(5) has the word."""
    root = without_pair(tmp_path, "ifupdown", dhcp4=True)
    (root / "etc/netplan").mkdir()
    (root / "etc/netplan/50-cloud-init.yaml").symlink_to("/dev/null")
    assert answers(root, capsys)[0] == "Enabled"


def test_a_machine_that_nothing_here_configures_is_left_to_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, no answer, exit 1."""
    assert kvp(tmp_path, "dhcp", "eth0") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "neither netplan nor ifupdown nor NetworkManager nor networkd nor rc.conf" in said.err


@pytest.mark.parametrize("wanted_target", ["sysconfig"])
@on_each_target
def test_a_target_that_is_not_served_is_refused_whatever_else_lies_about(
    target: str, wanted_target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files of another target configure nothing there: no answer is made of them, and no file."""
    root = with_pair(tmp_path, target, dhcp4=True)
    (root / "etc/cloud/cloud.cfg.d").mkdir(parents=True)
    wanted = root / "var/lib/hyperv-net/wanted.json"
    wanted.parent.mkdir(parents=True)
    pair = WantedPair(texts.MAC, Mode.AGGREGATE, "eth0", ("hv_netvsc",), "bond0")
    wanted.write_text(to_json(Wanted(System.LINUX, wanted_target, (pair,))))
    before = _texts(root / "etc")
    for question in (("dhcp", "eth0"), ("dns",), ()):
        status = kvp(root, *question) if question else inject(root, texts.LINUX_IPV4)
        assert status == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert f"{wanted_target} configures the network" in said.err
        assert "remove the drop-in" in said.err
    assert _texts(root / "etc") == before


def _texts(folder: Path) -> dict[Path, str]:
    return {path: path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_another_nics_injection_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The MAC in the file is not that of the NIC it names."""
    root = with_pair(tmp_path, "netplan", dhcp4=True)
    assert inject(root, texts.LINUX_IPV4.replace("0D:3A", "0E:3A")) == 1
    assert "eth0 has 00:0d:3a:11:22:33, not 00:0e:3a:11:22:33" in capsys.readouterr().err


def test_a_dry_run_shows_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The changes are printed as a diff."""
    root = with_pair(tmp_path, "ifupdown", **STATIC)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    file = tmp_path.parent / f"{tmp_path.name}.injected"
    file.write_text(texts.LINUX_IPV4)
    assert kvp(root, "set", str(file), "--dry-run") == 0
    assert "+    address 10.1.0.4/24\n" in capsys.readouterr().out
    assert before == {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_what_is_not_used_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second gateway, and addresses beside DHCP."""
    root = with_pair(tmp_path, "ifupdown", **STATIC)
    inject(root, texts.LINUX_IPV4 + "GATEWAY1=10.1.0.2\n")
    assert "not used: gateway 10.1.0.2" in capsys.readouterr().out
    inject(root, texts.LINUX_IPV4.replace("none", "dhcp"))
    assert "not used: IPv4 addresses beside DHCP, gateway 10.1.0.1" in capsys.readouterr().out
