"""The imports of the product, read from its text: nothing of it is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.paths import CHECKOUT

PRODUCT = "hyperv_net"


class Import(NamedTuple):
    """A module that another one imports.

    `is_late` where a function does so when it runs, `is_for_types` where only
    a type checker does.
    """

    module: str
    line: int
    is_late: bool = False
    is_for_types: bool = False


@cache
def modules() -> Mapping[str, Path]:
    """Each module of the product by its full name."""
    places = {PRODUCT: CHECKOUT / PRODUCT, f"{PRODUCT}.renderers": CHECKOUT / "renderers"}
    found = {}
    for package, folder in places.items():
        for file in folder.rglob("*.py"):
            parts = file.relative_to(folder).with_suffix("").parts
            name = ".".join((package, *parts))
            found[name.removesuffix(".__init__")] = file
    return found


@cache
def imports(module: str) -> tuple[Import, ...]:
    """What a module imports; a name taken from a package counts as its module, if it is one."""
    tree = ast.parse(modules()[module].read_text())
    return tuple(_imports(tree, is_late=False, is_for_types=False))


def _imports(node: ast.AST, *, is_late: bool, is_for_types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            for name in _names(child):
                yield Import(name, child.lineno, is_late, is_for_types)
        elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            yield from _imports(child, is_late=is_late, is_for_types=True)
        else:
            is_function = isinstance(child, (ast.FunctionDef, ast.Lambda))
            yield from _imports(child, is_late=is_late or is_function, is_for_types=is_for_types)


def _names(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
        return
    assert node.module is not None and not node.level, "imports are absolute here"
    for one in node.names:
        inside = f"{node.module}.{one.name}"
        yield inside if inside in modules() else node.module


def reached(module: str, *, late: bool) -> Mapping[str, tuple[str, ...]]:
    """Everything that comes with a module, each with the way there.

    With `late` also what its functions import when they run.
    """
    ways: dict[str, tuple[str, ...]] = {module: (module,)}
    waiting = [module]
    while waiting:
        here = waiting.pop()
        if here not in modules():
            continue
        names = [
            one.module
            for one in imports(here)
            if not one.is_for_types and (late or not one.is_late)
        ]
        for name in (*_packages_of(here), *names):
            if name not in ways:
                ways[name] = (*ways[here], name)
                waiting.append(name)
    return ways


def _packages_of(module: str) -> Iterator[str]:
    """The packages that a module is in, which are imported with it."""
    while "." in module:
        module = module.rpartition(".")[0]
        yield module
