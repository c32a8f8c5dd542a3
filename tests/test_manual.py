"""The manual page hyperv-net(8): it says what the program's own help says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import hyperv_net
from hyperv_net import cli
from hyperv_net.cli import VERBS, main
from hyperv_net.commands.plan import DIFFERENCE
from hyperv_net.commands.watch import NOT_NEEDED
from hyperv_net.manual import page
from tests.debian.packages import unpacked
from tests.debian.tools import MANDOC, run

QUESTIONS = [["kvp", question] for question in ("dhcp", "dns", "set")]


def sections() -> dict[str, str]:
    """Title → text of the sections of each verb, as a reader sees it."""
    plain = re.sub(r"\\f[BIR]", "", page()).replace("\\-", "-").replace("\\(aq", "'")
    found = re.split(r"^\.SS (.*)$", plain.partition(".SH EXIT STATUS")[0], flags=re.MULTILINE)
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
    assert macros <= {
        *(".TH", ".SH", ".SS", ".HP", ".TP", ".PP", ".BR"),
        *(".RS", ".RE", ".EX", ".EE", ".nh", ".ad"),
    }
    assert not re.search(r"(?<!\\)-", text.partition("\n")[2])


def test_its_sections_are_in_the_order_of_man_pages() -> None:
    """As man-pages(7) has it."""
    assert re.findall(r"^\.SH (.*)$", page(), re.MULTILINE) == [
        *("NAME", "SYNOPSIS", "DESCRIPTION", "VERBS", "EXIT STATUS", "ENVIRONMENT", "FILES"),
        *("EXAMPLES", "SEE ALSO"),
    ]


def section(title: str) -> str:
    """The text of a section as a reader sees it."""
    plain = re.sub(r"\\f[BIR]", "", page()).replace("\\-", "-").replace("\\(aq", "'")
    return plain.partition(f".SH {title}\n")[2].partition("\n.SH ")[0]


def test_each_example_is_a_command_that_the_program_takes() -> None:
    commands = [one for one in section("EXAMPLES").splitlines() if one.startswith("hyperv-net ")]
    assert len(commands) >= 8
    for command in commands:
        words = shlex.split(command)[1:]
        cli._parser(words).parse_args(words)


def test_each_exit_status_and_each_variable_of_the_program_is_in_it() -> None:
    statuses = re.findall(r"^\.TP\n(\d+)$", section("EXIT STATUS"), re.MULTILINE)
    assert {int(one) for one in statuses} == {
        *(0, cli.ERROR, DIFFERENCE, NOT_NEEDED, cli.USAGE, cli.INTERRUPTED)
    }
    variables = re.findall(r"^\.TP\n([A-Z_]+)$", section("ENVIRONMENT"), re.MULTILINE)
    package = Path(hyperv_net.__file__).parent
    read = "".join((package / name).read_text() for name in ("cli.py", "terminal.py"))
    assert set(variables) == {
        *re.findall(r'environ\.get\("([A-Z_]+)"', read),
        *re.findall(r'_TRACEBACK = "([A-Z_]+)"', read),
    }


@pytest.mark.debian
def test_it_is_rendered_without_a_complaint_and_fits_80_columns(tmp_path: Path) -> None:
    """By mandoc, which FreeBSD's man(1) runs."""
    file = tmp_path / "hyperv-net.8"
    file.write_text(page())
    mandoc = unpacked("trixie", MANDOC).command("/usr/bin/mandoc")
    told = run([*mandoc, "-T", "lint", "-W", "warning", str(file)]).out.splitlines()
    assert [one for one in told if "missing date" not in one] == []  # builds are reproducible
    done = run([*mandoc, "-T", "utf8", "-O", "width=78", str(file)])
    assert (done.status, done.err) == (0, "")
    lines = re.sub(".\b", "", done.out).splitlines()
    assert max(map(len, lines)) <= 80 and "EXAMPLES" in lines
