"""Which files change between two configurations, where cloud-init's own renderer writes some."""

from __future__ import annotations

import json

import pytest

from hyperv_net.review import compare, draw
from hyperv_net.review.changed_files import GIVEN

PAIR = "version: 2\nethernets: {eth0: {match: {macaddress: '00:0d:3a:11:22:33'}, dhcp4: true}}\n"
#: The same card with another setting.
STATIC = PAIR.replace("dhcp4: true", "addresses: [10.0.0.4/24]")
#: No pair of the machine is in it, so that nothing here needs an aggregate.
OTHER = "version: 2\nethernets: {eth0: {match: {name: eth9}, dhcp4: true}}\n"
#: Target → what is its own of an aggregate, and goes with that.
AGGREGATES = {
    "netplan": [],
    "ifupdown": [],
    "sysconfig": [],
    "networkd": [
        f"etc/systemd/network/06-hyperv-net-{one}"
        for one in ("bond0.netdev", "bond0.network", "eth0-vf.network", "eth0.network")
    ],
    "network-manager": [
        f"etc/NetworkManager/system-connections/cloud-init-{one}.nmconnection"
        for one in ("bond0", "eth0-vf")
    ],
}


def files(base: str, head: str, **machine: object) -> dict[str, tuple[str, str]]:
    """Path → change and purpose, but for those of the running machine."""
    found = compare(base, head, **{"kind": "kvm-virtio", **machine})  # type: ignore[arg-type]
    assert found.against is not None
    changed = {one.path: (one.change, one.purpose) for one in found.against.files}
    return {path: one for path, one in changed.items() if one[1] != "machine"}


@pytest.mark.parametrize(
    "machine",
    [
        {"kind": "azure-linux-mlx5"},
        {"settings": {"aggregate": "never"}},
        {"settings": {"aggregate": "never"}, "target": "ifupdown"},
        {"settings": {"aggregate": "never"}, "target": "networkd"},
        {"settings": {"aggregate": "never"}, "target": "network-manager"},
        {"settings": {"aggregate": "never"}, "target": "sysconfig"},
        {"settings": {"aggregate": "never"}, "kind": "azure-freebsd-mana"},
    ],
)
def test_what_cloud_init_writes_itself_changes_with_the_config_that_it_is_given(
    machine: dict[str, object],
) -> None:
    assert files(PAIR, STATIC, **machine) == {GIVEN: ("change", "cloud-init")}
    assert files(PAIR, PAIR, **machine) == {}
    found = compare(PAIR, STATIC, **{"kind": "kvm-virtio", **machine})  # type: ignore[arg-type]
    assert json.loads(draw(found, "terraform")) == {"create": 0, "update": 1, "delete": 0}
    for form in ("text", "markdown"):
        drawn = draw(found, form)
        assert "cloud-init's own renderer writes the network" in drawn
        assert "-    dhcp4: true" in drawn and '+      - "10.0.0.4/24"' in drawn


@pytest.mark.parametrize("target", AGGREGATES)
def test_a_file_that_cloud_init_takes_over_is_changed_and_not_deleted(target: str) -> None:
    gone = dict.fromkeys(AGGREGATES[target], ("delete", "configuration"))
    made = dict.fromkeys(AGGREGATES[target], ("create", "configuration"))
    given = {GIVEN: ("change", "cloud-init")}
    assert files(PAIR, OTHER, target=target) == {**gone, **given}
    assert files(OTHER, PAIR, target=target) == {**made, **given}


def test_rc_conf_is_never_deleted() -> None:
    found = files(PAIR, OTHER, kind="azure-freebsd-mana", files={"etc/rc.conf": 'hostname="a"\n'})
    assert found.pop(GIVEN) == ("change", "cloud-init")
    assert "etc/rc.conf" not in found


def test_a_file_of_the_base_that_stands_in_the_root_stays() -> None:
    """What is there without us is no more ours to delete than it was to make."""
    stands = {"etc/dhclient-enter-hooks": "# the administrator's\n"}
    assert "etc/dhclient-enter-hooks" in files(PAIR, OTHER, kind="azure-freebsd-mana")
    with_it = compare(PAIR, OTHER, kind="azure-freebsd-mana", files=stands)
    assert with_it.against is not None
    changes = {one.path: one.change for one in with_it.against.files}
    assert changes.get("etc/dhclient-enter-hooks") != "delete"


def test_a_secret_of_what_cloud_init_is_given_is_hidden() -> None:
    auth = "auth: {key-management: 802.1x, identity: bob, password: %s}"
    configs = [
        PAIR.replace("dhcp4: true", f"dhcp4: true, {auth % word}") for word in ("hunter2", "sesame")
    ]
    found = compare(*configs, kind="azure-linux-mlx5")
    assert found.against is not None
    (one,) = (file for file in found.against.files if file.path == GIVEN)
    assert one.masked and one.diff
    assert "hunter2" not in one.diff and "sesame" not in one.diff
