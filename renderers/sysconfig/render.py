"""The config for cloud-init's renderer of ifcfg files, and what that leaves out of it."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import passed_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.model import Rendered, Rewritten

_OF_ROUTES = (("routes", "*", "table"), ("routes", "*", "mtu"), ("routing-policy",))
LEFT_OUT = (*passed_on.LOST, *_OF_ROUTES)
#: Not in 22.4.2, in 25.1.4.
SINCE: Mapping[tuple[str, ...], str] = {("routes", "*", "metric"): "25.1"}


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The config as one file, with an account of what the ifcfg files will have."""
    return passed_on.render(rewritten, existing, LEFT_OUT, SINCE)
