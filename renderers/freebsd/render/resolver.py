"""Name servers and search domains: etc/resolv.conf."""

from __future__ import annotations

import re

from hyperv_net.model import RenderedFile
from hyperv_net.names import is_plain_name
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.paths import RESOLV
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import parse_main_line
from hyperv_net.renderers.resolv_conf import merge_resolv_conf
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.freebsd.render.draft import Draft
    from hyperv_net.tree import Path


def place_resolver(draft: Draft, owner: Node, path: Path) -> None:
    """Gather the name servers and search domains of a device, or those of the whole tree.

    FreeBSD has one list of each.
    """
    from ipaddress import ip_address

    nameservers, path = owner.get("nameservers") or Node({}), (*path, "nameservers")
    for index, one in enumerate((nameservers.get("addresses") or Node(())).elements()):
        at = (*path, "addresses", index)
        host, _, scope = str(one.value).partition("%")
        try:
            server = str(ip_address(host))
        except ValueError:
            draft.account.drop(at, "not an IP address")
            continue
        if is_plain_name(scope):
            server += f"%{scope}"
        draft.servers += [] if server in draft.servers else [server]
        draft.account.place(at, f"{RESOLV}: nameserver")
    for index, one in enumerate((nameservers.get("search") or Node(())).elements()):
        at, domain = (*path, "search", index), str(one.value)
        if re.fullmatch(r"[A-Za-z0-9_.-]+", domain):
            draft.searched += [] if domain in draft.searched else [domain]
            draft.account.place(at, f"{RESOLV}: search")
        else:
            draft.account.drop(at, "not a domain name")


def resolver_files(draft: Draft, existing: Mapping[str, str]) -> tuple[RenderedFile, ...]:
    """The file with what was gathered, if anything was, and notes of what becomes of it."""
    if not (draft.servers or draft.searched):
        return ()
    _note_limits(draft)
    text = merge_resolv_conf(existing.get(RESOLV, ""), draft.servers, draft.searched)
    return (RenderedFile(RESOLV, text, in_place=True),)


def _note_limits(draft: Draft) -> None:
    if len(draft.servers) > 3:
        draft.note(
            "resolver-limit",
            f"FreeBSD's resolver asks the first 3 of {len(draft.servers)} name servers",
            Place(RESOLV),
        )
    lines = (value for name, value in draft.variables.items() if name.startswith("ifconfig_"))
    if any(parse_main_line(line).dhcp for line in lines):
        draft.note(
            "resolver-and-dhcp",
            "dhclient(8) replaces the name servers with those of the lease",
            Place(RESOLV),
            "put `supersede domain-name-servers` into /etc/dhclient.conf to keep them",
        )
