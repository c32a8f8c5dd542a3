"""What a reviewer is told about an interfaces file besides the file itself."""

from __future__ import annotations

from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Mapping


def rename_notes(tree: Node, names: Mapping[str, str]) -> list[Finding]:
    """The vlans that bear another name than they were given."""
    return [
        Finding(
            rule="vlan-renamed",
            severity=Severity.WARNING,
            message=f"{one} is {names[one]} here: ifupdown makes a device of the first name "
            "on the member that it begins with",
            where=Place("", ("vlans", one)),
            hint=f"put {names[one]} where scripts or firewall rules say {one}",
        )
        for one, _ in (tree.get("vlans") or Node({})).items()
        if names[one] != one
    ]


def package_notes(file: str, packages: set[str]) -> list[Finding]:
    """The packages whose scripts read what is written in `file`."""
    return [
        Finding(
            rule="needs-package",
            severity=Severity.NOTE,
            message=f"has options that only {package} acts on",
            where=Place(file),
            hint=f"install {package} if it is not there",
        )
        for package in sorted(packages)
    ]
