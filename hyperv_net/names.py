"""What the name of an interface may be: a form for each place in which one stands.

The kernels take nearly anything of less than IFNAMSIZ bytes: Linux refuses `/`,
`:` and white space (dev_valid_name() in net/core/dev.c), FreeBSD an empty name
alone (SIOCSIFNAME in sys/net/if.c).  But a name becomes part of paths, of rules
and of commands run by root, so it has only characters that mean nothing to any of
those, and begins with none that would make it an option.  The forms differ:

- an interface's name (`is_interface_name`) is what the kernel shows and takes.  Linux's
  tools put `:` into it for a label, as in `eth0:1`, which is an interface to ifupdown;
- a plain name (`is_plain_name`) is without that `:`.  It becomes part of a variable of
  rc.conf, in which network.subr's get_if_var() has an underscore for `.`, `-`, `/` and
  `+`, and for nothing else: any other character would end the variable's name;
- a device's id in a network config (`is_device_id`) may be longer than a name: with
  `match` it names an entry, and the kernel never sees it (netplan(5), cloud-init);
- a pattern (`is_name_pattern`) has the globs of `match`, for names and for drivers, and
  the `!` with which networkd inverts one (systemd.link(5)).
"""

from __future__ import annotations

import re

IFNAMSIZ = 16
"""Bytes of an interface's name with its closing NUL (net/if.h of Linux and of FreeBSD)."""

PLAIN_CHARACTERS = "A-Za-z0-9_.-"
CHARACTERS = f":{PLAIN_CHARACTERS}"
"""The characters of a name, as they stand between the brackets of a regular expression."""

NAME_RULE = f"a letter or digit, then letters, digits and `_ . : -`, at most {IFNAMSIZ - 1} in all"

_INTERFACE_NAME = re.compile(rf"[A-Za-z0-9][{CHARACTERS}]{{0,{IFNAMSIZ - 2}}}\Z")
# The others are compiled where one is first asked for, since no event of a VF asks.
_PLAIN_NAME = rf"[A-Za-z0-9][{PLAIN_CHARACTERS}]{{0,{IFNAMSIZ - 2}}}\Z"
_DEVICE_ID = rf"[A-Za-z0-9][{CHARACTERS}]*\Z"
_NAME_PATTERN = rf"!?[*?\[\]^!{CHARACTERS}]+\Z"


def is_interface_name(text: str) -> bool:
    """Whether an interface may have this name, as NAME_RULE says it."""
    return _INTERFACE_NAME.match(text) is not None


def is_plain_name(text: str) -> bool:
    """Whether an interface may have this name where variables and lists are made of it."""
    return re.match(_PLAIN_NAME, text) is not None


def is_device_id(text: str) -> bool:
    """Whether a network config may call a device so, or refer to one so."""
    return re.match(_DEVICE_ID, text) is not None


def is_name_pattern(text: str) -> bool:
    """Whether this may stand for the names, or the drivers, of several NICs."""
    return re.match(_NAME_PATTERN, text) is not None
