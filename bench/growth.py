"""What it costs to have more pairs: a plan, and what bondvf.sh's way takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.measure import medians
from bench.subject import Subject, on
from bench.table import Row, aim

_SIZES = (1, 16, 64, 256, 1024)
# From so many pairs on, the cost of a further pair stands out from the noise; a cost that
# grows with the number of pairs would be many times higher at the largest size.
_STEADY = 64
_NOISE = 1.5
#: 16 times the pairs; what a plan costs whatever their number is a part of both.
_MOST_TIMES = 12
_MEGABYTE = 1 << 20


def growth(subject: Subject, runs: int) -> Iterator[Row]:
    """What each pair beyond the first costs, as they become more.

    That cost is a small difference, so it is taken in time of the CPU, which
    other processes of a busy machine disturb less.
    """
    machines = [subject.machine(pairs) for pairs in _SIZES]
    plans = [subject.command(*on(machine, "plan", "inventory.json")) for machine in machines]
    costs = dict(zip(_SIZES, medians(plans, subject.environment, runs)))
    first = costs[1].seconds
    further = {n: (cost.cpu - costs[1].cpu) * 1000 / (n - 1) for n, cost in costs.items() if n > 1}
    for pairs, cost in costs.items():
        wanted = ""
        if pairs > _STEADY:
            steady = further[pairs] <= further[_STEADY] * _NOISE
            wanted = aim(f"as at {_STEADY} a further pair", steady)
        if pairs == _SIZES[-1]:
            within = cost.seconds <= 2 and cost.memory <= 150 * _MEGABYTE
            wanted += ", " + aim("2000 ms, 150 MB", within)
        yield {
            "pairs": str(pairs),
            "ms": f"{cost.seconds * 1000:.1f}",
            "times one pair": f"{cost.seconds / first:.1f}",
            "CPU a further pair": f"{further[pairs]:.2f}" if pairs in further else "",
            "peak MB": f"{cost.memory / _MEGABYTE:.1f}",
            "aim": wanted,
        }


def by_target(subject: Subject, runs: int) -> Iterator[Row]:
    """How many times the CPU of a plan for 64 pairs one for 1,024 takes, target by target.

    Both are of the same rounds, so that a busy machine is busy for both.
    """
    few, many = _STEADY, _SIZES[-1]
    machines = {"netplan": subject.machine, "ifupdown": subject.machine, "freebsd": subject.freebsd}
    plans = [
        subject.command(*on(machine(pairs), "plan", "inventory.json", target))
        for target, machine in machines.items()
        for pairs in (few, many)
    ]
    costs = medians(plans, subject.environment, runs)
    for target, of_few, of_many in zip(machines, costs[::2], costs[1::2]):
        ratio = of_many.cpu / of_few.cpu
        yield {
            "target": target,
            f"CPU of {few}": f"{of_few.cpu * 1000:.0f}",
            f"CPU of {many}": f"{of_many.cpu * 1000:.0f}",
            "times": f"{ratio:.1f}",
            "aim": aim(f"{_MOST_TIMES} times", ratio <= _MOST_TIMES),
        }


def beside_bondvf(subject: Subject, runs: int) -> Iterator[Row]:
    """A process for each attribute and every NIC compared with every other, beside ours.

    First with the two attributes that bondvf.sh looks at, which are not enough
    to decide anything, then with those that an inventory holds: the aim is for
    the same facts gathered both ways.
    """
    for pairs, times in ((16, None), (64, 4), (256, 15)):
        machine = subject.machine(pairs)
        script = ["bash", str(Path(__file__).with_name("bondvf_way.sh"))]
        theirs = [*script, str(machine / "root"), str(machine / "interfaces")]
        commands = [theirs, [*theirs, "all"], subject.command(*on(machine, "render", "root"))]
        two, every, ours = medians(commands, subject.environment, runs)
        ratio = every.seconds / ours.seconds
        yield {
            "pairs": str(pairs),
            "its two attributes": f"{two.seconds * 1000:.0f}",
            "all of ours": f"{every.seconds * 1000:.0f}",
            "hyperv-net render": f"{ours.seconds * 1000:.0f}",
            "than two": f"{two.seconds / ours.seconds:.1f} times",
            "than all": f"{ratio:.1f} times",
            "aim": aim(f"{times} times faster", ratio >= times) if times else "",
        }
