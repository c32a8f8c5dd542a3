"""The machines that made-up files are about, and what a plan of one must be like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from hyperv_net.errors import HypervNetError
from hyperv_net.kvp import injected
from hyperv_net.kvp.settings import device_of, render, replaces_ipv6
from hyperv_net.model import AggregatePolicy, Settings
from hyperv_net.plan.flow import Plan, make_plan
from hyperv_net.plan.ledger import UNACCOUNTED
from hyperv_net.renderers import load
from hyperv_net.renderers.freebsd.rc_conf.shell import read
from hyperv_net.renderers.ifupdown.adopt import text as interfaces
from tests.building import freebsd, hn, linux, mac, mce, nic, synthetic, vf
from tests.fuzz.inputs import refused_in_one_line

LINUX = linux(synthetic(), vf(), synthetic(1), vf(1), nic("eth7", 7))
FREEBSD = freebsd(hn(), mce(), hn(1), mce(1))
MACHINES = {
    "netplan": LINUX,
    "ifupdown": LINUX,
    "freebsd": FREEBSD,
    "network-manager": LINUX,
    "networkd": LINUX,
    "sysconfig": LINUX,
}
ALWAYS = Settings(aggregate=AggregatePolicy.ALWAYS)
_INJECTED = f"HWADDR={mac(0)}\nDEVICE=eth0\nBOOTPROTO=none\nIPADDR0=10.1.2.3\nNETMASK0=255.0.0.0\n"


def adopt(name: str, existing: Mapping[str, str]) -> None:
    """All that is made of the files of a target: read, moved, asked of, and written again."""
    target, inventory = load(name), MACHINES[name]
    with refused_in_one_line():
        target.further_files(existing)
    target.taken_names(existing, [one.name for one in inventory.nics])
    target.asking.default_routes(existing)
    _inject(name, existing)
    with refused_in_one_line():
        adopted = target.adopt(existing, inventory, ALWAYS)
        if adopted is not None:
            plan = make_plan(inventory, adopted.config, ALWAYS, target, existing, adopted.render)
            is_sound(plan, existing)


def is_sound(plan: Plan, existing: Mapping[str, str]) -> None:
    """Nothing is lost, and each file that is written is what its reader takes for that."""
    assert not [one for one in plan.ledger if one.reason == UNACCOUNTED]
    for change in plan.changes:
        path, text = change.file.path, change.file.text
        if path == "etc/rc.conf":
            _adds_no_command(existing.get(path, ""), text)
        elif path.endswith((".yaml", ".json")):
            yaml.safe_load(text)
        elif path.startswith("etc/network/interfaces"):
            before = {one for known in existing.values() for one in _run_by(known)}
            more = [one for one in _run_by(text) - before if not _is_plain(one)]
            assert not more, more
        elif path.endswith((".rules", ".network", ".link")):
            assert "\0" not in text


def _adds_no_command(before: str, after: str) -> None:
    """What rc.conf runs is what it ran, and what is new in it is text alone."""
    had, has = read(before, "before"), read(after, "after")
    runs = [before[one.start :].split()[0] for one in had.commands]
    for command in has.commands:
        word = after[command.start :].split()[0]
        assert word in runs, word
    unknown = sum(one.parts is None for one in had.assignments)
    assert sum(one.parts is None for one in has.assignments) <= unknown


# What all that is rendered is put together from, with words that a shell takes for nothing more.
_PLAIN = re.compile(
    r"true|\[ -e /sys/class/net/[A-Za-z0-9_.-]+ \]|echo [0-9]+ >/proc/sys/net/[A-Za-z0-9_./-]+"
    r"|(?:ip|ifup|ifdown|udevadm|sysctl|ethtool) [A-Za-z0-9_.:/=,@%+ -]+"
)
_NIC = re.compile(r"(?<![A-Za-z0-9_.-])(?:eth|en|bond)[A-Za-z0-9]*")


def _is_plain(command: str) -> bool:
    return all(_PLAIN.fullmatch(one) for one in command.split(" || "))


def _run_by(text: str) -> set[str]:
    """The commands that interfaces(5) would run, whatever NICs they are about."""
    return {
        _NIC.sub("NIC", line.argument)
        for line in interfaces.lines_of("etc/network/interfaces", text)
        if line.words[:1] and line.words[0] in interfaces.COMMANDS
    }


def _inject(name: str, existing: Mapping[str, str]) -> None:
    """An address in the place of the one that the files have."""
    target = load(name)
    injecting = target.injecting
    injection = injected.parse(_INJECTED, "injected")
    with refused_in_one_line():
        injecting.nameservers(existing)
        device = injecting.owner(existing, "eth0", mac(0))
        injecting.addressing(existing, device)
        settings: Any = device_of(injection, on_link=injecting.reaches_off_link)
        written = injecting.put(
            existing,
            device,
            settings,
            lambda files: render(device, settings, target, files),
            replaces_ipv6=replaces_ipv6(injection),
        )
        after = {**existing, **{file.path: file.text for file in written}}
        try:
            injecting.addressing(after, device)
        except HypervNetError as error:
            raise AssertionError(f"what was written cannot be read: {error}") from error
