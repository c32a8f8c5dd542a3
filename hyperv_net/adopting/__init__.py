"""Taking over what a root configures already, without cloud-init: adoption.

What is adopted becomes a network config like any other, so that pairing,
rewrite and review are the same; the text is edited where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from hyperv_net.ledger import Entry
from hyperv_net.model import Finding, Inventory, NetworkConfig, Settings
from hyperv_net.plan import Plan
from hyperv_net.renderers import Renderer


class Adopted(NamedTuple):
    """What was adopted, as a network config.

    `renderer` is to be used in place of the target's, where there is one.
    `account` gives the ledger of a plan and further findings, where the
    plan's own ledger does not have it all.
    """

    config: NetworkConfig
    renderer: Renderer | None = None
    account: Callable[[Plan], tuple[tuple[Entry, ...], tuple[Finding, ...]]] | None = None


def adopt(
    target: str, existing: Mapping[str, str], inventory: Inventory, settings: Settings
) -> Adopted | None:
    """What `existing`, path below the root → text, configures; None where that is nothing."""
    if target == "freebsd":
        from hyperv_net.adopting.rc_conf import adopt_rc_conf

        return adopt_rc_conf(existing, inventory, settings)
    if target == "netplan":
        from hyperv_net.adopting import netplan

        config = netplan.merged_config(existing)
        return Adopted(config, renderer=netplan) if config is not None else None
    if target == "ifupdown":
        from hyperv_net.adopting import interfaces
        from hyperv_net.adopting.interfaces_config import read_config
        from hyperv_net.pairing import find_pairs

        pairs = find_pairs(inventory, settings.synthetic_drivers).pairs
        named = [(one.vf.name, one.synthetic.name) for one in pairs if one.vf and one.synthetic]
        config = read_config(existing, dict(named))
        if config is None:
            return None
        return Adopted(
            config, renderer=interfaces, account=lambda plan: interfaces.account(plan, existing)
        )
    return None


def further_files(target: str, existing: Mapping[str, str]) -> frozenset[str]:
    """The patterns of files that those in `existing` include, below the root.

    Raises HypervNetError where what is included cannot be told.
    """
    if target != "ifupdown":
        return frozenset()
    from hyperv_net.adopting.interfaces_text import sourced

    return sourced(existing)


def with_account(plan: Plan, adopted: Adopted) -> Plan:
    """The plan with the ledger and the findings of what was adopted."""
    if adopted.account is None:
        return plan
    ledger, findings = adopted.account(plan)
    return plan._replace(ledger=ledger, findings=(*plan.findings, *findings))
