"""What boots a machine, or answers its host, does without what only a review needs."""

from __future__ import annotations

import re

import pytest

from tests.imports import modules, reached

#: The catalogue of rules, and the libraries that the formats are drawn with.
OF_REVIEWS = re.compile(
    r"(jinja2|markupsafe|pygments|jsonschema|junitparser|shtab)(\.|\Z)|hyperv_net\.rules(\.|\Z)"
    r"|hyperv_net\.renderers\.\w+\.rules"
)
BOOTS = ("hyperv_net.sources", "hyperv_net.kvp", "hyperv_net.handed_over", "hyperv_net.hotplug")


@pytest.mark.parametrize("module", sorted(one for one in modules() if one.startswith(BOOTS)))
def test_what_boots_imports_nothing_of_a_review(module: str) -> None:
    """Not even when one of its functions runs."""
    ways = [
        " > ".join(way)
        for name, way in reached(module, late=True).items()
        if OF_REVIEWS.match(name)
    ]
    assert ways == []
