"""The manual page hyperv-net(8): it says what the program's own help says."""

from __future__ import annotations

import re

import pytest

import hyperv_net
from hyperv_net.cli import VERBS, main
from hyperv_net.manual import page

QUESTIONS = [["kvp", question] for question in ("dhcp", "dns", "set")]


def sections() -> dict[str, str]:
    """Title → text of the sections of each verb, as a reader sees it."""
    plain = re.sub(r"\\f[BIR]", "", page()).replace("\\-", "-").replace("\\(aq", "'")
    found = re.split(r"^\.SS (.*)$", plain.partition(".SH FILES")[0], flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2]))


@pytest.mark.parametrize("words", [*([verb] for verb in VERBS), *QUESTIONS], ids=" ".join)
def test_every_verb_and_every_option_of_its_help_is_in_it(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main([*words, "--help"]) == 0
    said = capsys.readouterr().out.partition("example:")[0]
    section = sections()[" ".join(words)]
    options = set(re.findall(r"--[a-z][a-z-]+", said.partition("\n\n")[0]))
    assert {one for one in options if not re.search(rf"^{one}\b", section, re.MULTILINE)} == set()
    for line in said.splitlines():
        explained = re.match(r"  (?:--)?\S+(?: \S+)*  +(\S.*)", line)
        if explained and "show this help message" not in line:
            assert explained[1] in section.replace("\n", " ")


def test_every_option_in_it_is_one_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    for title, section in sections().items():
        assert main([*title.split(), "--help"]) == 0
        said = capsys.readouterr().out
        for option in re.findall(r"^(--[a-z-]+)", section, re.MULTILINE):
            assert option in said


def test_it_has_the_version_and_no_character_that_roff_would_take_for_a_command() -> None:
    text = page()
    assert f'"hyperv\\-net {hyperv_net.__version__}"' in text.splitlines()[0]
    macros = {line.split()[0] for line in text.splitlines() if line.startswith((".", "'"))}
    assert macros <= {".TH", ".SH", ".SS", ".HP", ".TP", ".PP", ".BR"}
    assert not re.search(r"(?<!\\)-", text.partition("\n")[2])
