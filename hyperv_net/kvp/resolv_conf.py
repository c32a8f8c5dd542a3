"""The name servers in a resolv.conf(5)."""

from __future__ import annotations

from ipaddress import ip_address


def nameservers(text: str) -> list[str]:
    """Each once, without the scope of a link-local one; what is no address is left out."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if len(words) > 1 and words[0] == "nameserver":
            try:
                found.append(str(ip_address(words[1].partition("%")[0])))
            except ValueError:
                continue
    return list(dict.fromkeys(found))
