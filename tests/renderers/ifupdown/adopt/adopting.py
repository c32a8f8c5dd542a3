"""The adoption of interfaces(5), on the machine that a root's files are about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from hyperv_net.model import Finding, Inventory, Nic, Settings, Severity, System
from hyperv_net.plan.flow import Plan
from tests.renderers.adoption import Adoption

MAIN = "etc/network/interfaces"
MACS = ("00:0d:3a:11:22:33", "00:0d:3a:11:22:34")
SETTINGS = Settings(synthetic_drivers=("virtio_net",))
SYNTHETICS = ("eth0", "eno1", "ens3")
#: Every line that adoption adds; BOND and NIC are put in.
ADDED = (
    *("bond-slaves NIC", "bond-miimon 100", "bond-mode active-backup"),
    *("bond-primary-reselect always", "hwaddress MAC"),
    "post-up udevadm trigger --action=change --subsystem-match=net --attr-match=address=MAC"
    " || true",
    "# A member of BOND, which udev has its VF join as well (hyperv-net).",
    *("allow-BOND NIC", "iface NIC inet manual", "iface NIC"),
    *("auto BOND", "iface BOND inet manual", ""),
)


def machine(texts: Mapping[str, str]) -> Inventory:
    """A machine with the synthetic NIC that the texts name, its VF, a card that is alone."""
    text = "".join(texts.values())
    first = next((name for name in SYNTHETICS if re.search(rf"\b{name}\b", text)), "eth0")
    nics = [Nic("eth9", mac="00:15:5d:00:00:09", driver="e1000", bus="pci")]
    for synthetic, vf, mac in ((first, "ens17", MACS[0]), ("eth1", "ens18", MACS[1])):
        if synthetic == first or re.search(r"\beth1\b", text):
            nics += [
                Nic(synthetic, mac=mac, permanent_mac=mac, driver="virtio_net", bus="virtio"),
                Nic(vf, mac=mac, permanent_mac=mac, driver="e1000e", bus="pci"),
            ]
    return Inventory(System.LINUX, "6.1.0", tuple(nics))


ADOPTION = Adoption("ifupdown", Path(__file__).parent / "roots", MAIN, machine, SETTINGS)
existing, planned, after = ADOPTION.existing, ADOPTION.planned, ADOPTION.after


def main_after(text: str) -> str:
    """The main file once the plan for it is applied."""
    return after({MAIN: text})[MAIN]


def errors(text: str, **more: str) -> list[Finding]:
    """What stands in the way of adopting the main file; `more` are other files by path."""
    plan = planned({MAIN: text, **more})
    return [one for one in plan.findings if one.severity is Severity.ERROR]


def bonds(plan: Plan) -> dict[str, str]:
    """Each name of a pair's NIC → its aggregate."""
    return {
        nic.name: one.name
        for one in plan.rewritten.aggregates
        for nic in (one.pair.synthetic, one.pair.vf)
        if nic is not None
    }


def renamed(text: str, moved: Mapping[str, str]) -> str:
    """The text with every name that moved."""
    for old, new in moved.items():
        text = re.sub(rf"(?<![A-Za-z0-9_-]){old}(?![A-Za-z0-9_-])", new, text)
    return text


def own_lines(plan: Plan) -> set[str]:
    """The lines that a plan may add."""
    lines = set()
    for one in plan.rewritten.aggregates:
        assert one.pair.synthetic is not None
        for line in ADDED:
            line = line.replace("BOND", one.name).replace("NIC", one.pair.synthetic.name)
            lines.add(line.replace("MAC", one.pair.mac))
    return lines
