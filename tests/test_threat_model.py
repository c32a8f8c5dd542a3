"""What the threat model says is shown is shown: each test that it names is there."""

from __future__ import annotations

import re

import pytest

from tests.paths import CHECKOUT

TEXT = (CHECKOUT / "docs" / "threat-model.md").read_text()
ROWS = [
    line for line in TEXT.splitlines() if re.match(r"\| (?!---|it can|what |somebody can)", line)
]
NAMED = re.compile(r"`(tests/[a-z0-9_/]+\.py)::(test_[a-z0-9_]+)`")
OPENLY = ("not stopped", "not shown by a test")
DOCUMENTS = ("threat-model", "trust", "releasing")
ACTORS = ("host", "metadata service", "image's owner", "local user", "cloud-init configuration")


def test_each_row_names_a_test_or_says_that_there_is_none() -> None:
    assert len(ROWS) > 15
    for row in ROWS:
        shown = row.split("|")[-2].strip()
        assert NAMED.search(shown) or shown in OPENLY, row


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED.findall(TEXT))))
def test_each_test_that_is_named_exists(path: str, name: str) -> None:
    assert f"\ndef {name}(" in (CHECKOUT / path).read_text()


def test_whatever_looks_like_a_test_is_named_so_that_it_is_found() -> None:
    assert len(re.findall(r"::test_|tests/\S+::", TEXT)) == len(NAMED.findall(TEXT))


def test_each_actor_has_a_part_of_its_own() -> None:
    parts = re.findall(r"^## (.*)", TEXT, re.MULTILINE)
    for actor in ACTORS:
        assert any(actor in part for part in parts), actor


@pytest.mark.parametrize("path", ["SECURITY.md", *(f"docs/{one}.md" for one in DOCUMENTS)])
def test_each_path_that_these_documents_link_to_exists(path: str) -> None:
    document = CHECKOUT / path
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_contact_is_a_placeholder_that_nobody_takes_for_an_address() -> None:
    text = (CHECKOUT / "SECURITY.md").read_text()
    assert "NOT YET SET" in text
    assert "@" not in text
