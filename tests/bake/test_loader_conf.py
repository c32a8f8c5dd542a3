"""What is said to FreeBSD's loader, and what an image says to it itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.bake.loader_conf import FILE, with_settings
from hyperv_net.cli import main
from hyperv_net.marks import BEGIN
from hyperv_net.model import AggregatePolicy, Settings


def test_left_to_itself_the_kernel_keeps_its_mode(freebsd: Path) -> None:
    before = (freebsd / "boot/loader.conf").read_text()
    assert main(["bake", "--root", str(freebsd)]) == 0
    assert (freebsd / "boot/loader.conf").read_text() == before


def test_the_images_own_settings_count_for_loader_conf(freebsd: Path) -> None:
    own = freebsd / "usr/local/etc/cloud/cloud.cfg.d/10-site.cfg"
    own.write_text("hyperv_net: {aggregate: always}\n")
    assert main(["bake", "--root", str(freebsd)]) == 0
    assert 'hw.hn.vf_transparent="0"' in (freebsd / "boot/loader.conf").read_text()
    assert main(["bake", "--root", str(freebsd), "--disabled"]) == 0
    assert "vf_transparent" not in (freebsd / "boot/loader.conf").read_text()


def test_lines_of_others_stay_whatever_became_of_a_marker() -> None:
    always = Settings(aggregate=AggregatePolicy.ALWAYS)
    before = f"{BEGIN}\nold=1\nzfs_load=YES\n"
    once = with_settings({FILE: before}, always).text
    assert "zfs_load=YES\n" in with_settings({FILE: once}, always).text
    assert with_settings({FILE: once}, Settings()).text == before


@pytest.mark.parametrize(
    ("file", "text", "wanted"),
    [
        ("boot/loader.conf", 'hw.hn.vf_transparent="0"\n', ['if_lagg_load="YES"']),
        ("boot/loader.conf.local", "hw.hn.vf_transparent=0\n", ['if_lagg_load="YES"']),
        ("boot/loader.conf.d/a.conf", 'hw.hn.vf_transparent="1"\n', []),
    ],
)
def test_where_the_loader_leaves_the_pairs_to_us_lagg_is_there_early(
    file: str, text: str, wanted: list[str], freebsd: Path
) -> None:
    """Files that are read after loader.conf are looked at, and only the first is written."""
    (freebsd / file).parent.mkdir(exist_ok=True)
    (freebsd / file).write_text(text)
    assert main(["bake", "--root", str(freebsd)]) == 0
    lines = (freebsd / "boot/loader.conf").read_text().splitlines()
    assert [line for line in lines if line.startswith("if_lagg")] == wanted


def test_a_later_file_that_keeps_the_pairs_for_the_kernel_is_an_error_with_its_line(
    freebsd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (freebsd / "boot/loader.conf.local").write_text("a=b\nhw.hn.vf_transparent=1\n")
    assert main(["bake", "--root", str(freebsd), "--aggregate", "always"]) == 1
    said = capsys.readouterr().err
    assert "error: boot/loader.conf.local:2:1: it sets hw.hn.vf_transparent to 1" in said
    assert "[loader-conf-overridden]" in said
