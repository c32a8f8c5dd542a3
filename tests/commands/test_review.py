"""`hyperv-net review` as its user meets it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hyperv_net.cli import main
from hyperv_net.review.document import schema_of
from hyperv_net.review.model import SCHEMA, Review
from tests.commands.calling import NETPLAN, Capture, example
from tests.paths import EXAMPLES

PLAN_SCHEMA = schema_of(Review, SCHEMA)
#: Of the examples that are not fine: FreeBSD has no metrics, and one has a card too many.
LEVELS = {
    "azure-freebsd-mana": "settings",
    "azure-freebsd-mlxen": "look",
    "azure-freebsd-mce": "settings",
    "three-same-mac": "network",
}
INVENTORY = str(NETPLAN / "inventory.json")


def _config(folder: Path, name: str, *lines: str, mac: str) -> str:
    file = folder / name
    head = ["version: 2", "ethernets:", "  eth0:", f"    match: {{macaddress: '{mac}'}}"]
    file.write_text("\n".join([*head, *(f"    {line}" for line in lines)]) + "\n")
    return str(file)


@pytest.fixture
def mac() -> str:
    """The address of the example's card."""
    document = json.loads(Path(INVENTORY).read_text())
    return str(next(nic["mac"] for nic in document["nics"] if nic["name"] == "eth0"))


def _reviewed(capsys: Capture, *words: str) -> tuple[int, dict[str, Any]]:
    given = [
        "review",
        "--inventory",
        INVENTORY,
        "--target",
        "netplan",
        "--synthetic-driver",
        "virtio_net",
    ]
    given += ["--format", "json", *words]
    status = main(given)
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, PLAN_SCHEMA)
    return status, document


@pytest.mark.parametrize(
    "folder", sorted(EXAMPLES.glob("*/network-config.yaml")), ids=lambda one: one.parent.name
)
def test_every_example_has_a_verdict_and_fits_the_schema(folder: Path, capsys: Capture) -> None:
    given = example(folder.parent)
    main(["review", *given, "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, PLAN_SCHEMA)
    assert document["verdict"]["level"] == LEVELS.get(folder.parent.name, "fine")
    assert document["after"]


@pytest.mark.parametrize(
    ("lines", "level", "status", "reason"),
    [
        (["dhcp4: true"], "fine", 0, ""),
        (["dhpc4: true"], "network", 1, "no device gets an address"),
        (["dhcp4: maybe"], "network", 1, "not true or false"),
        (["addresses: [10.0.0.4]"], "network", 1, "not an IP interface"),
        ([" dhcp4: true"], "network", 1, "not YAML"),
    ],
)
def test_the_verdict_is_red_where_the_network_would_be_lost(
    tmp_path: Path,
    capsys: Capture,
    mac: str,
    lines: list[str],
    level: str,
    status: int,
    reason: str,
) -> None:
    config = _config(tmp_path, "net.yaml", *lines, mac=mac)
    got, document = _reviewed(capsys, "--network-config", config)
    assert (got, document["verdict"]["level"]) == (status, level)
    assert reason in " ".join(document["verdict"]["reasons"])


def test_a_config_of_another_machine_is_red(tmp_path: Path, capsys: Capture) -> None:
    config = _config(tmp_path, "net.yaml", "dhcp4: true", mac="02:00:00:00:00:99")
    status, document = _reviewed(capsys, "--network-config", config)
    assert (status, document["verdict"]["level"]) == (1, "network")
    assert "speaks of no NIC" in document["verdict"]["reasons"][0]


def test_a_secret_is_in_no_part_of_a_review(tmp_path: Path, capsys: Capture, mac: str) -> None:
    config = _config(
        tmp_path,
        "net.yaml",
        "dhcp4: true",
        "auth: {key-management: 802.1x, method: peap, identity: bob, password: hunter2-hunter2}",
        mac=mac,
    )
    _, document = _reviewed(capsys, "--network-config", config, "--against", config)
    assert "hunter2" not in json.dumps(document)
    assert "(hidden)" in document["inputs"][0]["text"]


def test_against_a_base_tells_what_changes_on_the_machine(
    tmp_path: Path, capsys: Capture, mac: str
) -> None:
    base = _config(tmp_path, "base.yaml", "addresses: [10.0.0.4/24]", "mtu: 1400", mac=mac)
    head = _config(tmp_path, "head.yaml", "addresses: [10.0.0.5/24]", "mtu: 9000", mac=mac)
    _, document = _reviewed(capsys, "--network-config", head, "--against", base)
    against = document["against"]
    assert against["base"] == base
    changed = {one["key"]: (one["before"], one["after"]) for one in against["settings"]}
    assert changed == {
        "bonds.bond0.addresses[0]": ("10.0.0.4/24", "10.0.0.5/24"),
        "bonds.bond0.mtu": (1400, 9000),
    }
    files = {one["path"]: one["diff"] for one in against["files"]}
    assert "-      mtu: 1400" in files["etc/netplan/50-cloud-init.yaml"]
    assert "+      mtu: 9000" in files["etc/netplan/50-cloud-init.yaml"]


def test_the_review_is_written_to_a_file(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "review.txt"
    assert main(["review", *example(NETPLAN), "-o", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert "Fine: the machine keeps its network." in out.read_text()


def test_a_finding_as_severe_as_told_fails(tmp_path: Path, capsys: Capture) -> None:
    given = ["review", *example(EXAMPLES / "linux-vf-absent"), "--fail-on"]
    assert main([*given, "warning"]) == 0
    assert main([*given, "note"]) == 1
    assert main(["review", *example(NETPLAN), "--expect-aggregates", "2"]) == 1


def test_several_configs_are_one_report_in_as_many_formats_as_wanted(
    tmp_path: Path, capsys: Capture
) -> None:
    folders = [EXAMPLES / "linux-netplan", EXAMPLES / "three-same-mac"]
    configs = [str(folder / "network-config.yaml") for folder in folders]
    given = ["review", *configs, "--inventory", "{folder}/inventory.json"]
    given += ["--root", "{folder}/root", "--format", "json"]
    out = tmp_path / "review.txt"
    # As red as the worst of them.
    assert main([*given, "--also", f"text={out}", "--also", f"sarif={tmp_path / 'r'}"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert main(["schema", "reviews"]) == 0
    jsonschema.validate(printed, json.loads(capsys.readouterr().out))
    assert printed["schema"] == "hyperv-net/reviews/1"
    documents = printed["reviews"]
    assert [one["verdict"]["level"] for one in documents] == ["fine", "network"]
    assert [one["inventory"] for one in documents] == [f"{one}/inventory.json" for one in folders]
    assert [one["root"] for one in documents] == [f"{one}/root" for one in folders]
    assert out.read_text().count("\nPairs\n") == 2
    assert json.loads((tmp_path / "r").read_text())["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--network-config", "b.yaml"], "name all files without an option"),
        (["--also", "sarif"], "is not FORMAT=FILE"),
        (["--also", "png=a.png"], "is not FORMAT=FILE"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(
    words: list[str], told: str, capsys: Capture
) -> None:
    assert main(["review", "a.yaml", *words]) == 64
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(("format_", "library"), [("html", "jinja2"), ("junit", "junitparser")])
def test_a_library_that_is_missing_is_named_with_what_brings_it(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, format_: str, library: str
) -> None:
    for module in [one for one in sys.modules if one.startswith("hyperv_net.review.")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, library, None)
    assert main(["review", *example(NETPLAN), "--format", format_]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"format {format_}: needs the library {library}" in line
    assert f"install python3-{library}" in line


def test_a_dash_is_standard_output(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["review", *example(NETPLAN), "-o", "-"]) == 0
    assert "Fine" in capsys.readouterr().out
    assert main(["review", *example(NETPLAN), "-o", ""]) == 64
    assert main(["review", *example(NETPLAN), "--also", "json=-"]) == 64
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--out", "--jobs"])
def test_an_option_of_fleets_is_wrong_usage_for_one_machine(capsys: Capture, option: str) -> None:
    assert main(["review", *example(NETPLAN), option, "2"]) == 64
    assert f"hyperv-net: {option}: it is of many machines" in capsys.readouterr().err


def test_help_on_help_is_help(capsys: Capture) -> None:
    assert main(["help", "help"]) == 0
    assert capsys.readouterr().out.startswith("usage: hyperv-net")


def test_a_number_of_aggregates_that_was_not_expected_loses_no_network(capsys: Capture) -> None:
    """It fails the review, and is told as what it is."""
    for number in ("0", "2"):
        main(["review", *example(NETPLAN), "--expect-aggregates", number, "--format", "json"])
        document = json.loads(capsys.readouterr().out)
        assert document["verdict"]["level"] == "look"
        assert document["verdict"]["reasons"] == [
            f"--expect-aggregates: the plan has 1 aggregate, and {number} were expected"
        ]
        assert "unexpected-aggregates" in {one["rule"] for one in document["findings"]}
    assert main(["review", *example(NETPLAN), "--expect-aggregates", "2"]) == 1


@pytest.mark.parametrize("number", ["-1", "1.0", "x", ""])
@pytest.mark.parametrize("verb", ["plan", "review"])
def test_what_is_no_number_of_aggregates_is_wrong_usage(
    verb: str, number: str, capsys: Capture
) -> None:
    assert main([verb, *example(NETPLAN), f"--expect-aggregates={number}"]) == 64
    assert "is not a number of aggregates" in capsys.readouterr().err


def test_one_file_for_two_reports_is_wrong_usage(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (
        ["-o", "x", "--also", "json=x"],
        ["-o", "x", "--also", "json=./x"],
        ["--also", "json=x", "--also", f"sarif={tmp_path}/x"],
    ):
        assert main(["review", *example(NETPLAN), *words]) == 64
        assert "x: two reports are to be written there" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
