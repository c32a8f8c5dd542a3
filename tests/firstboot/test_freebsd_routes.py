"""FreeBSD: the first boot ends with the default route that the configuration asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.firstboot.checks import assert_went_well
from tests.firstboot.freebsd import NETWORK, PAIR, VF_AWAY, install
from tests.firstboot.test_freebsd import AZURE_V2, seeded

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]


@pytest.mark.parametrize("cards", [PAIR, VF_AWAY], ids=["VF", "VF away"])
@pytest.mark.parametrize("order", ["ahead of netif", "behind netif"])
@pytest.mark.parametrize("line", ['ifconfig_hn0="SYNCDHCP"', 'ifconfig_DEFAULT="SYNCDHCP"'])
def test_the_boot_ends_with_the_default_route_that_dhcp_gave(
    line: str, order: str, cards: dict[str, str], tmp_path: Path
) -> None:
    """As Azure's image says SYNCDHCP, wherever rcorder(8) puts cloud-init."""
    machine = seeded("trixie", tmp_path, AZURE_V2, cards)
    machine.write("etc/rc.conf", f'hostname="guest"\n{line}\n')
    install(machine)
    netif = {"netif": NETWORK["rc"]} if order == "behind netif" else {}
    boot = machine.boot({**netif, **NETWORK})
    assert_went_well(boot)
    assert machine.gateways() == ["10.0.0.1 lagg0"]
    # Nothing has raised the VF yet, and from the first card on there is no outage.
    assert machine.cards() in (["hn0"], ["", "hn0"], ["mce0", "hn0"])


def test_stock_loses_it_where_the_lagg_says_syncdhcp(tmp_path: Path) -> None:
    """The model does what the running kernel did: `routing restart` flushes, the client stays."""
    machine = seeded("trixie", tmp_path, AZURE_V2, VF_AWAY)
    ways = "service netif restart; service routing restart; service dhclient start hn0; :"
    machine.write("etc/rc.conf", 'ifconfig_hn0="SYNCDHCP"\n')
    boot = machine.boot({"services": f"sh -c '{ways}'"})
    assert "already running" in boot["services"].out
    assert machine.gateways() == []
    assert machine.cards() == [""]
