"""The config for cloud-init's renderer of NetworkManager, and what that leaves out of it."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import passed_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.model import Rendered, Rewritten

LEFT_OUT = (*passed_on.LOST, ("routes", "*", "table"), ("routing-policy",))
#: Not in 22.4.2, in 25.1.4; and not in that, in 26.2.
SINCE: Mapping[tuple[str, ...], str] = {
    ("mtu",): "25.1",
    ("routes", "*", "metric"): "25.1",
    ("routes", "*", "mtu"): "25.1",
    ("dhcp4-overrides", "route-metric"): "26.2",
    ("dhcp6-overrides", "route-metric"): "26.2",
}


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The config as one file, with an account of what NetworkManager's profiles will have."""
    return passed_on.render(rewritten, existing, LEFT_OUT, SINCE)
