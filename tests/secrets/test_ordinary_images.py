"""A secret that is a word of a program's own, where an image or a monitor is told something."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.status.textfile import NAME
from tests.bake import images
from tests.secrets.test_ordinary_words import NEUTRAL, printed
from tests.status.scenes import Scene

#: Of JSON, of lines for a log, of metrics and of files that are written.
WORDS = ("true", "hyperv-net", "hyperv_net_healthy", "aggregate")

VERBS = {
    "bake": ("bake", "--dry-run"),
    "bake-diff": ("bake", "--diff"),
}


def hide_in(root: Path, secret: str) -> None:
    folder = root / "etc/cloud/cloud.cfg.d"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "90-users.cfg").write_text(f'chpasswd: {{list: ["root:{secret}"]}}\n')
    (folder / "91-more.cfg").write_text(f'password: "{secret}"\n')


@pytest.mark.parametrize("verb", VERBS)
def test_an_image_is_told_of_in_the_same_words_whatever_its_files_hide(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = images.make(tmp_path / "root", images.DEBIAN)

    def told(secret: str) -> str:
        hide_in(root, secret)
        name, *options = VERBS[verb]
        return printed([name, "--root", str(root), *options], capsys)

    ordinary = told(NEUTRAL)
    assert NEUTRAL not in ordinary
    for word in WORDS:
        assert told(word) == ordinary, word


@pytest.mark.parametrize("form", ["openmetrics", "prometheus", "textfile"])
def test_a_monitor_reads_the_same_metrics_whatever_a_machines_files_hide(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = Scene(tmp_path / "root")

    def told(secret: str) -> str:
        hide_in(scene.root, secret)
        words = ["status", "--root", str(scene.root)]
        if form != "textfile":
            return printed([*words, "--format", form], capsys)
        assert main([*words, "--textfile", str(tmp_path)]) == 0
        return (tmp_path / NAME).read_text()

    ordinary = told(NEUTRAL)
    assert "hyperv_net_healthy" in ordinary and NEUTRAL not in ordinary
    for word in WORDS:
        assert told(word) == ordinary, word
