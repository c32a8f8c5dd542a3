"""The config for cloud-init's renderer of NetworkManager, and what that leaves out of it."""

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
    ("*", "routing-policy"),
    ("bridges", "mtu"),
    ("vlans", "mtu"),
    ("bonds", "macaddress"),
    ("vlans", "macaddress"),
    *(
        ("bonds", "parameters", key)
        for key in (
            *("ad-select", "arp-interval", "arp-ip-targets", "arp-validate", "lacp-rate"),
            *("min-links", *NEWER),
        )
    ),
    *(
        ("bridges", "parameters", key)
        for key in (
            *("ageing-time", "forward-delay", "hello-time", "max-age", "path-cost"),
            "port-priority",
        )
    ),
)
#: Not in 22.4.2, in 25.1.4; and not in that, in 26.2.
SINCE: Mapping[tuple[str, ...], str] = {
    ("bonds", "mtu"): "25.1",
    ("bridges", "macaddress"): "26.2",
    ("bonds", "parameters", "mii-monitor-interval"): "25.1",
    ("*", "routes", "*", "metric"): "25.1",
    ("*", "routes", "*", "mtu"): "25.1",
    ("*", "dhcp4-overrides", "route-metric"): "26.2",
    ("*", "dhcp6-overrides", "route-metric"): "26.2",
}
#: In 22.4.2, and not in 25.1.4.
UNTIL: Mapping[tuple[str, ...], str] = {
    ("bonds", "parameters", key): "25.1"
    for key in (
        *("fail-over-mac-policy", "gratuitous-arp", "primary-reselect-policy"),
        "transmit-hash-policy",
    )
}


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The config as one file, with an account of what NetworkManager's profiles will have."""
    return passed_on.render(rewritten, existing, LEFT_OUT, SINCE, UNTIL)
