"""`python -m hyperv_net.hotplug` is what systemd and udev start: `hyperv-net reconcile --wait 30`.

Without a command line, which would take longer than most runs.
"""

from __future__ import annotations

from hyperv_net import terminal
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.running import reconcile, wanted_here
from hyperv_net.whole_process import run

#: Seconds for the network's own manager to make an aggregate.
WAIT = 30


def main(root: str = "/") -> int:
    """Run; the result is the exit status."""
    try:
        wanted = wanted_here(root)
        return reconcile(wanted, WAIT, root) if wanted is not None else 0
    except HypervNetError as error:
        terminal.complain(f"hyperv-net: {error}")
        return 1


if __name__ == "__main__":
    run(main)
