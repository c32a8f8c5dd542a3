"""An image with SELinux: what is written into it from outside has to be labelled inside."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.cli import main
from tests.bake.images import DEBIAN, make

CONFIG = "etc/selinux/config"


@pytest.mark.parametrize(
    ("text", "is_on"),
    [
        ("# SELINUX=enforcing\nSELINUX=disabled\nSELINUXTYPE=targeted\n", False),
        ("SELINUX=enforcing\nSELINUXTYPE=targeted\n", True),
        ("#\n SELINUX = permissive\n", True),
        ("", False),
        (None, False),
    ],
)
def test_bake_says_what_to_relabel_where_selinux_is_on(
    text: str | None, is_on: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make(tmp_path, {**DEBIAN, **({} if text is None else {CONFIG: text})})
    assert main(["bake", "--root", str(root), "--dry-run"]) == 0
    said = capsys.readouterr().err
    assert ("[to-relabel]" in said) == is_on
    assert (f"note: {CONFIG}: SELinux is on in the image" in said) == is_on
