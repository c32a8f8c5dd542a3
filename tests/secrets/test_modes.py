"""A file that holds a secret is its owner's alone, whoever writes it and whatever it was."""

from __future__ import annotations

import json
import shutil
import stat
import sys
import types
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.applying.tree import write_tree
from hyperv_net.model import RenderedFile
from tests.files import put
from tests.kvp import texts
from tests.kvp.linux import inject, with_pair
from tests.paths import EXAMPLES
from tests.secrets.places import FREEBSD, LINUX, make_root, said
from tests.secrets.test_every_view import ON_FREEBSD, TAKES_SYNTHETIC

SECRET = "qUnlikeAnythingZq"
OPEN = 0o644
PRIVATE = 0o600


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def options(root: Path, target: str) -> tuple[str, ...]:
    inventory = FREEBSD if target in ON_FREEBSD else LINUX
    more = ("--inventory", str(inventory), "--root", str(root), "--target", target)
    return (*more, *TAKES_SYNTHETIC)


FILES = {
    "netplan": "etc/netplan/50-cloud-init.yaml",
    "ifupdown": "etc/network/interfaces",
    "freebsd": "etc/rc.conf",
}


@pytest.mark.parametrize(("target", "path"), FILES.items())
@pytest.mark.parametrize("before", [OPEN, 0o640, 0o666, PRIVATE])
def test_apply_closes_it_and_a_rollback_puts_back_what_was_there(
    target: str, path: str, before: int, tmp_path: Path
) -> None:
    root = make_root(tmp_path / "root", "freebsd" if target == "freebsd" else "linux", SECRET)
    (root / path).chmod(before)
    text = (root / path).read_text()
    run = said("apply", *options(root, target))
    assert run.status == 0, run.err
    assert (root / path).read_text() != text
    assert mode(root / path) == PRIVATE
    assert f"{path}: it holds a secret" in run.err or target == "netplan"
    store = next(root.glob("var/*/hyperv-net"))
    copies = [one for one in store.rglob("*") if one.is_file() and SECRET in one.read_text()]
    assert copies and {mode(one) for one in copies} == {PRIVATE}
    assert {mode(one.parent) for one in copies} == {0o700}
    assert said("apply", "--root", str(root), "--rollback").status == 0
    assert (root / path).read_text() == text and mode(root / path) == before


@pytest.mark.parametrize(("target", "path"), FILES.items())
def test_a_tree_of_rendered_files_has_it_closed_also_over_one_that_was_open(
    target: str, path: str, tmp_path: Path
) -> None:
    root = make_root(tmp_path / "root", "freebsd" if target == "freebsd" else "linux", SECRET)
    out = tmp_path / "out"
    put(out, path, "open to all\n", OPEN)
    (out / path).chmod(OPEN)
    assert said("render", *options(root, target), "--output-dir", str(out)).status == 0
    assert SECRET in (out / path).read_text()
    assert mode(out / path) == PRIVATE


def test_what_holds_none_keeps_its_mode(tmp_path: Path) -> None:
    put(tmp_path, "etc/rc.conf", "a=1\n", 0o640)
    (tmp_path / "etc/rc.conf").chmod(0o640)
    files = [RenderedFile("etc/rc.conf", "a=2\n", in_place=True), RenderedFile("etc/x", "b\n")]
    write_tree(tmp_path, files)
    assert (mode(tmp_path / "etc/rc.conf"), mode(tmp_path / "etc/x")) == (0o640, OPEN)


def test_the_plan_tells_the_mode(tmp_path: Path) -> None:
    root = make_root(tmp_path / "root", "linux", SECRET)
    run = said("plan", *options(root, "ifupdown"), "--format", "json")
    files = {one["path"]: one for one in json.loads(run.out)["files"]}
    assert files["etc/network/interfaces"]["mode"] == "0600"
    assert files["etc/network/interfaces"]["masked"] is True
    assert files["var/lib/hyperv-net/wanted.json"]["masked"] is False


def test_an_injection_into_it_closes_it(tmp_path: Path) -> None:
    root = with_pair(tmp_path, "ifupdown", dhcp4=True)
    file = root / "etc/network/interfaces.d/50-cloud-init"
    file.write_text(f"{file.read_text()}    wpa-psk {SECRET}\n")
    file.chmod(OPEN)
    assert inject(root, texts.LINUX) == 0
    assert SECRET in file.read_text()
    assert mode(file) == PRIVATE


def test_a_bake_into_it_closes_it(tmp_path: Path) -> None:
    image = tmp_path / "image"
    shutil.copytree(EXAMPLES / "image-freebsd/root", image)
    loader = image / "boot/loader.conf"
    loader.write_text(f'{loader.read_text()}password="{SECRET}"\n')
    before = loader.read_text()
    loader.chmod(OPEN)
    run = said("bake", "--root", str(image), "--force", "--aggregate", "always")
    assert run.status == 0, run.err
    assert loader.read_text() != before and mode(loader) == PRIVATE
    assert SECRET not in run.out + run.err


def test_a_first_boot_closes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The datasource writes by way of cloud-init's guard for SELinux, which is not had here."""
    cloudinit: Any = types.ModuleType("cloudinit")
    cloudinit.util = types.SimpleNamespace(SeLinuxGuard=lambda path: nullcontext())
    monkeypatch.setitem(sys.modules, "cloudinit", cloudinit)
    from hyperv_net.sources.written import written

    path = "etc/network/interfaces"
    put(tmp_path, path, "auto lo\n", OPEN)
    (tmp_path / path).chmod(OPEN)
    for in_place in (True, False):
        file = RenderedFile(path, f"iface eth0 inet dhcp\n  wpa-psk {SECRET}\n", in_place=in_place)
        with written(tmp_path, [file]):
            assert mode(tmp_path / path) == PRIVATE
        (tmp_path / path).chmod(OPEN)


def test_a_log_line_of_a_first_boot_has_neither_a_secret_nor_a_control(
    caplog: pytest.LogCaptureFixture,
) -> None:
    from hyperv_net import terminal
    from hyperv_net.secrets.reading import remember
    from hyperv_net.sources.failsafe import attempt

    assert terminal.begin()
    remember(f"network: {{wifis: {{w: {{password: {SECRET}}}}}}}\n")

    def failing() -> None:
        raise ValueError(f"not a key: {SECRET} \x1b[2J\nforged line")

    with caplog.at_level("INFO"):
        attempt(failing, otherwise=lambda: None)
    (line,) = [one.getMessage() for one in caplog.records]
    assert "not a key: (hidden) \\x1b[2J forged line" in line
    terminal.begin()
