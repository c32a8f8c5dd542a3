"""Whole trees: the files of a root before and after."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from hyperv_net.renderers.freebsd import render as rc_conf
from tests.renderers.freebsd.render.rc_conf_case import case

CASES = sorted((Path(__file__).parent / "trees").iterdir())


def tree_below(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_root_is_rendered_as_recorded_and_then_stays_so(folder: Path) -> None:
    """`config.yaml` is laid over a machine with one pair, hn0 and mce0."""
    machine = case(yaml.safe_load((folder / "config.yaml").read_text()))
    expected = tree_below(folder / "after")
    for existing in (tree_below(folder / "before"), expected):
        result = rc_conf.render(machine, existing)
        assert {one.path: one.text for one in result.files} == expected
