"""Builds the Debian package with debhelper, and looks at it with lintian."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.packages import roots
from tests.paths import CHECKOUT

PACKAGING = CHECKOUT / "packaging" / "debian"

_BUILD = """
cd /build/hyperv-net-*/
dpkg-buildpackage --no-sign --no-check-builddeps 2>&1
"""
_LINT = "lintian --allow-root --fail-on error,warning --display-info /build/*.changes 2>&1"


class BuildError(Exception):
    """The package could not be built; the message has the end of what the tools said."""


@dataclass(frozen=True)
class Built:
    """The package and what lintian says of it: its exit status and all its lines."""

    deb: Path
    lint_status: int
    lint: str


def build(folder: Path) -> Built:
    """Build the package from this checkout into `folder`, in a root of Debian's packages."""
    with TemporaryDirectory(prefix="hyperv-net-deb-") as scratch:
        own = Path(scratch)
        (own / "build").mkdir()
        script = CHECKOUT / "packaging" / "debian-source"
        subprocess.run([script, own / "build"], check=True, stdout=subprocess.DEVNULL)
        built, linted = roots.shell(roots.building(), own, _BUILD, _LINT)
        if built.status:
            raise BuildError("\n".join((built.out + built.err).splitlines()[-30:]))
        (deb,) = (own / "build").glob("*.deb")
        folder.mkdir(parents=True, exist_ok=True)
        return Built(
            Path(shutil.copy(deb, folder)), linted.status, (linted.out + linted.err).strip()
        )
