"""What stops cloud-init in an image from asking hyperv-net."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lint.roots import LINUX, findings, placed


def test_a_datasource_list_without_an_extended_one_is_an_error(tmp_path: Path) -> None:
    """The list that holds is the last one, and it must name a datasource that is extended."""
    tree = {
        **LINUX,
        "etc/cloud/cloud.cfg": "datasource_list: [Azure]\n",
        "etc/cloud/cloud.cfg.d/90_dpkg.cfg": "datasource_list: [Ec2, None]\n",
    }
    where = "etc/cloud/cloud.cfg.d/90_dpkg.cfg:1:1"
    assert [(rule, str(one)) for rule, one in placed(tmp_path, tree)] == [
        ("datasource-not-extended", where)
    ]
    later = {"etc/cloud/cloud.cfg.d/99.cfg": "datasource_list: [NoCloud, None]\n"}
    assert findings(tmp_path, later) == []


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("var/lib/cloud/instances/i-1/obj.pkl", "", ("stale-datasource", "")),
        (
            "etc/cloud/cloud.cfg.d/91.cfg",
            "updates:\n  network:\n    # when: [hotplug]\n    when: [boot, hotplug]\n",
            ("cloud-init-hotplug", ":4:5"),
        ),
        (
            "etc/cloud/cloud.cfg.d/91.cfg",
            "a: 1\nupdates: {network: {when: [hotplug]}}\n",
            ("cloud-init-hotplug", ":2:21"),
        ),
        (
            "etc/cloud/cloud.cfg.d/92.cfg",
            "# network: {config: disabled}\nnetwork:\n  config: disabled\n",
            ("cloud-init-network-disabled", ":3:3"),
        ),
        (
            "etc/cloud/cloud.cfg.d/95-site.cfg",
            "x: 1\ndatasource_pkg_list: [site.sources]\n",
            ("datasource-packages-replaced", ":2:1"),
        ),
        ("etc/cloud/cloud-init.disabled", "", ("cloud-init-off", "")),
        ("etc/cloud/cloud.cfg.d/95.cfg", "a: b\nc: [\n", ("cloud-cfg-unreadable", ":2:4")),
    ],
)
def test_what_stops_cloud_init_from_asking_hyperv_net_is_named(
    path: str, text: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    """Each by its file, and its line where the file has lines."""
    rule, line = expected
    (found,) = placed(tmp_path, {**LINUX, path: text})
    assert (found[0], str(found[1])) == (rule, f"{path}{line}")


def test_a_list_of_packages_with_ours_in_it_or_read_before_ours_is_none(tmp_path: Path) -> None:
    """The file that is read last holds, and bake's is 90-hyperv-net.cfg."""
    tree = {
        **LINUX,
        "etc/cloud/cloud.cfg.d/80.cfg": "datasource_pkg_list: [site.sources]\n",
        "etc/cloud/cloud.cfg.d/95.cfg": "datasource_pkg_list: [site, hyperv_net.sources]\n",
    }
    assert findings(tmp_path, tree) == []
