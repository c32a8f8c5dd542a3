"""What the units may do, by the figures of Debian's own `systemd-analyze security`.

0 is nothing and 10 all that root may: systemd-analyze(1).  The bounds are what was reached with
systemd 252 and 257, with nothing to spare for an option that gets lost.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.debian.packages import unpacked
from tests.debian.tools import SUITES
from tests.files import put
from tests.firstboot.sandbox import Step, run
from tests.paths import CHECKOUT

pytestmark = pytest.mark.debian

DATA = CHECKOUT / "hyperv_net/data"
UNITS = "usr/lib/systemd/system"
DAEMON = "hv-kvp-daemon.service"

BOUNDS = {
    "hyperv-net-reconcile.service": 2.2,
    "hyperv-net-guard.service": 1.3,
    # It may speak IPv4 with one address, and is there for longer than an event.
    "hyperv-net-watch.service": 2.3,
    # It looks, and writes into a folder that may be another user's.
    "hyperv-net-metrics.service": 2.2,
    # What it runs may be any network script, as in networking.service.
    "hyperv-net-activate@.service": 7.7,
}
#: What says how a unit runs, and not what it may do.
NO_SANDBOX = re.compile(
    r"(Type|Exec\w+|RemainAfterExit|KillMode|Timeout\w+|RuntimeMaxSec|Standard\w+|Restart\w*|Syslog\w+)="
)
#: The drop-in of before: it gave the daemon every capability, and a /etc to write.
OLD_DROP_IN = """\
[Service]
CapabilityBoundingSet=~
ProtectSystem=true
ProtectKernelTunables=false
ProtectKernelModules=false
BindReadOnlyPaths=-/usr/libexec/hyperv-net/kvp:/usr/libexec/hypervkvpd
"""


def exposure(suite: str, unit: str, text: str, drop_in: str = "") -> float:
    """The figure of a unit, in a root where no other has a say."""
    with TemporaryDirectory() as folder:
        own = Path(folder)
        put(own, f"{UNITS}/{unit}", text)
        if drop_in:
            put(own, f"{UNITS}/{unit}.d/hyperv-net.conf", drop_in)
        script = f"""#!/bin/sh
mkdir -p $1/tmp $1/root $1/run
cd $1 && exec chroot $1 /usr/bin/systemd-analyze security --offline=true --no-pager /{UNITS}/{unit}
"""
        tree = unpacked(suite, ("systemd",)).root
        (outcome,) = run([tree], own, [Step("security", script, outside=True)])
    assert outcome.status == 0, outcome.err
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+) ", outcome.out)
    assert found, outcome.out
    return float(found[1])


def without_sandbox(text: str) -> str:
    before, _, service = text.partition("[Service]\n")
    kept = [line for line in service.splitlines() if NO_SANDBOX.match(line)]
    return f"{before}[Service]\n" + "\n".join(kept) + "\n"


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("unit", BOUNDS)
def test_each_unit_may_do_no_more_than_it_needs(unit: str, suite: str) -> None:
    """And with its options left out, as it was before, it may do nearly all."""
    text = (DATA / "linux" / unit).read_text()
    assert exposure(suite, unit, text) <= BOUNDS[unit]
    assert exposure(suite, unit, without_sandbox(text)) >= 9.4


@pytest.mark.parametrize("suite", SUITES)
def test_the_drop_in_leaves_debians_daemon_what_it_may_and_no_more(suite: str) -> None:
    text = (unpacked(suite, ("hyperv-daemons",)).root / UNITS / DAEMON).read_text()
    own = exposure(suite, DAEMON, text)
    ours = (DATA / "kvp/hv-kvp-daemon.conf").read_text()
    assert exposure(suite, DAEMON, text, ours) <= own < 7
    assert exposure(suite, DAEMON, text, OLD_DROP_IN) > 8.9


def test_the_drop_in_gives_a_daemon_of_any_distribution_nothing() -> None:
    """Not by a figure: it lays our scripts over the daemon's, and no other key is in it."""
    lines = (DATA / "kvp/hv-kvp-daemon.conf").read_text().partition("[Service]\n")[2].splitlines()
    keys = [line.partition("=")[0] for line in lines if not line.startswith("#")]
    assert keys == ["BindReadOnlyPaths"]
