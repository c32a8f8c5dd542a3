"""Where what was adopted stands: the place of each setting, cut out of its file, is its value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from hyperv_net.netconfig.spans import all_located
from hyperv_net.places import Place
from hyperv_net.plan.flow import Ground
from hyperv_net.review.assembling import review_of
from hyperv_net.secrets.hidden import Hidden
from tests.renderers.adoption import Adoption
from tests.renderers.ifupdown.adopt.adopting import ADOPTION as IFUPDOWN
from tests.renderers.ifupdown.adopt.adopting import MAIN
from tests.renderers.test_adoption import CASES

of_each_root = pytest.mark.parametrize(
    ("adoption", "root"), [one for one in CASES if not str(one.id).startswith("netplan")]
)


def cut(texts: Mapping[str, str], where: Place) -> str:
    """What stands at a place."""
    lines = texts[where.file].split("\n")[where.line - 1 : where.end_line]
    assert 0 < where.end_column <= len(lines[-1]) + 1
    lines[-1] = lines[-1][: where.end_column - 1]
    lines[0] = lines[0][where.column - 1 :]
    return "\n".join(lines)


def joined(text: str) -> str:
    """A value with the lines that go on in the next as one, and comments between them left out."""
    text = re.sub(r"\\([^\n])", r"\1", text)
    without = re.sub(r"\n[ \t]*[#;][^\n]*(?=\n)", "", text)
    return " ".join(re.sub(r"\\\n", " ", without).split())


@of_each_root
def test_the_place_of_each_setting_is_that_of_its_value(adoption: Adoption, root: Path) -> None:
    texts = adoption.existing(root)
    plan = adoption.planned(texts)
    for entry in plan.ledger:
        where = entry.where
        assert where is not None, entry
        value = str(entry.value.revealed if isinstance(entry.value, Hidden) else entry.value)
        if not where.column:
            assert not value, entry
            continue
        assert joined(cut(texts, where)) == joined(value), entry


@of_each_root
def test_a_review_shows_each_setting_in_one_of_its_inputs(adoption: Adoption, root: Path) -> None:
    texts = adoption.existing(root)
    plan = adoption.planned(texts)._replace(ground=Ground(None, texts))
    plan = plan._replace(findings=all_located(plan.findings, {}, plan.config))
    review = review_of(plan)
    inputs = {one.name: one.text for one in review.inputs}
    for one in review.ledger:
        assert one.file in inputs, one
        assert one.span is not None
        where = Place(one.file, (), *vars(one.span).values())
        assert joined(cut(inputs, where)) == joined(str(one.value)), one
    wrong = [one for one in review.findings if one.key and (one.file not in inputs or not one.span)]
    assert wrong == []


def test_a_secret_is_hidden_where_it_stands_and_its_place_is_that_of_what_is_shown() -> None:
    text = "iface eth0 inet dhcp\n  wpa-psk hunter2hunter2\n  mtu 1400\n"
    plan = IFUPDOWN.planned({MAIN: text})._replace(ground=Ground(None, {MAIN: text}))
    for show_secrets, value in ((False, "(hidden)"), (True, "hunter2hunter2")):
        review = review_of(plan, show_secrets=show_secrets)
        inputs = {one.name: one.text for one in review.inputs}
        (found,) = [one for one in review.ledger if one.source.endswith("wpa-psk")]
        assert found.span is not None and found.value == value
        assert cut(inputs, Place(MAIN, (), *vars(found.span).values())) == value
