"""Makes functions of an installed plugin report that they were called, or raise.

Both are done in the machine's own copy of the source, by a line put at the head
of a function's body: so it holds for closures and methods too, in every process
and at every call.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.firstboot.machine import Machine

_DIST_PACKAGES = "usr/lib/python3/dist-packages"
_PACKAGE = f"{_DIST_PACKAGES}/hyperv_net"
_CALLS, _FAULT = "var/log/plugin-calls", "var/log/plugin-fault"

_PROBE = f"""\
import sys


def seen(function):
    caller = sys._getframe(2).f_code.co_filename
    with open("/{_CALLS}", "a") as file:
        file.write(f"{{function}} {{caller}}\\n")


def fail():
    open("/{_FAULT}", "a").close()
    raise RuntimeError("made to fail")
"""


@dataclass(frozen=True, order=True)
class Function:
    """A function of the plugin: its file in the package, and its name with those around."""

    file: str
    name: str

    def __str__(self) -> str:
        return f"{self.file}:{self.name}"


def note_calls(machine: Machine) -> None:
    """Let every function of the plugin note that it is called, and by which file."""
    _probe(machine)
    package = machine.files / _PACKAGE
    for path in sorted(package.rglob("*.py")):
        file = str(path.relative_to(package))
        functions = [function for function, _ in _functions(path, file)]
        _insert(path, file, functions, lambda function: f"seen({str(function)!r})")


def called(machine: Machine) -> list[tuple[Function, str]]:
    """The functions that were called since, each with a file that called it, in order of file."""
    lines = set((machine.files / _CALLS).read_text().splitlines())
    return sorted(
        (Function(*function.split(":")), caller)
        for function, caller in (line.split(" ") for line in lines)
    )


def break_function(machine: Machine, function: Function) -> None:
    """Make it raise whenever it is called."""
    _probe(machine)
    path = machine.files / _PACKAGE / function.file
    _insert(path, function.file, [function], lambda _: "fail()")


def fault_met(machine: Machine) -> bool:
    """Whether a function that was made to raise has done so."""
    return (machine.files / _FAULT).exists()


def _probe(machine: Machine) -> None:
    machine.write(f"{_DIST_PACKAGES}/plugin_probe.py", _PROBE)


def _insert(
    path: Path, file: str, wanted: Sequence[Function], call: Callable[[Function], str]
) -> None:
    lines = path.read_text().splitlines(keepends=True)
    places = [place for place in _functions(path, file) if place[0] in wanted]
    for function, first in sorted(places, key=lambda place: -place[1].lineno):
        indent = " " * first.col_offset
        lines.insert(first.lineno - 1, f'{indent}__import__("plugin_probe").{call(function)}\n')
    path.write_text("".join(lines))


def _functions(path: Path, file: str) -> Iterator[tuple[Function, ast.stmt]]:
    """Each function of a file, with the statement that its body begins with."""

    def below(node: ast.AST, outer: str) -> Iterator[tuple[Function, ast.stmt]]:
        for child in ast.iter_child_nodes(node):
            name = f"{outer}{getattr(child, 'name', '')}"
            if isinstance(child, ast.FunctionDef):
                has_docstring = ast.get_docstring(child, clean=False) is not None
                body = child.body[1:] if has_docstring else child.body
                if body:
                    first = body[0]
                    decorators = getattr(first, "decorator_list", [])
                    yield Function(file, name), decorators[0] if decorators else first
            nested = isinstance(child, (ast.FunctionDef, ast.ClassDef))
            yield from below(child, f"{name}." if nested else outer)

    return below(ast.parse(path.read_text()), "")
