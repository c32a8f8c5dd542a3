"""What boots a machine, or answers its host, does without what only a review needs."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys

import pytest

from tests.imports import modules, reached
from tests.paths import CHECKOUT
from tests.test_packaging import OPTIONAL

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


def test_what_the_guard_loads_at_a_boot_needs_no_library_of_a_review() -> None:
    """An image has PyYAML and nothing else; one module that wants more turns all of it off."""
    guard = runpy.run_path(str(CHECKOUT / "hyperv_net/data/guard/loads.py"))
    folder = str(CHECKOUT / "hyperv_net")
    code = (
        "import importlib, sys\n"
        f"sys.modules.update(dict.fromkeys({sorted(OPTIONAL)!r}))\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
    )
    # cloud-init's own modules are not there.
    names = [
        one
        for one in guard["modules_below"](folder, "hyperv_net")
        if not one.startswith("hyperv_net.sources")
    ]
    assert "hyperv_net.plan.flow" in names
    loaded = subprocess.run(
        [sys.executable, "-c", code, *names], capture_output=True, text=True, cwd=CHECKOUT
    )
    assert loaded.returncode == 0, loaded.stderr
