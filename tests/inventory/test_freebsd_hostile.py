"""FreeBSD: output that no tool should print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.inventory.freebsd import inventory_from
from hyperv_net.inventory.ifconfig import parse_ifconfig
from hyperv_net.model import Kind
from tests.inventory.captured import FREEBSD, output


@pytest.mark.parametrize("name", ["$(reboot)", "a b", "eth0;id", "é0", "a" * 16])
def test_a_nic_with_an_odd_name_is_left_out_with_a_finding_and_the_rest_go_on(name: str) -> None:
    text = f"{name}: flags=8843<UP> mtu 1500\n\tether 00:0d:3a:11:22:33\n"
    inventory = inventory_from(text + output("azure-15-mce.ifconfig"), None, {})
    assert [nic.name for nic in inventory.nics] == ["hn0", "lo0", "mce0"]
    (finding,) = inventory.findings
    assert (finding.rule, ascii(name) in finding.message) == ("nic-name", True)


def test_odd_names_of_ports_and_parents_are_unknown_facts() -> None:
    text = (
        "lagg0: flags=8843<UP>\n\tlaggproto failover\n"
        "\tlaggport: $(id) flags=1<MASTER>\n\tlaggport: \n\tlaggport: hn0 flags=4<ACTIVE>\n"
    )
    (lagg,) = inventory_from(text, None, {}).nics
    assert lagg.lowers == ("hn0",)


def test_order_of_the_output_does_not_matter() -> None:
    text = output("renamed-14-mana.ifconfig")
    blocks = text.replace("\nmana0: ", "\0mana0: ").replace("\nhn1: ", "\0hn1: ").split("\0")
    turned = "\n".join(block.strip("\n") for block in reversed(blocks)) + "\n"
    assert inventory_from(turned, None, {}) == inventory_from(text, None, {})


LINES = st.sampled_from(
    [line for path in sorted(FREEBSD.glob("*.*g")) for line in path.read_text().splitlines()]
    + [line for path in sorted(FREEBSD.glob("*.sysctl")) for line in path.read_text().splitlines()]
)


@given(st.lists(LINES | st.text(max_size=60)), st.lists(LINES | st.text(max_size=60)))
def test_no_text_is_too_odd_to_be_read(ifconfig: list[str], sysctl: list[str]) -> None:
    inventory = inventory_from("\n".join(ifconfig), "\n".join(sysctl), {})
    names = [nic.name for nic in inventory.nics]
    assert len(names) == len(set(names))
    for nic in inventory.nics:
        assert (nic.driver is None) or nic.kind is Kind.ETHERNET


@given(st.text())
def test_every_interface_of_any_text_has_a_name(text: str) -> None:
    assert all(interface.name for interface in parse_ifconfig(text))
