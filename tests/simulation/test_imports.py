"""What a simulation imports, and who imports it."""

from __future__ import annotations

import re

import pytest

from tests.imports import imports, modules, reached
from tests.test_architecture import IMPURE

#: What a simulation may take of what is about running machines: all of it decides or judges.
_OF_SIMULATIONS = re.compile(
    r"hyperv_net\.(hotplug\.(decide|draining|wanted|look\.state|act\.converge|kept\.last)"
    r"|status\.(assemble|judge|linux|model)|simulation|renderers|review\.(documents?|json_text|layout)"
    r"|inventory\.told)(\.|\Z)"
)


@pytest.mark.parametrize(
    "module", sorted(name for name in modules() if name.startswith("hyperv_net.simulation"))
)
def test_a_simulation_looks_at_no_machine_and_changes_none(module: str) -> None:
    """It decides by the hook's own functions, and has no hands."""
    wrong = [
        one.module
        for one in imports(module)
        if not one.is_for_types
        and IMPURE.match(one.module)
        and not _OF_SIMULATIONS.match(f"{one.module}.")
    ]
    assert wrong == []


def test_no_boot_and_no_event_imports_what_is_for_people_alone() -> None:
    """Neither cloud-init's datasource, nor the hook, whatever their functions come to."""
    starts = ["hyperv_net.hotplug.__main__", "hyperv_net.handed_over.__main__"]
    starts += [one for one in modules() if one.startswith("hyperv_net.sources.DataSource")]
    found = [
        " > ".join(way)
        for start in starts
        for name, way in reached(start, late=True).items()
        if name.startswith("hyperv_net.simulation")
    ]
    assert found == []
