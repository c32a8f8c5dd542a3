"""What the README shows is what the program prints."""

from __future__ import annotations

import re

import pytest

from hyperv_net.cli import main
from hyperv_net.model import Settings
from hyperv_net.renderers import TARGETS, lacking, load
from hyperv_net.renderers.known import KNOWN
from tests import what_works
from tests.paths import CHECKOUT

README = (CHECKOUT / "README.md").read_text()


def test_the_plan_in_the_readme_is_the_one_that_make_demo_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CHECKOUT)
    example = "examples/azure-freebsd-mce"
    arguments = [
        *("--inventory", f"{example}/inventory.json"),
        *("--network-config", f"{example}/network-config.yaml"),
        *("--target", "freebsd", "--root", f"{example}/root"),
    ]
    assert main(["plan", *arguments]) == 0
    shown = re.search(r"```console\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    assert shown[1] == capsys.readouterr().out


def test_every_setting_in_the_readme_exists_and_none_is_missing() -> None:
    table = README.split("### Settings")[1].split("\n## ")[0]
    names = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert sorted(names) == sorted(Settings._fields)


def test_what_works_where_is_what_the_records_of_the_targets_say() -> None:
    """Mended with `python -m tests.what_works`."""
    assert what_works.BEGIN in README and what_works.END in README
    assert what_works.with_table(README) == README
    rows = what_works.table().splitlines()[2:]
    named = {row.split("|")[2].strip(" `") for row in rows}
    assert named == {*TARGETS, *(one.name for one in KNOWN)}
    assert len(rows) == len(named)


def test_the_table_follows_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    one = load("netplan")._replace(adopt=lacking.adopt, rebuild=lacking.rebuild)
    monkeypatch.setattr(what_works, "targets", lambda _=None: [one, load("freebsd")])
    (row,) = [row for row in what_works.table().splitlines() if "`netplan`" in row]
    assert [cell.strip() for cell in row.split("|")[3:6]] == ["yes", "no", "joins"]


def test_every_path_that_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (CHECKOUT / link).exists()] == []
