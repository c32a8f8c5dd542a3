"""What hyperv-net adds to a first boot: `cloud-init init --local` without and with it.

The cloud-inits are Debian's, in the namespaces of tests/firstboot, on a machine
with a pair and on one without.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.firstboot.cases import V2, install, netvsc_pair, no_pair, seeded
from tests.firstboot.machine import NETWORK
from tests.firstboot.root import SUITES, packages
from tests.firstboot.sandbox import SandboxError

_BOOTS = Path(__file__).with_name("boots.py")
# The aim: so much of stock's time, or so many milliseconds, whichever is more.
_SHARE, _MILLISECONDS = 0.03, 40


def first_boots(folder: Path, runs: int) -> Iterator[dict[str, str]]:
    """A row for each cloud-init and machine; `runs` rounds of one boot each way."""
    try:
        yield from _first_boots(folder, runs)
    except SandboxError as error:
        yield {"not measured": str(error)}


def _first_boots(folder: Path, runs: int) -> Iterator[dict[str, str]]:
    for suite in SUITES:
        version = packages(suite).versions["cloud-init"].split("-")[0]
        for name, nics in (("pair", netvsc_pair()), ("no pair", no_pair())):
            files = folder / f"{suite}-{name}"
            machine = seeded(suite, files, nics, "netplan", "nocloud", V2)
            install(machine)
            machine.write("boots.py", _BOOTS.read_text())
            steps = {"generator": NETWORK["generator"], "boots": f"python3 /boots.py {runs}"}
            boots = machine.boot(steps)["boots"]
            if boots.status:
                raise SystemExit(f"bench: failed: {boots.err}")
            yield {"cloud-init": version, "machine": name, **_figures(json.loads(boots.out))}


def _figures(found: Any) -> dict[str, str]:
    """Of each side the round that took least, since what else the machine does only adds to it."""
    # Rounds of (stock, ours), each as (clock, CPU).
    stock, ours, stock_cpu, ours_cpu = (
        min(one[side][unit] for one in found["rounds"]) for unit in (0, 1) for side in (0, 1)
    )
    more, more_cpu = ours - stock, ours_cpu - stock_cpu
    allowed = max(_SHARE * stock, _MILLISECONDS)
    alone, with_plugin = found["modules"]
    return {
        "stock ms": f"{stock:.0f}",
        "more ms": f"{more:+.0f}",
        "more": f"{more / stock:+.1%}",
        "more CPU ms": f"{more_cpu:+.0f}",
        "modules": f"{alone}",
        "more modules": f"{with_plugin - alone:+}",
        "aim": f"{allowed:.0f} ms more: {'met' if more <= allowed else 'MISSED'}",
    }
