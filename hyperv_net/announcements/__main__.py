"""`python -m hyperv_net.announcements` is what systemd starts: `hyperv-net watch`.

Without a command line, which a service that goes on for months need not keep in memory.  The
unit says by the word CONFINED that this process may do no more than join a VF.
"""

from __future__ import annotations

import sys

from hyperv_net import terminal
from hyperv_net.announcements.starting import start
from hyperv_net.errors import HypervNetError
from hyperv_net.whole_process import run

CONFINED = "confined"


def main(*, confined: bool = False) -> int:
    """Run; the result is the exit status."""
    try:
        return start(confined=confined)
    except HypervNetError as error:
        terminal.complain(f"hyperv-net: {error}")
        return 1


if __name__ == "__main__":
    run(lambda: main(confined=sys.argv[1:] == [CONFINED]))
