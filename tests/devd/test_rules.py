"""Our rules in front of the base system's, and what becomes of each event."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.bake.devd import devd_rules
from hyperv_net.bake.package import own_package
from hyperv_net.drivers import FREEBSD_VF_DRIVERS
from tests.devd import base
from tests.devd.dispatch import commands
from tests.devd.grammar import parse
from tests.paths import CHECKOUT

OURS = parse(devd_rules(own_package()))
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
        # What is no VF appears and goes as ever.
        ("IFNET em0 ATTACH", "/etc/pccard_ether $'em0' start"),
        ("IFNET lagg0 ATTACH", "/etc/pccard_ether $'lagg0' start"),
        ("IFNET em0 DETACH", None),
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


def test_every_driver_of_a_vf_is_kept_from_the_base_system() -> None:
    """The drivers that pairing knows, with any unit."""
    for driver in FREEBSD_VF_DRIVERS:
        (command,) = commands(ALL, _event("IFNET", f"{driver}7", "ATTACH"))
        assert command == f"{HOOK} appeared $'{driver}7'"


def test_the_documentation_names_the_same_drivers() -> None:
    text = (CHECKOUT / "docs" / "freebsd.md").read_text()
    assert f"| `IFNET` `ATTACH` of {', '.join(FREEBSD_VF_DRIVERS)} |" in text


def test_the_rules_are_printed_for_those_who_build_a_package() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hyperv_net.bake.devd"],
        capture_output=True,
        text=True,
        check=True,
        cwd=CHECKOUT,
    )
    assert parse(done.stdout) == OURS
    assert "@" not in done.stdout


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
