"""FreeBSD: which unit of which driver a renamed card is."""

from __future__ import annotations

from hyperv_net.inventory.freebsd import inventory_from
from hyperv_net.model import Kind, Severity
from tests.inventory.captured import freebsd, nics


def test_ifconfig_d_tells_the_device_of_a_renamed_card() -> None:
    found = nics(freebsd("renamed-14-mana"))
    assert {name: (nic.device, nic.driver, nic.bus) for name, nic in found.items()} == {
        "wan": ("hn1", "hn", "vmbus"),
        "mana0": ("mana0", "mana", "pci"),
        "hn1": ("hn0", "hn", "vmbus"),
        "fast": ("mana1", "mana", "pci"),
    }


PAIR = """\
{}: flags=8843<UP> metric 0 mtu 1500
\tether 00:0d:3a:11:22:33
{}: flags=8843<UP> metric 0 mtu 1500
\tether 00:0d:3a:11:22:33
"""


def test_without_it_the_sysctls_tell_the_unit_of_a_renamed_hn_by_its_vf() -> None:
    sysctl = "hw.hn.vfmap: mce0:eth0\ndev.hn.3.vf: mce0\n"
    found = nics(inventory_from(PAIR.format("eth0", "mce0"), sysctl, {}))
    assert (found["eth0"].device, found["eth0"].driver) == ("hn3", "hn")


def test_without_either_the_one_hn_left_is_the_one_card_left() -> None:
    sysctl = "dev.hn.0.vf: \n"
    found = nics(inventory_from(PAIR.format("outer", "mce0"), sysctl, {}))
    assert (found["outer"].device, found["outer"].bus) == ("hn0", "vmbus")
    assert found["mce0"].device == "mce0"


def test_where_it_cannot_be_told_a_finding_says_so_and_nothing_is_guessed() -> None:
    inventory = inventory_from(PAIR.format("inner", "outer"), "dev.hn.0.vf: \n", {})
    assert [(nic.device, nic.driver, nic.bus) for nic in inventory.nics] == [(None,) * 3] * 2
    (finding,) = inventory.findings
    assert (finding.rule, finding.severity) == ("nic-driver", Severity.WARNING)
    assert "inner, outer" in finding.message


def test_a_card_with_an_unknown_name_is_on_pci_where_every_hn_is_accounted_for() -> None:
    inventory = inventory_from(PAIR.format("hn0", "outer"), "dev.hn.0.vf: \n", {})
    outer = nics(inventory)["outer"]
    assert (outer.kind, outer.driver, outer.bus) == (Kind.ETHERNET, None, "pci")
    assert inventory.findings == ()


def test_a_card_named_like_another_drivers_unit_is_told_by_the_sysctls() -> None:
    """hn0 was renamed eth0, and then hn1 was renamed hn0: vfmap and dev.hn.1.vf know."""
    text = PAIR.format("hn0", "mce0")
    sysctl = "hw.hn.vfmap: mce0:hn0\ndev.hn.1.vf: mce0\n"
    assert nics(inventory_from(text, sysctl, {}))["hn0"].device == "hn1"


def test_a_unit_is_never_given_to_two_cards() -> None:
    """hn0 is now eth0 by the sysctls, so the card that is named hn0 is the unit left over."""
    text = PAIR.format("eth0", "mce0") + "hn0: flags=8843<UP>\n\tether 00:0d:3a:44:55:66\n"
    sysctl = "hw.hn.vfmap: mce0:eth0\ndev.hn.0.vf: mce0\ndev.hn.1.vf: \n"
    found = nics(inventory_from(text, sysctl, {}))
    assert (found["eth0"].device, found["hn0"].device) == ("hn0", "hn1")
