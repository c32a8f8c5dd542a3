"""Fetch and unpack packages: `python -m tests.debian [SUITE PACKAGE...]`.

Without arguments, all that the tests use, with the roots of machines to boot.
"""

from __future__ import annotations

import sys

from tests.debian.packages import DebianError, unpacked
from tests.debian.tools import TREES
from tests.firstboot import root as machine
from tests.firstboot.sandbox import SandboxError


def main(arguments: list[str]) -> int:
    """Print the folder of each tree; exit status 1 and one line where one cannot be had."""
    wanted = [(arguments[0], tuple(arguments[1:]))] if arguments[1:] else TREES
    try:
        for suite, packages in wanted:
            print(unpacked(suite, packages).root)
        for suite in () if arguments else machine.SUITES:
            print(machine.layers(suite)[1])
    except (DebianError, SandboxError) as error:
        print(f"debian: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
