"""The programs of a FreeBSD machine, each followed by a look at what must never be."""

from __future__ import annotations

import json
from pathlib import Path

from tests.freebsd_machine import programs
from tests.freebsd_machine.journey import cut_off
from tests.freebsd_machine.path import BEYOND, card_of
from tests.freebsd_machine.state import State, from_document

_FILE = "violations"


def main(folder: str, root: str, name: str, *arguments: str) -> int:
    """Run one program as `programs.main` does; what is wrong afterwards is noted."""
    status = programs.main(folder, root, name, *arguments)
    state = from_document(json.loads(Path(folder, "state.json").read_text()))
    found = wrong(state)
    if found:
        with Path(folder, _FILE).open("a") as file:
            file.writelines(f"{name} {' '.join(arguments)}: {one}\n" for one in found)
    return status


def wrong(state: State) -> list[str]:
    """Which VFs are up outside an aggregate, which ports have addresses, what is cut off."""
    if state.transparent:
        return []
    found = []
    for hn in state.interfaces:
        vf = state.find(hn.vf) if hn.vf else None
        if vf is not None and vf.up and state.lagg_of(vf.name) is None:
            found.append(f"{vf.name} is up outside an aggregate")
    for lagg in state.interfaces:
        for port in map(state.get, lagg.ports if lagg.kind == "lagg" else ()):
            found += [f"{port.name} has {one.address}" for one in (*port.inet, *port.inet6)]
        if lagg.kind == "lagg" and lagg.up and lagg.ports and not card_of(state, lagg.name)[0]:
            found.append(f"{lagg.name} is cut off")
    for family in BEYOND:
        lost = cut_off(state, family)
        found += [f"the gateway of {family} is cut off: {lost}"] * bool(lost)
    return found


def violations(state_folder: Path) -> list[str]:
    """What was noted, each line with the program after which it was so."""
    file = state_folder / _FILE
    return file.read_text().splitlines() if file.exists() else []
