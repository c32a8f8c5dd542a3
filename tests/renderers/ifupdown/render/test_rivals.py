"""Files of others that configure a member, and what becomes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.model import Finding, Severity
from tests.at_line import at_line
from tests.renderers.ifupdown.render.stanzas import render
from tests.renderers.linux_pairs import pair

INSTALLERS = (
    "# from the installer\n"
    "source /etc/network/interfaces.d/*\n"
    "\n"
    "auto lo\n"
    "iface lo inet loopback\n"
    "\n"
    "# The primary network interface\n"
    "allow-hotplug eth0 ens9\n"
    "iface eth0 inet dhcp\n"
    "iface ens9 inet dhcp\n"
)


def test_dhcp_on_a_member_in_another_file_becomes_a_comment() -> None:
    """ifupdown would apply both stanzas; nothing else in the file changes."""
    rendered = render(pair(), {"etc/network/interfaces": INSTALLERS})
    (edited,) = [file for file in rendered.files if file.path == "etc/network/interfaces"]
    assert edited.text == INSTALLERS.replace(
        "allow-hotplug eth0 ens9", "allow-hotplug ens9"
    ).replace("iface eth0 inet dhcp", "# hyperv-net: iface eth0 inet dhcp")
    rules = [finding.rule for finding in rendered.findings if finding.rule != "needs-package"]
    assert rules == ["interfaces-rival"]
    again = render(pair(), {edited.path: edited.text})
    assert edited.path not in {file.path for file in again.files}


def test_a_continued_line_is_one_line() -> None:
    """`up` with a backslash at its end goes on, whatever word begins the next line."""
    theirs = "source interfaces.d/*\niface ens9 inet manual\n  up echo \\\niface eth0 inet dhcp\n"
    rendered = render(pair(), {"etc/network/interfaces": theirs})
    assert "etc/network/interfaces" not in {file.path for file in rendered.files}


@pytest.mark.parametrize("stanza", ["static\n  address 10.0.0.9/24\n", "dhcp\n  up ./mine\n"])
def test_a_stanza_of_a_member_that_says_more_is_an_error(stanza: str) -> None:
    """Somebody's address or command is not thrown away, and their file stays as it is."""
    theirs = f"source-directory interfaces.d\nauto eth0\niface eth0 inet {stanza}"
    rendered = render(pair(), {"etc/network/interfaces": theirs})
    found = [each for each in rendered.findings if each.rule == "interfaces-rival"]
    assert [each.severity for each in found] == [Severity.ERROR]
    assert at_line(found[0].where) == "etc/network/interfaces:3"
    assert "etc/network/interfaces" not in {file.path for file in rendered.files}


OURS = "source interfaces.d/*\n"


def rivals(theirs: str) -> tuple[list[Finding], str | None]:
    """The findings about rivals beside this interfaces file, and its text where it is edited."""
    rendered = render(pair(), {"etc/network/interfaces": OURS + theirs})
    texts = [file.text for file in rendered.files if file.path == "etc/network/interfaces"]
    edited = texts[0][len(OURS) :] if texts else None
    return [each for each in rendered.findings if each.rule == "interfaces-rival"], edited


@pytest.mark.parametrize(
    ("theirs", "name"),
    [
        ("iface eth0:1 inet static\n  address 10.0.0.9/24\n", "eth0:1"),
        ("iface eth0.5 inet dhcp\n", "eth0.5"),
        ("iface eth0.5:1 inet dhcp\n", "eth0.5:1"),
        ("iface eth0.5.7 inet dhcp\n", "eth0.5.7"),
        ("iface enP0s2.5 inet dhcp\n", "enP0s2.5"),
        ("iface vlan5 inet manual\n  vlan-raw-device eth0\n", "vlan5"),
        ("iface vlan5 inet manual\n  vlan-raw-device \\\n  eth0\n", "vlan5"),
        ("iface br0 inet dhcp\n  bridge_ports ens9 eth0\n", "br0"),
        ("iface bond7 inet dhcp\n  bond-slaves eth0 ens9\n", "bond7"),
    ],
)
def test_a_device_that_stands_on_a_member_is_an_error(theirs: str, name: str) -> None:
    """An alias is an address on the member, and a vlan takes frames that are the aggregate's."""
    (found,), edited = rivals(theirs)
    assert found.severity is Severity.ERROR and edited is None
    assert found.message.startswith(f"{name} stands on e")
    assert at_line(found.where) == "etc/network/interfaces:2" and "bond0" in found.hint


@pytest.mark.parametrize(
    "theirs",
    [
        "iface bond0.5 inet dhcp\n",
        "iface eth01.5 inet dhcp\n",
        "iface eth0.5 inet dhcp\n  vlan-raw-device bond0\n",
        "iface vlan5 inet dhcp\n  vlan-raw-device bond0\n",
        "iface ens9 inet dhcp\n  # vlan-raw-device eth0\n",
        "# iface \\\niface ens9 inet dhcp\n",
    ],
)
def test_what_stands_on_the_aggregate_or_elsewhere_is_no_rival(theirs: str) -> None:
    """Only a member is to be left alone, and a comment configures nothing."""
    assert rivals(theirs) == ([], None)


@pytest.mark.parametrize(
    ("theirs", "edited"),
    [
        ("allow-hotplug eth0 \\\n  ens9\niface ens9 inet dhcp\n", "allow-hotplug ens9\n"),
        ("auto eth0 \\\n  bond0\niface ens9 inet dhcp\n", "#: auto eth0 \\\n#:   bond0\n"),
        (
            "iface eth0 \\\n  inet dhcp\niface ens9 inet dhcp\n",
            "#: iface eth0 \\\n#:   inet dhcp\n",
        ),
        ("iface et\\\nh0 inet dhcp\niface ens9 inet dhcp\n", "#: iface et\\\n#: h0 inet dhcp\n"),
    ],
)
def test_a_line_that_goes_on_is_edited_as_a_whole(theirs: str, edited: str) -> None:
    """ifupdown joins it before it looks at its words; what follows stays as it is."""
    edited = edited.replace("#:", "# hyperv-net:") + "iface ens9 inet dhcp\n"
    assert rivals(theirs)[1] == edited
    assert rivals(edited) == ([], None)


LINES = [
    "iface ens9 inet dhcp",
    "auto ens9",
    "# x",
    "  up y",
    "\\",
    "\n",
    "\n",
    " ",
    "\r",
    "\u2028",
]


@given(st.lists(st.sampled_from(LINES)).map("".join))
def test_a_file_that_names_no_member_stays_as_it_is(theirs: str) -> None:
    """However its lines end or go on."""
    assert rivals(theirs) == ([], None)


def test_a_finding_names_the_line_on_which_a_stanza_begins() -> None:
    """Lines before it that go on are counted, and so are its own comments and blank lines."""
    before = "# one\n\nauto lo \\\n  ens9\n# two\n"
    (found,), _ = rivals(f"{before}iface eth0 \\\n  inet static\n  address 10.0.0.9/24\n")
    assert at_line(found.where) == "etc/network/interfaces:7"


def test_nothing_is_said_to_be_a_comment_in_a_file_that_stays() -> None:
    """An error elsewhere in the file keeps it from being edited."""
    found, edited = rivals("iface eth0 inet dhcp\niface eth0:1 inet dhcp\n")
    assert [each.severity for each in found] == [Severity.ERROR] and edited is None


@pytest.mark.parametrize(
    ("include", "included"),
    [
        ("source /etc/network/interfaces.d/*", True),
        ("source interfaces.d/*", True),
        ("source-directory /etc/network/interfaces.d", True),
        ("source /etc/network/interfaces.d/*.cfg", False),
        ("# source /etc/network/interfaces.d/*", False),
    ],
)
def test_a_folder_that_is_not_included_is_a_warning(include: str, included: bool) -> None:
    """Without the line the rendered file has no effect."""
    rules = {each.rule for each in render(pair(), {"etc/network/interfaces": include}).findings}
    assert ("interfaces-not-included" in rules) is not included


def test_debians_hotplug_helper_is_a_warning() -> None:
    """Debian's cloud images start DHCP on whatever appears."""
    path = "etc/udev/rules.d/75-cloud-ifupdown.rules"
    assert "interfaces-helper" in {each.rule for each in render(pair(), {path: "x"}).findings}
