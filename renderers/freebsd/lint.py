"""rc.conf, which decides whether FreeBSD's network starts at all."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.rc_conf.variables import interface_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image
    from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile

READS = ("etc/rc.conf", "etc/rc.conf.local")
LOOKS_FOR: tuple[str, ...] = ()


def check(image: Image) -> Iterator[Finding]:
    """An error for each rc.conf that sh(1) would give up on, a note for each renamed hn(4)."""
    from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile

    for path, text in image.matching(*READS).items():
        try:
            rc = RcFile(text, path)
        except HypervNetError as error:
            yield Finding(
                "rc-conf-unreadable",
                Severity.ERROR,
                error.what,
                error.where or Place(path),
                error.hint or "mend it: rc(8) would stop reading there",
            )
            continue
        # A plan says it itself, of the name that it writes.
        if image.machine is None:
            yield from _renamed(rc)


def _renamed(rc: RcFile) -> Iterator[Finding]:
    from hyperv_net.renderers.freebsd.renamed import is_synthetics_name, renamed_hn

    for variable in rc.names():
        boot, wanted = interface_part(variable) or "", rc.value(variable)
        if wanted and variable == f"ifconfig_{boot}_name" and is_synthetics_name(boot):
            rule, message, _, hint = renamed_hn(boot, wanted)
            yield Finding(rule, Severity.NOTE, message, rc.line(variable), hint)
