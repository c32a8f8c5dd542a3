"""The JSON snapshot: what is written is read, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.identifiers import LARGEST_MTU
from hyperv_net.inventory.snapshot import SCHEMA, as_document, from_json, to_json
from hyperv_net.inventory.sysfs import read_sysfs
from hyperv_net.model import Finding, Inventory, Kind, Nic, Severity, System
from tests.inventory.captured import CAPTURES, capture, materialise

NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,14}", fullmatch=True)
MACS = st.from_regex(r"0[1-9a-f](:[0-9a-f]{2}){5}", fullmatch=True)
WORDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,10}", fullmatch=True)
VISIBLE = st.from_regex(r"[!-~]{1,30}", fullmatch=True)
CLASS_IDS = st.uuids().map(lambda one: f"{{{one}}}")
SENTENCES = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), max_size=30)
NICS = st.builds(
    Nic,
    name=NAMES,
    kind=st.sampled_from(Kind),
    mac=st.none() | MACS,
    permanent_mac=st.none() | MACS,
    driver=st.none() | WORDS,
    bus=st.none() | WORDS,
    device=st.none() | VISIBLE,
    vmbus_class_id=st.none() | CLASS_IDS,
    master=st.none() | NAMES,
    lowers=st.lists(NAMES, max_size=3).map(tuple),
    state=st.sampled_from(["up", "down", "unknown"]),
    mtu=st.none() | st.integers(0, LARGEST_MTU),
    counts_vf=st.none() | st.booleans(),
)
FINDINGS = st.builds(
    Finding,
    rule=st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
    severity=st.sampled_from(Severity),
    message=SENTENCES,
    where=SENTENCES,
    hint=SENTENCES,
)
INVENTORIES = st.builds(
    Inventory,
    system=st.sampled_from(System),
    kernel=st.just("") | VISIBLE,
    nics=st.lists(NICS, max_size=5, unique_by=lambda nic: nic.name).map(tuple),
    vf_transparent=st.none() | st.booleans(),
    vf_map=st.lists(st.tuples(NAMES, NAMES), max_size=3).map(tuple),
    findings=st.lists(FINDINGS, max_size=3).map(tuple),
    taken_macs=st.lists(MACS, max_size=2).map(tuple),
)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def document(**changes: Any) -> dict[str, Any]:
    """A snapshot of one NIC in which some top-level keys have other values."""
    nic = Nic("eth0", mac="00:0d:3a:11:22:33", driver="hv_netvsc", bus="vmbus", mtu=1500)
    return {**as_document(Inventory(System.LINUX, "6.1.0", (nic,))), **changes}


def with_nic(**changes: Any) -> dict[str, Any]:
    """A snapshot of one NIC with other values in some of its keys."""
    plain = document()
    plain["nics"][0].update(changes)
    return plain


def refusal(plain: Any) -> str:
    text = plain if isinstance(plain, str) else json.dumps(plain)
    with pytest.raises(HypervNetError) as caught:
        from_json(text, "pair.json")
    line = str(caught.value)
    assert line.isascii() and line.isprintable()
    assert len(line) < 400
    return line


@given(INVENTORIES)
def test_what_is_written_is_read_back_the_same(inventory: Inventory) -> None:
    assert from_json(to_json(inventory), "f") == inventory


@given(INVENTORIES)
def test_what_is_written_is_plain_ascii_with_an_indent_of_two(inventory: Inventory) -> None:
    text = to_json(inventory)
    assert text.isascii()
    assert text.startswith(f'{{\n  "schema": "{SCHEMA}",\n  "system": ')
    assert text.endswith("}\n")


def test_every_capture_survives_the_snapshot(tmp_path: Path) -> None:
    for path in sorted(CAPTURES.glob("*.json")):
        inventory = read_sysfs(materialise(capture(path.stem), tmp_path / path.stem))
        assert from_json(to_json(inventory), "f") == inventory


def test_the_schema_is_what_the_documentation_says() -> None:
    assert as_document(
        Inventory(
            System.FREEBSD,
            "14.3-RELEASE",
            (Nic("hn0", master="lagg0", lowers=("a", "b")),),
            vf_transparent=False,
            vf_map=(("hn0", "mce0"),),
            findings=(Finding("nic-name", Severity.WARNING, "m", "w", "h"),),
        )
    ) == {
        "schema": "hyperv-net/inventory/1",
        "system": "freebsd",
        "kernel": "14.3-RELEASE",
        "vf_transparent": False,
        "vf_map": [{"synthetic": "hn0", "vf": "mce0"}],
        "nics": [
            {
                "name": "hn0",
                "kind": "ethernet",
                "mac": None,
                "permanent_mac": None,
                "driver": None,
                "bus": None,
                "device": None,
                "vmbus_class_id": None,
                "master": "lagg0",
                "lowers": ["a", "b"],
                "state": "unknown",
                **dict.fromkeys(("mtu", "counts_vf")),
            }
        ],
        "taken_macs": [],
        "findings": [
            {"rule": "nic-name", "severity": "warning", "message": "m", "where": "w", "hint": "h"}
        ],
    }


def test_only_schema_system_nics_and_names_must_be_there() -> None:
    text = f'{{"schema": "{SCHEMA}", "system": "linux", "nics": [{{"name": "eth0"}}]}}'
    assert from_json(text, "f") == Inventory(System.LINUX, "", (Nic("eth0"),))


def test_addresses_and_class_ids_are_read_in_any_case() -> None:
    class_id = "{F8615163-DF3E-46C5-913F-F2D2F965ED0E}"
    plain = with_nic(mac="00:0D:3A:AA:BB:CC", vmbus_class_id=class_id)
    (nic,) = from_json(json.dumps(plain), "f").nics
    assert (nic.mac, nic.vmbus_class_id) == ("00:0d:3a:aa:bb:cc", class_id.lower())


def test_pairs_are_passed_over_whatever_they_are() -> None:
    anything: list[Any] = [{}, [1], "x", [{"mac": None}]]
    for pairs in anything:
        assert from_json(json.dumps(document(pairs=pairs)), "f").findings == ()


def test_keys_that_are_not_known_are_findings_and_nothing_else_changes() -> None:
    plain = document(colour="red")
    plain["nics"][0]["drivers"] = "x"
    plain["vf_map"] = [{"synthetic": "hn0", "vf": "mce0", "odd\n": 1}]
    inventory = from_json(json.dumps(plain), "f.json")
    assert [
        (str(one.where), one.message.split("'s key ")[1].split()[0]) for one in inventory.findings
    ] == [
        ("f.json", '"colour"'),
        ("f.json: nics[0]", '"drivers"'),
        ("f.json: vf_map[0]", '"odd\\n"'),
    ]
    assert {one.rule for one in inventory.findings} == {"inventory-key"}
    assert inventory.nics == from_json(json.dumps(document()), "f").nics


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ([], "pair.json: not an object: a list"),
        ("", "pair.json:1:1: not JSON: "),
        ("{'schema': 1}", "pair.json:1:2: not JSON: "),
        ("\ufeff{}", "pair.json:1:1: not JSON: "),
        ({}, "pair.json: no `schema`: this is not an inventory"),
        (document(schema="hyperv-net/inventory/2"), "pair.json: schema: "),
        (document(schema=1), "pair.json: schema: 1 is not hyperv-net/inventory/1"),
        (document(schema=None), "pair.json: no `schema`"),
        (document(system=None), "pair.json: no `system`"),
        (document(system="plan9"), 'pair.json: system: "plan9" is none of linux, freebsd'),
        (document(system=["linux"]), "pair.json: system: not a text: a list"),
        (document(kernel=6.1), "pair.json: kernel: not a text: 6.1"),
        (document(kernel="6.1\n"), "pair.json: kernel: not a kernel release"),
        (document(nics=None), "pair.json: no `nics`"),
        (document(nics={}), "pair.json: nics: not a list: an object"),
        (document(nics=["eth0"]), 'pair.json: nics[0]: not an object: "eth0"'),
        (document(nics=[{}]), "pair.json: nics[0]: no `name`"),
        (document(vf_transparent=1), "pair.json: vf_transparent: neither true nor false: 1"),
        (document(vf_map={}), "pair.json: vf_map: not a list"),
        (document(vf_map=[["hn0", "mce0"]]), "pair.json: vf_map[0]: not an object"),
        (document(vf_map=[{"vf": "mce0"}]), "pair.json: vf_map[0]: no `synthetic`"),
        (document(findings=[{"rule": "x y"}]), "pair.json: findings[0].rule: not a rule's id"),
        (
            document(findings=[{"rule": "x", "severity": "note", "message": "a\nb"}]),
            "pair.json: findings[0].message: not one line of text",
        ),
        (with_nic(name="eth0\n"), 'pair.json: nics[0].name: not an interface name: "eth0\\n"'),
        (with_nic(name="$(reboot)"), "pair.json: nics[0].name: not an interface name"),
        (with_nic(name="a" * 16), "pair.json: nics[0].name: not an interface name"),
        (with_nic(name="\ud800"), 'pair.json: nics[0].name: not an interface name: "\\ud800"'),
        (with_nic(name="x" * 10**6), "pair.json: nics[0].name: not an interface name"),
        (with_nic(kind="Ethernet"), 'pair.json: nics[0].kind: "Ethernet" is none of ethernet, '),
        (with_nic(mac="00:0d:3a:11:22"), "pair.json: nics[0].mac: not a MAC address of 6 bytes"),
        (with_nic(permanent_mac=5), "pair.json: nics[0].permanent_mac: not a text: 5"),
        (with_nic(driver="a b"), "pair.json: nics[0].driver: not the name of a driver"),
        (with_nic(bus=""), "pair.json: nics[0].bus: not the name of a driver or bus"),
        (with_nic(device="/sys/a b"), "pair.json: nics[0].device: not a device's path"),
        (with_nic(vmbus_class_id="{}"), "pair.json: nics[0].vmbus_class_id: not a VMBus class id"),
        (with_nic(master="a/b"), "pair.json: nics[0].master: not an interface name"),
        (with_nic(lowers="eth1"), "pair.json: nics[0].lowers: not a list"),
        (with_nic(lowers=["eth1", ";"]), "pair.json: nics[0].lowers[1]: not an interface name"),
        (with_nic(state="UP"), "pair.json: nics[0].state: not up, down or unknown"),
        (with_nic(mtu="1500"), 'pair.json: nics[0].mtu: not an MTU in bytes: "1500"'),
        (with_nic(mtu=True), "pair.json: nics[0].mtu: not an MTU in bytes: true"),
        (with_nic(mtu=1500.0), "pair.json: nics[0].mtu: not an MTU in bytes: 1500.0"),
        (with_nic(mtu=-1), "pair.json: nics[0].mtu: not an MTU in bytes: -1"),
        (with_nic(mtu=2**32), "pair.json: nics[0].mtu: not an MTU in bytes: 4294967296"),
        (with_nic(mtu=float("nan")), "pair.json: nics[0].mtu: not an MTU in bytes: NaN"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_file_and_the_key(
    plain: Any, message: str
) -> None:
    assert refusal(plain).startswith(message)


def test_a_name_twice_is_an_error_at_the_second() -> None:
    plain = document()
    plain["nics"].append(dict(plain["nics"][0]))
    assert refusal(plain) == "pair.json: nics[1].name: a second NIC with the name eth0"


def test_a_key_twice_in_one_object_is_an_error() -> None:
    assert 'the key "mtu" stands twice' in refusal('{"a": [{"mtu": 1, "mtu": 2}]}')


def test_a_number_of_a_million_digits_is_an_error_with_its_place() -> None:
    text = json.dumps(with_nic(mtu=4321)).replace("4321", "9" * 1_000_000)
    assert refusal(text).startswith("pair.json: nics[0].mtu: not an MTU in bytes: ")


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000, "[" * 900 + "]" * 900])
def test_deep_nesting_is_an_error(text: str) -> None:
    refusal(text)


def test_deep_nesting_below_a_known_key_is_an_error_that_does_not_print_it() -> None:
    nested = "[" * 300 + "]" * 300
    assert refusal(json.dumps(with_nic(mac=json.loads(nested)))).endswith("not a text: a list")


def only_its_own_errors(text: str) -> None:
    try:
        from_json(text, "f")
    except HypervNetError as error:
        assert str(error).isprintable()


@given(st.text())
def test_no_text_is_an_error_of_another_sort(text: str) -> None:
    only_its_own_errors(text)


@given(ANY_JSON)
def test_no_json_is_an_error_of_another_sort(plain: Any) -> None:
    only_its_own_errors(json.dumps(plain))


@given(st.sampled_from(sorted(document())), ANY_JSON)
def test_no_value_of_a_top_level_key_is_an_error_of_another_sort(key: str, value: Any) -> None:
    only_its_own_errors(json.dumps(document(**{key: value})))


@given(st.sampled_from(sorted(document()["nics"][0])), ANY_JSON)
def test_no_value_of_a_nics_key_is_an_error_of_another_sort(key: str, value: Any) -> None:
    only_its_own_errors(json.dumps(with_nic(**{key: value})))


@given(INVENTORIES.map(to_json), st.data())
def test_no_damage_to_a_good_file_is_an_error_of_another_sort(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 5)))
    only_its_own_errors(text[:start] + data.draw(st.text(max_size=3)) + text[end:])
