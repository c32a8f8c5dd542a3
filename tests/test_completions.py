"""What shells complete is what the program takes."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from hyperv_net.cli import VERBS
from tests import completions
from tests.debian.packages import unpacked
from tests.debian.tools import run
from tests.paths import CHECKOUT

#: What is typed, with the end of the line last → what is among the answers, and what is not.
TYPED = [
    (["pl"], {"plan"}, {"status"}),
    ([""], {*VERBS, "help"}, {"--root"}),
    (["plan", "--ne"], {"--network-config"}, {"--root"}),
    (["plan", "--target", ""], {"netplan", "freebsd", "auto"}, {"plan"}),
    (["review", "--format", "h"], {"html"}, {"json"}),
    (["kvp", ""], {"dhcp", "dns", "set"}, {"plan"}),
    (["schema", "st"], {"status/1"}, {"plan/2"}),
    (["explain", "setting-"], {"setting-dropped"}, {"no-path"}),
    (["help", "undr"], {"undrain"}, {"drain"}),
]


def test_the_files_are_those_that_the_parsers_make() -> None:
    """Mended with `python -m tests.completions`."""
    there = {
        str(one.relative_to(completions.FOLDER)): one.read_text()
        for one in completions.FOLDER.rglob("*")
        if one.is_file()
    }
    assert there == completions.texts()


@pytest.mark.parametrize(
    ("words", "among", "not_among"),
    TYPED,
    ids=[" ".join(words) or "nothing" for words, *_ in TYPED],
)
def test_bash_completes_it(words: list[str], among: set[str], not_among: set[str]) -> None:
    answers = in_bash(words)
    assert among <= answers and not not_among & answers


def in_bash(words: list[str]) -> set[str]:
    """What bash answers, by the function that the file has it call."""
    file = completions.FOLDER / completions.FILES["bash"]
    script = (
        f"source {shlex.quote(str(file))}; f=$(complete -p hyperv-net); f=${{f##*-F }}; "
        f"COMP_WORDS=(hyperv-net {shlex.join(words)}); COMP_CWORD={len(words)}; "
        "${f%% *} hyperv-net; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    command = ["bash", "--norc", "--noprofile", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return set(done.stdout.split())


def test_a_file_is_completed_where_an_option_takes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inventory.json").touch()
    (tmp_path / "image").mkdir()
    monkeypatch.chdir(tmp_path)
    assert "inventory.json" in in_bash(["plan", "--inventory", "in"])
    assert in_bash(["bake", "--root", ""]) == {"image"}


@pytest.mark.debian
@pytest.mark.parametrize(
    ("words", "among", "not_among"),
    TYPED,
    ids=[" ".join(words) or "nothing" for words, *_ in TYPED],
)
def test_fish_completes_it(
    words: list[str], among: set[str], not_among: set[str], tmp_path: Path
) -> None:
    file = completions.FOLDER / completions.FILES["fish"]
    fish = unpacked("trixie", ("fish",)).command("/usr/bin/fish")
    line = shlex.quote(" ".join(["hyperv-net", *words]))
    command = [*fish, "--no-config", "-c", f"source {file}; complete -C {line}"]
    done = run(command, HOME=str(tmp_path), PATH="")
    answers = {one.partition("\t")[0] for one in done.out.splitlines()}
    assert among <= answers and not not_among & answers, done


@pytest.mark.debian
def test_zsh_reads_it_without_a_complaint(tmp_path: Path) -> None:
    file = completions.FOLDER / completions.FILES["zsh"]
    zsh = unpacked("trixie", ("zsh",)).command("/usr/bin/zsh")
    done = run([*zsh, "-f", "-n", str(file)], HOME=str(tmp_path))
    assert (done.status, done.out, done.err) == (0, "", "")
    assert file.read_text().startswith("#compdef hyperv-net\n")


def test_packages_put_them_where_the_shells_look() -> None:
    debian = (CHECKOUT / "packaging/debian/hyperv-net.install").read_text()
    port = (CHECKOUT / "packaging/freebsd/Makefile").read_text()
    for path in completions.FILES.values():
        assert re.search(rf"^packaging/completions/{re.escape(path)} usr/share/", debian, re.M)
        assert f"packaging/completions/{path}" in port
        listed = port.partition("PLIST_FILES")[2].partition("\n\n")[0].split()
        assert Path(path).name in {one.rpartition("/")[2] for one in listed}
