"""The profiles of a pair's ports, beside those that are there."""

from __future__ import annotations

from collections.abc import Mapping

from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import RenderedFile
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.networkmanager.identity import uuid_of
from hyperv_net.renderers.networkmanager.keyfile import as_text
from hyperv_net.renderers.networkmanager.paths import CONNECTIONS
from hyperv_net.renderers.networkmanager.profiles import fits, priority
from hyperv_net.renderers.networkmanager.render import PRIORITY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hyperv_net.renderers.networkmanager.adopt.found import Found
    from hyperv_net.renderers.networkmanager.keyfile import Keyfile
    from hyperv_net.renderers.networkmanager.profiles import Nic

#: The highest that there is.
_HIGHEST = 999


Identity = Mapping[str, Mapping[str, str]]
"""What tells a NIC, by section and key."""


class Port(NamedTuple):
    """A port that is to be: which NIC it is for, and settings of the card, by section."""

    name: str
    master: str
    identity: Identity
    card: Mapping[str, Mapping[str, str]] = {}


def port_file(port: Port, autoconnect_priority: int) -> RenderedFile:
    """Its file, with a priority of `first_of_all`."""
    label = f"hyperv-net {port.name}"
    sections: dict[str, Mapping[str, str]] = {
        "connection": {
            **port.identity.get("connection", {}),
            "id": label,
            "uuid": uuid_of(label),
            "type": "ethernet",
            "autoconnect-priority": str(autoconnect_priority),
            "master": port.master,
            "slave-type": "bond",
        },
        "ethernet": {**port.identity.get("ethernet", {}), **port.card.get("ethernet", {})},
        "match": port.identity.get("match", {}),
        **{name: keys for name, keys in port.card.items() if name != "ethernet"},
    }
    sections = {name: keys for name, keys in sections.items() if keys}
    return RenderedFile(path_of_port(port.name), FROM_CONFIG + "\n" + as_text(sections), 0o600)


def path_of_port(name: str) -> str:
    """The file of a port that an adoption makes."""
    return f"{CONNECTIONS[0]}/hyperv-net-{name}.nmconnection"


def first_of_all(others: Iterable[Found], nics: Iterable[Nic]) -> int:
    """The priority of a port that comes before all others that fit a NIC, where there is one."""
    known = list(nics)
    fitting = [
        priority(one.profile) + 1 for one in others if any(fits(one.profile, nic) for nic in known)
    ]
    return min(_HIGHEST, max([PRIORITY, *fitting]))


#: What tells a NIC: section and key, and the value as it is written.
_TELLING = (
    *(("connection", "interface-name"), ("ethernet", "mac-address")),
    *(("match", "driver"), ("match", "path")),
)


def identity_in(rendered: Keyfile) -> Identity:
    """Which NIC a profile of our own renderer is for."""
    found: dict[str, dict[str, str]] = {}
    for section, key in _TELLING:
        written = rendered.get(section, key)
        if written:
            found.setdefault(section, {})[key] = written
    return found


def is_port_for(one: Found, identity: Identity) -> bool:
    """Whether a profile tells this NIC from the other of its card."""
    return all(
        one.profile.get(section, key).lower() == written.lower()
        for section, keys in identity.items()
        for key, written in keys.items()
    )
