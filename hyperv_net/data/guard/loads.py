"""Tells whether a Python loads hyperv-net as cloud-init will: python loads.py PROGRAM SECONDS INTO.

PROGRAM is cloud-init's own, INTO a file that says yes by being there: its first
line is the configuration to plug in, and the others are all files on which the
answer rests, those among them that must stay away.  Where the answer is no,
INTO.why has the reason, in one line; where it is yes and the settings turn hyperv-net off,
INTO.off says so.  A module that takes more than SECONDS is ended
by the kernel, whatever it may be doing: a limit for each and none for all, since a
slow machine gets on and one that hangs does not.

It is a part of `guard`, installed outside of the package and of what Python
knows of, and takes nothing from the package but what it is asked about.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = "hyperv_net"
SOURCES = f"{PACKAGE}.sources"

#: What no boot needs, so that a fault in it is left to whoever uses it.
NOT_AT_BOOT = frozenset(
    (
        *(
            "announcements",
            "bake",
            "commands",
            "data",
            "fleet",
            "handed_over",
            "hotplug",
            "journal",
        ),
        *("kvp", "lint", "review", "rules", "simulation", "status"),
        *("__main__", "cli", "manual", "terminal_bar", "whole_process"),
    )
)


def main(program: str, seconds: str, into: str) -> None:
    """Ask, and write `into` where the answer is yes."""
    # Not Python's handler, which waits for the interpreter: one may hang in a library.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # The folder of this very program is first where that of cloud-init's will be.
    if not sys.flags.isolated and not getattr(sys.flags, "safe_path", False):
        sys.path[0] = os.path.dirname(program)
    try:
        package = load(lambda: signal.alarm(int(seconds)))
        off, rests_on = settings()
    except BaseException as error:  # SystemExit too: a damaged module may leave by it
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
        write(f"{into}.why", [reason[:300]])
    else:
        if off:
            write(f"{into}.off", [off])
        answer = [f"{package}/data/90-hyperv-net.cfg", *files_of_the_answer(package), *rests_on]
        write(into, answer)


def load(begin: Callable[[], object]) -> str:
    """Load what a first boot loads, and return the package's folder; raises whatever goes wrong.

    `begin` is called before each step.  The stock datasources stay away, which take ten
    times as long and which cloud-init is about to load itself: an entrance is asked with
    an `extend` that extends nothing.  What the real one does is caught where it fails.
    """
    begin()
    sources = importlib.import_module(SOURCES)
    (folder, *_) = sys.modules[PACKAGE].__path__
    # What is loaded late would raise harmlessly, but may not end either.
    modules = modules_below(folder, PACKAGE)
    for name in modules:
        if not is_entrance(name):
            begin()
            importlib.import_module(name)
    if not callable(getattr(sources, "extend", None)):
        raise AttributeError(f"{SOURCES} has no function extend")
    look_at(f"{folder}/data/90-hyperv-net.cfg")
    vars(sources)["extend"] = lambda name: lambda depends: []
    for name in filter(is_entrance, modules):
        begin()
        list(importlib.import_module(name).get_datasource_list(()))
    begin()
    compile_for_events(f"{folder}/hotplug")
    return folder


def compile_for_events(folder: str) -> None:
    """Compile what each event of a VF runs, whose unit may write nothing but its own state.

    Where that cannot be, each event takes a little longer.
    """
    import py_compile

    for at, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py"):
                with contextlib.suppress(OSError, ValueError):
                    py_compile.compile(f"{at}/{name}", quiet=2)


def settings() -> tuple[str, list[str]]:
    """Why the settings turn hyperv-net off, if they do, and the files that say so or do not.

    Settings that cannot be read turn nothing off: whatever comes to need them says what is wrong.
    """
    turning = importlib.import_module(f"{PACKAGE}.root.turning")
    try:
        off = turning.why_to_turn_off()
    except Exception:
        off = ""
    return off, [f"/{path}" for path in turning.settings_files()]


def is_entrance(module: str) -> bool:
    """Whether cloud-init loads the module as a datasource."""
    return module.startswith(f"{SOURCES}.DataSource")


def look_at(plug: str) -> None:
    """Raise where that part of cloud-init's configuration is not as it left this project.

    cloud-init reads it with no net below: a byte that is no UTF-8 is its end.
    """
    with open(plug, encoding="ascii") as file:
        said = [line.rstrip() for line in file if not line.startswith("#")]
    if said != [f"datasource_pkg_list: [{SOURCES}]"]:
        raise ValueError(f"{plug} is not as it was installed")


def modules_below(folder: str, package: str) -> list[str]:
    """The full names of the modules of a package that a boot may need."""
    found = []
    for name in sorted(os.listdir(folder)):
        module, _, ending = name.partition(".")
        if package == PACKAGE and module in NOT_AT_BOOT:
            continue
        if os.path.isfile(f"{folder}/{name}/__init__.py"):
            found += [f"{package}.{name}", *modules_below(f"{folder}/{name}", f"{package}.{name}")]
        elif ending == "py" and module != "__init__":
            found.append(f"{package}.{module}")
    return found


def files_of_the_answer(package: str) -> list[str]:
    """What was loaded, compiled or not, and what would have been loaded before it."""
    found = {f"{package}/data/90-hyperv-net.cfg"}
    for name, module in sys.modules.items():
        spec = getattr(module, "__spec__", None)
        if spec and name.partition(".")[0] == PACKAGE:
            found.update(filter(None, (spec.origin, spec.cached)))
    for folder in sys.path:
        if os.path.join(folder, PACKAGE) == package:
            break
        found.update(os.path.join(folder, f"{PACKAGE}{end}") for end in ("/__init__.py", ".py"))
    return sorted(found)


def write(path: str, lines: list[str]) -> None:
    """Write a file whole."""
    with open(f"{path}.new", "w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(f"{line}\n" for line in lines)
    os.rename(f"{path}.new", path)


if __name__ == "__main__":
    main(*sys.argv[1:])
