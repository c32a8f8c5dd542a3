"""What means no good, in what is drawn beside the formats of a review."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.review import formats
from tests.commands.calling import with_config
from tests.review.formats.made import config
from tests.review.formats.poisoned import HOSTILE, poisoned
from tests.review.formats.test_hostile import keys


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_story_of_hostile_names_is_words(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(name: str) -> str:
        file = config(tmp_path, "dhcp4: true", f"{json.dumps(name)}: {json.dumps(name)}")
        main(["simulate", "--format", form, *with_config(file)])
        return capsys.readouterr().out

    ordinary = told("ordinary")
    for text in HOSTILE:
        try:
            found = told(text)
        except UnicodeEncodeError:
            continue  # no file has half of a pair of surrogates
        assert all(one.isprintable() or one == "\n" for one in found)
        if form == "json" and found:
            assert keys(json.loads(found)) == keys(json.loads(ordinary))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_counts_and_tests_of_gitlab_are_what_their_readers_take(text: str) -> None:
    numbers = json.loads(formats.draw("terraform", [poisoned(text)]))
    assert [*numbers] == ["create", "update", "delete"]
    assert all(type(one) is int for one in numbers.values())
    ET.fromstring(formats.draw("junit", [poisoned(text)]))


def test_a_fleets_lines_are_read_as_they_were_written() -> None:
    from hyperv_net.fleet.tables import csv_line
    from hyperv_net.visible import visible

    for text in HOSTILE:
        (row,) = csv.reader(io.StringIO(visible(csv_line(["id", text, "end"]))))
        assert len(row) == 3 and (row[0], row[2]) == ("id", "end")
        assert not row[1].startswith(("=", "+", "-", "@", "\t", "\r"))
