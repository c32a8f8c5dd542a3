"""Times of bonds and bridges: what no target can say to the last digit is rounded, and told."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.renderers import load, times
from hyperv_net.renderers.values import RefusedError
from tests.building import freebsd, nic
from tests.building import rewritten as of_machine
from tests.renderers.linux_pairs import joined, pair, rewritten

LINUX = ("netplan", "ifupdown", "networkd", "network-manager")
BOND = ("mii-monitor-interval", "up-delay", "down-delay", "arp-interval")
#: Target → how it calls a bond's up-delay and a bridge's forward-delay.
WORDS = {
    "netplan": ("up-delay", "forward-delay"),
    "ifupdown": ("bond-updelay", "bridge_fd"),
    "networkd": ("UpDelaySec", "ForwardDelaySec"),
    "network-manager": ("updelay", "forward-delay"),
}


def said(target: str, key: str, value: object, kind: str = "bonds") -> tuple[set[str], list[str]]:
    """What the files have for a bond's or a bridge's time, and what was told."""
    more: dict[str, Any] = {
        "bonds": {"bond7": {"interfaces": [], "parameters": {"mii-monitor-interval": 100}}},
        "bridges": {"br7": {"interfaces": [], "parameters": {"stp": True}}},
    }
    more[kind][next(iter(more[kind]))]["parameters"][key] = value
    made = load(target).render(rewritten(joined(pair(), more)), {})
    word = WORDS[target][kind == "bridges"]
    lines = [line.strip() for file in made.files for line in file.text.splitlines()]
    at = len(word) + 1
    found = {line[at:].strip(' "') for line in lines if line[:at].rstrip("=: ") == word}
    return found, [one.message for one in made.findings if one.rule == "rounded"]


@pytest.mark.parametrize("target", LINUX)
@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [("500us", 1), ("1us", 1), ("1499us", 1), ("1500us", 2), ("2500us", 3)],
)
def test_a_bonds_time_is_the_nearest_millisecond_and_never_none(
    target: str, value: str, milliseconds: int
) -> None:
    found, told = said(target, "up-delay", value)
    suffix = "" if target in ("ifupdown", "network-manager") else "ms"
    assert found == {f"{milliseconds}{suffix}"}
    assert told == [
        f"bonds.bond7.parameters.up-delay: {value} is {milliseconds}ms there, the nearest that can "
        "be said"
    ]


@pytest.mark.parametrize("target", LINUX)
@pytest.mark.parametrize("value", [0, 200, "200", "2000us", "1s", "1m", "2min", "1h"])
def test_what_can_be_said_is_said_and_nothing_is_told(target: str, value: object) -> None:
    found, told = said(target, "up-delay", value)
    assert told == [] and len(found) == 1
    (text,) = found
    assert times.milliseconds(text) == times.milliseconds(value)


@pytest.mark.parametrize(
    ("target", "text", "told"),
    [
        ("netplan", "2500ms", False),
        ("networkd", "2500ms", False),
        ("ifupdown", "2.5", False),
        ("network-manager", "3", True),
    ],
)
def test_a_bridges_time_is_as_fine_as_the_target_has_it(target: str, text: str, told: bool) -> None:
    assert said(target, "forward-delay", "2500ms", "bridges") == (
        {text},
        ["bridges.br7.parameters.forward-delay: 2500ms is 3s there, the nearest that can be said"]
        * told,
    )
    found, rounds = said(target, "forward-delay", "2504900us", "bridges")
    assert len(rounds) == 1 and found == {text}


def test_freebsds_bridges_count_in_seconds() -> None:
    config = (
        "version: 2\nethernets:\n  hn0: {dhcp4: true}\n  hn1: {dhcp4: true}\n"
        "bridges:\n  bridge0: {interfaces: [hn1], parameters: {forward-delay: 4600ms}}\n"
    )
    machine = freebsd(nic("hn0", 1, driver="hn"), nic("hn1", 2, driver="hn"))
    made = load("freebsd").render(of_machine(config, machine), {})
    assert "fwddelay 5" in "".join(one.text for one in made.files)
    assert [one.rule for one in made.findings if one.rule == "rounded"] == ["rounded"]


@given(
    st.integers(0, 10**7),
    st.sampled_from([("", 1000), ("us", 1), ("ms", 1000), ("s", 10**6), ("min", 6 * 10**7)]),
    st.sampled_from([times.MILLISECOND, times.HUNDREDTH, times.SECOND]),
)
def test_rounding_is_to_the_nearest_and_0_stays_itself(
    count: int, unit: tuple[str, int], step: int
) -> None:
    suffix, size = unit
    exact = Fraction(count * size, step)
    found = times.with_suffix(f"{count}{suffix}", times.MILLISECOND, step)
    steps = Fraction(times.milliseconds(found) * times.MILLISECOND, step)
    if exact.denominator == 1 and (size % 1000 == 0 or step >= 1000):
        assert steps == exact or size == 1
    assert abs(steps - exact) <= max(Fraction(1, 2), Fraction(1) - exact)
    assert (steps == 0) == (exact == 0)


@pytest.mark.parametrize("value", [True, None, "", "x", "1 ms", "-1", "1e3", "1.s", "1\n", "٣"])
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(RefusedError):
        times.milliseconds(value)


def test_each_time_of_a_bond_has_the_unit_that_netplan_has() -> None:
    for key in BOND:
        assert said("networkd", key, "700us")[1]
    for value, rounds in (("1500ms", 1), (3, 0)):
        assert len(said("networkd", "learn-packet-interval", value)[1]) == rounds
