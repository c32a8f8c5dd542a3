"""Injections into networkd's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Rendered
from hyperv_net.renderers.networkd.inject import addressing, owner, put
from hyperv_net.renderers.networkd.render import render as networkd
from hyperv_net.renderers.recognising import in_use
from tests.debian.tools import SUITES, write
from tests.files import put as put_file
from tests.kvp import texts
from tests.kvp.linux import STATIC, inject, with_pair, without_pair
from tests.renderers.linux_pairs import MAC, joined, pair, rewritten
from tests.renderers.networkd.adopt.adopting import ROOTS, after, existing
from tests.renderers.networkd.real import SYNTHETIC, run

E = "etc/systemd/network/"
BOND = f"{E}0-0-hyperv-net-host-bond0.network"
NEW: dict[str, Any] = {
    "dhcp4": False,
    "addresses": ["10.1.0.4/24"],
    "routes": [{"to": "default", "via": "10.1.0.1"}],
}


def files(*trees: dict[str, Any], **settings: Any) -> dict[str, str]:
    rendered = networkd(rewritten(joined(pair(**settings), *trees)), {})
    return {file.path: file.text for file in rendered.files}


def injected(
    before: dict[str, str], device: str, replaces_ipv6: bool = False, mac: str | None = None
) -> str:
    """The text of the one file that changes, behind the words that say who made it."""

    def render(_: object) -> Rendered:
        tree = {"version": 2, "ethernets": {device: NEW}}
        return networkd(rewritten(tree), {})

    (file,) = put(before, device, NEW, render, replaces_ipv6=replaces_ipv6, mac=mac)
    assert file.path == f"{E}0-0-hyperv-net-host-{device}.network"
    return file.text.split("\n", 2)[2]


def test_the_settings_are_those_of_what_stands_over_the_nic() -> None:
    """A VF's file has another driver, and is not the NIC's; a bridge is over the bond."""
    assert owner(files(), "eth0", MAC) == "bond0"
    bridge = {"bridges": {"br0": {"interfaces": ["bond0"], "dhcp4": True}}}
    assert owner(files(bridge), "eth0", MAC) == "br0"
    assert owner({}, "eth0", MAC) == "eth0"
    vf_file = {f"{E}05-hyperv-net-vf.network": f"[Match]\nMACAddress={MAC}\nDriver=!hv_netvsc\n"}
    assert owner(vf_file, "eth0", MAC) == "eth0"


def test_what_is_injected_comes_first_and_keeps_what_it_does_not_replace() -> None:
    before = files(
        **{
            "dhcp4": True,
            "dhcp6": True,
            "mtu": 1400,
            "addresses": ["10.0.0.9/24", "2001:db8::9/64", {"10.0.0.8/24": {"label": "bond0:1"}}],
            "routes": [
                {"to": "default", "via": "10.0.0.1"},
                {"to": "default", "via": "10.0.0.1", "table": 7},
                {"to": "10.9.0.0/16", "via": "10.0.0.7"},
            ],
            "nameservers": {"addresses": ["10.0.0.2"]},
        }
    )
    text = injected(before, "bond0")
    assert text.startswith("[Match]\nName=bond0\n\n[Network]\nDHCP=ipv6\nAddress=10.1.0.4/24\n")
    for gone in ("10.0.0.9", "10.0.0.8", "DHCP=yes"):
        assert gone not in text
    for kept in ("2001:db8::9/64", "MTUBytes=1400", "10.9.0.0/16", "Table=7", "DNS=10.0.0.2"):
        assert kept in text
    assert text.count("[Route]") == 3
    assert addressing({**before, BOND: text}, "bond0").addresses[0] == "10.1.0.4/24"


def test_a_drop_in_takes_no_address_back() -> None:
    before = after(existing(ROOTS / "drop-ins"))
    bond = f"{E}06-hyperv-net-bond0.network"
    more = {f"{bond}.d/50-more.conf": "[Network]\nAddress=10.0.0.77/24\nNTP=10.0.0.3\n"}
    text = injected({**before, **more}, "bond0")
    assert "10.0.0.77" not in text and "NTP=10.0.0.3\n" in text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("10-x", f"[Match]\nMACAddress={MAC}\n[Network]\nDHCP=yes\nNTP=10.0.0.3\n"),
        ("07-hyperv-net-lan", f"[Match]\nPermanentMACAddress={MAC}\n[Network]\nNTP=10.0.0.3\n"),
        ("10-x", f"[Match]\nName=e*\nMACAddress={MAC}\n[Network]\nNTP=10.0.0.3\n"),
    ],
)
def test_a_nic_that_a_file_tells_by_its_address_is_found(name: str, text: str) -> None:
    before = {
        f"{E}05-other.network": text.replace(MAC, "02:00:00:00:00:09"),
        f"{E}{name}.network": text,
    }
    after = injected(before, "eth0", mac=MAC)
    assert after.startswith("[Match]\nName=eth0\n") and "NTP=10.0.0.3" in after
    assert addressing(before, "eth0", MAC).dhcp == ("DHCP=yes" in text)


def test_a_root_whose_own_file_tells_the_nic_by_its_address_takes_an_injection(
    tmp_path: Path,
) -> None:
    """A NIC that is in no pair, under an id that is not its name."""
    tree = {"version": 2, "ethernets": {"lan": {"match": {"macaddress": texts.MAC}, "dhcp4": True}}}
    write(tmp_path, networkd(rewritten(tree), {}).files)
    put_file(tmp_path, "sys/class/net/eth0/address", f"{texts.MAC}\n")
    assert inject(tmp_path, texts.LINUX) == 0
    assert (tmp_path / E / "0-0-hyperv-net-host-eth0.network").exists()


def test_a_nic_that_no_file_names_is_refused_with_what_to_say() -> None:
    by_mac = {f"{E}10-x.network": f"[Match]\nMACAddress={MAC}\n[Network]\nDHCP=yes\n"}
    with pytest.raises(HypervNetError, match=r"say Name=eth0"):
        injected(by_mac, "eth0")


@pytest.mark.parametrize("make", [with_pair, without_pair])
def test_a_later_plan_leaves_the_injection_where_it_is(make: Any, tmp_path: Path) -> None:
    """It comes before the files of the plan, which does not go before it in turn."""
    root = make(tmp_path, "networkd", **STATIC)
    assert inject(root, texts.LINUX) == 0
    found = {f"{E}{one.name}": one.read_text() for one in (root / E).iterdir()}
    rendered = networkd(rewritten(pair(**STATIC)), found)
    assert all("/06-" in file.path for file in rendered.files)
    assert not rendered.findings


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_networkd_takes_what_was_injected(suite: str, tmp_path: Path) -> None:
    root = without_pair(tmp_path / "root", "networkd", **STATIC)
    assert inject(root, texts.LINUX) == 0
    found = {
        one.name: one.read_text().replace("hv_netvsc", SYNTHETIC) for one in (root / E).iterdir()
    }
    ran = run(suite, tmp_path / "files", found, MAC, {"eth0"})
    assert ran.file_of["eth0"] == "0-0-hyperv-net-host-eth0.network"
    assert not ran.complaints


def test_what_keeps_networkd_off_vfs_does_not_make_a_machine_networkds(tmp_path: Path) -> None:
    """`guard` and the plans of other targets write such files too."""
    folder = tmp_path / E
    folder.mkdir(parents=True)
    for name in ("05-hyperv-net-keep-off.network", "05-hyperv-net-vf.network"):
        (folder / name).write_text("[Match]\n")
    assert in_use(tmp_path) is None
    (folder / "05-lan.network").write_text("[Match]\n")
    found = in_use(tmp_path)
    assert found is not None and found.name == "networkd"
