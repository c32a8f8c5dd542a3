"""`hyperv-net schema`, and that documents are as their schemas say."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import System
from hyperv_net.fleet import summary
from hyperv_net.fleet.reading import record_of
from hyperv_net.fleet.reviewing import review
from hyperv_net.inventory import snapshot
from hyperv_net.inventory.answers import ANSWERS, Answers, as_texts
from hyperv_net.review import json_text
from hyperv_net.review.document import as_plain
from hyperv_net.review.documents import DOCUMENTS
from hyperv_net.review.documents.inventory import InventoryDocument, NicOfInventory
from tests import documents
from tests.commands.calling import NETPLAN, Capture, example
from tests.fleet.machines import machines
from tests.fleet.test_summary import row
from tests.imports import modules
from tests.inventory.test_snapshot import INVENTORIES
from tests.paths import CHECKOUT

pytest_plugins = ("pytester",)


def test_without_a_name_each_document_is_listed_with_who_prints_it(capsys: Capture) -> None:
    assert main(["schema"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("  ")[0] == "DOCUMENT"
    assert len(lines) == len(DOCUMENTS) + 1
    columns = {line.index(one.what) for line, one in zip(lines[1:], DOCUMENTS)}
    assert columns == {lines[0].index("WHAT IT IS")}


@pytest.mark.parametrize("name", [one.name for one in DOCUMENTS])
def test_each_schema_is_one_by_its_name_in_full_and_in_short(name: str, capsys: Capture) -> None:
    said = []
    for given_name in (name, name.partition("/")[2], name.split("/")[1]):
        assert main(["schema", given_name]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] == said[2]
    schema = json.loads(said[0])
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    is_named = name not in documents.LINES
    assert schema["properties"].get("schema") == ({"const": name} if is_named else None)
    assert schema["description"]


def test_a_name_that_is_none_is_wrong_usage(capsys: Capture) -> None:
    assert main(["schema", "plam"]) == 64
    assert "plam: no document has that name" in capsys.readouterr().err


def test_what_is_printed_fits_and_what_a_later_version_adds_is_no_mistake(capsys: Capture) -> None:
    main(["plan", *example(NETPLAN), "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    main(["schema", "plan"])
    schema = json.loads(capsys.readouterr().out)
    jsonschema.validate({**document, "more": 1}, schema)
    del document["verdict"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


def test_every_name_of_a_document_in_the_program_has_a_schema_or_is_its_own_affair() -> None:
    named = {
        found
        for path in modules().values()
        for found in re.findall(r"hyperv-net/[a-z]+/[0-9]+", path.read_text())
    }
    assert named == {one.name for one in DOCUMENTS} | documents.OWN
    told = "".join(page.read_text() for page in (CHECKOUT / "docs").glob("*.md"))
    assert [one.name for one in DOCUMENTS if f"`{one.name}`" not in told] == []


def test_each_key_of_a_schema_is_explained_in_the_documentation() -> None:
    told = "".join(page.read_text() for page in (CHECKOUT / "docs").glob("*.md"))
    words = set(re.findall(r"\w+", told))
    for one in DOCUMENTS:
        keys = _keys(one.schema())
        assert sorted(keys - words) == [], one.name


def _keys(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return {key for one in schema for key in _keys(one)}
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties", {}) if "required" in schema else {}
    return {*own, *(key for one in schema.values() for key in _keys(one))}


@given(INVENTORIES)
def test_an_inventory_as_it_is_made_and_read_fits_its_type(inventory: Any) -> None:
    document = snapshot.as_document(inventory)
    assert documents.faults(document) == []
    # Key by key the same, so that the type has no key either that nobody prints.
    assert {*document, "pairs"} == {one.name for one in dataclasses.fields(InventoryDocument)}
    keys = [one.name for one in dataclasses.fields(NicOfInventory)]
    assert all([*nic] == keys for nic in document["nics"])


def test_an_inventory_with_the_keys_alone_that_the_reader_needs_fits() -> None:
    least = {"schema": snapshot.SCHEMA, "system": "linux", "nics": [{"name": "eth0"}]}
    assert snapshot.from_json(json.dumps(least), "f").nics[0].name == "eth0"
    assert documents.faults(least) == []
    assert snapshot.from_json(json.dumps({**least, "vf_map": None}), "f").vf_map == ()
    assert documents.faults({**least, "vf_map": None}) == []
    del least["nics"]
    assert documents.faults(least) != []


def test_a_capture_is_as_its_schema_says() -> None:
    answers = Answers(System.LINUX, {"eth0": None}, {"eth0": {"rx": 1}}, {"lo": "::1"})
    (text,) = as_texts(answers, "1.0", {"sys/x": "gone"}).values()
    assert ANSWERS.endswith(".json")
    assert documents.faults(json.loads(text)) == []
    types = next(one for one in DOCUMENTS if one.name == json.loads(text)["schema"]).schema()
    assert set(types["properties"]) == set(json.loads(text))


def test_a_summary_of_a_fleet_is_as_its_schema_says() -> None:
    rows = [row(1, 1, level=3, rules=(1, 2)), row(2, 1, level=3, rules=(1, 2)), row(3, 2)]
    document = json.loads(json.dumps(summary.document(summary.summary_of(rows))))
    assert documents.faults(document) == []
    schema = next(one for one in DOCUMENTS if one.name == summary.SCHEMA).schema()
    assert set(schema["properties"]) == set(document)
    assert set(schema["$defs"]["RowOfFleet"]["properties"]) == set(rows[0].document())


@pytest.mark.parametrize("name", documents.LINES)
def test_lines_of_a_fleet_are_as_their_schemas_say(name: str) -> None:
    """A line of their own has no room for a `schema`, so that nothing looks at them by itself."""
    records = [*machines(60)]
    records += [{**records[0], "inventory": json.dumps(records[0]["inventory"])}]
    records += [{**records[0], "existing": {"etc/x": "x"}, "settings": {"kvp": "off"}}]
    records += [{**records[0], "target": None, "existing": None, "network_config": None}]
    rows = [review(record_of(one)).document() for one in records]
    assert {one["errors"] == [] for one in rows} == {True, False}
    if name == "hyperv-net/record/1":
        lines = [
            one for one, row in zip(records, rows) if row["errors"][:1] != ["inventory: no `nics`"]
        ]
        assert len(lines) == len(records) - 1  # one of those machines has no NICs
    else:
        lines = rows
    assert [fault for one in lines for fault in documents.faults(one, name)] == []
    # Key by key the same, so that the type has no key either that nobody has.
    schema = next(one for one in DOCUMENTS if one.name == name).schema()
    assert set(schema["properties"]) == {key for one in lines for key in one}
    assert documents.faults({**lines[0], "id": 1}, name) != []
    assert documents.faults({**lines[0], "more": 1}, name) != []


def test_the_reader_of_records_needs_what_their_schema_needs() -> None:
    schema = next(one for one in DOCUMENTS if one.name == "hyperv-net/record/1").schema()
    record = next(machines(1))
    for key in schema["properties"]:
        one = {name: value for name, value in record.items() if name != key}
        if key in schema["required"]:
            with pytest.raises(HypervNetError, match=f"has no '{key}'"):
                record_of(one)
        else:
            record_of(one)


def test_a_test_whose_run_prints_what_no_schema_describes_fails(pytester: pytest.Pytester) -> None:
    """What conftest.py does in every test, tried on a test of its own."""
    pytester.makeconftest(
        "from tests.conftest import pytest_configure, pytest_runtest_makereport\n"
        "from tests.conftest import pytest_runtest_protocol\n"
        "def pytest_addoption(parser): pass\n"
    )
    pytester.makepyfile(
        """
        from hyperv_net import terminal

        def test_missing(): terminal.write('{\\n  "schema": "hyperv-net/verify/1", "root": "/"}')
        def test_unknown(): terminal.write('{\\n  "schema": "hyperv-net/none/1"}')
        def test_more(): terminal.write(
            '{\\n  "schema": "hyperv-net/verify/1", "root": "/", "differing": [], "more": 1}')
        def test_in_a_file(tmp_path): terminal.write_file(
            str(tmp_path / "out"), '{\\n  "schema": "hyperv-net/plan/2"}')
        def test_right(): terminal.write(
            '{\\n  "schema": "hyperv-net/verify/1", "root": "/", "differing": []}')
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=4)
    documents.take()
    said = result.stdout.str()
    assert "'differing' is a required property" in said
    assert "hyperv-net/none/1: nothing describes it" in said
    assert "('more' was unexpected)" in said


def test_a_document_is_made_of_its_type(tmp_path: Path) -> None:
    """Enumerations are their words, and a key that is left out is not there."""
    from hyperv_net.applying.decision import Action
    from hyperv_net.review.documents.applied import APPLY, AppliedDocument, AppliedFile

    file = AppliedFile("etc/x", Action.CREATE, "", "0644", False, False, "")
    one = AppliedDocument(
        APPLY, "apply", "/", False, False, True, "hidden", (file,), None, ("a note",)
    )
    plain = as_plain(one)
    assert plain["files"][0]["action"] == "create" and "findings" not in plain
    assert json.loads(json_text.json_text(plain)) == plain
    assert documents.faults(plain) == []
    assert documents.faults({**plain, "relabel": None, "findings": []}) == []
    assert documents.faults({**plain, "verb": None}) != []
