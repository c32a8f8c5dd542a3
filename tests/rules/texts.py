"""The texts that stand in the product, to know those again that it prints."""

from __future__ import annotations

import ast
from functools import cache

from hyperv_net.rules.catalogue import OWN
from tests.imports import modules
from tests.rules.told import tree

#: The modules of rules, in which every id stands besides.
_DATA = (".rules", *(f"hyperv_net.rules.{one}" for _, names in OWN for one in names))

#: Characters of a piece of text that no other sentence has by chance.
_LONG = 10


@cache
def fragments(rule: str) -> frozenset[str]:
    """The longer pieces of text in the modules that name a rule, and in those beside them."""
    beside = {
        one.rpartition(".")[0]
        for one in modules()
        if rule in _texts(one) and not one.endswith(_DATA)
    }
    return frozenset(
        piece for one in modules() if one.rpartition(".")[0] in beside for piece in pieces(one)
    )


@cache
def pieces(module: str) -> frozenset[str]:
    """Those of one module, without what is only a name or a path."""
    return frozenset(one for one in _texts(module) if len(one) >= _LONG and one.count(" ") >= 2)


@cache
def _texts(module: str) -> frozenset[str]:
    return frozenset(
        node.value
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
