"""A secret that is a word of a document's own: it is printed as with any other secret."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.review.presenting import without_secrets
from hyperv_net.secrets.in_diffs import hidden_in_diff
from hyperv_net.secrets.masking import hiding
from tests.commands.calling import NETPLAN, with_config
from tests.paths import EXAMPLES
from tests.review.formats.made import config

#: A scalar of JSON, keys of configs and words of lines for a log.
WORDS = ("true", "ethernets", "warning", "hyperv-net")
NEUTRAL = "correct-horse"
#: What has errors' own lines, and nothing beside them.
REFUSED = ("plan", "wakeonlan: maybe")

#: Digests of texts that a secret is in.
_QUOTED = re.compile(r'\\?"\(hidden\)\\?"')
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")

VERBS = {
    "plan": ("plan", "--show", "all"),
    "plan-json": ("plan", "--format", "json"),
    "plan-diff": ("plan", "--format", "diff"),
    "review": ("review",),
    "review-json": ("review", "--format", "json"),
    "simulate": ("simulate",),
    "simulate-json": ("simulate", "--format", "json"),
    "apply": ("apply", "--dry-run"),
    "apply-json": ("apply", "--dry-run", "--format", "json"),
}


def printed(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a run prints, on both streams, with its exit status."""
    status = main(words)
    told = capsys.readouterr()
    text = _DIGEST.sub("(digest)", f"{status}\n{told.out}\n{told.err}")
    # YAML has a text in quotes that would be something else.
    return _QUOTED.sub("(hidden)", text)


@pytest.mark.parametrize(("verb", "line"), [*((one, "mtu: 1500") for one in VERBS), REFUSED])
def test_a_verb_prints_the_same_whatever_the_secret_is(
    verb: str, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *options = VERBS[verb]

    def told(secret: str) -> str:
        auth = f'auth: {{key-management: 802.1x, method: peap, identity: b, password: "{secret}"}}'
        file = config(tmp_path, "dhcp4: true", "dhpc6: true", line, auth)
        root = ["--root", str(tmp_path / "root")] if name == "apply" else []
        return printed([name, *options, *with_config(file), *root], capsys)

    shutil.copytree(NETPLAN / "root", tmp_path / "root")
    ordinary = told(NEUTRAL)
    assert NEUTRAL not in ordinary
    for word in WORDS:
        assert told(word) == ordinary, word


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("verb", ["inventory", "status", "history"])
def test_a_machine_is_told_of_in_the_same_words_whatever_its_files_hide(
    verb: str, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "root"
    shutil.copytree(EXAMPLES / "linux-netplan" / "root", root)
    folder = root / "etc/cloud/cloud.cfg.d"
    folder.mkdir(parents=True, exist_ok=True)

    def told(secret: str) -> str:
        (folder / "90-users.cfg").write_text(f'chpasswd: {{list: ["root:{secret}"]}}\n')
        (folder / "91-more.cfg").write_text(f'password: "{secret}"\n')
        return printed([verb, "--root", str(root), "--format", form], capsys)

    ordinary = told(NEUTRAL)
    for word in ("true", "null", "pairs", "hyperv-net"):
        assert told(word) == ordinary, word


def test_what_a_sentence_quotes_is_hidden_all_the_same() -> None:
    hide = hiding(["wifis:\n  w0:\n    password: correct-horse\n"])
    document = {"where": "a: correct-horse", "message": "no such thing: correct-horse"}
    hidden = {"where": "a: correct-horse", "message": "no such thing: (hidden)"}
    assert without_secrets(document, hide) == hidden


def test_a_diff_is_one_that_patch_takes_whatever_is_hidden_in_it() -> None:
    diff = "--- a/etc/word\n+++ b/etc/word\n@@ -1,2 +1,2 @@\n word\n--- word\n++++ word\n"
    diff += "--- a/etc/word\n+++ b/etc/word\n@@ -1 +1 @@\n-word\n\\ No newline at end of file\n+a\n"
    hidden = hidden_in_diff(diff, lambda text: text.replace("word", "(hidden)"))
    assert hidden.split("\n") == [
        *("--- a/etc/word", "+++ b/etc/word", "@@ -1,2 +1,2 @@"),
        *(" (hidden)", "--- (hidden)", "++++ (hidden)"),
        *("--- a/etc/word", "+++ b/etc/word", "@@ -1 +1 @@"),
        *("-(hidden)", "\\ No newline at end of file", "+a", ""),
    ]
