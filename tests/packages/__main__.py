"""Build the Debian package: `python -m tests.packages [FOLDER]` (default: dist)."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.debian.packages import DebianError
from tests.firstboot.sandbox import SandboxError
from tests.packages.debian import BuildError, build


def main(arguments: list[str]) -> int:
    """Print where the package is, and on standard error what lintian says of it."""
    try:
        built = build(Path(arguments[0] if arguments else "dist"))
    except (DebianError, SandboxError, BuildError) as error:
        print(f"deb: {error}", file=sys.stderr)
        return 1
    if built.lint:
        print(built.lint, file=sys.stderr)
    print(built.deb)
    return built.lint_status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
