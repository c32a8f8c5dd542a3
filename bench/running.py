"""A machine whose bond holds both NICs of its pair, so that `reconcile` has nothing to do there."""

from __future__ import annotations

from pathlib import Path

from bench.machines import write_bond, write_machine
from hyperv_net.companions.wanted_file import to_json
from hyperv_net.hotplug.wanted import PATHS, Wanted, WantedPair
from hyperv_net.model import Mode, System

#: Names that no NIC of the machine that runs this has: `ip` is asked for its addresses.
SYNTHETIC, VF, BOND = "benchsyn0", "benchvf0", "benchbond0"

#: What systemd starts (`-m hyperv_net.hotplug`, for which Python imports runpy), for another root.
RECONCILE = (
    "import runpy, sys; from hyperv_net.hotplug.__main__ import main; sys.exit(main(sys.argv[1]))"
)


def write_running(root: Path) -> None:
    """Make below `root` the files of such a machine, and what is wanted of it."""
    write_machine(root, 1, (SYNTHETIC, VF))
    mac = write_bond(root, BOND, (SYNTHETIC, VF))
    pair = WantedPair(
        mac,
        Mode.AGGREGATE,
        SYNTHETIC,
        ("hv_netvsc",),
        BOND,
        primary=True,
        options=(("mode", "active-backup"), ("miimon", "100")),
    )
    file = root / PATHS[System.LINUX]
    file.parent.mkdir(parents=True)
    file.write_text(to_json(Wanted(System.LINUX, "netplan", (pair,))))
