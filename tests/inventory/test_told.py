"""How a person tells a NIC: the three forms, and which NICs they mean."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.inventory.told import fits_path, is_told, told, told_name, told_paths
from hyperv_net.model import Nic

NIC = Nic(
    "ens3",
    mac="52:54:00:00:00:01",
    permanent_mac="52:54:00:00:00:02",
    device="/sys/devices/pci0000:00/0000:00:05.0/virtio3",
)


@pytest.mark.parametrize(
    ("text", "one_spelling"),
    [
        ("ens3", "ens3"),
        ("52:54:00:AB:cd:01", "52:54:00:ab:cd:01"),
        ("0000:00:05.0", "0000:00:05.0"),
        ("pci-0001:0A:1f.7", "0001:0a:1f.7"),
        ("10000:e1:00.0", "10000:e1:00.0"),
    ],
)
def test_a_name_a_mac_and_a_pci_address_have_one_spelling_each(
    text: str, one_spelling: str
) -> None:
    assert told(text) == one_spelling


@pytest.mark.parametrize(
    "text", ["", "a name", "ens3\n", "$(reboot)", "../etc", "00:00:00:00:00:00"]
)
def test_what_no_nic_can_be_told_by_is_none(text: str) -> None:
    assert told(text) is None


@given(st.text(max_size=24))
def test_the_one_spelling_is_its_own_and_stands_safely_in_a_rule(text: str) -> None:
    found = told(text)
    assert found is None or (told(found) == found and not set(found) & set("\"'\\$ \n=;"))


@pytest.mark.parametrize(
    ("how", "fits"),
    [
        ("ens3", True),
        ("ens4", False),
        ("52:54:00:00:00:02", True),
        # A member may show the address of its aggregate.
        ("52:54:00:00:00:01", False),
        ("0000:00:05.0", True),
        ("0000:00:05.1", False),
    ],
)
def test_a_nic_is_told_by_its_name_its_own_address_or_its_place(how: str, fits: bool) -> None:
    assert is_told(how, NIC) is fits


@pytest.mark.parametrize(
    ("how", "name"),
    [
        ("ens3", "ens3"),
        ("52:54:00:00:00:02", None),
        ("0000:00:05.0", "enp0s5"),
        ("0001:0a:1f.7", "enP1p10s31f7"),
    ],
)
def test_where_a_config_needs_a_name_a_place_has_the_one_that_udev_makes_of_it(
    how: str, name: str | None
) -> None:
    assert told_name(how) == name


@pytest.mark.parametrize(
    ("id_path", "fits"),
    [
        ("pci-0001:00:02.0", True),
        # Hyper-V's virtual PCI.
        ("acpi-VMBUS:01-pci-0001:00:02.0", True),
        ("pci-0001:00:02.01", False),
        ("platform-pci-0000:00:02.0", False),
    ],
)
def test_what_udev_calls_the_place_is_found_with_what_is_before_it(
    id_path: str, fits: bool
) -> None:
    patterns = told_paths("0001:00:02.0")
    assert any(fnmatchcase(id_path, one) for one in patterns) is fits
    assert told_paths("ens3") == told_paths("52:54:00:00:00:02") == ()


@pytest.mark.parametrize(
    ("patterns", "device", "fits"),
    [
        (told_paths("0000:00:05.0"), NIC.device, True),
        (told_paths("0000:00:05.1"), NIC.device, False),
        (told_paths("0000:00:05.0"), None, None),
        (("pci-0000:00:05.*",), NIC.device, None),
        ((), NIC.device, None),
    ],
)
def test_whether_a_nic_has_such_a_place_is_known_where_its_device_is(
    patterns: tuple[str, ...], device: str | None, fits: bool | None
) -> None:
    assert fits_path(patterns, device) is fits
