"""The config for cloud-init's renderer of ifcfg files, and what that leaves out of it."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import passed_on
from hyperv_net.renderers.cloud_init_words import NEWER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.model import Rendered, Rewritten

LEFT_OUT = (
    *passed_on.LOST,
    ("*", "routes", "*", "table"),
    ("*", "routes", "*", "mtu"),
    ("*", "routing-policy"),
    ("vlans", "macaddress"),
    *(("bonds", "parameters", key) for key in NEWER),
    *(
        ("bridges", "parameters", key)
        for key in ("forward-delay", "hello-time", "max-age", "path-cost", "port-priority")
    ),
)
#: Not in 22.4.2, in 25.1.4; and not in that, in 26.2.
SINCE: Mapping[tuple[str, ...], str] = {
    ("*", "routes", "*", "metric"): "25.1",
    ("bonds", "macaddress"): "26.2",
    ("bridges", "macaddress"): "26.2",
}


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The config as one file, with an account of what the ifcfg files will have."""
    return passed_on.render(rewritten, existing, LEFT_OUT, SINCE)
