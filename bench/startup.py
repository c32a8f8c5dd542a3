"""What it costs to start: the program's verbs, and what an event of a VF starts.

Both tables count in bare interpreters: what Python takes to start and end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.instructions import Counter, counts
from bench.measure import Cost, medians
from bench.running import RECONCILE, write_running
from bench.subject import REPOSITORY, Subject, on
from bench.table import Row, aim
from tests.debian.packages import CACHE, Tree
from tests.debian.tools import SUITES

_BARE = "python -I -c pass"
_FREEBSD = REPOSITORY / "examples/azure-freebsd-mce"
_GENERATE = "usr/libexec/netplan/generate"

#: Times a bare interpreter.
_LIGHT, _PLAN = 2, 6
#: Milliseconds over a bare interpreter.
_EVENT = 50


@dataclass(frozen=True)
class _Figures:
    """Of one process: what it took, and the instructions where they were counted."""

    process: str
    cost: Cost
    count: int | None
    bare: Cost
    bare_count: int | None

    @property
    def over(self) -> float:
        """Milliseconds beyond a bare interpreter."""
        return (self.cost.seconds - self.bare.seconds) * 1000

    @property
    def times(self) -> float:
        """Bare interpreters in the time of this one."""
        return self.cost.seconds / self.bare.seconds

    def row(self, wanted: str) -> Row:
        """The figures as text, empty where there is none; `wanted` is the aim."""
        millions = times = ""
        if self.count is not None:
            millions = f"{self.count / 1e6:.1f}"
            times = f"{self.count / self.bare_count:.2f}" if self.bare_count else ""
        return {
            "process": self.process,
            "ms": f"{self.cost.seconds * 1000:.1f}",
            "over bare": f"{self.over:.1f}",
            "times bare": f"{self.times:.1f}",
            "M instructions": millions,
            "times bare's": times,
            "aim": wanted,
        }


def startup(subject: Subject, counter: Counter | None, runs: int) -> Iterator[Row]:
    """Python, PyYAML, the verbs that every user meets, and netplan's generator for comparison.

    A plan is of one pair, from an inventory.
    """
    pair = subject.machine(1)
    plans = {
        "hyperv-net plan, netplan": on(pair, "plan", "inventory.json"),
        "hyperv-net plan, ifupdown": on(pair, "plan", "inventory.json", "ifupdown"),
        "hyperv-net plan, rc.conf": on(_FREEBSD, "plan", "inventory.json", "freebsd"),
    }
    commands = {
        _BARE: subject.bare,
        "python -I -c 'import yaml'": [*subject.python, "-c", "import yaml"],
        "hyperv-net --version": subject.command("--version"),
        "hyperv-net --help": subject.command("--help"),
        **{name: subject.command(*arguments) for name, arguments in plans.items()},
        "what systemd starts": _reconcile(subject, subject.folder / "startup"),
        **_netplan_generate(subject, pair),
    }
    aims = {
        "hyperv-net --version": _LIGHT,
        "hyperv-net --help": _LIGHT,
        **dict.fromkeys(plans, _PLAN),
    }
    for one in _measured(subject, counter, commands, runs):
        most = aims.get(one.process)
        yield one.row(aim(f"{most} times bare", one.times <= most) if most else "")


def event(subject: Subject, counter: Counter | None, runs: int) -> Iterator[Row]:
    """What each event of a VF costs where all is as it should be.

    `ip` is run as well, which counts as time, not as instructions.
    """
    # A machine each: of two that reconcile one at once, one has nothing to do.
    dry = subject.folder / "dry-run"
    write_running(dry)
    commands = {
        _BARE: subject.bare,
        "what systemd starts": _reconcile(subject, subject.folder / "event"),
        "hyperv-net reconcile --dry-run": subject.command(
            *("reconcile", "--dry-run", "--root", str(dry)),
        ),
    }
    for one in _measured(subject, counter, commands, runs):
        wanted = one.process == "what systemd starts"
        yield one.row(aim(f"{_EVENT} over bare", one.over <= _EVENT) if wanted else "")


def _measured(
    subject: Subject, counter: Counter | None, commands: Mapping[str, list[str]], runs: int
) -> Iterator[_Figures]:
    """In the order of the commands, of which the first is the bare interpreter."""
    costs = medians(list(commands.values()), subject.environment, runs)
    counted = counts(counter, list(commands.values()), subject.environment)
    for process, cost, count in zip(commands, costs, counted):
        yield _Figures(process, cost, count, costs[0], counted[0])


def _reconcile(subject: Subject, root: Path) -> list[str]:
    """What systemd starts at an event, on a machine below `root` where nothing is to be done."""
    write_running(root)
    return [*subject.python, "-c", RECONCILE, str(root)]


def _netplan_generate(subject: Subject, pair: Path) -> dict[str, list[str]]:
    """netplan's own step from YAML to networkd's files, on what hyperv-net writes for the pair.

    Only where Debian's netplan is unpacked already: nothing is fetched here.
    """
    for suite in reversed(SUITES):
        for program in (CACHE / suite / "trees").glob(f"*/{_GENERATE}"):
            generate = Tree(suite, program.parents[3], {}).command(f"/{_GENERATE}")
            root = str(pair / "netplan")
            subject.output(*on(pair, "render", "inventory.json"), "--output-dir", root)
            return {f"netplan generate, Debian {suite}": [*generate, "--root-dir", root]}
    return {}
