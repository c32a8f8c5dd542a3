"""What is true of the adoption of every root, and what NetworkManager says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.model import Severity
from hyperv_net.renderers.networkmanager.keyfile import read
from hyperv_net.renderers.networkmanager.profiles import Nic, fits, priority, visible
from tests.debian.tools import SUITES
from tests.renderers.adoption import rendered
from tests.renderers.networkmanager.adopt.adopting import ADOPTION, SOURCES
from tests.renderers.networkmanager.nmcli import lost, normalised

of_each_root = pytest.mark.parametrize("root", ADOPTION.roots, ids=lambda root: root.name)
#: What may change in a profile that becomes a bond's.
CHANGED = {
    *(("connection", key) for key in ("type", "interface-name", "multi-connect", "id", "uuid")),
    ("ethernet", "cloned-mac-address"),
}


def test_every_root_has_its_source() -> None:
    assert SOURCES.keys() == {root.name for root in ADOPTION.roots}


@of_each_root
def test_nothing_stands_in_the_way(root: Path) -> None:
    plan = ADOPTION.planned(ADOPTION.existing(root))
    assert not [one for one in plan.findings if one.severity is Severity.ERROR]
    assert plan.rewritten.aggregates


@of_each_root
def test_every_setting_is_still_said_somewhere_or_is_in_the_ledger(root: Path) -> None:
    """Sections and keys that nobody here has heard of too."""
    texts = ADOPTION.existing(root)
    plan = ADOPTION.planned(texts)
    after = ADOPTION.after(texts)
    said = {
        (line.section, line.key, line.value)
        for text in after.values()
        for line in read(text).lines
        if line.key
    }
    rewritten = {entry.source[1:] for entry in plan.ledger if entry.result != entry.value}
    for path, text in texts.items():
        for line in read(text).lines:
            at = (line.section, line.key)
            if line.key and (*at, line.value) not in said:
                assert at in rewritten or at[0] == "match" or "mac-address" in at[1], (path, at)


@of_each_root
def test_comments_stay(root: Path) -> None:
    texts = ADOPTION.existing(root)
    after = "".join(ADOPTION.after(texts).values()).splitlines()
    for text in texts.values():
        assert {one for one in text.splitlines() if one.startswith("#")} <= set(after)


@of_each_root
def test_each_nic_of_a_pair_has_a_port_that_comes_before_all_that_fits_it(root: Path) -> None:
    texts = ADOPTION.existing(root)
    plan = ADOPTION.planned(texts)
    after = list(visible(ADOPTION.after(texts)))
    for each in plan.rewritten.aggregates:
        bonds = {
            word
            for _, one in after
            if one.plain("connection", "interface-name") == each.name
            for word in (each.name, one.plain("connection", "uuid"))
        }
        for nic in (each.pair.synthetic, each.pair.vf):
            assert nic is not None
            fitting = [
                one for _, one in after if fits(one, Nic("", nic.name, each.pair.mac, nic.driver))
            ]
            best = max(map(priority, fitting))
            first = [one for one in fitting if priority(one) == best]
            masters = [
                one.plain("connection", "master") or one.plain("connection", "controller")
                for one in first
            ]
            assert masters and set(masters) <= bonds


@pytest.mark.debian
@of_each_root
@pytest.mark.parametrize("suite", SUITES)
def test_networkmanager_reads_each_file_as_it_was_written(suite: str, root: Path) -> None:
    texts = ADOPTION.existing(root)
    for path, file in rendered(ADOPTION.planned(texts)).items():
        missing = lost(file.text, normalised(suite, file.text))
        known = lost(texts[path], normalised(suite, texts[path])) if path in texts else {}
        # Of a file by hand it writes some settings otherwise, before and after alike.
        assert {at: value for at, value in missing.items() if at not in known} == {}, path
