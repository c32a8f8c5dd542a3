"""`python -m hyperv_net.hotplug` is what systemd and udev start: `hyperv-net reconcile --wait 30`.

Without a command line, which would take longer than most runs.  The unit says by the word
CONFINED that this process may do no more than join a VF.
"""

from __future__ import annotations

import sys

from hyperv_net import terminal
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.running import kept_up_here, reconcile
from hyperv_net.whole_process import run

#: Seconds for the network's own manager to make an aggregate.
WAIT = 30

CONFINED = "confined"


def main(root: str = "/", *, confined: bool = False) -> int:
    """Run; the result is the exit status."""
    try:
        wanted = kept_up_here(root)
        return reconcile(wanted, WAIT, root, confined=confined) if wanted is not None else 0
    except HypervNetError as error:
        terminal.complain(f"hyperv-net: {error}")
        return 1


if __name__ == "__main__":
    run(lambda: main(confined=sys.argv[1:] == [CONFINED]))
