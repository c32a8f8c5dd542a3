"""Every example gives exactly the plan and the trees below its expected/ folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.expected import CASES, KEEP_OFF, handed_out, produce, targets, tree

RUNS = [
    pytest.param(case, target, id=f"{case.name}-{target}")
    for case in CASES
    for target in targets(case)
]


def test_there_are_at_least_eight_examples() -> None:
    assert len(CASES) >= 8


@pytest.mark.parametrize(("case", "target"), RUNS)
def test_the_plan_and_the_rendered_tree_are_as_expected(case: Path, target: str) -> None:
    status, produced = produce(case, target)
    assert produced == tree(case / "expected" / target)
    assert status == (1 if "error: " in produced["plan.txt"] else 0)


def test_the_files_for_a_machine_without_python_are_as_guard_gives_them() -> None:
    assert tree(KEEP_OFF) == handed_out()
