"""What makes a running networkd follow, and which default routes its files ask for."""

from __future__ import annotations

import pytest

from hyperv_net.renderers.networkd.activate import activate, activation
from hyperv_net.renderers.networkd.asking import default_routes
from tests.renderers.linux_pairs import joined, pair
from tests.renderers.networkd.adopt.adopting import ROOTS, after, existing
from tests.renderers.networkd.written import render

E = "etc/systemd/network/"
VLAN = {"vlans": {"v5": {"id": 5, "link": "bond0"}}, "bridges": {"br0": {"interfaces": ["v5"]}}}


def texts(*trees: dict[str, object]) -> dict[str, str]:
    return {file.path: file.text for file in render(joined(pair(), *trees)).files}


def commands(before: dict[str, str], now: dict[str, str]) -> list[str]:
    return [" ".join(step.command) for step in activation(before, now)]


def test_what_is_new_is_made_by_a_reload_and_nothing_goes() -> None:
    assert commands({}, texts(VLAN)) == ["networkctl reload"]
    assert commands(texts(VLAN), texts(VLAN)) == ["networkctl reload"]


def test_without_d_bus_the_service_is_started_anew() -> None:
    (step,) = activate({}, texts(), "bond0", "bond0", lambda command: "")
    assert step.otherwise == ("systemctl", "restart", "systemd-networkd.service")


def test_what_only_the_old_files_made_goes_with_what_is_on_top_first() -> None:
    deleted = ["ip link delete br0", "ip link delete v5", "ip link delete bond0"]
    assert commands(texts(VLAN), {}) == [*deleted, "networkctl reload"]


def test_a_vlan_goes_where_it_stands_on_another_device_now() -> None:
    """networkd does not move one."""
    before = existing(ROOTS / "vlans")
    found = commands(before, after(before))
    assert found == [
        "ip link delete enp1s0.100",
        "ip link delete enp1s0.200",
        "networkctl reload",
    ]


def test_a_bond_of_another_mode_is_made_anew() -> None:
    before = texts()
    path = f"{E}06-hyperv-net-bond0.netdev"
    other = {**before, path: before[path].replace("active-backup", "balance-rr")}
    assert "ip link delete bond0" in commands(other, before)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("[Network]\nDHCP=yes\n", [(4, False)]),
        ("[Network]\nDHCP=ipv6\nIPv6AcceptRA=true\n", [(6, False)]),
        ("[Network]\nDHCP=ipv4\n[DHCPv4]\nUseRoutes=false\n", []),
        ("[Network]\nGateway=10.0.0.1\n", [(4, True)]),
        ("[Network]\nAddress=10.0.0.4/24\n[Route]\nGateway=fe80::1\n", [(6, True)]),
        ("[Route]\nGateway=10.0.0.1\nDestination=10.9.0.0/16\n", []),
        ("[Route]\nGateway=10.0.0.1\nTable=7\n", []),
        ("[Route]\nGateway=_dhcp4\n", []),
        ("[Network]\nBond=bond0\nDHCP=yes\n", []),
        ("[Link]\nUnmanaged=yes\n[Network]\nDHCP=yes\n", []),
    ],
)
def test_the_default_routes_that_a_file_asks_for(text: str, asked: list[tuple[int, bool]]) -> None:
    found = default_routes({f"{E}10-x.network": f"[Match]\nName=eth0\n{text}"})
    assert [(one.family, one.is_certain) for one in found] == asked


def test_a_file_that_another_hides_asks_for_nothing() -> None:
    files = {f"{E}a.network": "", "usr/lib/systemd/network/a.network": "[Network]\nDHCP=yes\n"}
    assert default_routes(files) == ()
