"""What means no good, through every format: each is read by its reader as words, or not at all."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hyperv_net.review import formats
from hyperv_net.visible import visible
from tests.review.formats.made import config, reviewed
from tests.review.formats.poisoned import HOSTILE, poisoned

SECRET = "correct-horse-battery"


class Tags(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", ()))


def structure(name: str, text: str) -> object:
    """What its reader takes a report for, without the words; raises where it cannot read it."""
    if name in ("json", "sarif", "codequality", "terraform"):
        return keys(json.loads(text))
    if name == "junit":
        return [(one.tag, sorted(one.attrib)) for one in ET.fromstring(text).iter()]
    if name == "html":
        page = Tags()
        page.feed(text)
        page.close()
        return {*page.found}
    return None  # for a person; for Markdown see test_markdown.py


def keys(value: object) -> object:
    if isinstance(value, dict):
        return {key: keys(one) for key, one in value.items()}
    return [keys(one) for one in value] if isinstance(value, list) else type(value)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize("name", formats.FORMATS)
def test_a_hostile_text_anywhere_changes_no_structure(name: str, text: str) -> None:
    drawn = visible(formats.draw(name, [poisoned(text)]))
    # Lines and an index have places of their own on the page.
    same = [formats.draw(name, [poisoned(one)]) for one in ("a", "\n\n# b: c\n\n", "[0]a")]
    ordinary = [structure(name, one) for one in same[: 3 if name == "html" else 1]]
    found = structure(name, drawn)
    if isinstance(found, set):
        assert found <= set().union(*ordinary)  # type: ignore[arg-type]
    else:
        assert [found] == ordinary
    # As it is written to a file and a pipe: whatever reads it gets text.
    drawn.encode()


@pytest.mark.parametrize("name", formats.FORMATS)
def test_a_secret_is_in_no_format(name: str, tmp_path: Path) -> None:
    auth = "auth: {key-management: 802.1x, method: peap, identity: b, password: %s}" % SECRET  # noqa: UP031
    file = config(tmp_path, "dhcp4: true", auth, "wakeonlan: maybe")
    plain = config(tmp_path, "dhcp4: true", name="base.yaml")
    broken = config(tmp_path, "dhcp4: true", auth, " - [", name="broken.yaml")
    for words in ([str(file)], [str(file), "--against", str(plain)], [str(broken)]):
        _, text = reviewed(tmp_path / "out", name, *words)
        assert SECRET not in text


@pytest.mark.parametrize("name", formats.FORMATS)
@pytest.mark.parametrize(
    "hostile", ["x$(touch /tmp/owned)", "</script><script>", "a|b`c", "é\u202e"]
)
def test_a_hostile_config_is_reviewed_or_refused_in_every_format(
    name: str, hostile: str, tmp_path: Path
) -> None:
    file = config(tmp_path, "dhcp4: true", f"{json.dumps(hostile)}: {json.dumps(hostile)}")
    _, text = reviewed(tmp_path / "out", name, str(file))
    structure(name, text)
    assert "\u202e" not in text
    other = config(tmp_path, "dhcp4: true", nic=hostile)
    _, text = reviewed(tmp_path / "out", name, str(other))
    structure(name, text)
