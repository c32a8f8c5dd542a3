"""The adoption of rc.conf, on a machine with a pair or two."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hyperv_net.model import Inventory, Nic, System
from hyperv_net.plan.flow import Plan
from tests.renderers.adoption import Adoption

FILE = "etc/rc.conf"


def machine(pairs: int = 1, *, transparent: bool = False) -> Inventory:
    """A machine with that many pairs hn<N> and mce<N>."""
    nics: list[Nic] = []
    for unit in range(pairs):
        mac = f"00:0d:3a:11:22:{unit:02x}"
        synthetic = Nic(f"hn{unit}", mac=mac, driver="hn", bus="vmbus", device=f"hn{unit}")
        nics += [synthetic, Nic(f"mce{unit}", mac=mac, driver="mce", bus="pci")]
    return Inventory(System.FREEBSD, "14.2-RELEASE", tuple(nics), vf_transparent=transparent)


def pairs_in(text: str) -> int:
    """How many pairs an rc.conf is about."""
    return 2 if "hn1" in text else 1


ADOPTION = Adoption(
    "freebsd",
    Path(__file__).parent / "roots",
    FILE,
    lambda texts: machine(pairs_in(texts[FILE])),
)


def planned(
    text: str, inventory: Inventory | None = None, more: Mapping[str, str] | None = None
) -> Plan:
    """The plan of an adopted rc.conf; `more` are further files."""
    return ADOPTION.planned({FILE: text, **(more or {})}, inventory or machine())


def text_of(plan: Plan) -> str:
    """The rc.conf of a plan."""
    return next(one.file.text for one in plan.changes if one.file.path == FILE)
