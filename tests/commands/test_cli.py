"""The command line as a shell meets it: usage, help, exit status and standard output."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hyperv_net.cli import VERBS, main
from hyperv_net.commands import inventory
from tests.commands.calling import NETPLAN, Capture, error_of, ethernet, example, run, with_config
from tests.paths import CHECKOUT


@pytest.mark.parametrize("verb", ["plan", "render", "inventory"])
def test_a_full_disk_behind_standard_output_is_one_line(verb: str) -> None:
    arguments = (
        ["--inventory", str(NETPLAN / "inventory.json")]
        if verb == "inventory"
        else example(NETPLAN)
    )
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device, opened as a shell does
        done = run(verb, *arguments, stdout=full)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "hyperv-net: output: No space left on device"
    assert "Traceback" not in done.stderr


def test_a_reader_that_stops_early_is_no_error() -> None:
    command = f"{sys.executable} -m hyperv_net plan --help | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=CHECKOUT)
    assert done.stderr == ""


@pytest.mark.parametrize(
    "arguments",
    [[], ["paln"], ["plan", "--no-such-option"], ["plan", "--target", "windows"]],
)
def test_wrong_usage_is_status_64(arguments: list[str], capsys: Capture) -> None:
    assert main(arguments) == 64
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("paln", "no verb 'paln' (did you mean 'plan'?)"),
        ("stauts", "no verb 'stauts' (did you mean 'status'?)"),
        ("hlep", "no verb 'hlep' (did you mean 'help'?)"),
        ("zzz", "no verb 'zzz' ('hyperv-net help' lists them)"),
        ("", "no verb '' ('hyperv-net help' lists them)"),
    ],
)
def test_a_verb_that_there_is_not_is_told_with_the_one_that_is_meant(
    word: str, said: str, capsys: Capture
) -> None:
    assert main([word, "--root", "/"]) == 64
    assert capsys.readouterr().err.splitlines()[-1] == f"hyperv-net: error: {said}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["-V"], ["--version"]),
        (["help"], ["--help"]),
        (["-h"], ["--help"]),
        (["help", "plan"], ["plan", "--help"]),
        (["help", "kvp", "dhcp"], ["kvp", "dhcp", "--help"]),
    ],
)
def test_one_word_says_what_another_does(one: list[str], other: list[str], capsys: Capture) -> None:
    said = []
    for words in (one, other):
        assert main(words) == 0
        said.append(capsys.readouterr())
    assert said[0] == said[1] and said[0].out


def test_help_about_a_verb_that_there_is_not_is_wrong_usage(capsys: Capture) -> None:
    assert main(["help", "paln"]) == 64
    assert "did you mean 'plan'" in capsys.readouterr().err


def test_help_ends_with_an_example_that_works(capsys: Capture) -> None:
    for verb in ("inventory", "plan", "render"):
        assert main([verb, "--help"]) == 0
        command = capsys.readouterr().out.split("example:\n")[1].replace("\\\n", "")
        program, *arguments = command.split()
        assert program == "hyperv-net"
        done = run(*arguments)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("verb", ["plan", "render", "apply"])
def test_without_pyyaml_it_is_one_line_and_not_a_traceback(verb: str) -> None:
    code = "import sys; sys.modules['yaml'] = None; from hyperv_net.cli import main; "
    command = [sys.executable, "-c", f"{code}sys.exit(main(sys.argv[1:]))", verb]
    done = subprocess.run(
        [*command, *example(NETPLAN)], capture_output=True, text=True, cwd=CHECKOUT
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"hyperv-net: {sys.executable} has no PyYAML, which reads configurations "
        "(install your system's python3-yaml or py-pyyaml, or PyYAML with pip)\n"
    )


def test_a_terminal_without_the_letters_gets_them_escaped(tmp_path: Path) -> None:
    file = tmp_path / "network-config.yaml"
    file.write_text(ethernet("{no-such-key: \u20ac}"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "hyperv_net", "plan", *with_config(file)],
        capture_output=True,
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "latin-1"},
    )
    assert done.returncode == 0, done.stderr
    assert b"\\u20ac" in done.stdout


def test_a_closed_standard_output_is_one_line() -> None:
    arguments = " ".join(example(NETPLAN))
    done = subprocess.run(
        f"{sys.executable} -m hyperv_net render {arguments} >&-",
        shell=True,
        stderr=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("hyperv-net: standard output is closed")


@pytest.mark.parametrize(("columns", "longest"), [(0, 78), (60, 58), (200, 198)])
def test_the_overview_fits_the_terminal_and_one_of_no_width_is_of_80(
    columns: int, longest: int, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """A serial console says that it has no columns."""
    monkeypatch.delenv("COLUMNS", raising=False)
    size = os.terminal_size((columns, 24))
    monkeypatch.setattr(os, "get_terminal_size", lambda descriptor: size)
    assert main(["--help"]) == 0
    verbs = capsys.readouterr().out.split("verbs:\n")[1].split("\n\n")[0].splitlines()
    assert len(verbs) >= len(VERBS)
    assert max(map(len, verbs)) <= longest
    assert {line.split()[0] for line in verbs if not line.startswith("   ")} == set(VERBS)


@pytest.mark.parametrize("fault", [RecursionError(), ZeroDivisionError("of\nwhat"), MemoryError()])
def test_a_mistake_of_the_program_is_one_line_that_says_how_to_report_it(
    fault: Exception, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def fail(_: object) -> int:
        raise fault

    monkeypatch.setattr(inventory, "run", fail)
    line = error_of(["inventory"], capsys)
    assert line.startswith(f"hyperv-net: test_cli.py:{fail.__code__.co_firstlineno + 1}: ")
    assert type(fault).__name__ in line
    assert "please report it" in line
    monkeypatch.setenv("HYPERV_NET_TRACEBACK", "1")
    assert main(["inventory"]) == 1
    assert "Traceback" in capsys.readouterr().err
