"""Each command that the documentation shows is one that the program takes."""

from __future__ import annotations

import glob
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from hyperv_net import cli
from hyperv_net.cli import main
from tests import docs_site
from tests.paths import CHECKOUT

DOCS = CHECKOUT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
#: A command that can be run here looks at files of the checkout alone.
_RUNS_HERE = re.compile(r"(plan|review|render|inventory|simulate) .*examples/")


def commands(page: Path) -> Iterator[list[str]]:
    """The words of each command of ours on a page, without what the shell does with them."""
    for block in _BLOCK.findall(page.read_text()):
        for line in block.replace("\\\n", " ").splitlines():
            for part in re.split(r"\|\|?|&&|;", line):
                words = shlex.split(part.partition(" >")[0], comments=True)
                words = words[1:] if words[:1] == ["sudo"] else words
                if words[:1] == ["hyperv-net"]:
                    yield words[1:]
                elif words[:3] == ["python3", "-m", "hyperv_net"]:
                    yield words[3:]


ALL = [(page, words) for page in [*PAGES, CHECKOUT / "README.md"] for words in commands(page)]


@pytest.mark.parametrize(
    ("page", "words"), ALL, ids=[f"{page.stem}: {shlex.join(words)}" for page, words in ALL]
)
def test_a_command_in_the_docs_is_one_that_the_program_takes(page: Path, words: list[str]) -> None:
    assert words[0] in cli.VERBS
    cli._parser(words).parse_args(words)


@pytest.mark.parametrize(
    "words",
    [words for _, words in ALL if _RUNS_HERE.match(" ".join(words))],
    ids=lambda words: " ".join(words)[:60],
)
def test_a_command_on_files_of_the_checkout_runs(
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(CHECKOUT)
    given = [one for word in words for one in sorted(glob.glob(word)) or [word]]  # noqa: PTH207
    # Of all examples together there is one that is to be refused.
    status = int(given != words)
    for number, word in enumerate(given[:-1]):
        if word == "-o":
            given[number + 1] = str(tmp_path / "written")
    assert main(given) == status
    assert capsys.readouterr().out or (tmp_path / "written").stat().st_size


def test_every_link_of_a_page_leads_somewhere() -> None:
    broken = [
        (str(page.relative_to(CHECKOUT)), link)
        for page in PAGES
        for link in re.findall(r"\]\(([^)#: ]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / link).exists()
    ]
    assert broken == []


def test_what_a_page_of_the_site_links_to_outside_of_it_becomes_words() -> None:
    text = "[all](rules.md#a), [code](../hyperv_net/cli.py), [page](../ARCHITECTURE.md)"
    there = {"rules.md", "reference/architecture.md"}
    assert docs_site.rewritten(text, "json.md", there) == (
        "[all](rules.md#a), code, [page](reference/architecture.md)"
    )
    up = docs_site.rewritten("[words](../keep-off.md)", "howto/bake.md", {"keep-off.md"})
    assert up == "[words](../keep-off.md)"


def test_every_page_is_in_the_site_and_every_verb_in_its_reference() -> None:
    nav = (CHECKOUT / "mkdocs.yml").read_text()
    pages = {str(page.relative_to(DOCS)) for page in PAGES} | set(docs_site.made())
    assert {one: nav.count(f" {one}\n") for one in pages} == dict.fromkeys(pages, 1)
    manual = docs_site.made()["reference/manual.md"]
    assert all(f"## {verb}\n" in manual for verb in cli.VERBS)


def test_no_page_has_both_sides_of_a_merge() -> None:
    """They are easily overlooked where no parser reads the file."""
    marks = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)
    assert [
        page.name for page in [*PAGES, *CHECKOUT.glob("*.md")] if marks.search(page.read_text())
    ] == []
