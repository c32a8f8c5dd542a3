"""Which findings the product can make, read from its text: nothing of it is run.

Every call of `Finding` is looked up, and what its rule and its severity can be: constants, choices,
names of the function and of the module, what another function returns, and what all callers of a
helper give it.  Whatever cannot be read so is UNKNOWN, so that it is not passed over.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import NamedTuple

from tests.imports import modules

#: What no text of the product says.
UNKNOWN = "?"


class Told(NamedTuple):
    """A finding that can be made: by which function of which module, and what it says."""

    module: str
    function: str
    rule: str
    severity: str


class Scope(NamedTuple):
    """A module, and the function in it that an expression belongs to."""

    module: str
    function: ast.FunctionDef | None = None

    @property
    def parameters(self) -> list[str]:
        arguments = self.function.args if self.function else None
        named = [*arguments.posonlyargs, *arguments.args] if arguments else []
        return [one.arg for one in (*named, *(arguments.kwonlyargs if arguments else ()))]


class Said(NamedTuple):
    """An expression and where it stands; without one, what is unknown."""

    node: ast.expr | None
    scope: Scope

    @property
    def is_parameter(self) -> bool:
        return isinstance(self.node, ast.Name) and self.node.id in self.scope.parameters


@cache
def told() -> frozenset[Told]:
    """Each finding that can be made."""
    return frozenset(
        Told(scope.module, scope.function.name if scope.function else "", *both)
        for call, scope in _calls()["Finding"]
        if not _is_copy(call)
        for both in _pairs(*(_given(call, scope, *one) for one in enumerate(_FIELDS)))
    )


def replaced() -> frozenset[tuple[str, str]]:
    """Module and name of the functions that change what a finding says after it was made."""
    return frozenset(
        (scope.module, scope.function.name if scope.function else "")
        for call, scope in _calls()["_replace"]
        if any(one.arg in _FIELDS for one in call.keywords)
    )


_FIELDS = ("rule", "severity")


def _is_copy(call: ast.Call) -> bool:
    """Whether it says what another finding said, in another form."""
    return any(one.arg == "rule" and _is_of_a_finding(one.value) for one in call.keywords)


def _is_of_a_finding(node: ast.expr) -> bool:
    return ast.unparse(node) == "finding.rule"


def _pairs(rule: Said, severity: Said) -> Iterator[tuple[str, str]]:
    """What the two can be together: one call of a helper says both, and so does one condition."""
    asked = next((one.scope for one in (rule, severity) if one.is_parameter), None)
    if asked is not None:
        for call, scope in _callers(asked):
            yield from _pairs(
                *(
                    _argument(one, call, scope) if one.is_parameter and one.scope == asked else one
                    for one in (rule, severity)
                )
            )
        return
    one, other = rule.node, severity.node
    if isinstance(one, ast.IfExp) and isinstance(other, ast.IfExp):
        assert ast.dump(one.test) == ast.dump(other.test)
        for node, its in ((one.body, other.body), (one.orelse, other.orelse)):
            yield from _pairs(rule._replace(node=node), severity._replace(node=its))
        return
    yield from product(_values(rule), _values(severity))


def _values(said: Said) -> Iterator[str]:
    """The constants that an expression can be."""
    node, scope = said
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _values(Said(node.body, scope))
        yield from _values(Said(node.orelse, scope))
    elif isinstance(node, ast.Attribute) and node.attr == "value":
        yield from _values(Said(node.value, scope))
    elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Severity":
        yield node.attr.lower()
    elif isinstance(node, ast.Attribute) and node.attr == "rule":
        # That of a record which is not a finding yet.
        for name in _records_with_a_rule(scope.module.rpartition(".")[0]):
            for call, where in _calls()[name]:
                yield from _values(_given(call, where, 0, "rule"))
    elif isinstance(node, ast.Name):
        found = list(_assigned(node.id, scope))
        for one in found or [Said(None, scope)]:
            yield from _values(one)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        for one in _returned(node.func.id):
            yield from _values(one)
    else:
        yield UNKNOWN


def _assigned(name: str, scope: Scope) -> Iterator[Said]:
    """What a name stands for: of the function, else of the module, else of whom it is from."""
    for body in (scope.function, tree(scope.module)):
        found = False
        for node in ast.walk(body) if body else ():
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    found = True
                    yield Said(node.value, scope)
                elif isinstance(target, ast.Tuple):
                    for place, one in enumerate(target.elts):
                        if isinstance(one, ast.Name) and one.id == name:
                            found = True
                            yield from _elements(node.value, place, scope)
        if found:
            return
    for node in ast.walk(tree(scope.module)):
        if isinstance(node, ast.ImportFrom) and name in [one.name for one in node.names]:
            assert node.module is not None
            yield from _assigned(name, Scope(node.module))


def _elements(node: ast.expr, place: int, scope: Scope) -> Iterator[Said]:
    """What stands at a place of a tuple, or of the tuples that a function returns."""
    if isinstance(node, ast.Tuple):
        yield Said(node.elts[place], scope)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        for one in _returned(node.func.id):
            assert isinstance(one.node, ast.Tuple)
            yield Said(one.node.elts[place], one.scope)
    else:
        yield Said(None, scope)


def _returned(name: str) -> Iterator[Said]:
    """What the functions of this name return."""
    for function in _functions()[name]:
        for node in ast.walk(function.function) if function.function else ():
            if isinstance(node, ast.Return):
                yield Said(node.value, function)


def _argument(parameter: Said, call: ast.Call, scope: Scope) -> Said:
    """What a call gives for a parameter of the function that it calls."""
    function, node = parameter.scope.function, parameter.node
    assert function is not None and isinstance(node, ast.Name)
    parameters = [one for one in parameter.scope.parameters if one not in ("self", "cls")]
    given = _given(call, scope, parameters.index(node.id), node.id)
    if given.node is not None:
        return given
    of_place = [one.arg for one in function.args.args][::-1]
    defaults = dict(zip(of_place, function.args.defaults[::-1]))
    defaults.update(
        (one.arg, default)
        for one, default in zip(function.args.kwonlyargs, function.args.kw_defaults)
        if default is not None
    )
    return Said(defaults.get(node.id), parameter.scope)


def _given(call: ast.Call, scope: Scope, place: int, name: str) -> Said:
    """The argument of a call at a place or of a name."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return Said(keyword.value, scope)
    if call.args and isinstance(call.args[0], ast.Starred):
        (one,) = _elements(call.args[0].value, place, scope)
        return one
    return Said(call.args[place] if place < len(call.args) else None, scope)


def _callers(scope: Scope) -> Iterator[tuple[ast.Call, Scope]]:
    """The calls of a function in its module, and those of a method of this name in its folder."""
    function = scope.function
    assert function is not None
    is_method = scope.parameters[:1] == ["self"]
    if is_method:
        named = [one for one in _functions()[function.name] if _folder(one) == _folder(scope)]
        assert named == [scope], "which of them is called cannot be told"
    for call, where in _calls()[function.name]:
        if isinstance(call.func, ast.Attribute) != is_method:
            continue
        if _folder(where) == _folder(scope) if is_method else where.module == scope.module:
            yield call, where


def _folder(scope: Scope) -> list[str]:
    """The folder of a stage, or of a target."""
    parts = scope.module.split(".")
    return parts[: 3 if parts[1] == "renderers" else 2]


def _records_with_a_rule(package: str) -> Iterator[str]:
    for module in (one for one in modules() if one.rpartition(".")[0] == package):
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.ClassDef) and node.name != "Finding":
                fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
                if any(ast.unparse(one.target) == "rule" for one in fields):
                    yield node.name


@cache
def tree(module: str) -> ast.Module:
    """The text of a module, parsed."""
    return ast.parse(modules()[module].read_text())


@cache
def _functions() -> Mapping[str, list[Scope]]:
    found = defaultdict[str, list[Scope]](list)
    for module in modules():
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.FunctionDef):
                found[node.name].append(Scope(module, node))
    return found


@cache
def _calls() -> Mapping[str, list[tuple[ast.Call, Scope]]]:
    """Every call, by the name of what is called."""
    found = defaultdict[str, list[tuple[ast.Call, Scope]]](list)
    for module in modules():
        _visit(tree(module), Scope(module), found)
    return found


def _visit(node: ast.AST, scope: Scope, found: dict[str, list[tuple[ast.Call, Scope]]]) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            name = child.func.attr if isinstance(child.func, ast.Attribute) else None
            name = child.func.id if isinstance(child.func, ast.Name) else name
            if name is not None:
                found[name].append((child, scope))
        inner = Scope(scope.module, child) if isinstance(child, ast.FunctionDef) else scope
        _visit(child, inner, found)
