"""How hv_kvp_daemon in an image comes to run our scripts, and whose files stay as they are."""

from __future__ import annotations

from configparser import RawConfigParser
from pathlib import Path

import pytest

from hyperv_net.bake.kvp import FOLDER
from hyperv_net.cli import main
from hyperv_net.kvp.scripts import SCRIPTS
from tests.bake.images import DEBIAN, freebsd, make
from tests.debian.packages import unpacked
from tests.debian.tools import SUITES
from tests.firstboot.sandbox import Step, run
from tests.paths import CHECKOUT

_THEIRS = "usr/libexec/hypervkvpd"
#: Of the two that configure a network which the scripts know.
_NETPLAN = {"usr/sbin/netplan": ""}
_DAEMON = {
    f"{_THEIRS}/hv_get_dhcp_info": "#!/bin/sh\n",
    f"{_THEIRS}/hv_get_dns_info": "#!/bin/sh\n",
}


@pytest.mark.parametrize("server", ["usr/sbin/netplan", "sbin/ifquery"])
@pytest.mark.parametrize(
    "unit",
    ["usr/lib/systemd/system/hv-kvp-daemon.service", "lib/systemd/system/hypervkvpd.service"],
)
def test_on_linux_the_scripts_are_laid_over_the_packages_by_its_unit(
    unit: str, server: str, tmp_path: Path
) -> None:
    """No file of the package changes, so that dpkg and rpm find theirs as they left them."""
    root = make(tmp_path, {**DEBIAN, **_DAEMON, unit: "[Service]\n", server: ""})
    assert main(["bake", "--root", str(root)]) == 0
    for path, text in _DAEMON.items():
        assert (root / path).read_text() == text
    assert sorted(path.name for path in (root / _THEIRS).iterdir()) == [
        "hv_get_dhcp_info",
        "hv_get_dns_info",
    ]
    for name in SCRIPTS:
        assert (root / FOLDER / name).stat().st_mode & 0o777 == 0o755
    name = unit.rpartition("/")[2]
    parser = RawConfigParser(delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(root / f"usr/lib/systemd/system/{name}.d/hyperv-net.conf")
    assert parser["Service"]["BindReadOnlyPaths"] == f"-/{FOLDER}:/{_THEIRS}"


def test_without_the_daemon_nothing_is_put_in_for_it(tmp_path: Path) -> None:
    root = make(tmp_path, {**DEBIAN, **_NETPLAN})
    assert main(["bake", "--root", str(root)]) == 0
    assert not (root / FOLDER).exists()


def test_where_ours_know_nothing_of_the_network_the_daemons_scripts_stay_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An image with NetworkManager or networkd alone; its `ifup` is NetworkManager's."""
    unit = "usr/lib/systemd/system/hypervkvpd.service"
    root = make(tmp_path, {**DEBIAN, **_DAEMON, unit: "[Service]\n", "usr/sbin/ifup": ""})
    assert main(["bake", "--root", str(root)]) == 0
    said = capsys.readouterr().err
    assert f"note: {_THEIRS}: hv_kvp_daemon goes on with its own" in said
    assert "netplan or ifupdown" in said
    assert not (root / FOLDER).exists()
    assert not (root / f"{unit}.d").exists()


def test_without_a_unit_the_daemons_scripts_stay_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = {path: text for path, text in DEBIAN.items() if "systemd" not in path}
    root = make(tmp_path, {**tree, **_DAEMON, **_NETPLAN})
    assert main(["bake", "--root", str(root)]) == 0
    assert f"note: {_THEIRS}: hv_kvp_daemon goes on with its own" in capsys.readouterr().err
    assert (root / _THEIRS / "hv_get_dhcp_info").read_text() == "#!/bin/sh\n"
    assert not (root / FOLDER).exists()


def test_freebsds_base_system_gets_ours_and_later_its_own_back(tmp_path: Path) -> None:
    root = freebsd(tmp_path / "root")
    theirs = root / "usr/libexec/hyperv/hv_set_ifconfig"
    make(root, {"usr/libexec/hyperv/hv_set_ifconfig": "#!/bin/sh\n"})
    theirs.chmod(0o555)
    assert main(["bake", "--root", str(root)]) == 0
    assert "hyperv-net" in theirs.read_text()
    assert main(["unbake", "--root", str(root)]) == 0
    assert theirs.read_text() == "#!/bin/sh\n"
    assert theirs.stat().st_mode & 0o777 == 0o555
    assert [path.name for path in theirs.parent.iterdir()] == ["hv_set_ifconfig"]


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_systemd_takes_the_drop_in_of_debians_unit(suite: str, tmp_path: Path) -> None:
    """Its own verifier, on the unit of the package hyperv-daemons."""
    daemons = unpacked(suite, ("hyperv-daemons",)).root
    (unit,) = daemons.glob("usr/lib/systemd/system/hv-kvp-daemon.service")
    at = "usr/lib/systemd/system/hv-kvp-daemon.service"
    drop_in = CHECKOUT / "hyperv_net/data/kvp/hv-kvp-daemon.conf"
    own = make(
        tmp_path / "own",
        {at: unit.read_text(), f"{at}.d/hyperv-net.conf": drop_in.read_text()},
    )
    script = f"""#!/bin/sh
mkdir -p $1/usr/sbin $1/tmp $1/root $1/run
: >$1/usr/sbin/hv_kvp_daemon; chmod 755 $1/usr/sbin/hv_kvp_daemon
cd $1 && exec chroot $1 /usr/bin/systemd-analyze verify --man=no /{at}
"""
    tree = unpacked(suite, ("systemd",)).root
    (outcome,) = run([tree], own, [Step("verify", script, outside=True)])
    assert outcome.status == 0
    assert "hyperv-net" not in outcome.err and "Service" not in outcome.err, outcome.err


def test_what_an_upgrade_of_freebsd_put_back_is_noticed_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = freebsd(tmp_path / "image")
    at = "usr/libexec/hyperv/hv_set_ifconfig"
    make(root, {at: "#!/bin/sh\n"})
    assert main(["bake", "--root", str(root)]) == 0
    (root / at).write_text("#!/bin/sh\n# the next release's\n")
    capsys.readouterr()
    assert main(["bake", "--root", str(root), "--verify"]) == 1
    told = "edited; an upgrade of the base system puts its own there: bake again with --force"
    assert capsys.readouterr().out == f"{at}: {told}\n1 file differs\n"
    assert main(["bake", "--root", str(root)]) == 1
    hint = "(an upgrade of the base system puts its own there: bake again with --force)"
    assert hint in capsys.readouterr().err
    assert main(["bake", "--root", str(root), "--force"]) == 0
    assert main(["bake", "--root", str(root), "--verify"]) == 0
