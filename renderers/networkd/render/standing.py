"""What stands on which device, since networkd wants it said below and version 2 says it above."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.render import values
from hyperv_net.renderers.networkd.render.device import KINDS, Above
from hyperv_net.renderers.networkd.render.values import RefusedError
from hyperv_net.tree import Node, natural

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from hyperv_net.renderers.account import Account
    from hyperv_net.tree import Path

_MASTERS = {"bonds": "Bond", "bridges": "Bridge", "vrfs": "VRF"}
_OF_A_PORT = {"path-cost": "Cost", "port-priority": "Priority"}
_ONE_MASTER = "it is a member of another device already"
_NOT_THERE = "no device of that name is declared, or networkd cannot have it"


class Standing:
    """The ties of all devices, as the files below say them; `account` is told of what is none."""

    def __init__(self, tree: Node, there: Collection[str], account: Account) -> None:
        self._there = there
        self._account = account
        #: Leaf path → the device below, and the line of its .network file that says it.
        self.ties: dict[Path, tuple[str, str]] = {}
        self._lines: dict[str, list[tuple[str, str]]] = {}
        self._ports: dict[str, dict[str, str]] = {}
        for kind, one, device in devices_in(tree):
            if one not in there:
                continue
            if kind in _MASTERS:
                self._members((kind, one), device)
            elif kind == "vlans":
                self._tie((kind, one, "link"), device.get("link"), ("VLAN", one))
            elif kind == "tunnels" and str((device.get("mode") or Node("")).value) == "vxlan":
                self._tie((kind, one, "link"), device.get("link"), ("VXLAN", one))

    def above(self, device_id: str) -> Above:
        """What stands on a device."""
        port = self._ports.get(device_id, {})
        lines = tuple(self._lines.get(device_id, ()))
        return Above(lines, port.get("path-cost"), port.get("port-priority"))

    def _members(self, path: Path, device: Node) -> None:
        kind, one = str(path[0]), str(path[1])
        key = _MASTERS[kind]
        for index, found in enumerate((device.get("interfaces") or Node(())).elements()):
            self._tie((*path, "interfaces", index), found, (key, one))
        parameters = device.get("parameters") or Node({})
        primary = parameters.get("primary")
        if primary is not None:
            where: Path = (*path, "parameters", "primary")
            if ("Bond", one) in self._lines.get(str(primary.value), ()):
                self._lines[str(primary.value)].append(("PrimarySlave", "yes"))
                self.ties[where] = (str(primary.value), "[Network] PrimarySlave=")
            else:
                self._account.drop(where, "it is no member of this bond")
        for setting in _OF_A_PORT:
            for member, node in (parameters.get(setting) or Node({})).items():
                at_port: Path = (*path, "parameters", setting, member)
                try:
                    number = values.number(node.value)
                except RefusedError as refusal:
                    self._account.drop(at_port, str(refusal))
                    continue
                if ("Bridge", one) in self._lines.get(member, ()):
                    self._ports.setdefault(member, {})[setting] = number
                    self.ties[at_port] = (member, f"[Bridge] {_OF_A_PORT[setting]}=")
                else:
                    self._account.drop(at_port, "it is no port of this bridge")

    def _tie(self, path: Path, below: Node | None, line: tuple[str, str]) -> None:
        if below is None:
            return
        name = str(below.value)
        lines = self._lines.setdefault(name, [])
        if name not in self._there:
            self._account.drop(path, _NOT_THERE)
        elif line[0] in _MASTERS.values() and any(
            key in _MASTERS.values() and (key, value) != line for key, value in lines
        ):
            self._account.drop(path, _ONE_MASTER)
        else:
            if line not in lines:
                lines.append(line)
            self.ties[path] = (name, f"[Network] {line[0]}=")


def devices_in(tree: Node) -> Iterator[tuple[str, str, Node]]:
    """Type, id and settings of every device that networkd may have, in the order of files."""
    for kind in KINDS:
        devices: Mapping[str, Node] = dict((tree.get(kind) or Node({})).items())
        for one in sorted(devices, key=natural):
            device = devices[one]
            yield kind, one, device if isinstance(device.value, dict) else Node({}, device.origins)
