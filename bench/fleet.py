"""What a machine of a fleet costs, whether memory stays flat, and netplan's generator beside it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Cost, medians
from bench.subject import Subject
from bench.table import Row, aim
from tests.debian.tools import tools
from tests.fleet.machines import machines

_SIZES = (1_000, 10_000, 100_000)
_A_SECOND = 1_500
_TIMES = 50
#: Half as much again, of a hundred times the machines.
_FLAT = 1.5
_MEGABYTE = 1 << 20


def fleets(subject: Subject, runs: int) -> Iterator[Row]:
    """Machines a second on one core, in CPU, without what the start and the pages take.

    Both sides are of the same rounds; the largest fleet is measured once, for its memory.
    """
    generator = _generator(subject.folder / "netplan")
    few, many, most = (_command(subject, size) for size in _SIZES)
    of_few, of_many, of_one = medians(
        [few, many, generator], subject.environment, max(1, runs // 2)
    )
    (of_most,) = medians([most], subject.environment, 1)
    each = (of_many.cpu - of_few.cpu) / (_SIZES[1] - _SIZES[0])
    rate, times = 1 / each, of_one.cpu / each
    yield _row(_SIZES[0], of_few, "")
    speed = aim(f"{_A_SECOND} a second", rate >= _A_SECOND)
    beside = aim(f"{_TIMES} times netplan's generator", times >= _TIMES)
    yield _row(_SIZES[1], of_many, f"{speed}, {beside}", f"{rate:.0f}", f"{times:.1f}")
    flat = of_most.memory <= _FLAT * of_few.memory
    further = (of_most.cpu - of_few.cpu) / (_SIZES[2] - _SIZES[0])
    yield _row(_SIZES[2], of_most, aim("memory flat", flat), f"{1 / further:.0f}")


def _row(size: int, cost: Cost, wanted: str, rate: str = "", times: str = "") -> Row:
    return {
        "machines": f"{size:,}",
        "CPU ms": f"{cost.cpu * 1000:.0f}",
        "peak MB": f"{cost.memory / _MEGABYTE:.1f}",
        "a further second": rate,
        "than a generator": times,
        "aim": wanted,
    }


def _command(subject: Subject, size: int) -> list[str]:
    """Reviews a fleet; three of its machines are broken, so that the status is 1.

    A run that could not begin ends so too, and leaves nothing.
    """
    fleet, out = (subject.folder / f"fleet-{size}{one}" for one in (".jsonl", ""))
    with fleet.open("w") as stream:
        stream.writelines(f"{json.dumps(one)}\n" for one in machines(size))
    ours = subject.command("review", "--fleet", str(fleet), "--out", str(out), "--jobs", "1")
    remove = f"rm -rf {shlex.quote(str(out))}"
    whole = f"[ $? = 1 ] && [ -s {shlex.quote(str(out / 'summary.json'))} ]"
    return ["sh", "-c", f"{remove}; {shlex.join(ours)}; {whole}"]


def _generator(root: Path) -> list[str]:
    """netplan's own generator, the C program alone, on the config of one machine."""
    (root / "etc/netplan").mkdir(parents=True)
    config = next(machines(1))["network_config"]
    lines = "".join(f"  {line}\n" for line in config.splitlines())
    file = root / "etc/netplan/50-cloud-init.yaml"
    file.write_text(f"network:\n{lines}")
    file.chmod(0o600)
    program = tools("bookworm").command("/usr/libexec/netplan/generate")
    return [*program, "--root-dir", str(root)]
