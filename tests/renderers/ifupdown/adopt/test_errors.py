"""What cannot be adopted for certain is an error with its line, and nothing is written."""

from __future__ import annotations

import pytest

from hyperv_net.errors import HypervNetError
from tests.at_line import at_line
from tests.renderers.ifupdown.adopt.adopting import MAIN, errors, planned

WITH_MAPPING = (
    "auto eth0\nmapping eth0\n  script /bin/x\niface home inet dhcp\niface eth0 inet dhcp\n"
)


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        (WITH_MAPPING, 2, "maps eth0 by a script"),
        ("auto /eth*\niface eth0 inet dhcp\n", 1, "/eth* may start a NIC"),
        ("auto mac/00:0d:*=x\niface eth0 inet dhcp\n", 1, "may start a NIC"),
        ("auto eth0=x\niface x inet dhcp\niface eth0 inet dhcp\n", 1, "eth0=x may start"),
        ("iface eth0 inet manual\n  bond-master bond0\n", 2, "names a bond that has no stanza"),
        ("rename eth0=lan\niface eth0 inet dhcp\n", 1, "renames a NIC of a pair"),
        ("no-scripts eth0\niface eth0 inet dhcp\n", 1, "eth0 needs the scripts of ifenslave"),
        (
            "iface eth0 inet dhcp\niface eth9 inet dhcp inherits eth0\n",
            2,
            "inherits from eth0, whose settings move",
        ),
        ("iface eth0\n  use dhcp\niface eth9\n  inherit eth0\n", 4, "inherits from a NIC"),
        (
            "iface eth0 inet dhcp\niface ens17 inet static\n  address 10.0.0.4/24\n",
            2,
            "ens17 and eth0 are one card, and both are configured",
        ),
        (
            "iface eth0.5 inet dhcp\niface bond0.5 inet dhcp\n",
            1,
            "eth0.5 would be bond0.5, which is configured too",
        ),
        ("iface eth0.4000:guest inet dhcp\n", 1, "bond0.4000:guest, which is too long a name"),
        (
            "iface eth0 inet dhcp\niface br0 inet manual\n  bridge_ports all\n",
            3,
            "takes NICs by a pattern",
        ),
        (
            "iface bond0 inet dhcp\n  bond-slaves eth0\n  bond-mode 1\niface eth0 inet ipv4ll\n",
            4,
            "configures eth0, a member of bond0",
        ),
        (
            "iface bond0 inet dhcp\n bond-slaves all\n bond-mode 1\niface eth0 inet manual\n"
            " bond-master bond0\n",
            2,
            "takes every NIC for a member",
        ),
    ],
)
def test_what_cannot_be_moved_for_certain_is_an_error_with_its_line(
    text: str, where: int, says: str
) -> None:
    found = errors(text)
    assert says in " ".join(one.message for one in found)
    assert f"{MAIN}:{where}" in [at_line(one.where) for one in found]
    assert all(one.hint for one in found)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (
            {MAIN: "%for i in range(2):\niface eth0 inet dhcp\n%endfor\n"},
            "etc/network/interfaces:1:1: is a template for ifupdown2",
        ),
        (
            {MAIN: "iface eth0 inet dhcp\nauto eth0\n  mtu 1400\n"},
            "etc/network/interfaces:3:3: mtu: mtu is no option of what is above it",
        ),
        (
            {MAIN: "auto lo\niface ens17 inet manual\n  bond-slaves eth0\n  bond-mode 1\n"},
            "etc/network/interfaces:2:1: ens17: ens17 is a NIC by its name",
        ),
        (
            {MAIN: "iface eth0.5 inet manual\n  bond-slaves eth0\n  bond-mode 1\n"},
            "etc/network/interfaces:1:1: ['eth0.5']: eth0.5 is a NIC by its name",
        ),
        (
            {MAIN: "iface a inet dhcp\n bond-slaves eth0\niface b inet dhcp\n bond-slaves ens17\n"},
            "etc/network/interfaces:4:14: b.bond-slaves: eth0 is a member of a and of b",
        ),
        (
            {MAIN: "source /etc/network/interfaces\niface eth0 inet dhcp\n"},
            "etc/network/interfaces:1:1: source: etc/network/interfaces is sourced by itself",
        ),
        (
            {MAIN: "iface eth0 inet dhcp\nsource $HOME/x\n"},
            "etc/network/interfaces:2:8: source: source names $HOME/x, which only a shell",
        ),
    ],
)
def test_files_that_cannot_be_followed_are_an_error_that_says_where(
    texts: dict[str, str], says: str
) -> None:
    with pytest.raises(HypervNetError) as raised:
        planned(texts)
    assert str(raised.value).startswith(says)
    assert raised.value.hint


def test_a_file_outside_etc_is_read_and_never_edited() -> None:
    """Where Debian's cloud images put what their helper makes of every NIC."""
    text = "source-directory /run/network/interfaces.d\n"
    more = {"run/network/interfaces.d/eth0": "auto eth0\niface eth0 inet dhcp\n"}
    (finding,) = errors(text, **more)
    assert (finding.rule, at_line(finding.where)) == (
        "adopted-elsewhere",
        "run/network/interfaces.d/eth0",
    )
