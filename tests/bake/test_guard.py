"""What looks, before cloud-init runs, whether its Python loads what was baked."""

from __future__ import annotations

import re
import shlex
import stat
from pathlib import Path

import pytest

from hyperv_net.bake.guard import guard_files
from hyperv_net.bake.package import own_package
from hyperv_net.bake.place import find_place
from hyperv_net.cli import main
from hyperv_net.hotplug.wanted import KEPT_IN, RUN_DIRECTORY
from hyperv_net.model import System
from hyperv_net.root.extension import GRANT, GUARDS_MEMORY, VERDICT
from tests.applying.disk import snapshot
from tests.bake.images import DEBIAN, make
from tests.paths import CHECKOUT

GUARD = CHECKOUT / "hyperv_net/data/guard/guard"

OPENRC = {
    **{path: text for path, text in DEBIAN.items() if "systemd" not in path},
    "sbin/openrc-run": "",
}
FEW = {path: text for path, text in DEBIAN.items() if "systemd" not in path}


def files_for(root: Path) -> dict[str, str]:
    return {one.path: one.text for one in guard_files(find_place(root), own_package())}


def test_units_of_cloud_init_want_the_guard_and_wait_for_it(debian: Path) -> None:
    assert main(["bake", "--root", str(debian)]) == 0
    for program, mode in (("guard", 0o755), ("loads.py", 0o644)):
        there = debian / "usr/libexec/hyperv-net" / program
        assert stat.S_IMODE(there.stat().st_mode) == mode
    units = debian / "usr/lib/systemd/system"
    for unit in ("cloud-init-local.service", "cloud-init-main.service"):
        text = (units / f"{unit}.d/hyperv-net.conf").read_text()
        assert "\nWants=hyperv-net-guard.service\nAfter=hyperv-net-guard.service\n" in text
    assert (
        "\nExecStart=/usr/libexec/hyperv-net/guard /usr/bin/cloud-init /usr/bin/python3 "
        "/run/hyperv-net /var/lib/hyperv-net\n"
    ) in (units / "hyperv-net-guard.service").read_text()


def test_openrc_starts_it_before_cloud_init_in_the_runlevel_boot(tmp_path: Path) -> None:
    root = make(tmp_path, OPENRC)
    assert main(["bake", "--root", str(root)]) == 0
    link = root / "etc/runlevels/boot/hyperv-net-guard"
    assert str(link.readlink()) == "/etc/init.d/hyperv-net-guard"
    service = root / "etc/init.d/hyperv-net-guard"
    assert stat.S_IMODE(service.stat().st_mode) == 0o755
    assert service.read_text().startswith("#!/sbin/openrc-run\n")
    assert "\n\tbefore cloud-init-local\n" in service.read_text()
    assert "\t/usr/libexec/hyperv-net/guard /usr/bin/cloud-init " in service.read_text()


def test_freebsds_rc_starts_it_before_cloudinitlocal(freebsd: Path) -> None:
    assert main(["bake", "--root", str(freebsd)]) == 0
    script = freebsd / "usr/local/etc/rc.d/hyperv_net_guard"
    assert stat.S_IMODE(script.stat().st_mode) == 0o755
    assert re.search(r"^# BEFORE:\s+cloudinitlocal$", script.read_text(), re.M)
    assert "/usr/local/libexec/hyperv-net/guard /usr/local/bin/cloud-init" in script.read_text()
    plug = freebsd / "usr/local/etc/cloud/cloud.cfg.d/90-hyperv-net.cfg"
    assert str(plug.readlink()) == "/var/run/hyperv-net/plug.cfg"


def test_what_starts_it_names_the_images_own_program_and_python(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {
            **DEBIAN,
            "opt/c/bin/cloud-init": "#!/opt/c/bin/python3.12\n",
            "opt/c/bin/python3.12": "",
            "opt/c/lib/python3.12/site-packages/cloudinit/__init__.py": "",
        },
    )
    unit = files_for(root)["usr/lib/systemd/system/hyperv-net-guard.service"]
    assert "/hyperv-net/guard /opt/c/bin/cloud-init /opt/c/bin/python3.12 /run/" in unit


def test_where_nothing_would_start_it_the_link_leads_to_the_package_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make(tmp_path, FEW)
    assert main(["bake", "--root", str(root)]) == 0
    assert "neither systemd nor OpenRC is in the image" in capsys.readouterr().err
    plug = root / "etc/cloud/cloud.cfg.d/90-hyperv-net.cfg"
    assert str(plug.readlink()).endswith("/dist-packages/hyperv_net/data/90-hyperv-net.cfg")
    assert not (root / "usr/libexec").exists()


def test_its_places_are_those_of_the_rest(tmp_path: Path) -> None:
    """It cannot be asked of the package that is being looked at."""
    unit = files_for(make(tmp_path, DEBIAN))["usr/lib/systemd/system/hyperv-net-guard.service"]
    found = re.search(r"^ExecStart=(.*)$", unit, re.M)
    assert found
    *_, run, kept = shlex.split(found[1])
    assert (run, kept) == (RUN_DIRECTORY[System.LINUX], f"/{KEPT_IN[System.LINUX]}")
    for system in System:
        folder = RUN_DIRECTORY[system][1:]
        assert (GRANT[system], VERDICT[system]) == (f"{folder}/plug.cfg", f"{folder}/guard")
        *memory, aside = GUARDS_MEMORY[system]
        assert {path.rpartition("/")[0] for path in memory} == {KEPT_IN[system]}
        (known,) = re.findall("^known=/(.*)$", GUARD.read_text(), re.M)
        assert aside == f"{known}.hyperv-net"


def test_what_the_guard_keeps_goes_with_it(debian: Path) -> None:
    (debian / "var/lib/cloud/instance").mkdir(parents=True)
    before = snapshot(debian)
    assert main(["bake", "--root", str(debian)]) == 0
    for path in GUARDS_MEMORY[System.LINUX]:
        (debian / path).write_text("4294967295 0 /usr/bin/cloud-init\n")
    assert main(["bake", "--root", str(debian), "--verify"]) == 0
    assert main(["unbake", "--root", str(debian), "--dry-run"]) == 0
    assert (debian / GUARDS_MEMORY[System.LINUX][0]).exists()
    assert main(["unbake", "--root", str(debian)]) == 0
    assert snapshot(debian) == before
