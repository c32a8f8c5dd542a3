"""The classes that cloud-init finds: the stock ones, under names that bring this package along."""

from __future__ import annotations

from pathlib import Path

import pytest

import hyperv_net
from tests.sources.cloud import SUITES, run

pytestmark = [pytest.mark.debian, pytest.mark.parametrize("suite", SUITES)]

CLASSES = {
    "Azure": ["DataSourceAzure"],
    "ConfigDrive": ["DataSourceConfigDrive"],
    "NoCloud": ["DataSourceNoCloud", "DataSourceNoCloudNet"],
    "OpenStack": ["DataSourceOpenStackLocal", "DataSourceOpenStack"],
}


@pytest.mark.parametrize("name", CLASSES)
def test_cloud_init_finds_our_class_for_each_stock_one(suite: str, name: str) -> None:
    found = run(suite, "datasource", name=name)
    module = f"hyperv_net.sources.DataSource{name}"
    assert found["classes"] == [f"{module}.{one}" for one in CLASSES[name]]
    assert found["log"] == []


def test_the_classes_change_nothing_of_the_stock_ones(suite: str) -> None:
    found = run(suite, "datasource", name="NoCloud")
    assert found["subclass of stock"]
    assert found["own"] == {"DataSourceNoCloud": [], "DataSourceNoCloudNet": []}
    assert found["dsname"] == ["NoCloud", "NoCloud"]


def test_a_pickled_object_brings_this_package_back(suite: str) -> None:
    found = run(suite, "datasource", name="NoCloud")
    assert found["pickled as"] == ["hyperv_net.sources.DataSourceNoCloud"] * 2


@pytest.mark.parametrize(
    "broken",
    [
        "hyperv_net.sources.factory:extend_module",
        "hyperv_net.sources.factory:_extended",
        "hyperv_net.sources.patches:apply_patches",
        "hyperv_net.sources.patches:_version",
    ],
)
def test_where_the_extension_fails_cloud_init_takes_the_stock_classes(
    suite: str, broken: str
) -> None:
    found = run(suite, "datasource", name="NoCloud", broken=broken)
    assert found["classes"] == [
        "cloudinit.sources.DataSourceNoCloud.DataSourceNoCloud",
        "cloudinit.sources.DataSourceNoCloud.DataSourceNoCloudNet",
    ]
    ((level, line),) = found["log"]
    assert level == "INFO"
    assert "broken on purpose" in line


@pytest.mark.parametrize(
    "broken",
    ["hyperv_net.sources.patches:_apply", "hyperv_net.sources.patches:stand_in_for_renderers"],
)
def test_a_patch_that_cannot_be_applied_leaves_the_datasource_alone(
    suite: str, broken: str
) -> None:
    found = run(suite, "datasource", name="Azure", broken=broken)
    assert found["classes"] == ["hyperv_net.sources.DataSourceAzure.DataSourceAzure"]
    assert {level for level, _ in found["log"]} == {"INFO"}
    assert len(found["log"]) == 1


def test_the_shipped_file_is_read_while_the_package_is_there_and_passed_over_without_it(
    suite: str, tmp_path: Path
) -> None:
    link = tmp_path / "90-hyperv-net.cfg"
    link.symlink_to(Path(hyperv_net.__file__).parent / "data/90-hyperv-net.cfg")
    assert run(suite, "configuration", folder=str(tmp_path))["read"] == {
        "datasource_pkg_list": ["hyperv_net.sources"]
    }
    link.unlink()
    link.symlink_to(tmp_path / "gone.cfg")
    assert run(suite, "configuration", folder=str(tmp_path))["read"] == {}
