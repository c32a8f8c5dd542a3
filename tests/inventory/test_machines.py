"""Machines that people showed in public: what is said of them is what they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.cli import main
from tests.capture.made import captured
from tests.inventory.machines import MACHINES, facts, made, printed

NAMES = sorted(path.name for path in MACHINES.iterdir() if path.is_dir())

Capture = pytest.CaptureFixture[str]


def test_none_lacks_its_other_half_and_there_are_many() -> None:
    """As in ntc-templates: what was printed, and what is to come of it; and where it is from."""
    # Two are one machine at another moment.
    assert len(NAMES) - 2 >= 15
    for name in NAMES:
        files = {path.name for path in (MACHINES / name).iterdir()}
        assert files > {"SOURCE", "facts.json", "expected.json"}, name
        assert [one for one in files if one.endswith(".txt")], name
        assert re.match(r"https://github\.com/\S+\n\S", (MACHINES / name / "SOURCE").read_text())
        assert all((MACHINES / name / one).stat().st_size for one in files), name


def said(told: dict[str, Any]) -> Iterator[str]:
    """Each fact that somebody could have printed."""
    yield told.get("kernel", "")
    for nic in told.get("nics", ()):
        # Of a device's path the last part, and the bus that Hyper-V makes for a VF.
        device = nic.get("device", "").split("/")
        own = device[-3:][::2] if nic.get("driver") != "hv_netvsc" else device[-1:]
        yield from (nic["name"], nic.get("mac", ""), nic.get("driver", ""), *own)
    for card in told.get("unbound", ()):
        device = card["device"].split("/")
        yield from (device[-1], device[-3])
    for counters in told.get("statistics", {}).values():
        yield from (f"{name}: {value}" for name, value in counters.items())
    yield from re.findall(r"^([\w.]+):", told.get("sysctl", ""), re.M)


@pytest.mark.parametrize("name", NAMES)
def test_each_fact_was_printed_or_is_told_to_be_inferred(name: str) -> None:
    told, text = facts(name), printed(name)
    words = {one for one in said(told) if one}
    unprinted = {one for one in words if not re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text)}
    assert unprinted == set(told["inferred"])


@pytest.mark.parametrize("name", NAMES)
def test_the_inventory_of_each_is_as_expected_and_that_of_its_capture(
    name: str, tmp_path: Path, capsys: Capture
) -> None:
    root = made(name, tmp_path / "root")
    (tmp_path / "c").mkdir()
    file = captured(root, tmp_path / "c/c.tar.gz")
    expected = json.loads((MACHINES / name / "expected.json").read_text())
    for given in (root, file):
        assert main(["inventory", "--root", str(given), "--format", "json"]) == 0
        assert summed_up(json.loads(capsys.readouterr().out)) == expected


def summed_up(document: dict[str, Any]) -> dict[str, Any]:
    """What matters of an inventory: the cards, the pairs with mode and reason, the findings."""
    return {
        "nics": {
            nic["name"]: " ".join(filter(None, (nic["driver"], nic["bus"], nic["master"])))
            for nic in document["nics"]
            if nic["kind"] == "ethernet"
        },
        "pairs": [
            {key: pair[key] for key in ("synthetic", "vf", "mode", "reason")}
            for pair in document["pairs"]
        ],
        "findings": [one["rule"] for one in document["findings"]],
    }
