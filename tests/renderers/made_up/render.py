"""A line an aggregate: its name, its members, whether it asks for an address."""

from __future__ import annotations

from collections.abc import Mapping

from hyperv_net.marks import MADE
from hyperv_net.model import Rendered, RenderedFile, Rewritten
from hyperv_net.renderers.account import Account
from hyperv_net.renderers.parts import Step
from hyperv_net.tree import at
from tests.renderers.made_up import FILE


def activation(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Step, ...]:
    """One program does it all."""
    return (Step(("made-up", "reload")),)


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The table; what is neither an aggregate nor its DHCP cannot be said in it."""
    account, lines = Account(rewritten.tree), [f"{MADE}for those who try it out.\n"]
    for one in rewritten.aggregates:
        members = (rewritten.interfaces.get(each) for each in (one.synthetic_id, one.vf_id))
        bond = ("bonds", one.name)
        asks = at(rewritten.tree, (*bond, "dhcp4"))
        how = "dhcp" if asks is not None and asks.value is True else "-"
        lines.append(f"{one.name} {' '.join(filter(None, members))} {how}\n")
        account.place((*bond, "dhcp4"), f"{FILE}: {one.name}")
        account.place((*bond, "interfaces"), f"{FILE}: {one.name}")
    return Rendered(
        files=(RenderedFile(FILE, "".join(lines)),),
        places=account.places(),
        dropped=account.dropped(otherwise="the table has no column for it"),
    )
