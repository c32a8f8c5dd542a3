"""Packages that the result needs, where the root can be looked at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.review.formats import LIBRARIES
from tests.applying.disk import snapshot
from tests.bake.images import DEBIAN, make
from tests.commands.calling import NETPLAN, Capture, example
from tests.files import put
from tests.paths import CHECKOUT, EXAMPLES

IFUPDOWN = EXAMPLES / "linux-ifupdown"
IFENSLAVE = "etc/network/if-pre-up.d/ifenslave"
NETWORKD = "usr/lib/systemd/systemd-networkd"


@pytest.mark.parametrize(
    ("of", "target", "says", "shown_by"),
    [
        (IFUPDOWN, "ifupdown", f"{IFENSLAVE}: ifenslave is not there", IFENSLAVE),
        (IFUPDOWN, "ifupdown", "ifenslave is not there", "usr/libexec/ifupdown-ng/bond"),
        (IFUPDOWN, "ifupdown", "ifenslave is not there", "usr/share/ifupdown2"),
        (NETPLAN, "netplan", f"{NETWORKD}: systemd-networkd is not there", NETWORKD),
    ],
)
def test_nothing_is_written_where_the_package_that_makes_the_aggregate_is_missing(
    of: Path, target: str, says: str, shown_by: str, tmp_path: Path, capsys: Capture
) -> None:
    root = tmp_path / "root"
    shutil.copytree(of / "root", root)
    arguments = example(of, "--root", str(root), "--target", target)
    arguments += ["--synthetic-driver", "virtio_net" if of == NETPLAN else "hv_netvsc"]
    put(root, "sbin/init", "")
    before = snapshot(root)
    for verb in ("plan", "apply"):
        assert main([verb, *arguments]) == 1
        shown = capsys.readouterr()
        assert "error: " in shown.out + shown.err
        assert says in shown.out + shown.err
        assert snapshot(root) == before
    put(root, shown_by, "")
    assert main(["plan", *arguments]) == 0


def test_of_a_tree_for_a_review_nothing_is_asked(capsys: Capture) -> None:
    assert main(["plan", *example(IFUPDOWN, "--target", "ifupdown")]) == 0
    assert "missing-package" not in capsys.readouterr().out


@pytest.mark.parametrize(("more", "status"), [([], 0), (["--aggregate", "always"], 1)])
def test_a_bake_whose_first_boots_would_all_need_it_fails(
    more: list[str], status: int, tmp_path: Path, capsys: Capture
) -> None:
    """Elsewhere it is a warning: the image may boot where no pair needs an aggregate."""
    image = {**DEBIAN, "usr/sbin/ifup": "", "etc/network/interfaces": "auto lo\n"}
    root = make(tmp_path / "root", image)
    assert main(["bake", "--root", str(root), "--dry-run", *more]) == status
    said = capsys.readouterr().err
    severity = "error" if status else "warning"
    assert f"{severity}: {IFENSLAVE}: ifenslave is not in the image" in said


def test_debians_package_suggests_what_formats_are_drawn_with() -> None:
    control = (CHECKOUT / "packaging" / "debian" / "control").read_text()
    suggested = control.partition("\nSuggests:")[2].partition("\nEnhances:")[0]
    packages = {one.strip(" ,") for one in suggested.split("\n")}
    assert {*LIBRARIES.values(), "python3-rich"} <= packages
