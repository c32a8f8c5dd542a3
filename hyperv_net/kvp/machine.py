"""The machine as the daemon's questions need it: its target, its files, and which NIC is meant."""

from __future__ import annotations

import os
from dataclasses import dataclass

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.kept.wanted import find_wanted
from hyperv_net.inventory import identifiers, rooted
from hyperv_net.model import System
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import lacking, load, targets
from hyperv_net.renderers.recognising import in_use
from hyperv_net.renderers.resolv_conf import nameservers as nameservers_in
from hyperv_net.root import files
from hyperv_net.root.system import system_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hyperv_net.hotplug.wanted import Wanted
    from hyperv_net.renderers.target import Target

RESOLV = "etc/resolv.conf"
#: What systemd-resolved asks, where resolv.conf only names its stub (systemd-resolved(8)).
_UPLINK = "run/systemd/resolve/resolv.conf"
#: cloud-init writes the network at the first boot of an instance, and on Azure at
#: every boot; one of these, in Linux's or FreeBSD's folder, turns that off.
GUARDS = (
    "etc/cloud/cloud.cfg.d/99-hyperv-net-kvp.cfg",
    "usr/local/etc/cloud/cloud.cfg.d/99-hyperv-net-kvp.cfg",
)


@dataclass(frozen=True)
class Machine:
    """A root, what configures the network there, and the files that say how.

    `existing` are the files that the target takes, `others` the
    resolver's and cloud-init's.
    """

    root: Path
    target: Target
    existing: Mapping[str, str]
    others: Mapping[str, str]
    wanted: Wanted | None

    @property
    def system(self) -> System:
        """The guest's operating system."""
        return self.target.system

    def device(self, name: str, mac: str | None = None) -> str:
        """The device that has the settings of the NIC, by its name or its address.

        A VF, or a NIC under a name that the files do not know, is told by the
        wanted state.
        """
        address = mac or mac_of(self.root, name)
        found = self.target.injecting.owner(self.existing, name, address)
        pairs = self.wanted.pairs if self.wanted is not None else ()
        pair = next((one for one in pairs if one.mac == address), None)
        if found == name and pair is not None and name not in (pair.synthetic, pair.aggregate):
            return self.target.injecting.owner(self.existing, pair.synthetic, address)
        return found

    def answer_dhcp(self, name: str) -> bool:
        """Whether the NIC has IPv4 from DHCP; an interface that nobody configures has not."""
        device = self.device(name)
        mac = mac_of(self.root, name) if device == name else None
        return self.target.injecting.addressing(self.existing, device, mac).dhcp

    def answer_nameservers(self) -> list[str]:
        """The name servers: resolv.conf's, or those behind the stub that it names.

        A stub is an address of the loopback, of systemd-resolved or of a resolver
        of somebody's own: the host cannot ask that.
        """
        direct = nameservers_in(self.others.get(RESOLV, ""))
        if any(not one.startswith("127.") and one != "::1" for one in direct):
            return direct
        behind = [
            *self.target.injecting.nameservers(self.existing),
            *nameservers_in(self.others.get(_UPLINK, "")),
        ]
        return list(dict.fromkeys(behind)) or direct


def look(root: Path) -> Machine:
    """The machine at `root`; HypervNetError where nothing there is a target that has an answer.

    A target that the machine was configured for is believed: what lies about
    of another one configures nothing.
    """
    wanted = _wanted(root)
    target = load(wanted.target) if wanted is not None else _target(root)
    injecting = target.injecting
    if injecting is lacking.INJECTING:
        raise HypervNetError(
            f"{target.name} configures the network, and this answers for {_answered()}",
            where=str(root),
            hint=lacking.WITHOUT_ADDRESSES,
        )
    existing = files.read_matching(root, injecting.reads)
    others = files.read_matching(root, (RESOLV, _UPLINK, *GUARDS))
    return Machine(root, target, existing, others, wanted)


def _answered() -> str:
    """The files of the targets that have an answer, as a person would list them."""
    able = (one for system in System for one in targets(system))
    names = [one.files for one in able if one.injecting is not lacking.INJECTING]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def mac_of(root: Path, name: str) -> str | None:
    """The address that a NIC has now, in lower case; None where it is not known.

    FreeBSD has it in no file: another root than the running machine's tells none.
    """
    if not is_interface_name(name):
        return None
    tree = rooted.open_root(root)
    address = rooted.file_text(tree, rooted.nic_directory(tree, name), "address")
    if address is None and os.path.realpath(root) == "/" and system_of(root) is System.FREEBSD:
        return _mac_on_freebsd(name)
    return identifiers.mac(address or "")


def _mac_on_freebsd(name: str) -> str | None:
    """What ifconfig(8) calls `ether`: the daemon tells NICs by it too."""
    from hyperv_net.inventory.gathering import run_tool
    from hyperv_net.inventory.ifconfig import parse_ifconfig

    shown = parse_ifconfig(run_tool(("/sbin/ifconfig", name)) or "")
    return next((identifiers.mac(one.ether or "") for one in shown if one.name == name), None)


def _wanted(root: Path) -> Wanted | None:
    """The wanted state; None where it cannot be read: the files say all that has to be known."""
    try:
        return find_wanted(root)
    except HypervNetError:
        return None


def _target(root: Path) -> Target:
    """What the files tell; a tool without a file of its own configures nothing."""
    target = in_use(root)
    if target is not None:
        return target
    names = [one.files for system in System for one in targets(system) if one.in_use]
    raise HypervNetError(
        f"neither {' nor '.join(names)} configures the network",
        where=str(root),
        hint="leave hv_kvp_daemon the scripts of the distribution",
    )
