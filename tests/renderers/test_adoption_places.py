"""Where what was adopted stands: the place of each setting, cut out of its file, is its value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Settings
from hyperv_net.netconfig.spans import all_located
from hyperv_net.places import Place
from hyperv_net.plan.flow import Ground
from hyperv_net.renderers import load
from hyperv_net.review.assembling import review_of
from hyperv_net.secrets.hidden import Hidden
from tests.renderers.adoption import Adoption
from tests.renderers.ifupdown.adopt.adopting import ADOPTION as IFUPDOWN
from tests.renderers.ifupdown.adopt.adopting import MAIN, machine
from tests.renderers.test_adoption import CASES

of_each_root = pytest.mark.parametrize(
    ("adoption", "root"), [one for one in CASES if not str(one.id).startswith("netplan")]
)
of_each_of_netplan = pytest.mark.parametrize(
    ("adoption", "root"), [one for one in CASES if str(one.id).startswith("netplan")]
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


def test_an_option_that_has_moved_leads_to_its_own_line_of_what_is_written() -> None:
    text = "iface eth0 inet static\n  address 10.0.0.8/24\n\n  mtu 1400\niface eth1 inet dhcp\n"
    plan = IFUPDOWN.planned({MAIN: text})._replace(ground=Ground(None, {MAIN: text}))
    review = review_of(plan)
    (file,) = [one.text.split("\n") for one in review.files if one.path == MAIN]
    seen = 0
    for one in review.ledger:
        if one.source.endswith((".address", ".mtu")):
            (place,) = one.lines
            assert place.line is not None and str(one.value) in file[place.line - 1]
            seen += 1
    assert seen == 2


@of_each_of_netplan
def test_of_netplans_merged_files_each_setting_is_told_with_its_key_in_the_last_that_has_it(
    adoption: Adoption, root: Path
) -> None:
    texts = adoption.existing(root)
    plan = adoption.planned(texts)._replace(ground=Ground(None, texts))
    plan = plan._replace(findings=all_located(plan.findings, {}, plan.config))
    review = review_of(plan, show_secrets=True)
    inputs = {one.name: one.text for one in review.inputs}
    for one in review.ledger:
        if one.source in ("version", "network.version"):
            continue
        assert one.span is not None and one.file in inputs, one
        found = cut(inputs, Place(one.file, (), *vars(one.span).values()))
        key = one.source.rpartition(".")[2].partition("[")[0]
        assert found.startswith(key) or "[" in one.source, (found, one)
        if isinstance(one.value, bool):
            assert found.split()[-1] in ("true", "yes", "on", "false", "no", "off"), (found, one)
        elif one.value not in ("{}", "[]"):
            assert str(one.value) in found, (found, one)
    assert [one for one in review.findings if one.key and not one.span] == []


def test_what_is_wrong_in_netplans_files_is_told_at_once_with_its_file_and_line() -> None:
    """Be it YAML at all, or in the last of them a value that no device can have."""
    one, other = "etc/netplan/10-a.yaml", "etc/netplan/20-b.yaml"
    broken = {one: "network: [\n", other: "a: 1\nb: ]\n"}
    assert [str(each.where) for each in told("netplan", broken)] == [f"{one}:1:10", f"{other}:2:4"]
    head = "network:\n  ethernets:\n"
    wrong = {
        one: f"{head}    eth0: {{mtu: lots, addresses: [10.0.0.1/8]}}\n",
        other: f"{head}    eth1: {{dhcp4: maybe}}\n    eth0: {{addresses: [10.0.0.2/8, x]}}\n",
    }
    assert [str(each.where) for each in told("netplan", wrong)] == [
        f"{one}:3:17: network.ethernets.eth0.mtu",
        f"{other}:3:19: network.ethernets.eth1.dhcp4",
        f"{other}:4:36: network.ethernets.eth0.addresses[2]",
    ]


def test_what_is_wrong_in_interfaces_and_in_networkds_files_is_told_at_once() -> None:
    text = "source $A\niface eth0 inet dhcp\nsource $B\n"
    assert [str(one.where) for one in told("ifupdown", {MAIN: text})] == [
        f"{MAIN}:1:8: source",
        f"{MAIN}:3:8: source",
    ]
    folder = "etc/systemd/network/"
    files = {
        f"{folder}10-a.network": "[Match]\nName=eth0\nProperty=A=1\n",
        f"{folder}20-b.network": "[Match]\nName=eth9\nProperty=B=1\n",
    }
    assert [str(one.where) for one in told("networkd", files)] == [
        f"{folder}10-a.network:3:10",
        f"{folder}20-b.network:3:10",
    ]


def told(target: str, texts: Mapping[str, str]) -> list[HypervNetError]:
    """All errors of an adoption."""
    with pytest.raises(HypervNetError) as caught:
        load(target).adopt(texts, machine({"": "eth0"}), Settings())
    return [caught.value, *caught.value.others]
