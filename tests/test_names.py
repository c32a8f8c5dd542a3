"""What an interface may be called, in each place that one is named in."""

from __future__ import annotations

import pytest

from hyperv_net.names import is_device_id, is_interface_name, is_name_pattern, is_plain_name


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("eth0", (is_interface_name, is_plain_name, is_device_id, is_name_pattern)),
        ("eth0.5-a_b", (is_interface_name, is_plain_name, is_device_id, is_name_pattern)),
        ("fifteen-letters", (is_interface_name, is_plain_name, is_device_id, is_name_pattern)),
        ("eth0:1", (is_interface_name, is_device_id, is_name_pattern)),
        ("sixteen-letters-", (is_device_id, is_name_pattern)),
        ("en*", (is_name_pattern,)),
        ("!mlx[45]_core", (is_name_pattern,)),
        ("-eth0", (is_name_pattern,)),
        ("", ()),
        ("eth0\n", ()),
        ("eth/0", ()),
        ("eth 0", ()),
        ("ethé", ()),
        ("$(x)", ()),
    ],
)
def test_each_place_has_its_own_form(name: str, forms: tuple[object, ...]) -> None:
    every = (is_interface_name, is_plain_name, is_device_id, is_name_pattern)
    assert tuple(form for form in every if form(name)) == forms
