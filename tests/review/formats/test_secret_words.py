"""A secret that is a word of a format's own: it is hidden, and the format stays what it is."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.review import formats
from tests.commands.calling import with_config
from tests.review.formats.made import config, reviewed
from tests.review.formats.test_hostile import structure

#: Of the page's style, script and elements, of JSON's keys, of verdicts, of JUnit.
WORDS = (
    *("color", "background", "div", "document", "section", "querySelectorAll"),
    *("settings", "findings", "warning", "severity", "rewritten", "aggregate", "configuration"),
    *("results", "ruleId", "physicalLocation", "testcase", "fingerprint", "network", "hyperv-net"),
)
NEUTRAL = "correct-horse"


def of(folder: Path, name: str, password: str) -> str:
    """The review of a config with a password, in a format."""
    auth = f"auth: {{key-management: 802.1x, method: peap, identity: b, password: {password}}}"
    file = config(folder, "dhcp4: true", auth, "dhpc6: true", name="n.yaml")
    out = folder / f"{password}.out"
    return reviewed(out, name, str(file))[1]


@pytest.mark.parametrize("name", formats.FORMATS)
def test_a_format_is_the_same_whatever_the_secret_is(name: str, tmp_path: Path) -> None:
    ordinary = of(tmp_path, name, NEUTRAL)
    for word in WORDS:
        assert structure(name, of(tmp_path, name, word)) == structure(name, ordinary), word


def test_a_page_keeps_the_style_and_the_script_that_its_policy_names(tmp_path: Path) -> None:
    ordinary = of(tmp_path, "html", NEUTRAL)
    for word in WORDS:
        page = of(tmp_path, "html", word)
        for tag in ("style", "script"):
            (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in page
            assert f"<{tag}>{text}</{tag}>" in ordinary
        assert f"password: {word}" not in page and "(hidden)" in page


def test_a_secret_of_one_config_is_hidden_in_the_review_of_another(tmp_path: Path) -> None:
    auth = "auth: {key-management: 802.1x, method: peap, identity: b, password: seldom-seen}"
    secret = config(tmp_path, "dhcp4: true", auth, name="b.yaml")
    plain = config(tmp_path, "dhcp4: true", "# seldom-seen", name="a.yaml")
    _, text = reviewed(tmp_path / "out", "json", str(plain), str(secret))
    assert "seldom-seen" not in text and text.count("hyperv-net/plan/2") == 2


@pytest.mark.parametrize("verb", ["review", "plan"])
def test_what_is_printed_is_a_document_whatever_the_secret_is(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for word in WORDS:
        auth = f"auth: {{key-management: 802.1x, method: peap, identity: b, password: {word}}}"
        file = config(tmp_path, "dhcp4: true", auth)
        main([verb, *with_config(file), "--format", "json"])
        text = capsys.readouterr().out
        document = json.loads(text)
        assert document["schema"] == "hyperv-net/plan/2"
        assert f"password: {word}" not in text
