"""What `make` installs is one version of each distribution, and no other file than was known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.paths import CHECKOUT

PINS = sorted((CHECKOUT / "tests").glob("requirements*.txt"))
STATEMENT = re.compile(r"^(?!\s|#)((?:.*\\\n)*.*)", re.MULTILINE)
PINNED = re.compile(
    r"([a-z0-9-]+)==([^ ;]+)(?: ; ([^\\]*?))?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\Z"
)


def statements(path: Path) -> list[re.Match[str]]:
    lines = [one for one in STATEMENT.findall(path.read_text()) if one]
    found = [PINNED.match(one) for one in lines]
    assert all(found), [one for one, match in zip(lines, found) if match is None]
    return [one for one in found if one is not None]


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.stem)
def test_every_distribution_is_pinned_to_one_version_by_its_hashes(path: Path) -> None:
    pins = statements(path)
    assert pins
    # A second version of one is for another Python.
    plain = [one[1] for one in pins if not one[3]]
    assert len(plain) == len({*plain})
    assert not {*plain} & {one[1] for one in pins if one[3]}


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.stem)
def test_no_index_is_named_in_it(path: Path) -> None:
    assert "://" not in path.read_text()
    assert "--index" not in path.read_text()


def test_a_distribution_has_one_version_whatever_it_is_for() -> None:
    chosen: dict[tuple[str, str], set[str]] = {}
    for path in PINS:
        for one in statements(path):
            chosen.setdefault((one[1], one[3] or ""), set()).add(one[2])
    assert {name: versions for name, versions in chosen.items() if len(versions) > 1} == {}


def test_each_list_of_names_has_its_pins() -> None:
    names = sorted((CHECKOUT / "tests").glob("requirements*.in"))
    assert [path.stem for path in names] == [path.stem for path in PINS]
