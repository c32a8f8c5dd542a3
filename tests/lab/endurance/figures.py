"""What a long night comes to: figures of its two files, whether it came to its end or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from tests.lab.report import aligned

Line = dict[str, Any]


def figures(cycles: Sequence[Line], states: Sequence[Line]) -> list[str]:
    """The tables: by kind of cycle, in all, and what has grown on the machine."""
    if not cycles or not states:
        return ["no cycle has come to its end"]
    return [
        *aligned([_HEAD, *_kinds(cycles), _of("all", cycles)]),
        "",
        *aligned([("", "begin", "end"), *_grown(states)]),
        "",
        *_told(cycles, states),
    ]


def verdict(cycles: Sequence[Line], states: Sequence[Line]) -> list[str]:
    """What must not be, and was: broken streams, addresses on members, what failed or stayed."""
    last: Line = states[-1] if states else {}
    wrong = [f"cycle {one['number']}: {'; '.join(one['wrong'])}" for one in cycles if one["wrong"]]
    broken = max((one["streams_broken"] for one in cycles), default=0)
    stayed = Counter(_names(last)) - Counter(_names(states[0])) if states else Counter()
    return [
        *wrong,
        *([f"{broken} TCP streams broke"] if broken else []),
        *(f"failed: {unit}" for unit in last.get("failed", ())),
        *(f"a process stays: {name}" for name in stayed.elements() if _is_ours(name)),
        *(f"a zombie stays: {one['name']}" for one in last.get("processes", ()) if _is_dead(one)),
    ]


_HEAD = (
    *("kind", "cycles", "seconds", "probes", "lost", "lost in one", "worst gap ms"),
    *("UDP sent", "UDP lost", "stream silent s"),
)


_TELLERS = {"ours": "our units", "about ours": "systemd on our units", "kernel": "the kernel"}


def _kinds(cycles: Sequence[Line]) -> Iterable[tuple[str, ...]]:
    for kind in dict.fromkeys(one["kind"] for one in cycles):
        yield _of(kind, [one for one in cycles if one["kind"] == kind])


def _of(kind: str, some: Sequence[Line]) -> tuple[str, ...]:
    seconds = [one["seconds"] for one in some]
    lost = [one["lost"] for one in some]
    gaps = [one["longest_gap"] * 1000 for one in some]
    return (
        *(kind, str(len(some)), f"{median(seconds):.1f} ({max(seconds):.1f})"),
        *(str(sum(one["sent"] for one in some)), str(sum(lost))),
        *(f"{median(lost):.0f} ({max(lost)})", f"{median(gaps):.0f} ({max(gaps):.0f})"),
        *(str(sum(one["udp_sent"] for one in some)), str(sum(one["udp_lost"] for one in some))),
        f"{max(one['stream_gap'] for one in some):.2f}",
    )


def _grown(states: Sequence[Line]) -> Iterable[tuple[str, str, str]]:
    first, last = states[0], states[-1]
    begin, end = _memory(first), _memory(last)
    for name in sorted({*begin, *end}):
        yield (f"KiB of {name}", str(begin.get(name, "-")), str(end.get(name, "-")))
    for key in first["kernel_kib"]:
        yield (f"KiB {key}", str(first["kernel_kib"][key]), str(last["kernel_kib"][key]))
    for what in ("processes", "files", "devices", "failed"):
        yield (what, str(len(first[what])), str(len(last[what])))
    for folder in ("/run/hyperv-net", "/var/lib/hyperv-net", "/run/udev/data"):
        yield (f"files in {folder}", str(_inside(first, folder)), str(_inside(last, folder)))
    yield ("bytes of the journal's files", str(first["journal_disk"]), str(last["journal_disk"]))


def _told(cycles: Sequence[Line], states: Sequence[Line]) -> Iterable[str]:
    first, last = states[0], states[-1]
    hours = (last["uptime"] - first["uptime"]) / 3600
    yield f"{last['after']} cycles looked at, in {hours:.2f} h of the guest"
    for who, name in _TELLERS.items():
        lines, size = (
            last["journal"][who][key] - first["journal"][who][key] for key in ("lines", "bytes")
        )
        each, hourly = lines / max(last["after"], 1), lines / hours if hours else 0
        yield f"log of {name}: {lines} lines, {size} bytes; {each:.1f} a cycle, {hourly:.0f} hourly"
    new = sorted({*last["files"]} - {*first["files"]})
    yield f"files that are new at the end: {', '.join(new[:20]) or 'none'}"
    yield f"streams broken: {max(one['streams_broken'] for one in cycles)}"
    loads = [one["load"] for one in cycles]
    yield f"load of the machine that ran it: {median(loads):.1f} ({max(loads):.1f})"


def _memory(state: Line) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in state["processes"]:
        found[one["name"]] = found.get(one["name"], 0) + one["kib"]
    return found


def _names(state: Line) -> list[str]:
    return [one["name"] for one in state["processes"]]


def _inside(state: Line, folder: str) -> int:
    return sum(path.startswith(f"{folder}/") for path in state["files"])


def _is_ours(name: str) -> bool:
    return "hyperv_net" in name or "hyperv-net" in name


def _is_dead(process: Line) -> bool:
    return bool(process["state"] == "Z")
