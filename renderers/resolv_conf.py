"""resolv.conf(5): the name servers in it, and ours in the file that is there."""

from __future__ import annotations

from ipaddress import ip_address

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def merge_resolv_conf(text: str, servers: Sequence[str], search: Sequence[str]) -> str:
    """The file with its `nameserver` lines replaced by `servers`, its search list by `search`.

    Each new line stands where the first old one of its sort stood; where the
    configuration has none of a sort, the old ones stay, as do comments and
    options.
    """
    new = {
        "search": [f"search {' '.join(search)}"] if search else [],
        "nameserver": [f"nameserver {server}" for server in servers],
    }
    lines: list[str] = []
    written: set[str] = set()
    for line in text.splitlines():
        words = line.split()
        kind = words[0] if words else ""
        kind = "search" if kind == "domain" else kind
        if kind not in new or not new[kind]:
            lines.append(line)
        elif kind not in written:
            lines += new[kind]
            written.add(kind)
    for kind, of_kind in new.items():
        if kind not in written:
            lines += of_kind
    return "".join(f"{line}\n" for line in lines)


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
