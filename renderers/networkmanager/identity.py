"""What a profile is called and where it is, as cloud-init has it, whose files ours replace.

cloudinit/net/network_manager.py (22.4 to 26.2): NMConnection, nm_conn_filename().  Its activators
bring up what bears these names, and a file that an earlier boot left is the same file.
"""

from __future__ import annotations

from hyperv_net.renderers.networkmanager.paths import CONNECTIONS

#: CI_NM_UUID, the name space of its UUIDs.
_NAME_SPACE = bytes.fromhex("a3924cb809e043e9890b77972a800108")


def profile_id(name: str) -> str:
    """The name of the profile of an interface."""
    return f"cloud-init {name}"


def path_of(name: str) -> str:
    """The file of the profile of an interface, below the root."""
    return f"{CONNECTIONS[0]}/cloud-init-{name}.nmconnection"


def uuid_of(name: str) -> str:
    """The UUID of the profile of an interface: version 5 of RFC 4122, the same at every run."""
    from hashlib import sha1

    digest = bytearray(sha1(_NAME_SPACE + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
