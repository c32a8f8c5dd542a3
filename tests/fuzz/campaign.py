"""A campaign: each target for its share of the time, and what was found put where one finds it."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.targets import CORPUS, WORDS

_SECONDS_AN_INPUT = 20
_LARGEST_INPUT = 8192
_MEGABYTES = 2048
_DONE = re.compile(r"stat::number_of_executed_units:\s*([0-9]+)")
_COVERAGE = re.compile(r"cov: ([0-9]+) ft: ([0-9]+)")


@dataclass(frozen=True)
class Found:
    """What came of one target: inputs tried, branches seen, seconds, and inputs that failed."""

    target: str
    inputs: int
    branches: int
    seconds: float
    failures: tuple[Path, ...]
    log: Path


def fuzz(name: str, seconds: int, folder: Path) -> Found:
    """Try inputs for so long; those that fail or that led somewhere new stay in `folder`."""
    grown, failed, log = folder / "corpus" / name, folder / "failed" / name, folder / f"{name}.log"
    for one in (grown, failed):
        one.mkdir(parents=True, exist_ok=True)
    known = {*failed.iterdir()}
    options = [
        *(str(grown), str(CORPUS / name), f"-dict={WORDS / name}", f"-max_total_time={seconds}"),
        *(f"-timeout={_SECONDS_AN_INPUT}", f"-rss_limit_mb={_MEGABYTES}"),
        *(f"-max_len={_LARGEST_INPUT}", f"-artifact_prefix={failed}/", "-print_final_stats=1"),
    ]
    begin = time.monotonic()
    with log.open("w") as out:
        command = [sys.executable, "-m", "tests.fuzz.guided", name, *options]
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    text = log.read_text(errors="replace")
    failures = tuple(sorted({*failed.iterdir()} - known))
    if ended.returncode and not failures:
        raise RuntimeError(f"{name}: ended with {ended.returncode}: see {log}")
    tried, seen = _DONE.findall(text), _COVERAGE.findall(text)
    return Found(
        target=name,
        inputs=int(tried[-1]) if tried else 0,
        branches=int(seen[-1][0]) if seen else 0,
        seconds=time.monotonic() - begin,
        failures=failures,
        log=log,
    )


def told(found: Sequence[Found]) -> list[str]:
    """The figures, a line for each target."""
    lines = [f"{'target':16} {'inputs':>9} {'branches':>9} {'seconds':>8} {'failed':>7}"]
    for one in found:
        figures = f"{one.inputs:9} {one.branches:9} {one.seconds:8.0f} {len(one.failures):7}"
        lines.append(f"{one.target:16} {figures}")
    total = sum(one.inputs for one in found)
    return [*lines, f"{'all':16} {total:9}"]
