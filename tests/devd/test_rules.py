"""Our rules in front of the base system's, and what becomes of each event."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.bake.package import own_package
from tests.devd import base
from tests.devd.dispatch import commands
from tests.devd.grammar import parse

OURS = parse(own_package()["data/freebsd/hyperv-net.conf"])
ALL = (*base.RULES, *OURS)
HOOK = "/usr/local/libexec/hyperv-net/devd-hook"


def _event(system: str, subsystem: str, kind: str) -> str:
    return f"!system={system} subsystem={subsystem} type={kind}"


@pytest.mark.parametrize(
    ("event", "command"),
    [
        ("ETHERNET mce0 IFATTACH", f"{HOOK} attached $'mce0'"),
        ("ETHERNET lagg0 IFATTACH", f"{HOOK} attached $'lagg0'"),
        ("HYPERV_NIC_VF hn0 VF_UP", f"{HOOK} vf-up $'hn0'"),
        ("HYPERV_NIC_VF eth0 VF_UP", f"{HOOK} vf-up $'eth0'"),
        ("HYPERV_NIC_VF hn0 VF_DOWN", None),
        ("IFNET mce12 ATTACH", f"{HOOK} appeared $'mce12'"),
        ("IFNET mana1 DETACH", f"{HOOK} gone $'mana1'"),
        ("IFNET hn0 LINK_UP", f"{HOOK} link-up $'hn0'"),
        ("IFNET hn0 LINK_DOWN", None),
    ],
)
@pytest.mark.parametrize("hyperv_conf", [base.HYPERV_CONF_2017, base.HYPERV_CONF])
@pytest.mark.parametrize("order", ["first", "last"])
def test_which_command_an_event_runs(
    event: str, command: str | None, hyperv_conf: tuple[object, ...], order: str
) -> None:
    """Whatever the base system's version, and in whatever order devd reads the files."""
    rules = [*base.DEVD_CONF, *hyperv_conf]
    together = [*OURS, *rules] if order == "first" else [*rules, *OURS]
    found = commands(together, _event(*event.split()))  # type: ignore[arg-type]
    assert found == ((command,) if command else ())


@pytest.mark.parametrize("constants", [{}, {"vm_guest": "hv"}, {"vm_guest": "kvm"}])
def test_no_rule_of_ours_asks_for_what_an_older_devd_does_not_know(
    constants: dict[str, str],
) -> None:
    """vm_guest came in 2019; the hook asks the kernel instead."""
    found = commands(ALL, _event("ETHERNET", "mce0", "IFATTACH"), constants=constants)
    assert found == (f"{HOOK} attached $'mce0'",)


@pytest.mark.parametrize("name", ["ixv0", "iavf12", "ixlv1", "mlxen2", "mce0", "bnxt0", "a_b3"])
def test_a_card_of_any_driver_is_kept_from_the_base_system(name: str) -> None:
    """hn(4) pairs whatever has its address; whether this has, the hook asks."""
    assert commands(ALL, _event("IFNET", name, "ATTACH")) == (f"{HOOK} appeared $'{name}'",)
    assert commands(ALL, _event("IFNET", name, "DETACH")) == (f"{HOOK} gone $'{name}'",)


@pytest.mark.parametrize("name", ["hn0.5", "epair0a", "usbus0", "wlan1", "storage"])
def test_what_has_no_first_name_of_a_card_appears_and_goes_as_ever(name: str) -> None:
    """By the base system's rules alone, of which none is for USB buses and wireless NICs."""
    for kind in ("ATTACH", "DETACH"):
        event = _event("IFNET", name, kind)
        assert commands(ALL, event) == commands(base.RULES, event)


def test_wireless_links_are_left_alone() -> None:
    """The base system has a rule of its own for them."""
    assert commands(OURS, _event("IFNET", "wlan0", "LINK_UP"), lambda name: "802.11") == ()


@given(
    st.sampled_from(["ETHERNET", "IFNET", "HYPERV_NIC_VF"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"')),
    st.sampled_from(["IFATTACH", "ATTACH", "DETACH", "LINK_UP", "VF_UP"]),
)
def test_no_name_but_a_plain_one_becomes_part_of_a_command(
    system: str, name: str, kind: str
) -> None:
    """Also with a devd that quotes nothing."""
    for command in commands(OURS, _event(system, f'"{name}"', kind), quotes=False):
        assert re.fullmatch(rf"{HOOK} [a-z-]+ [A-Za-z0-9][A-Za-z0-9_.-]*", command)


@given(
    st.sampled_from(["DEVFS", "ACPI", "USB", "GEOM", "IFNET", "ETHERNET", "HYPERV_NIC_VF"]),
    st.sampled_from(["hn0", "mce0", "em0", "CDEV", "lagg0"]),
    st.sampled_from(["CREATE", "DESTROY", "LINK_DOWN", "VF_DOWN", "ATTACH", "DETACH", "RENAME"]),
)
def test_all_other_events_run_what_they_ran(system: str, name: str, kind: str) -> None:
    """Our file is seen in no event but its own."""
    event = _event(system, name, kind)
    if not commands(OURS, event):
        assert commands(ALL, event) == commands(base.RULES, event)
