"""Adopted files as the real ifupdown reads them: what it would run before and after."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from hyperv_net.model import RenderedFile
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import load
from hyperv_net.renderers.ifupdown.paths import FILE, NAMES_FILE
from tests.debian.tools import SUITES, ifquery, ifup, write
from tests.renderers.adoption import rendered
from tests.renderers.ifupdown.adopt.adopting import (
    ADOPTION,
    MAIN,
    SETTINGS,
    after,
    bonds,
    existing,
    machine,
    planned,
    renamed,
)
from tests.renderers.ifupdown.adopt.said import stanzas

#: Those that Debian's ifupdown reads.
OF_DEBIAN = [root for root in ADOPTION.roots if root.name != "next-generation"]


def write_texts(root: Path, texts: Mapping[str, str]) -> Path:
    kept = {path: text for path, text in texts.items() if path.startswith("etc/network")}
    kept = {
        path: text.replace("source /etc/", f"source {root}/etc/") for path, text in kept.items()
    }
    write(root, [RenderedFile(path, text) for path, text in kept.items()])
    return root


def commands(suite: str, root: Path, name: str) -> list[str]:
    """What ifup would run for an interface."""
    ran = ifup(suite, root, name)
    assert ran.status == 0, ran.err
    lines = (" ".join(line.split()) for line in ran.err.splitlines())
    return [line for line in lines if line and not line.startswith(("ifup:", "run-parts"))]


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("root", OF_DEBIAN, ids=lambda root: root.name)
def test_ifupdown_runs_for_the_aggregate_what_it_ran_for_the_nic(
    suite: str, root: Path, tmp_path: Path
) -> None:
    """Every command for every interface, in order, with the names that moved."""
    texts = existing(root)
    plan = planned(texts)
    moved = bonds(plan)
    before = write_texts(tmp_path / "before", texts)
    now = write_texts(tmp_path / "after", after(texts))
    started = [ifquery(suite, one, "--list", "--all").out.split() for one in (before, now)]
    hotplugged = ifquery(suite, before, "--list", "--allow", "hotplug").out.split()
    theirs = {one.name for one in plan.rewritten.aggregates if one.administrators}
    for name in started[0] + [one for one in hotplugged if re.match(r"eth0\b", one)]:
        new = name if moved.get(name) in theirs else renamed(name, moved)
        assert new in started[1]
    configured = {name for name, said in stanzas(texts).items() if {"method"} & set(dict(said))}
    for name in sorted(configured - {"lo", "wired"}):
        if name in ("ens17", "eth0") and (theirs or root.name == "vf-alone"):
            continue
        if name == "ens17":
            continue
        lines = iter(commands(suite, now, renamed(name, moved)))
        for line in commands(suite, before, name):
            wanted = (line, renamed(line, moved))
            assert any(
                re.sub(r" address 00:0d:3a:11:22:3\d", "", one) in wanted for one in lines
            ), (
                name,
                line,
            )
    for nic, bond in moved.items():
        if nic in ("ens17", "ens18") or bond in theirs:
            continue
        assert commands(suite, now, nic) == [f"ip link set dev {nic} up 2>/dev/null || true"]
        found = ifquery(suite, now, bond).out
        mac = next(one.pair.mac for one in plan.rewritten.aggregates if one.name == bond)
        for line in (
            *(f"bond-slaves: {nic}", "bond-mode: active-backup", "bond-miimon: 100"),
            "bond-primary-reselect: always",
        ):
            assert line in found.splitlines()
        assert f"--attr-match=address={mac} || true" in found
        assert re.search(rf"hwaddress: ({mac}|(ether )?02:00:5e:10:00:01)\n", found)
    order = started[1]
    for bond in moved.values():
        if bond in order:
            above = [one for one in order if one.startswith((f"{bond}.", f"{bond}:", "vmbr", "br"))]
            assert all(order.index(bond) < order.index(one) for one in above)


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_the_options_are_those_that_the_renderer_gives_and_so_are_the_companions(
    suite: str, tmp_path: Path
) -> None:
    """A pair adopted from a file and one rendered from a network config differ in no meaning."""
    text = "auto eth0\niface eth0 inet static\n    address 10.0.0.4/24\n    mtu 1400\n"
    text = f"auto lo\niface lo inet loopback\n{text}"
    inventory = machine({MAIN: text})
    config = read_network_config(
        "network: {version: 2, ethernets: {eth0: {addresses: [10.0.0.4/24], mtu: 1400}}}", "x"
    )
    fresh = make_plan(inventory, config, SETTINGS, load("ifupdown"), {})
    adopted = planned({MAIN: text})
    companions = [
        {change.file.path: change.file.text for change in plan.changes if change.is_companion}
        for plan in (fresh, adopted)
    ]
    assert companions[0] == companions[1] and companions[0]
    assert rendered(fresh)[NAMES_FILE] == rendered(adopted)[NAMES_FILE]
    sourced = {MAIN: "source interfaces.d/*\n", FILE: rendered(fresh)[FILE].text}
    one, other = (
        write_texts(tmp_path / "1", sourced),
        write_texts(tmp_path / "2", after({MAIN: text})),
    )
    for name in ("bond0", "eth0"):
        shown = [sorted(ifquery(suite, root, name).out.splitlines()) for root in (one, other)]
        assert shown[0] == shown[1]
        assert sorted(commands(suite, one, name)) == sorted(commands(suite, other, name))
