"""The files that rc reads besides rc.conf, in the order of load_rc_config() in rc.subr."""

from __future__ import annotations

from functools import lru_cache

from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.paths import FILE, OVERRIDES, OWN
from hyperv_net.renderers.freebsd.rc_conf.further import further
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
from hyperv_net.root.patterns import fits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.places import Place
    from hyperv_net.renderers.freebsd.rc_conf.further import Further

LOCAL = "etc/rc.conf.local"
_PER_SERVICE = "/rc.conf.d/"
#: Services whose files of rc.conf.d decide about the network: rc.d/netif reads both of the first.
_OF_NETWORK = ("network", "netif", "routing", "dhclient", "defaultroute", "rtsold")


def later_files(existing: Mapping[str, str]) -> tuple[str, ...]:
    """The paths of those in `existing`, the one whose values win last.

    What rc.conf and its like include comes first, though where it does that
    may be late; then rc.conf.local, then a service's own file or folder in
    rc.conf.d, those of /usr/local after those of the base system.
    """
    included = dict.fromkeys(path for path, _, _ in includes(existing) if path in existing)
    found = [path for path in included if path not in (FILE, LOCAL) and not _is_listed(path)]
    found += [LOCAL] if LOCAL in existing else []
    return (*found, *sorted(filter(_is_listed, existing), key=_rank))


def sourced(existing: Mapping[str, str]) -> frozenset[str]:
    """The paths, below the root, of the files that rc.conf and its like include."""
    return frozenset(path for path, _, _ in includes(existing) if path)


def includes(existing: Mapping[str, str]) -> Iterator[tuple[str, Place, bool]]:
    """Each file that one of rc's includes: path below the root, line, whether it is the network's.

    The path is empty where only the shell knows what is read or run there.
    """
    pending, seen = [FILE, *filter(is_later, existing)], set()
    while pending:
        path = pending.pop(0)
        if path in seen or path not in existing:
            continue
        seen.add(path)
        try:
            found = _further(existing[path], path)
        except HypervNetError:
            continue  # There is an error of its own for it.
        is_networks = not _is_listed(path) or _service(path) in _OF_NETWORK
        yield from (("", line, is_networks) for line in found.unknown)
        for included, line in found.files.items():
            yield included, line, is_networks
            pending.append(included)


@lru_cache(maxsize=16)
def _further(text: str, path: str) -> Further:
    return further(RcFile(text, path))


def is_later(path: str) -> bool:
    """Whether rc reads the file by itself after rc.conf, in one of its scripts at least."""
    return path == LOCAL or _is_listed(path)


def _is_listed(path: str) -> bool:
    is_listed = _PER_SERVICE in f"/{path}" and any(fits(path, pattern) for pattern in OVERRIDES)
    return is_listed and path not in OWN


def _service(path: str) -> str:
    return path.partition("rc.conf.d/")[2].partition("/")[0]


def _rank(path: str) -> tuple[bool, bool, str]:
    return (path.startswith("usr/"), _service(path) == "netif", path)
