"""Hardware addresses as networkd and udev read them (parse_hw_addr_full() of systemd)."""

from __future__ import annotations

from hyperv_net.inventory import identifiers

#: Lengths of which an address of a link may be: a tunnel's are IP addresses.
_BYTES = (4, 6, 16, 20)


def hardware_address(text: str) -> str | None:
    """An address in lower case with colons, whatever its notation; None for what is none.

    Bytes of one digit or two have `:` or `-` between them, pairs of bytes `.`.
    """
    found = identifiers.hardware_address(text, ":-.")
    return found if found is not None and found.count(":") + 1 in _BYTES else None
