"""What makes a machine follow its new interfaces(5)."""

from __future__ import annotations

from hyperv_net.renderers import load
from hyperv_net.renderers.ifupdown.paths import INTERFACES
from hyperv_net.renderers.parts import in_words


def test_a_bond_whose_stanzas_are_gone_is_deleted() -> None:
    """ifdown passes by an interface that its files do not know."""
    bond = "auto bond0\niface bond0 inet dhcp\n  bond-slaves eth0\n  bond-mode active-backup\n"
    card = "auto eth0\niface eth0 inet dhcp\niface bond9 inet manual\n"
    restart = "systemctl restart networking"
    ways = {
        (bond, card): f"ip link delete bond0; {restart}",
        (bond, bond.replace("bond0", "bond1")): f"ip link delete bond0; {restart}",
        (card, bond): restart,
        (bond, bond): restart,
        (bond.replace("iface bond0", "iface $(id)"), card): restart,
    }
    for (before, after), said in ways.items():
        steps = load("ifupdown").activation({INTERFACES: before}, {INTERFACES: after})
        assert in_words(steps) == said
