"""Where the reports of a review go, above all the folder of the pages of several machines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hyperv_net.cli import main
from tests.commands.calling import NETPLAN, Capture
from tests.paths import EXAMPLES

GIVEN = ["review", "--inventory", str(NETPLAN / "inventory.json"), "--target", "netplan"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the review is run in, with two configs of the example's machine."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text((NETPLAN / "network-config.yaml").read_text())
    return tmp_path


def _names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_the_pages_of_several_machines_are_a_folder_with_the_worst_first(
    tmp_path: Path, capsys: Capture
) -> None:
    two = ("linux-netplan", "three-same-mac")
    given = ["review", *(str(EXAMPLES / one / "network-config.yaml") for one in two)]
    given += ["--inventory", "{folder}/inventory.json", "--root", "{folder}/root"]
    out, folder = tmp_path / "junit.xml", tmp_path / "pages"
    # Without a name for the folder nothing is written, a file that is there among it.
    for words in (["--format", "html"], ["--also", f"html={tmp_path / 'there'}"]):
        (tmp_path / "there").write_text("mine")
        assert main([*given, "--also", f"junit={out}", *words]) == 64
        assert "each machine has a page of its own" in capsys.readouterr().err
        assert _names(tmp_path) == ["there"]
    assert main([*given, "--also", f"html={folder}"]) == 1
    index = (folder / "index.html").read_text()
    links = re.findall(r'href="([^"]+\.html)"', index)
    assert [one[:2] for one in links] == ["2-", "1-"]
    assert sorted(["index.html", *links]) == _names(folder)
    assert "script" not in index and "default-src 'none'; style-src 'sha256-" in index
    for link, (level, name) in zip(links, [("Network lost", two[1]), ("Fine", two[0])]):
        page = (folder / link).read_text()
        assert f"<title>{level}: " in page and name in page


@pytest.mark.parametrize(
    "words", [["--matching", "a*.yaml", "-o", "out"], ["a.yaml", "-o", "out/"]]
)
def test_one_machine_has_a_folder_too_where_there_may_be_several(
    here: Path, words: list[str]
) -> None:
    assert main([*GIVEN, "--format", "html", *words]) == 0
    assert _names(here / "out") == ["1-a-yaml.html", "index.html"]
    assert "<h1>1 machine</h1>" in (here / "out/index.html").read_text()
    # So it has where the folder is there already.
    assert main([*GIVEN, "--format", "html", "a.yaml", "-o", "out"]) == 0
    assert main([*GIVEN, "--format", "html", "a.yaml", "-o", "alone"]) == 0
    assert (here / "alone").is_file()


def test_a_pattern_that_fits_one_file_today_is_written_no_other_way(
    here: Path, capsys: Capture
) -> None:
    assert main([*GIVEN, "--format", "html", "--matching", "a*.yaml"]) == 64
    assert "each machine has a page of its own" in capsys.readouterr().err


def test_pages_of_machines_that_are_no_more_go_and_nothing_else_does(here: Path) -> None:
    given = [*GIVEN, "--matching", "*.yaml", "--format", "html", "-o", "out"]
    assert main(given) == 0
    assert _names(here / "out") == ["1-a-yaml.html", "2-b-yaml.html", "index.html"]
    others = ("copy.html", "3-mine.html", "a.txt", "1-a-yaml.html.orig")
    page = (here / "out/2-b-yaml.html").read_bytes()
    for name in others:
        (here / "out" / name).write_bytes(b"mine" if name.startswith("3") else page)
    (here / "kept").write_bytes(page)
    (here / "out/2-b-yaml.html").unlink()
    (here / "out/2-b-yaml.html").symlink_to("../kept")
    (here / "out/sub.html").mkdir()
    (here / "b.yaml").rename(here / "c.yaml")
    assert main(given) == 0
    assert "2-c-yaml.html" in _names(here / "out")
    (here / "c.yaml").unlink()
    assert main(given) == 0
    left = {"1-a-yaml.html", "index.html", "2-b-yaml.html", "sub.html", *others}
    assert {*_names(here / "out")} == left
    assert (here / "kept").read_bytes() == page


@pytest.mark.parametrize("name", ["index.html", "1-a-yaml.html"])
@pytest.mark.parametrize("kind", ["file", "link", "nowhere"])
def test_no_page_takes_the_place_of_what_somebody_else_wrote(
    here: Path, capsys: Capture, name: str, kind: str
) -> None:
    there = here / "out" / name
    there.parent.mkdir()
    (here / "mine").write_text("mine")
    if kind == "file":
        there.write_text("mine")
    else:
        there.symlink_to("../mine" if kind == "link" else "../new")
    words = ["a.yaml", "--format", "html", "-o", "out", "--also", "sarif=r.sarif"]
    assert main([*GIVEN, *words]) == 64
    assert f"out/{name}: there already, and no page of a review" in capsys.readouterr().err
    assert _names(here) == ["a.yaml", "b.yaml", "mine", "out"]
    assert (here / "mine").read_text() == "mine"


@pytest.mark.parametrize("words", [["--format", "sarif", "-o", "out/"], ["--also", "text=."]])
def test_a_report_of_all_machines_is_no_folder(
    here: Path, capsys: Capture, words: list[str]
) -> None:
    assert main([*GIVEN, "a.yaml", "b.yaml", *words]) == 64
    assert "is one file for all machines" in capsys.readouterr().err
    assert _names(here) == ["a.yaml", "b.yaml"]


def test_a_text_has_the_worst_finding_first(here: Path, capsys: Capture) -> None:
    text = (here / "a.yaml").read_text().replace("dhcp4:", "dhpc4: true\n    dhcp4:", 1)
    (here / "a.yaml").write_text(text)
    main([*GIVEN, "a.yaml", "--allow", "unknown-key"])
    allowed = _severities(capsys.readouterr().out)
    main([*GIVEN, "a.yaml"])
    found = _severities(capsys.readouterr().out)
    assert found[0] == "warning" and found == sorted(found, reverse=True) and len({*found}) == 2
    assert allowed[-1] == "warning, allowed"


def _severities(text: str) -> list[str]:
    lines = text.partition("\nFindings\n")[2].partition("\n\n")[0].splitlines()
    return [one.strip().partition(":")[0] for one in lines]
