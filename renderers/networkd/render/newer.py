"""Lines that a systemd which is still about does not know.

By the manual pages' "Added in version", and by networkd-network-gperf.gperf and
netdev-gperf.gperf of 247.  networkd logs `Unknown key` for such a line and goes on.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.ini import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.model import RenderedFile

#: Section and key → the release that has it first.  `RouteMetric=` of advertisements is left
#: out where it is only netplan's default: see `newer`.
SINCE = {
    ("Link", "ActivationPolicy"): "248",
    ("IPv6AcceptRA", "RouteMetric"): "249",
    ("DHCPv6", "UseHostname"): "249",
    ("DHCPv6", "UseDomains"): "252",
    ("DHCPv6", "SendHostname"): "255",
    ("DHCPv6", "Hostname"): "255",
}
_DEFAULT = ("IPv6AcceptRA", "RouteMetric", "100")


def newer(file: RenderedFile) -> Iterator[tuple[str, str]]:
    """Such lines of a file, as `KEY= in [SECTION]`, each with the release."""
    for one in settings(file.text):
        since = SINCE.get((one.section, one.key))
        if since is not None and (one.section, one.key, one.value) != _DEFAULT:
            yield f"{one.key}= in [{one.section}]", since
