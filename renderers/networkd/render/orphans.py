"""Name servers and routes that a version 1 config gives to no device: networkd's have one each."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.orphans import (
    OF_NAMESERVERS,
    device_for_gateway,
    give_nameservers,
    with_addresses,
)
from hyperv_net.tree import Node, added, to_plain

if TYPE_CHECKING:
    from typing import Any

    from hyperv_net.model import Rewritten
    from hyperv_net.renderers.account import Account

_NO_DEVICE = "networkd gives name servers to devices, and none can take them"
_NO_GATEWAY = "networkd gives routes to devices, and none reaches its gateway"


def give_orphans(rewritten: Rewritten, account: Account) -> Node:
    """The tree in which devices have them; tells `account` which."""
    tree, members = rewritten.tree, rewritten.member_ids
    given: dict[tuple[str, str], dict[str, Node]] = {}
    nameservers = tree.get("nameservers")
    if nameservers is not None and nameservers.value:
        takers = with_addresses(tree, members)
        plain: dict[str, Any] = to_plain(tree)
        for kind, one in give_nameservers(takers, plain, plain["nameservers"]):
            given.setdefault((kind, one), {})["nameservers"] = added(
                plain[kind][one]["nameservers"]
            )
            for key in OF_NAMESERVERS:
                account.place(("nameservers", key), f"[Network] DNS=, Domains= of {one}")
        account.drop(("nameservers",), _NO_DEVICE)
    for index, route in enumerate((tree.get("routes") or Node(())).elements()):
        via = route.get("via")
        gateway = str(via.value) if via is not None else ""
        taker = device_for_gateway(tree, members, gateway) if gateway else None
        if taker is None:
            account.drop(("routes", index), _NO_GATEWAY)
            continue
        account.place(("routes", index), f"[Route] of {taker[1]}")
        kind, one = taker
        has = given.setdefault(taker, {})
        before = has.get("routes") or (tree.get(kind) or Node({})).get(one).get("routes")  # type: ignore[union-attr]
        has["routes"] = Node((*before.elements(), route) if before else (route,))
    return _with(tree, given)


def _with(tree: Node, given: dict[tuple[str, str], dict[str, Node]]) -> Node:
    top = dict(tree.items())
    for (kind, one), settings in given.items():
        devices = dict(top[kind].items())
        devices[one] = Node({**dict(devices[one].items()), **settings}, devices[one].origins)
        top[kind] = Node(devices, top[kind].origins)
    return Node(top, tree.origins)
