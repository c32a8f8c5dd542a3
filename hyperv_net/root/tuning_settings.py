"""The setting `tuning`: what VFs and synthetic NICs are to have, as a list of rules."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.guessing import did_you_mean
from hyperv_net.inventory import identifiers
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import as_written
from hyperv_net.tuning import SETTINGS, SYNTHETIC, VF, TuningRule, checked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hyperv_net.places import Place

_WORDS = {True: "on", False: "off"}
_NICS = {VF: (VF,), SYNTHETIC: (SYNTHETIC,), "both": (VF, SYNTHETIC)}


def read_rules(value: Any, where: Place) -> tuple[TuningRule, ...]:
    """The rules.  Raises HypervNetError for what is none, naming the place."""
    if not isinstance(value, (list, tuple)):
        raise HypervNetError(f"not a list of rules: {as_written(value)}", where=where)
    return tuple(
        rule for index, one in enumerate(value) for rule in _rules(one, where.below(index))
    )


def _rules(value: Any, where: Place) -> Iterator[TuningRule]:
    if not isinstance(value, dict):
        raise HypervNetError(
            f"not a rule: {as_written(value)}", where=where, hint="write it as {nic: vf, qdisc: fq}"
        )
    settings = {key: one for key, one in value.items() if key not in ("nic", "pair")}
    nic, pair = value.get("nic", VF), value.get("pair", "")
    if not isinstance(nic, str) or nic not in _NICS:
        raise HypervNetError(
            f"not one of {', '.join(_NICS)}: {as_written(nic)}", where=where.below("nic")
        )
    if not isinstance(pair, str) or not (pair == "" or _pair(pair)):
        raise HypervNetError(
            f"not a NIC's name or MAC address: {as_written(pair)}", where=where.below("pair")
        )
    tuning = tuple((str(key), _text(key, one, where)) for key, one in settings.items())
    for each in _NICS[nic]:
        yield TuningRule(each, _pair(pair) or "", tuning)


def _pair(text: str) -> str | None:
    return identifiers.mac(text) or (text if is_interface_name(text) else None)


def _text(setting: Any, value: Any, where: Place) -> str:
    if setting not in SETTINGS:
        guess = did_you_mean(setting, ("nic", "pair", *SETTINGS))
        known = f"a rule may have nic, pair, {', '.join(SETTINGS)}"
        raise HypervNetError(
            f"nothing that can be tuned: {as_written(setting)}",
            where=where.below(setting) if isinstance(setting, str) else where,
            hint="the network config has it, for the aggregate or the synthetic NIC"
            if setting == "mtu"
            else f"{guess} {known}".strip(),
            is_of_key=True,
        )
    text = _WORDS[value] if isinstance(value, bool) else str(value)
    found = checked(setting, text) if isinstance(value, (bool, int, str)) else None
    if found is None:
        raise HypervNetError(
            f"no value of {setting}: {as_written(value)}", where=where.below(setting)
        )
    return found
