"""The static addresses of a device and its gateways, as lines of its stanzas."""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import values
from hyperv_net.renderers.ifupdown.render import routes
from hyperv_net.renderers.ifupdown.render.section import take
from hyperv_net.renderers.orphans import addresses
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.ifupdown.render.section import Section
    from hyperv_net.tree import Path

_NO_OPTION = "ifupdown cannot set it for an address"


def fixed_addresses(made: Section, device: Node) -> tuple[list[str], dict[str, list[str]]]:
    """The static addresses: those of IPv4, and those of IPv6 each with its options.

    One of IPv4 that has a label is no stanza's, which gives its own name as the label
    (inet.defn of ifupdown), but a command's.
    """
    fixed4: list[str] = []
    fixed6: dict[str, list[str]] = {}
    for index, element in enumerate((device.get("addresses") or Node(())).elements()):
        path: Path = ("addresses", index)
        for text in addresses(Node({"addresses": Node((element,))})):
            try:
                found = values.interface(text)
            except RefusedError as refusal:
                made.refused[path] = str(refusal)
                continue
            options = dict((element.get(text) or Node({})).items())
            made.placed[path] = "address"
            if values.is_ipv6(found):
                fixed6[found] = _options6(made, (*path, text), options)
            elif not _as_command(made, (*path, text), found, options, is_first=not fixed4):
                fixed4.append(found)
    return fixed4, fixed6


def _options6(made: Section, path: Path, options: Mapping[str, Node]) -> list[str]:
    lines = []
    for key, node in options.items():
        if key == "lifetime" and str(node.value) == "forever":
            made.placed[(*path, key)] = "address"
        elif key == "lifetime" and str(node.value) == "0":
            lines.append("preferred-lifetime 0")
            made.placed[(*path, key)] = "preferred-lifetime"
        else:
            made.refused[(*path, key)] = _NO_OPTION
    return lines


def _as_command(
    made: Section, path: Path, address: str, options: Mapping[str, Node], *, is_first: bool
) -> bool:
    """Say what an IPv4 address has besides in a command; whether that is the address's own.

    ip-address(8) takes a label that begins with the device's name alone.
    """
    for key in options.keys() - {"label", "lifetime"}:
        made.refused[(*path, key)] = _NO_OPTION
    words = []
    if str((options.get("lifetime") or Node("forever")).value) == "0":
        words = ["preferred_lft", "0"]
        made.placed[(*path, "lifetime")] = "post-up ip address ... preferred_lft"
    label = options.get("label")
    if label is not None and not is_first and _is_label_of(made.name, str(label.value)):
        words += ["label", str(label.value)]
        made.placed[(*path, "label")] = "post-up ip address ... label"
        command = f"{address} dev {made.name}"
        made.after += [
            f"post-up ip address add {command} {' '.join(words)} || true",
            f"pre-down ip address del {command} || true",
        ]
        return True
    if label is not None:
        why = (
            "it is the first, which ifup labels"
            if is_first
            else f"it does not begin with {made.name}:"
        )
        made.refused[(*path, "label")] = f"{why}, and ip-address(8) cannot change that"
    if words:
        made.after.append(
            f"post-up ip address change {address} dev {made.name} {' '.join(words)} || true"
        )
    return False


def _is_label_of(name: str, label: str) -> bool:
    return bool(re.fullmatch(rf"{re.escape(name)}:[A-Za-z0-9_.-]+", label)) and len(label) < 16


def find_gateways(
    made: Section, rest: dict[str, Node], kind: str
) -> dict[str, tuple[str, int | None]]:
    """The gateway of each family: gateway4 and gateway6, or the first plain default route."""
    found: dict[str, tuple[str, int | None]] = {}
    for key, family in (("gateway4", "inet"), ("gateway6", "inet6")):
        via = take(made, rest, key, values.address, "gateway")
        if via:
            found[family] = (via, None)
    for index, entry in enumerate((rest.get("routes") or Node(())).elements()):
        plain = routes.gateway(entry) if kind != "vrfs" else None
        family = "inet6" if plain and values.is_ipv6(plain[0]) else "inet"
        if plain and family not in found:
            found[family] = plain
            made.placed["routes", index] = "gateway"
    return found


def set_gateway(made: Section, family: str, via: str, metric: int | None) -> None:
    """Put a gateway into the family's static stanza, or else into a command."""
    for stanza in made.stanzas:
        if (stanza.family, stanza.method) == (family, "static"):
            stanza.lines.insert(1, f"gateway {via}")
            if metric is not None:
                stanza.lines.insert(2, f"metric {metric}")
            return
    words = f"default via {via} dev {made.name} onlink"
    words += f" metric {metric}" if metric is not None else ""
    made.after += routes.Command("-6 route" if family == "inet6" else "route", words, {}).lines()
