"""`hyperv-net simulate` as its user meets it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from hyperv_net.cli import main
from hyperv_net.review.document import schema_of
from hyperv_net.simulation.document import SCHEMA, SimulationDocument
from hyperv_net.simulation.story import EVENTS, WHOLE_STORY
from tests.commands.calling import NETPLAN, TRANSPARENT, Capture, example
from tests.expected import CASES, targets
from tests.paths import CHECKOUT, EXAMPLES

JSON_SCHEMA = schema_of(SimulationDocument, SCHEMA)
RUNS = [
    pytest.param(case, target, id=f"{case.name}-{target}")
    for case in CASES
    for target in targets(case)
]


def document(arguments: list[str], capsys: Capture) -> dict[str, Any]:
    main(["simulate", "--format", "json", *arguments])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(("case", "target"), RUNS)
def test_every_example_comes_through_the_whole_story_and_fits_the_schema(
    case: Any, target: str, capsys: Capture
) -> None:
    status = main(["simulate", "--format", "json", *example(case, "--target", target)])
    said = capsys.readouterr()
    found = json.loads(said.out)
    jsonschema.validate(found, JSON_SCHEMA)
    assert status == (1 if said.err else 0), said.err
    assert found["events"] == list(WHOLE_STORY)
    assert [one for one in found["findings"] if one["severity"] == "error"] == []
    for pair in found["pairs"]:
        ends = [one for one in pair["moments"] if one["settled"]]
        assert [one["event"] for one in ends] == found["events"]
        assert all(one["path"] != "none" for one in ends)


def test_the_text_is_a_table_of_every_moment_with_the_lab_named_where_it_measured(
    capsys: Capture,
) -> None:
    options = ["--target", "netplan", "--event", "boot,detach"]
    assert main(["simulate", *example(NETPLAN, *options)]) == 0
    lines = capsys.readouterr().out.splitlines()
    heading = next(line for line in lines if "WHAT HAPPENS" in line)
    columns = [heading.index(word) for word in ("VF", "SYNTHETIC", "AGGREGATE", "PATH")]
    (left,) = [line for line in lines if "takes ens17 away" in line]
    ends = [*columns[1:], None]
    cells = [left[at:end].strip() for at, end in zip(columns, ends)]
    assert cells == ["away", "eth0 up in bond0", "bond0 by eth0", "synthetic"]
    assert max(map(len, lines[1:])) <= 140
    assert any("measured in the lab: lost at detach" in line for line in lines)
    assert lines[-1].startswith("At the end of each event every pair has a path")


def test_events_come_in_the_order_that_is_asked_for(capsys: Capture) -> None:
    found = document([*example(TRANSPARENT), "--event", "drain, detach,attach"], capsys)
    events = [one["event"] for one in found["pairs"][0]["moments"] if one["settled"]]
    assert events == ["drain", "detach", "attach"]


def test_an_event_that_there_is_not_is_a_mistake_of_the_command_line(capsys: Capture) -> None:
    assert main(["simulate", *example(NETPLAN), "--event", "boot,lunch"]) == 64
    assert capsys.readouterr().err == (
        "hyperv-net: --event: no such event: 'lunch' (name some of boot, late, detach, attach, "
        "drain, undrain, reboot, announced, over)\n"
    )


def test_a_pair_that_ends_without_a_path_is_told_and_is_status_1(
    tmp_path: Any, capsys: Capture
) -> None:
    alone = json.loads((TRANSPARENT / "inventory.json").read_text())
    alone["nics"] = [{**one, "master": None} for one in alone["nics"] if one["name"] != "eth0"]
    (tmp_path / "alone.json").write_text(json.dumps(alone))
    config = "version: 2\nethernets: {enP53091s1np0: {dhcp4: true}}\n"
    (tmp_path / "config.yaml").write_text(config)
    arguments = ["--inventory", f"{tmp_path}/alone.json", "--event", "boot,detach"]
    arguments += ["--network-config", f"{tmp_path}/config.yaml", "--target", "netplan"]
    assert main(["simulate", *arguments]) == 1
    said = capsys.readouterr().out
    assert "What must not be\n  error: enP53091s1np0: no NIC of the pair carries traffic" in said


def test_a_plan_with_an_error_is_told_of_and_is_status_1(capsys: Capture) -> None:
    case = EXAMPLES / "three-same-mac"
    assert main(["simulate", *example(case, "--target", "netplan", "--event", "boot")]) == 1
    assert "hyperv-net: of the plan: error: 3 NICs share" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "why"),
    [("dhpc4: true", "no device gets an address"), ("match: {name: x}", "speaks of no NIC")],
)
def test_a_plan_that_loses_the_network_is_told_of_and_is_status_1(
    tmp_path: Any, capsys: Capture, line: str, why: str
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"version: 2\nethernets:\n  eth0:\n    {line}\n")
    assert main(["simulate", "--kind", "kvm-virtio", "--network-config", str(config)]) == 1
    told = capsys.readouterr().err
    assert told.startswith("hyperv-net: of the plan: The network will be lost. (")
    assert why in told


@pytest.mark.parametrize(
    ("entry", "status", "told"),
    [
        ("eth0: {dhcp4: true}", 0, ""),
        ("eth0: {match: {macaddress: '00:0d:3a:99:99:99'}, dhcp4: true}", 1, "speaks of no NIC"),
        ("eth0: {mtu: 1400}", 1, "no device gets an address"),
    ],
)
def test_a_machine_without_a_pair_has_nothing_to_tell_but_whether_it_keeps_its_network(
    tmp_path: Any, capsys: Capture, entry: str, status: int, told: str
) -> None:
    plain = json.loads((NETPLAN / "inventory.json").read_text())
    plain["nics"] = [one for one in plain["nics"] if one["name"] in ("lo", "eth0")]
    for one in plain["nics"]:
        one["driver"] = "e1000e" if one["name"] == "eth0" else one["driver"]
    (tmp_path / "plain.json").write_text(json.dumps(plain))
    (tmp_path / "config.yaml").write_text(f"version: 2\nethernets: {{{entry}}}\n")
    arguments = ["--inventory", f"{tmp_path}/plain.json", "--target", "netplan"]
    arguments += ["--network-config", f"{tmp_path}/config.yaml"]
    assert main(["simulate", *arguments]) == status
    said = capsys.readouterr()
    assert said.out == "The machine has no pair, and nothing to tell.\n"
    assert told in said.err and bool(said.err) == bool(status)
    # So says the review of it.
    assert main(["review", *arguments]) == status


def test_the_help_has_what_events_mean_in_one_column(capsys: Capture) -> None:
    assert main(["simulate", "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    told = {one: line for line in lines for one in EVENTS if line.split()[:1] == [one]}
    columns = {told[one].index(meaning) for one, meaning in EVENTS.items()}
    assert columns == {max(map(len, EVENTS)) + 4}


def test_the_story_in_the_docs_is_the_one_that_is_told(capsys: Capture) -> None:
    page = (CHECKOUT / "docs/simulate.md").read_text()
    block = page.partition("```text\n")[2].partition("```")[0]
    case = EXAMPLES / "azure-freebsd-mce"
    words = ["--inventory", f"{case}/inventory.json"]
    words += ["--network-config", f"{case}/network-config.yaml"]
    assert main(["simulate", "--event", "boot,detach,attach", *words]) == 0
    assert capsys.readouterr().out == block
