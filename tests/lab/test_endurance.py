"""The long night's own parts, without a machine."""

from __future__ import annotations

from typing import Any

from tests.lab.endurance import cycles
from tests.lab.endurance.figures import figures, verdict


def cycle(number: int, kind: str = cycles.SUDDEN, **other: Any) -> dict[str, Any]:
    return {
        **{"number": number, "kind": kind, "seconds": 2.0, "wrong": [], "load": 3.0},
        **{"sent": 2000, "lost": 80, "longest_gap": 0.09, "udp_sent": 100, "udp_lost": 4},
        **{"stream_gap": 0.2, "streams_broken": 0, **other},
    }


def state(after: int, *processes: tuple[str, str, int], **other: Any) -> dict[str, Any]:
    said = {"lines": after * 2, "bytes": after * 80}
    return {
        **{"after": after, "uptime": 100.0 + after * 3.6, "failed": [], "devices": ["lo", "eth0"]},
        "processes": [{"name": name, "state": how, "kib": kib} for name, how, kib in processes],
        **{"files": {"/run/hyperv-net/lock": 0}, "kernel_kib": {"SUnreclaim": 25000}},
        **{"journal": {"ours": said, "about ours": said, "kernel": said}, "journal_disk": 8000},
        **other,
    }


def test_each_kind_of_cycle_comes_under_both_names_and_both_drivers() -> None:
    night = list(cycles.cycles(1000))
    assert [one.number for one in night] == [*range(1, 1001)]
    for kind in set(cycles.TURNS):
        met = {(one.slot, one.driver) for one in night if one.kind == kind}
        assert {driver for _, driver in met} == {*cycles.DRIVERS}, kind
    assert {slot for one in night for slot in [one.slot]} == {0x11, 0x12}


def test_a_new_name_or_driver_is_another_than_in_the_cycle_before() -> None:
    night = list(cycles.cycles(100))
    for before, after in zip(night, night[1:]):
        renamed = after.kind in (cycles.OTHER_NAME, cycles.OTHER_DRIVER)
        assert (before.slot != after.slot) is renamed
        assert (before.driver != after.driver) is (after.kind == cycles.OTHER_DRIVER)


def test_the_figures_name_the_worst_and_count_what_was_said_in_an_hour() -> None:
    night = [cycle(1), cycle(2, cycles.DRAINED, lost=0, longest_gap=0.4)]
    text = "\n".join(figures(night, [state(0), state(1000)]))
    assert "drained first" in text and "245 (400)" in text
    assert "log of our units: 2000 lines, 80000 bytes; 2.0 a cycle, 2000 hourly" in text
    assert "files that are new at the end: none" in text
    assert verdict(night, [state(0), state(1000)]) == []


def test_a_night_that_was_cut_short_has_figures_of_what_it_came_to() -> None:
    assert figures([], []) == ["no cycle has come to its end"]
    assert any(
        line.startswith("1 ") or "sudden" in line for line in figures([cycle(1)], [state(0)])
    )


def test_what_must_not_be_is_told() -> None:
    begin = state(0, ("udevd", "S", 1700))
    worker = "/usr/bin/python3 -I -m hyperv_net.hotplug"
    end = state(9, ("udevd", "S", 1700), (worker, "S", 9000), ("sh", "Z", 0), failed=["a.service"])
    night = [cycle(1, wrong=["eth0 had fe80::1"]), cycle(2, streams_broken=1)]
    assert verdict(night, [begin, end]) == [
        "cycle 1: eth0 had fe80::1",
        "1 TCP streams broke",
        "failed: a.service",
        f"a process stays: {worker}",
        "a zombie stays: sh",
    ]
