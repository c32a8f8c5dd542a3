"""Adoption of roots in the likeness of what installers, tools and people write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hyperv_net.model import Action
from hyperv_net.renderers.ifupdown.paths import NAMES_FILE
from tests.renderers.adoption import rendered
from tests.renderers.ifupdown.adopt.adopting import (
    ADOPTION,
    after,
    bonds,
    existing,
    machine,
    own_lines,
    planned,
    renamed,
)
from tests.renderers.ifupdown.adopt.said import stanzas

OF_THE_CARD = re.compile(r"\s*(offload|ethernet|hardware)-")


@pytest.mark.parametrize("root", ADOPTION.roots, ids=lambda root: root.name)
def test_only_lines_about_the_pair_change_and_all_others_stay_in_order(root: Path) -> None:
    texts = existing(root)
    plan = planned(texts)
    assert not plan.failed
    moved, own = bonds(plan), own_lines(plan)
    assert moved
    for path, file in rendered(plan).items():
        if path not in texts:
            assert path == NAMES_FILE
            continue
        assert file.in_place
        known = {line.strip() for line in texts[path].splitlines()}
        known |= {renamed(line, moved) for line in known} | own
        for line in file.text.splitlines():
            is_start = line.split()[:1] in (["auto"], ["allow-hotplug"])
            is_aside = line.startswith("# hyperv-net: ")
            assert line.strip() in known or is_start or is_aside or "bond-slaves" in line, line
    for path, text in texts.items():
        now = rendered(plan)[path].text if path in rendered(plan) else text
        lines = iter(now.splitlines())
        for line in text.splitlines():
            verb = (line.split() or [""])[0]
            is_free = verb in ("auto", "allow-hotplug", "bond-slaves") or "ens17" in line
            if is_free or OF_THE_CARD.match(line):
                continue
            assert any(one in (line, renamed(line, moved)) for one in lines), line


@pytest.mark.parametrize("root", ADOPTION.roots, ids=lambda root: root.name)
def test_what_the_ledger_says_moved_is_what_moved(root: Path) -> None:
    """Each entry's option is in a stanza of that name before, and of the other one after."""
    texts = existing(root)
    plan = planned(texts)
    before, now = stanzas(texts), stanzas(after(texts))
    assert plan.ledger or "bond" in root.name
    for entry in plan.ledger:
        name, *_, last = entry.source
        key = str(last if isinstance(last, str) else entry.source[-2])
        assert (key, str(entry.value)) in before[str(name)], entry
        if entry.action is Action.DROPPED:
            assert str(name) == "ens17"
            assert (key, str(entry.value)) not in now.get(str(name), [])
            continue
        ((new, *_),) = entry.to
        assert (key, str(entry.result)) in now[str(new)], entry
        if entry.action is Action.MOVED:
            assert str(new) != str(name)
            assert key == "method" or (key, str(entry.value)) not in now.get(str(name), [])
    for name, said in before.items():
        if name in bonds(plan) and not any(one.administrators for one in plan.rewritten.aggregates):
            accounted = [one for one in plan.ledger if one.source[0] == name]
            assert len(accounted) >= len(set(said))


@pytest.mark.parametrize("root", ADOPTION.roots, ids=lambda root: root.name)
def test_what_was_adopted_moves_no_more(root: Path) -> None:
    texts = existing(root)
    again = planned(after(texts), machine(texts))
    assert {one.action for one in again.ledger} <= {Action.KEPT}
