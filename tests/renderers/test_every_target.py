"""One kit for every target, real or made up: each verb works on its machine, or says in one line
what the target does not do."""

from __future__ import annotations

import inspect
import json
import re
import shutil
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Mode, System
from hyperv_net.hotplug.act.means import Means
from hyperv_net.hotplug.wanted import PATHS, WantedPair, from_json
from hyperv_net.renderers import TARGETS, lacking, load, protocols
from hyperv_net.renderers.target import Part
from tests.applying.disk import snapshot
from tests.renderers.target_machine import (
    INJECTED,
    MADE_UP,
    NAMES,
    Machine,
    Ran,
    machine_of,
    place,
)

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def made_up_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, package in MADE_UP.items():
        monkeypatch.setitem(TARGETS, name, package)


@pytest.fixture
def machine(target: str, tmp_path: Path, capsys: Capture) -> Machine:
    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        status = main(arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Ran(status, said.out, said.err)

    return machine_of(target, tmp_path, run)


on_every_target = pytest.mark.parametrize("target", NAMES)


@on_every_target
def test_the_inventory_shows_the_pair_whatever_configures_it(machine: Machine) -> None:
    where = machine.facts or ("--root", str(machine.root))
    ran = machine.run("inventory", *where, "--synthetic-driver", "virtio_net")
    assert ran.status == 0 and "aggregate" in ran.out


@on_every_target
def test_plan_and_render_say_the_same(machine: Machine, tmp_path: Path) -> None:
    planned = machine.run("plan", *machine.options, "--format", "json")
    document = json.loads(planned.out)
    assert planned.status == 0 and document["target"] == machine.target.name
    assert [one["aggregate"] for one in document["pairs"] if one["mode"] == "aggregate"]
    rendered = machine.run("render", *machine.options, "--output-dir", str(tmp_path / "out"))
    assert rendered.status == 0
    for file in document["files"]:
        assert (tmp_path / "out" / file["path"]).read_text() == file["text"]
    again = machine.run("plan", *machine.options, "--format", "json")
    assert again.out == planned.out


@on_every_target
def test_auto_is_this_target_where_the_root_shows_it(machine: Machine) -> None:
    for group in machine.target.cloud_init.needs:
        # Two targets may have a program of one name.
        (machine.root / group[0]).unlink()
    for path in machine.target.evidence[:1]:
        place(machine.root / path, "")
    options = [one for one in machine.options if one not in ("--target", machine.target.name)]
    ran = machine.run("plan", *options, "--format", "json")
    if machine.target.evidence or machine.target.is_systems_own:
        assert json.loads(ran.out)["target"] == machine.target.name
    else:
        assert ran.is_refused and "--target" in ran.err


@on_every_target
def test_what_is_applied_is_what_was_planned_and_a_rollback_is_exact(machine: Machine) -> None:
    before = snapshot(machine.root)
    planned = json.loads(machine.run("plan", *machine.options, "--format", "json").out)
    applied = machine.run("apply", *machine.options)
    if machine.target.cloud_init.is_passed_on:
        assert applied.is_refused and "no files of its own" in applied.err
        assert snapshot(machine.root) == before
        return
    assert applied.status == 0
    for file in planned["files"]:
        assert (machine.root / file["path"]).read_text() == file["text"]
    assert machine.run("plan", *machine.options, "--check").status == 0
    assert "nothing to do" in machine.run("apply", *machine.options).out
    rolled_back = machine.run("apply", "--root", str(machine.root), "--rollback")
    assert rolled_back.status == 0
    assert snapshot(machine.root) == before


@on_every_target
def test_what_is_configured_already_is_adopted_or_it_is_said_that_it_is_not(
    machine: Machine,
) -> None:
    shutil.rmtree(machine.root / "var/lib/cloud")
    machine.run("render", *machine.options, "--output-dir", str(machine.root))
    options = [one for one in machine.options if "network-config" not in one]
    ran = machine.run("plan", *options)
    if machine.target.adopt is lacking.adopt:
        assert ran.is_refused and "--network-config FILE" in ran.err
    else:
        assert ran.status == 0 and "aggregate" in ran.out


@on_every_target
def test_the_running_machine_is_looked_at_by_its_wanted_state(machine: Machine) -> None:
    """reconcile, status: of FreeBSD no tree of files tells."""
    machine.run("render", *machine.options, "--output-dir", str(machine.root))
    path = PATHS[machine.target.system]
    assert from_json((machine.root / path).read_text(), path).target == machine.target.name
    reconciled = machine.run("reconcile", "--dry-run", "--root", str(machine.root))
    status = machine.run("status", "--root", str(machine.root), "--format", "json")
    if machine.target.system is System.FREEBSD:
        assert reconciled.is_refused and status.is_refused
        return
    assert reconciled.status == 0 and "is not there yet" in reconciled.err
    assert json.loads(status.out)["target"] == machine.target.name
    (pair,) = json.loads(status.out)["pairs"]
    assert (pair["aggregate"]["name"], pair["configured"]) == ("bond0", True)
    text = machine.run("status", "--root", str(machine.root)).out
    assert f"configured by hyperv-net for {machine.target.name}" in text


@on_every_target
def test_the_host_is_answered_or_told_who_does_not_answer(machine: Machine, tmp_path: Path) -> None:
    machine.run("render", *machine.options, "--output-dir", str(machine.root))
    nic = "hn0" if machine.target.system is System.FREEBSD else "eth0"
    where = ("--root", str(machine.root))
    place(tmp_path / "injected", INJECTED[machine.target.system])
    dhcp, dns = machine.run("kvp", "dhcp", nic, *where), machine.run("kvp", "dns", *where)
    injected = machine.run("kvp", "set", str(tmp_path / "injected"), *where)
    if machine.target.injecting is lacking.INJECTING:
        for ran in (dhcp, dns, injected):
            assert ran.is_refused and machine.target.name in ran.err
        return
    assert (dhcp.status, dhcp.out, dns.status) == (0, "Enabled\n", 0)
    assert injected.status == 0 and "injected settings are" in injected.out
    assert machine.run("kvp", "dhcp", nic, *where).out == "Disabled\n"


@on_every_target
def test_the_next_first_boot_is_planned_for_the_renderer_that_cloud_init_would_take(
    machine: Machine,
) -> None:
    where = (*machine.facts, "--root", str(machine.root))
    ran = machine.run("plan", "--cloud-init", *where, "--format", "json")
    assert ran.status == 0
    assert json.loads(ran.out)["target"] == machine.target.name


@on_every_target
def test_a_deleted_aggregate_is_made_again_or_the_log_says_why_not(target: str) -> None:
    ran: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> str:
        ran.append(command)
        return ""

    def refused(*_: object) -> None:
        raise AssertionError("not by a file or a signal")

    means = Means(run, run, refused, refused, lambda path: "", refused)
    pair = WantedPair("00:0d:3a:11:22:33", Mode.AGGREGATE, "eth0", ("virtio_net",), "bond0")
    record = load(target)
    if record.rebuild is lacking.rebuild:
        with pytest.raises(HypervNetError, match="not asked to make an aggregate again"):
            record.rebuild(pair, means)
    else:
        record.rebuild(pair, means)
        assert any("bond0" in " ".join(command) for command in ran)


@on_every_target
def test_every_part_is_there_and_takes_what_it_is_given(target: str) -> None:
    """The protocols name the arguments; a part or a default names them alike."""
    wanted = {
        "render": protocols.Render,
        "adopt": protocols.Adopt,
        "taken_names": protocols.TakenNames,
        "further_files": protocols.FurtherFiles,
        "activation": protocols.Activation,
        "default_routes": protocols.DefaultRoutes,
        "rebuild": protocols.Rebuild,
        "managing": protocols.Managing,
        "beside": protocols.Beside,
        "check": protocols.CheckFirstBoot,
        "follow_up": protocols.FollowUp,
        "owner": protocols.Owner,
        "interface": protocols.Interface,
        "addressing": protocols.ReadAddressing,
        "nameservers": protocols.Nameservers,
        "put": protocols.Put,
        "release": protocols.Release,
        "activate": protocols.Activate,
    }
    record = load(target)
    parts: dict[str, Any] = {
        **record.cloud_init._asdict(),
        **record._asdict(),
        **record.injecting._asdict(),
        **record.asking._asdict(),
    }
    for name, protocol in wanted.items():
        part = parts[name]
        function = part.function if isinstance(part, Part) else part
        given = list(inspect.signature(protocol.__call__).parameters)[1:]
        taken = inspect.signature(function).parameters.values()
        is_open = any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in taken)
        assert is_open or [one.name for one in taken] == given, name
        assert function.__doc__ or is_open, f"{name} says nothing"


@on_every_target
def test_its_facts_are_in_order(target: str) -> None:
    """Paths are below the root; names fit where they are put; a rank is cloud-init's own."""
    record = load(target)
    assert record.name == target and re.fullmatch(r"[a-z][a-z-]{1,31}", record.name)
    paths = (
        *(*record.evidence, *record.in_use, *record.reads, *record.injecting.reads),
        *(one for group in record.cloud_init.needs for one in group),
        *(
            *record.cloud_init.writes,
            record.configured_in or "x",
            *(path for path, _ in record.pins),
        ),
    )
    assert not [path for path in paths if path.startswith("/") or ".." in path]
    ranks = [load(one).cloud_init.rank for one in NAMES]
    assert len(set(ranks)) == len(ranks)
    if record.lint is not None:
        rules = import_module(record.lint)
        assert {*rules.READS, *rules.LOOKS_FOR} and callable(rules.check)
    mac = "00:0d:3a:11:22:33"
    for _, form in record.pins:
        assert re.compile(form.replace("{mac}", mac))
