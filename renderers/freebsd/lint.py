"""rc.conf, which decides whether FreeBSD's network starts at all."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.places import place_of_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image

READS = ("etc/rc.conf", "etc/rc.conf.local")
LOOKS_FOR: tuple[str, ...] = ()


def check(image: Image) -> Iterator[Finding]:
    """An error for each rc.conf that sh(1) would give up on."""
    from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile

    for path, text in image.matching(*READS).items():
        try:
            RcFile(text, path)
        except HypervNetError as error:
            yield Finding(
                "rc-conf-unreadable",
                Severity.ERROR,
                error.what,
                place_of_error(error, path),
                error.hint or "mend it: rc(8) would stop reading there",
            )
