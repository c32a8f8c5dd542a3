"""rc.conf's variables: where they stand, and which interface each is about."""

from __future__ import annotations

import re

from hyperv_net.names import is_plain_name

#: network.subr puts these names or endings behind `ifconfig_` for something else.
_RESERVED = re.compile(r"(DEFAULT|.*_(ipv6|alias[0-9]+|aliases|descr|name))\Z")
OF_INTERFACE = re.compile(
    r"(?P<before>ifconfig_|ipv4_addrs_|ipv6_prefix_|vlans_|dhclient_flags_|background_dhclient_"
    r"|static_routes_|create_args_)"
    r"(?P<name>[A-Za-z0-9_]+?)"
    r"(?P<after>_ipv6|_alias[0-9]+|_aliases|_descr|_name|_[0-9]+(_ipv6|_alias[0-9]+|_aliases|_descr)?)?\Z"
)


def variable_part(interface: str) -> str:
    """An interface's name as part of a variable's: network.subr's `get_if_var` rule."""
    return re.sub(r"[-./+]", "_", interface)


def is_configurable(interface: str) -> bool:
    """Whether rc.conf can hold settings for an interface of this name."""
    return is_plain_name(interface) and not _RESERVED.match(variable_part(interface))


def interface_part(variable: str) -> str | None:
    """The interface whose settings a variable has, as variables name it; None for any other."""
    found = OF_INTERFACE.match(variable)
    return found["name"] if found else None
