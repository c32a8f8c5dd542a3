"""The Azure agent, which configures NICs besides the program that is in charge of them."""

from __future__ import annotations

from hyperv_net.model import Finding, Severity
from hyperv_net.places import of_line
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image

#: Of Linux, and of FreeBSD's port sysutils/azure-agent.
_WAAGENT = ("etc/waagent.conf", "usr/local/etc/waagent.conf")

READS = _WAAGENT
LOOKS_FOR: tuple[str, ...] = ()


def check(image: Image) -> Iterator[Finding]:
    """`Provisioning.MonitorHostName` takes the NIC down and up when the host name changes.

    azurelinuxagent/common/osutil of Azure/WALinuxAgent, publish_hostname.
    """
    for path, text in image.matching(*_WAAGENT).items():
        for number, line in enumerate(text.splitlines(), start=1):
            name, _, value = line.partition("#")[0].partition("=")
            if name.strip() == "Provisioning.MonitorHostName" and value.strip().lower() == "y":
                yield Finding(
                    "rival-manager",
                    Severity.WARNING,
                    "the Azure agent takes the network down and up when the host name changes",
                    of_line(path, line, number),
                    "set Provisioning.MonitorHostName=n: cloud-init publishes the name",
                )
