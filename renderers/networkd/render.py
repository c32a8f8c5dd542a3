"""networkd: as the targets of passed_on, and a word on the cloud-inits that cannot make a bond.

`render_bonds` came to cloudinit/net/networkd.py with 25.2.
"""

from __future__ import annotations

from hyperv_net.model import Finding, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import passed_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.model import Rendered, Rewritten

#: Of 26.2, which reads overrides of `ethernets` alone.
LEFT_OUT = (
    *passed_on.LOST,
    ("*", "dhcp4-overrides", "route-metric"),
    ("*", "dhcp6-overrides", "route-metric"),
    ("*", "routes", "*", "mtu"),
    # It is said of a member there, and cloud-init says nothing of that.
    ("bonds", "parameters", "primary"),
    # It is looked for under netplan's name, which cloud-init does not give it.
    ("bonds", "parameters", "arp-ip-targets"),
)


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The config for cloud-init's renderer, and for which versions it holds."""
    rendered = passed_on.render(rewritten, existing, LEFT_OUT)
    finding = Finding(
        rule="bonds-by-cloud-init",
        severity=Severity.WARNING,
        message="this holds for cloud-init 25.2 and later: an earlier one makes no bond for "
        "networkd, and boots with the config as it was given, without an aggregate",
        where=passed_on.FILE,
        hint="have such an image configured through netplan",
    )
    return rendered._replace(findings=(*rendered.findings, finding))
