"""Which network configs `review` is of: patterns, and files that lead out of a folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from hyperv_net.cli import main
from tests.commands.calling import NETPLAN, Capture

GOOD = (NETPLAN / "network-config.yaml").read_text()
MACHINE = ["--inventory", str(NETPLAN / "inventory.json"), "--target", "netplan"]
FILES = (
    *("a.yaml", "b [1].yaml", "m/a.yaml", "m/n/a.yaml", "m/n/c d.yaml", "m/n/x.yml"),
    *(".h/a.yaml", "m/.h/a.yaml", "m/.a.yaml"),
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the review is run in."""
    work = tmp_path / "work"
    for name in FILES:
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(GOOD)
    (work / "loop").symlink_to(".")
    (work / "m/up").symlink_to("..")
    monkeypatch.chdir(work)
    return work


def reviewed(capsys: Capture, *words: str) -> tuple[int, list[str], str]:
    """The exit status, the names of the configs, and all that was printed."""
    status = main(["review", *MACHINE, "--format", "json", *words])
    text = capsys.readouterr().out
    document = json.loads(text)
    some = document.get("reviews", [document])
    return status, [one["network_config"] for one in some], text


@pytest.mark.parametrize(
    "pattern",
    ["*.yaml", "**/*.yaml", "m/**/a.yaml", "m/**", "**/n/*", "b*", "m/*/[ac]*", ".h/*", "?.yaml"],
)
def test_a_pattern_means_what_it_means_to_a_shell(
    here: Path, capsys: Capture, pattern: str
) -> None:
    for link in (here / "loop", here / "m/up"):  # which `**` does not follow
        link.unlink()
    script = "shopt -s globstar nullglob; IFS=; printf '%s\\n' $1"
    said = subprocess.run(
        ["bash", "-c", script, "bash", pattern], capture_output=True, text=True, check=True
    )
    _, found, _ = reviewed(capsys, "--matching", pattern)
    assert sorted(found) == sorted(one for one in said.stdout.splitlines() if Path(one).is_file())


def test_no_link_to_a_folder_is_followed_on_the_way_through_all(
    here: Path, capsys: Capture
) -> None:
    found = reviewed(capsys, "--matching", "**/a.yaml")[1]
    assert sorted(found) == ["a.yaml", "m/a.yaml", "m/n/a.yaml"]


def test_patterns_and_names_are_one_list_in_which_each_file_is_once(
    here: Path, capsys: Capture
) -> None:
    given = ["m/a.yaml", "--matching", "\na.yaml\nm/*.yaml\n", "--matching", "b*"]
    assert reviewed(capsys, *given)[1] == ["m/a.yaml", "a.yaml", "b [1].yaml"]
    absolute = str(here / "m/n/*.yml")
    assert reviewed(capsys, "--matching", absolute)[1] == [str(here / "m/n/x.yml")]


@pytest.mark.parametrize(("pattern", "status"), [("*.json", 1), ("a.yaml/*", 1), ("", 64)])
def test_a_pattern_that_no_file_fits_is_an_error(
    here: Path, capsys: Capture, pattern: str, status: int
) -> None:
    assert main(["review", *MACHINE, "--matching", pattern]) == status
    assert "hyperv-net: --matching" in capsys.readouterr().err


@pytest.mark.parametrize("leads_to", ["../secret", "{outside}", ".git/config", "m/again"])
@pytest.mark.parametrize("what", ["config", "folder", "inventory", "root", "against"])
def test_what_a_link_leads_out_to_is_in_no_report(
    here: Path, capsys: Capture, what: str, leads_to: str
) -> None:
    outside = here.parent / "secret"
    (here / ".git").mkdir()
    for place in (outside, here / ".git/config"):
        place.write_text("x-token: s3cr3t\nversion: [s3cr3t\n")
    (here / "m/again").symlink_to(outside)
    link = here / "link"
    link.symlink_to(leads_to.format(outside=outside))
    words = ["a.yaml", f"--{what}", "link"]
    if what == "config":
        words = ["link"]
    elif what == "folder":
        link.unlink()
        link.symlink_to(here.parent if leads_to != ".git/config" else ".git", True)
        words = [f"link/{'config' if leads_to == '.git/config' else 'secret'}"]
    given = ["review", *([] if what == "inventory" else MACHINE), "--target", "netplan", *words]
    for form in ("text", "json", "markdown", "sarif", "html", "junit", "codequality"):
        status = main([*given, "--within", ".", "--format", form])
        said = capsys.readouterr()
        assert status == 1
        assert "s3cr3t" not in said.out + said.err
        assert "which is all that is read" in said.out or "has its credentials" in said.out


@pytest.mark.parametrize("what", ["network-config", "inventory", "root", "against", "history"])
def test_a_link_that_is_refused_is_told_at_itself(here: Path, capsys: Capture, what: str) -> None:
    """As the checkout has it, and not at a file that was read, or is all right."""
    (here.parent / "outside/n").mkdir(parents=True)
    (here / "m/link").symlink_to(here.parent / "outside")
    given = {"network-config": "a.yaml", "inventory": MACHINE[1], what: "m/link/n"}
    words = [f"--{name}={value}" for name, value in given.items()]
    for form in ("sarif", "codequality"):
        main(["review", *words, "--target", "netplan", "--within", ".", "--format", form])
        (said,) = re.findall(r'"(?:uri|path)": "(.*)"', capsys.readouterr().out)
        assert said == "m/link"


def test_what_is_inside_is_read_and_what_is_named_outside_too(here: Path, capsys: Capture) -> None:
    """A pipeline's own inventory may be anywhere; a link within the folder leads nowhere else."""
    (here / "inside.yaml").symlink_to("m/a.yaml")
    assert reviewed(capsys, "--within", ".", "inside.yaml", "m/a.yaml")[0] == 0
    assert reviewed(capsys, "--within", str(here), "inside.yaml")[0] == 0
    assert reviewed(capsys, "--within", "m", "inside.yaml")[0] == 0
    os.mkfifo(here / "m/fifo")
    status, _, text = reviewed(capsys, "--within", ".", "m/fifo")
    assert status == 1 and "not a regular file" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--within", ""), "--within ''"),
        (("--within", "nowhere"), "--within 'nowhere': not a directory"),
        (("--within", "inside.yaml"), "--within 'inside.yaml': not a directory"),
        (("--against", ""), "--against ''"),
        (("--history", ""), "--history ''"),
    ],
)
def test_a_path_that_is_none_is_wrong_usage(
    here: Path, capsys: Capture, words: tuple[str, ...], told: str
) -> None:
    """A folder that is none would guard nothing, and an empty base compares with nobody's."""
    (here / "inside.yaml").write_text("version: 2\n")
    assert main(["review", *MACHINE, "inside.yaml", *words]) == 64
    assert told in capsys.readouterr().err


def test_a_file_that_is_named_in_two_ways_is_reviewed_once(here: Path, capsys: Capture) -> None:
    patterns = "  m/a.yaml\t\r\n\n ./m/a.yaml \nm/n/c*.yaml"
    _, found, _ = reviewed(capsys, "./a.yaml", "a.yaml", "--matching", patterns)
    assert found == ["./a.yaml", "m/a.yaml", "m/n/c d.yaml"]
