"""One machine's row, and that machines which are alike get it sooner and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.fleet.alike import Reviewer, _kept, review_all, review_lines
from hyperv_net.fleet.inputs import inputs_of, inputs_of_line
from hyperv_net.fleet.reading import record_of
from hyperv_net.fleet.reviewing import review, reviewed
from hyperv_net.fleet.rows import MOST_FOUND
from hyperv_net.fleet.shapes import Shaped
from hyperv_net.fleet.summary import summary_of
from hyperv_net.inventory.snapshot import as_document
from tests.expected import CASES, targets
from tests.fleet.machines import BROKEN, SHAPES, machines, sizes
from tests.strategies import Machine
from tests.strategies import machines as made_up

MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
FLEET = [record_of(one) for one in machines(300)]


def example(case: Path, target: str) -> dict[str, Any]:
    return {
        "id": case.name,
        "inventory": json.loads((case / "inventory.json").read_text()),
        "network_config": (case / "network-config.yaml").read_text(),
        "settings": {"synthetic_drivers": ["virtio_net"]},
        "target": target,
    }


EXAMPLES = [example(case, target) for case in CASES for target in targets(case)]


def test_a_fleet_of_twelve_shapes_comes_out_as_twelve_groups_and_three_outliers() -> None:
    groups = summary_of(review_all(FLEET)).smallest_first
    assert [one.machines for one in groups] == sizes(300)
    assert len(groups) == len(SHAPES) + len(BROKEN) == 15


def test_those_that_are_broken_are_rows_that_say_why() -> None:
    rows = [one for one in map(review, FLEET) if one.level == "network"]
    assert [one.id for one in rows] == ["vm-000075", "vm-000150", "vm-000225"]
    assert [one.error for one in rows] == [
        "network-config:2:19: not YAML: the '[' that opens here is never closed "
        "(close it with ']')",
        "inventory: no `nics`",
        "",
    ]
    assert [one.found[0].rule for one in rows] == [
        "cannot-plan",
        "cannot-plan",
        "config-without-nic",
    ]


def test_machines_that_are_alike_get_the_row_that_they_would_get_alone() -> None:
    rows = [review(one) for one in FLEET]
    assert list(review_all(FLEET)) == rows
    assert list(review_lines(map(line, machines(300)))) == rows


def test_most_machines_need_no_plan_of_their_own() -> None:
    keys = [inputs_of(one) for one in FLEET]
    assert None not in keys
    assert len({one.key for one in keys if one is not None}) < len(FLEET) / 5


def test_nor_to_be_taken_apart_where_each_is_a_line() -> None:
    keys = [inputs_of_line(json.dumps(one)) for one in machines(300)]
    assert None not in keys
    assert len({one.inputs.key for one in keys if one is not None}) < len(FLEET) / 5


def line(document: dict[str, Any], **how: Any) -> bytes:
    return json.dumps(document, **how).encode()


def varied(document: dict[str, Any], draw: st.DrawFn | Any) -> dict[str, Any]:
    """The same machine with other addresses of cards, other hosts and other names of VFs."""
    byte = st.integers(0, 255)
    others: dict[str, str] = {}

    def other_mac(found: re.Match[str]) -> str:
        return others.setdefault(
            found[0], found[0][:9] + ":".join(f"{draw(byte):02x}" for _ in range(3))
        )

    def other_host(found: re.Match[str]) -> str:
        return others.setdefault(found[0], f"{found[1]}{draw(byte)}")

    def other_vf(found: re.Match[str]) -> str:
        return others.setdefault(found[0], f"enP{draw(st.integers(1, 65535))}s")

    text = MAC.sub(other_mac, json.dumps(document))
    text = re.sub(r"\b((?:10|192\.0|198\.51|203\.0)(?:\.\d+){1,2}\.)\d+\b(?!\.)", other_host, text)
    text = re.sub(r"(2001:db8:[0-9a-f:]*:)[0-9a-f]+(?![0-9a-f:])", other_host, text)
    return dict(json.loads(re.sub(r"enP\d+s", other_vf, text)))


@settings(deadline=None, max_examples=40)
@given(st.data(), st.sampled_from(EXAMPLES + list(machines(100))[:30]))
def test_another_machine_of_the_kind_never_gets_a_row_that_is_not_its_own(
    draw: st.DataObject, document: dict[str, Any]
) -> None:
    reviewer, of_lines = Reviewer(), Reviewer()
    for one in (document, *(varied(document, draw.draw) for _ in range(3))):
        record = record_of(one)
        assert reviewer.review(record) == of_lines.review_line(line(one)) == review(record)


@settings(deadline=None, max_examples=40)
@given(st.data(), made_up())
def test_nor_does_one_that_is_made_up(draw: st.DataObject, machine: Machine) -> None:
    document = {
        "id": "vm",
        "inventory": as_document(machine.inventory),
        "network_config": json.dumps(machine.config),
        "target": machine.target,
    }
    reviewer, of_lines = Reviewer(), Reviewer()
    for one in (document, *(varied(document, draw.draw) for _ in range(2))):
        record = record_of(one)
        assert reviewer.review(record) == of_lines.review_line(line(one)) == review(record)


@pytest.mark.parametrize("place", [0, 1])
def test_a_gateway_that_is_in_no_network_is_not_like_one_that_is(place: int) -> None:
    """The order of the two addresses is the same in both, as numbers and as texts."""
    hosts = [("10.9.2.30", "10.9.2.1"), ("10.9.2.30", "10.8.0.1")]
    records = []
    for host, gateway in (hosts[place], hosts[1 - place]):
        text = (
            "version: 1\nconfig:\n- type: physical\n  name: eth0\n  subnets:\n"
            f"  - {{type: static, address: {host}/24, gateway: {gateway}}}\n"
        )
        records.append(record_of({**next(machines(1)), "network_config": text}))
    reviewer = Reviewer()
    rows = [reviewer.review(one) for one in records]
    assert rows == [review(one) for one in records]
    assert rows[0].shape != rows[1].shape


@pytest.mark.parametrize("made", ["10_0_0_5", "000d3a112233", "00-0d-3a-11-22-33", "10.0.0.9"])
def test_a_row_that_tells_more_of_an_address_than_an_ordinal_is_of_its_machine_alone(
    made: str,
) -> None:
    tokens = ("10.0.0.5", "00:0d:3a:11:22:33")
    row = review(FLEET[0])
    assert _kept(row, Shaped("route {ip-1} {mac-2}", tokens), tokens) is not None
    assert _kept(row, Shaped(f"route net_{made} {{ip-1}}", tokens[:1]), tokens) is None


def test_the_shape_is_without_names_and_addresses_and_the_exact_digest_with_them() -> None:
    first, second = (one for one in FLEET[:400] if one.id in ("vm-000000", "vm-000100"))
    one, other = review(first), review(second)
    assert one.shape == other.shape
    assert one.exact != other.exact
    _, whole = reviewed(first)
    assert whole is not None
    assert not MAC.search(whole.text) and "eth0" not in whole.text
    assert {"eth0", "bond0"} < {*whole.values}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"target": "wicked"}, "target: no such target: 'wicked'"),
        ({"target": None}, "target: nothing says what configures the network of a linux machine"),
        ({"settings": {"colour": 1}}, "settings.colour: no such setting: 'colour'"),
        ({"inventory": "{"}, "inventory:1:2: not JSON"),
        ({"network_config": None}, "network_config: the record has no network config"),
    ],
)
def test_what_is_wrong_with_a_record_is_told_in_its_row(changed: dict[str, Any], told: str) -> None:
    row = review(record_of({**next(machines(1)), **changed}))
    assert (row.level, row.error.startswith(told)) == ("network", True), row.error


def test_a_mistake_of_the_program_is_a_row_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("nothing")

    monkeypatch.setattr("hyperv_net.fleet.reviewing.make_plan", broken)
    row = review(FLEET[0])
    assert row.error == "a mistake of hyperv-net, please report it: KeyError: 'nothing'"


def test_a_secret_is_in_no_row() -> None:
    secret = "hunter2-and-more"
    config = f"version: 2\nwifis:\n  wlan0: {{access-points: {{x: {{password: {secret}}}}}}}\n"
    broken = f"{config}ethernets: {{eth0: {{password: {secret}, dhcp4: '{secret}'}}}}\n"
    for text in (config, broken):
        row = review(record_of({**next(machines(1)), "network_config": text}))
        assert secret not in json.dumps(row.document())


def test_an_adopted_config_is_reviewed_as_well() -> None:
    record = next(machines(12))
    text = "network:\n" + indent(record.pop("network_config"), "  ")
    existing = {"etc/netplan/50-cloud-init.yaml": text}
    row = review(record_of({**record, "existing": existing}))
    assert (row.level, row.modes, row.error) == ("fine", {"aggregate": 1}, "")


def test_a_row_has_all_that_is_wrong_and_not_only_what_was_found_first() -> None:
    one = next(machines(1))
    keys = "{mtu: many, dhcp4: 7, dhpc6: 1, addresses: [10.0.0.300/24]}"
    wrong = f"version: 2\nethernets:\n  eth0: {keys}\n"
    row = review(record_of({**one, "network_config": wrong}))
    values = [error.rpartition(": ")[2] for error in row.errors]
    assert values == ["'many'", "7", "'10.0.0.300/24'"]
    found = {one.where.rpartition("eth0.")[2]: one.rule for one in row.found}
    assert found.pop("dhpc6") == "unknown-key"
    assert found == dict.fromkeys(("mtu", "dhcp4", "addresses[0]"), "cannot-plan")
    assert (row.severities["error"], row.severities["warning"], row.further) == (3, 1, 0)
    moved = review(record_of({**one, "network_config": f"# moved\n{wrong}"}))
    assert moved.shape == row.shape and moved.errors != row.errors


def test_of_very_many_errors_a_row_has_the_first_and_a_number() -> None:
    many = "".join(f"  eth{number}: {{mtu: many}}\n" for number in range(50))
    text = f"version: 2\nethernets:\n{many}"
    row = review(record_of({**next(machines(1)), "network_config": text}))
    assert (len(row.errors), row.severities["error"]) == (MOST_FOUND, 50)
    assert (len(row.found), row.further) == (MOST_FOUND, 50 - MOST_FOUND)
