"""`hyperv-net review --fleet` and `--merge` as their user meets them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.commands import fleet_jobs
from hyperv_net.fleet.reading import name_of
from tests.commands.calling import NETPLAN, Capture
from tests.files import put
from tests.fleet.machines import BROKEN, SHAPES, machines, sizes
from tests.inventory.captured import capture, materialise
from tests.paths import EXAMPLES

COUNT = 240
MACHINES = ("machines.csv", "machines.jsonl")
FILES = ("summary.json", "groups.csv", "findings.csv", "index.html", *MACHINES)


def lines(count: int = COUNT) -> list[str]:
    return [f"{json.dumps(one)}\n" for one in machines(count)]


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    file = tmp_path / "fleet.jsonl"
    file.write_text("".join(lines()))
    return file


def review(fleet: Path | str, out: Path, *options: str) -> int:
    return main(["review", "--fleet", str(fleet), "--out", str(out), *options])


def written(out: Path) -> dict[str, str]:
    return {
        str(path.relative_to(out)): path.read_text()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_the_groups_are_told_with_their_sizes_outliers_first(
    fleet: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert review(fleet, tmp_path / "out", "--jobs", "1") == 1
    said = capsys.readouterr().out
    table = said.partition("\n\n")[0].splitlines()[1:]
    assert [int(line.split()[0]) for line in table] == sizes(COUNT)
    assert "not YAML" in said.partition("Why nothing could be planned")[2].partition("\n\n")[0]
    closing = f"{COUNT} machines; {len(SHAPES) + len(BROKEN)} groups; 3 network, "
    assert said.splitlines()[-1].startswith(closing)


def test_several_processes_write_the_same_bytes_as_one(fleet: Path, tmp_path: Path) -> None:
    for jobs in ("1", "3"):
        assert review(fleet, tmp_path / jobs, "--jobs", jobs) == 1
    assert written(tmp_path / "1") == written(tmp_path / "3")


def test_there_is_a_page_and_a_diff_a_group_and_a_line_a_machine(
    fleet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    review(fleet, out, "--jobs", "1")
    assert {*FILES} == {one.name for one in out.iterdir() if one.is_file()}
    groups = json.loads((out / "summary.json").read_text())["groups"]
    shapes = {one["example"]["shape"] for one in groups}
    assert {one.stem for one in (out / "groups").glob("*.diff")} == shapes
    assert {one.stem for one in (out / "groups").glob("*.html")} == shapes
    rows = list(csv.DictReader(io.StringIO((out / "machines.csv").read_text())))
    documents = [json.loads(one) for one in (out / "machines.jsonl").read_text().splitlines()]
    ids = [one["id"] for one in machines(COUNT)]
    assert [one["id"] for one in rows] == [one["id"] for one in documents] == ids
    for name in ("machines.csv", "groups.csv", "findings.csv"):
        text = (out / name).read_bytes()
        assert text.endswith(b"\n") and b"\r" not in text and b"\\" not in text
    assert {one["error"] for one in rows} == {"; ".join(one["errors"]) for one in documents}
    index = (out / "index.html").read_text()
    assert all(f'href="groups/{one}.html"' in index for one in shapes)
    found = list(csv.DictReader(io.StringIO((out / "findings.csv").read_text())))
    assert ("config-without-nic", "1") in {(one["rule"], one["machines"]) for one in found}


def test_without_the_libraries_of_a_page_it_is_a_text(
    fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    for name in [one for one in sys.modules if one.startswith("hyperv_net.review.")]:
        monkeypatch.delitem(sys.modules, name)
    out = tmp_path / "out"
    assert review(fleet, out, "--jobs", "1") == 1
    groups = json.loads((out / "summary.json").read_text())["groups"]
    shapes = {one["example"]["shape"] for one in groups}
    assert {one.stem for one in (out / "groups").glob("*.txt")} == shapes
    assert not [*(out / "groups").glob("*.html")]
    assert 'href="groups/' in (out / "index.html").read_text()


def test_what_runs_elsewhere_wrote_comes_together_as_if_it_had_been_one(
    fleet: Path, tmp_path: Path
) -> None:
    """Whatever the lines are: some are no records."""
    every = lines()
    for place, line in ((3, "{\n"), (50, "[]\n"), (120, "{\n"), (121, "\n")):
        every.insert(place, line)
    fleet.write_text("".join(every))
    review(fleet, tmp_path / "whole", "--jobs", "1")
    parts = []
    for number, at in enumerate((0, 7, 100)):
        end = (7, 100, None)[number]
        file = tmp_path / f"{number}.jsonl"
        file.write_text("".join(every[at:end]))
        parts.append(tmp_path / f"part-{number}")
        review(file, parts[-1], "--jobs", "1")
    out = tmp_path / "merged"
    assert main(["review", "--merge", *map(str, parts), "--out", str(out)]) == 1
    assert written(out) == written(tmp_path / "whole")


def test_the_order_of_the_parts_moves_machines_and_nothing_else(tmp_path: Path) -> None:
    for number in (0, 1):
        (tmp_path / f"{number}.jsonl").write_text("".join(lines(40)[number::2]))
        review(tmp_path / f"{number}.jsonl", tmp_path / f"part-{number}", "--jobs", "1")
    for out, order in (("a", "01"), ("b", "10")):
        parts = [str(tmp_path / f"part-{one}") for one in order]
        main(["review", "--merge", *parts, "--out", str(tmp_path / out)])
    one, other = (written(tmp_path / out) for out in "ab")
    assert {name for name in one if one[name] != other[name]} == {*MACHINES}


def test_the_page_of_a_group_is_that_of_its_example_wherever_that_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the first part or in a later one."""
    monkeypatch.setattr(fleet_jobs, "_LINES", 8)
    outs = []
    for name, given in (("forth", lines(60)), ("back", lines(60)[::-1])):
        (tmp_path / name).write_text("".join(given))
        outs.append(tmp_path / f"out-{name}")
        review(tmp_path / name, outs[-1], "--jobs", "1")
    assert written(outs[0] / "groups") == written(outs[1] / "groups")


def test_a_line_that_is_none_is_a_row_and_not_the_end(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "fleet.jsonl"
    file.write_bytes(b"{\n\n\xff\n" + lines(1)[0].encode())
    assert review(file, tmp_path / "out", "--jobs", "1") == 1
    rows = [json.loads(one) for one in (tmp_path / "out/machines.jsonl").read_text().splitlines()]
    assert [one["id"] for one in rows] == [*map(name_of, (b"{", b"\xff")), "vm-000000"]
    assert [bool(one["errors"]) for one in rows] == [True, True, False]
    assert "not UTF-8" in rows[1]["errors"][0]


def test_the_worst_machine_decides(tmp_path: Path) -> None:
    file = tmp_path / "fleet.jsonl"
    file.write_text("".join(lines(4)[:1]))
    assert review(file, tmp_path / "fine", "--jobs", "1") == 0
    freebsd_loses = [one for one in lines(100) if '"vm-000013"' in one]
    file.write_text("".join([*lines(4)[:1], *freebsd_loses]))
    assert review(file, tmp_path / "settings", "--jobs", "1") == 0
    assert review(file, tmp_path / "warning", "--jobs", "1", "--fail-on", "warning") == 1
    allowed = ("--fail-on", "warning", "--allow", "setting-dropped")
    assert review(file, tmp_path / "allowed", "--jobs", "1", *allowed) == 0


def test_folders_with_a_root_come_out_as_review_shows_them(tmp_path: Path, capsys: Capture) -> None:
    fleet = tmp_path / "fleet"
    for name in ("linux-netplan", "azure-freebsd-mce", "freebsd-vlans"):
        shutil.copytree(EXAMPLES / name, fleet / name)
    shutil.rmtree(fleet / "azure-freebsd-mce/root")
    (fleet / "nothing").mkdir()
    (fleet / "README").touch()
    assert review(fleet, tmp_path / "out", "--jobs", "1") == 1
    rows = [json.loads(one) for one in (tmp_path / "out/machines.jsonl").read_text().splitlines()]
    assert [one["id"] for one in rows] == [
        "azure-freebsd-mce",
        "freebsd-vlans",
        "linux-netplan",
        "nothing",
    ]
    assert rows[3]["errors"][0].startswith("inventory.json: cannot be read")
    for row in rows[1:3]:
        folder = fleet / row["id"]
        capsys.readouterr()
        words = [
            *("review", "--inventory", str(folder / "inventory.json"), "--root"),
            *(str(folder / "root"), "--network-config", str(folder / "network-config.yaml")),
        ]
        main([*words, "--format", "json"])
        shown = json.loads(capsys.readouterr().out)
        assert (row["level"], row["target"]) == (shown["verdict"]["level"], shown["target"])
        assert row["severities"] == shown["counts"]["findings"]
    assert str(fleet) not in (tmp_path / "out/machines.jsonl").read_text()


def test_a_machine_has_one_shape_wherever_its_folder_is(tmp_path: Path) -> None:
    for place in ("a", "b/c"):
        shutil.copytree(EXAMPLES / "azure-freebsd-mce", tmp_path / place / "vm")
        review(tmp_path / place, tmp_path / "out" / place, "--jobs", "1")
    one, other = (written(tmp_path / "out" / place)["machines.jsonl"] for place in ("a", "b/c"))
    assert one == other


def test_a_capture_is_a_machine(tmp_path: Path) -> None:
    fleet = tmp_path / "fleet"
    fleet.mkdir()
    (fleet / "broken.tar.gz").write_text("no archive")
    root = materialise(capture("virtio-bare"), tmp_path / "root")
    put(root, "etc/netplan/x.yaml", "network: {version: 2, ethernets: {ens3: {dhcp4: true}}}\n")
    assert main(["inventory", "--root", str(root), "--capture", str(fleet / "vm-1.tar.gz")]) == 0
    review(fleet, tmp_path / "out", "--jobs", "1")
    rows = [json.loads(one) for one in (tmp_path / "out/machines.jsonl").read_text().splitlines()]
    assert [one["id"] for one in rows] == ["broken", "vm-1"]
    assert rows[1]["system"] == "linux"
    assert str(tmp_path) not in json.dumps(rows[1])


def test_standard_input_is_a_fleet_too(
    fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fleet.open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        review("-", tmp_path / "out", "--jobs", "1")
    review(fleet, tmp_path / "other", "--jobs", "1")
    assert written(tmp_path / "out") == written(tmp_path / "other")


def test_hostile_ids_and_names_do_nothing_anywhere(tmp_path: Path) -> None:
    file = tmp_path / "fleet.jsonl"
    one = next(machines(1))
    ids = ["=1+1", "<script>alert(1)</script>", "../../etc/x", 'a","b']
    file.write_text("".join(f"{json.dumps({**one, 'id': id_})}\n" for id_ in ids))
    out = tmp_path / "out"
    review(file, out, "--jobs", "1")
    assert {path.name for path in tmp_path.iterdir()} == {"fleet.jsonl", "out"}
    assert "<script>" not in (out / "index.html").read_text()
    rows = list(csv.reader(io.StringIO((out / "machines.csv").read_text())))
    assert [row[0] for row in rows[1:]] == ["'=1+1", *ids[1:]]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--fleet", "x"], "--fleet: no --out"),
        (["--fleet", "x", "--merge", "y", "--out", "z"], "both are given"),
        (["--fleet", "x", "--out", "z", "--root", "/"], "--root: it has no meaning with --fleet"),
        (["--fleet", "x", "--out", "z", "--jobs", "0"], "--jobs 0: less than one"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    options: list[str], told: str, capsys: Capture
) -> None:
    assert main(["review", *options]) == 64
    assert told in capsys.readouterr().err


def test_nothing_that_is_there_is_written_over(
    fleet: Path, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/kept").touch()
    assert review(fleet, tmp_path / "out") == 1
    assert "there is something already" in capsys.readouterr().err
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["kept"]


def test_the_page_of_a_broken_machine_has_the_line_that_is_wrong(tmp_path: Path) -> None:
    inventory = json.loads((NETPLAN / "inventory.json").read_text())
    config = "version: 2\nethernets:\n  eth0:\n    dhcp4: maybe\n"
    record = {"id": "a", "inventory": inventory, "network_config": config, "target": "netplan"}
    lines = tmp_path / "fleet.jsonl"
    lines.write_text(json.dumps(record) + "\n")
    folder = tmp_path / "fleet" / "a"
    (folder / "root").mkdir(parents=True)
    (folder / "inventory.json").write_text(json.dumps(inventory))
    (folder / "network-config.yaml").write_text(config)
    for number, fleet in enumerate((lines, folder.parent)):
        out = tmp_path / f"out{number}"
        given = ["--fleet", str(fleet), "--target", "netplan", "--out", str(out), "--jobs", "1"]
        assert main(["review", *given]) == 1
        (page,) = (out / "groups").glob("*.html")
        assert '<ol class="code excerpt">' in page.read_text()
