"""Each rule speaks where its trouble is, names file and line, and is silent elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.lint import lint
from hyperv_net.model import Severity
from tests.lint.roots import FREEBSD, LINUX, findings


@pytest.mark.parametrize("tree", [LINUX, FREEBSD], ids=["linux", "freebsd"])
def test_an_image_without_trouble_has_no_findings(tmp_path: Path, tree: dict[str, str]) -> None:
    """Nothing is said of an image with all drivers and no leftovers."""
    assert findings(tmp_path, tree) == []


def test_an_image_that_boots_needs_the_command_ip(tmp_path: Path) -> None:
    """Where it is, depends on the age of the distribution; a tree without an init boots nothing."""
    tree = {**LINUX, "usr/lib/systemd/systemd": ""}
    assert findings(tmp_path, tree) == [("no-ip-command", "usr/sbin/ip")]
    assert findings(tmp_path, {"bin/ip": ""}) == []


def test_an_image_whose_devices_mdev_handles_reads_no_rules(tmp_path: Path) -> None:
    """Alpine's, where eudev is a package of its own."""
    assert findings(tmp_path, {**LINUX, "sbin/mdev": ""}) == [("no-udev", "sbin/mdev")]
    assert findings(tmp_path, {"sbin/udevd": ""}) == []


def test_a_devd_rule_that_outranks_ours_is_found(tmp_path: Path) -> None:
    """Upstream's priority 10 is below ours; the same rule with 100 would mute it."""
    rule = 'notify %d {\n match "system" "HYPERV_NIC_VF";\n action "x";\n};\n'
    assert findings(tmp_path, {**FREEBSD, "etc/devd/hyperv.conf": rule % 10}) == []
    assert findings(tmp_path, {"etc/devd/site.conf": "\n" + rule % 100}) == [
        ("devd-rule-outranks", "etc/devd/site.conf:2")
    ]


def test_an_rc_conf_that_sh_would_give_up_on_is_an_error(tmp_path: Path) -> None:
    """An open quote ends rc(8)'s reading, and with it the network."""
    (tmp_path / "etc").mkdir()
    found = findings(tmp_path, {**FREEBSD, "etc/rc.conf": 'a=1\nhostname="x\n'})
    assert found == [("rc-conf-unreadable", "etc/rc.conf:2")]
    assert [one.severity for one in lint(tmp_path)] == [Severity.ERROR]


def test_an_hn_that_rc_conf_renames_is_told_of(tmp_path: Path) -> None:
    """FreeBSD's hv_kvp_daemon looks for the name that the driver gave."""
    renamed = 'ifconfig_hn0_name="eth0"\nifconfig_em0_name="wan"\n'
    found = findings(tmp_path, {**FREEBSD, "etc/rc.conf": renamed})
    assert found == [("hn-renamed", "etc/rc.conf:1")]


def test_a_file_that_cannot_be_read_is_a_finding_and_not_the_end(tmp_path: Path) -> None:
    """Bytes that are no text are told of, and the other rules still speak."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/waagent.conf").write_bytes(b"\xff\xfe")
    found = findings(tmp_path, {**LINUX, "etc/nftables.conf": "iifname eth0\n"})
    assert found == [
        ("names-the-synthetic-nic", "etc/nftables.conf:1"),
        ("unreadable-file", "etc/waagent.conf"),
    ]


def test_a_link_out_of_the_root_is_resolved_inside_it(tmp_path: Path) -> None:
    """An absolute link of the image means the image's file, never this machine's."""
    outside = tmp_path / "outside"
    outside.write_text("iifname eth0\n")
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/nftables.conf").symlink_to(outside)
    assert findings(root, LINUX) == []
