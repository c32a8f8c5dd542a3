"""What is more severe than what is said once, where severities are."""

from __future__ import annotations

import ast

import pytest

from hyperv_net.facts import Severity, at_least
from tests.imports import modules

WORDS = [one.value for one in Severity]
HOME = "hyperv_net.facts"


def test_the_worst_comes_first_and_what_is_no_severity_last() -> None:
    words = ["allowed", "note", "error", "warning", "ERROR"]
    assert sorted(words, key=Severity.rank_of) == ["error", "warning", "note", "allowed", "ERROR"]


@pytest.mark.parametrize(("least", "number"), [("error", 1), ("warning", 2), ("note", 3)])
def test_what_is_as_severe_is_what_comes_before_it(least: str, number: int) -> None:
    assert [one.value for one in at_least(Severity(least))] == WORDS[:number]


def test_no_other_module_puts_them_into_an_order() -> None:
    """Neither their words, one after the other, nor a list of all of them to look a place up in."""
    homes = [
        name
        for name, path in modules().items()
        if name != HOME and any(map(_orders, ast.walk(ast.parse(path.read_text()))))
    ]
    assert homes == []


def _orders(node: ast.AST) -> bool:
    if isinstance(node, (ast.Tuple, ast.List)):
        return [getattr(one, "value", None) for one in node.elts] == WORDS
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "index" and "SEVERITIES" in ast.unparse(node.func.value).upper()
    return False
