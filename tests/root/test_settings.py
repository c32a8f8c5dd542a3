"""hyperv-net's own settings."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.model import AggregatePolicy, Announcer, KvpPolicy, Settings
from hyperv_net.places import Place
from hyperv_net.root.settings import with_values


def test_the_defaults_are_those_that_are_documented() -> None:
    assert Settings() == Settings(True, AggregatePolicy.AUTO, ("hv_netvsc",), 100)


def test_given_values_take_the_place_of_earlier_ones_and_the_rest_stays() -> None:
    first = with_values(Settings(), {"aggregate": "always", "mii_monitor_interval": 50})
    second = with_values(first, {"aggregate": "never", "enabled": False})
    assert second == Settings(False, AggregatePolicy.NEVER, ("hv_netvsc",), 50)


def test_drivers_are_a_list_that_replaces_the_default() -> None:
    settings = with_values(Settings(), {"synthetic_drivers": ["hv_netvsc", "virtio_net"]})
    assert settings.synthetic_drivers == ("hv_netvsc", "virtio_net")


@pytest.mark.parametrize("value", ["off", False])
def test_off_is_off_with_and_without_quotes(value: Any) -> None:
    """Without them it is a boolean in YAML 1.1."""
    assert with_values(Settings(), {"kvp": value}).kvp is KvpPolicy.OFF
    assert with_values(Settings(), {}).kvp is KvpPolicy.INJECT


@pytest.mark.parametrize("interval", [1, 100, 60_000])
def test_an_interval_is_a_number_of_milliseconds(interval: int) -> None:
    values = {"mii_monitor_interval": interval}
    assert with_values(Settings(), values).mii_monitor_interval == interval


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("azure", (Announcer.AZURE,)),
        (["directory", "azure", "directory"], (Announcer.DIRECTORY, Announcer.AZURE)),
        ([], ()),
    ],
)
def test_announcers_are_a_list_with_each_once_or_a_single_word(
    value: Any, found: tuple[Announcer, ...]
) -> None:
    assert with_values(Settings(), {"announcements": value}).announcements == found


@pytest.mark.parametrize("value", ["", "/var/lib/prometheus/node-exporter", "/srv/a_b@c"])
def test_metrics_go_to_a_folder_or_nowhere(value: str) -> None:
    assert with_values(Settings(), {"metrics": value}).metrics == value


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("enabled", "yes", "not true or false: 'yes'"),
        ("enabled", 1, "not true or false: 1"),
        ("aggregate", "sometimes", "not one of auto, always, never: 'sometimes'"),
        ("aggregate", True, "not one of auto, always, never: true"),
        ("aggregate", ["auto"], "not one of auto, always, never: ['auto']"),
        ("synthetic_drivers", "hv_netvsc", "not a list of driver names: 'hv_netvsc'"),
        ("synthetic_drivers", [], "not a list of driver names: []"),
        ("synthetic_drivers", [1], "not a driver name: 1"),
        ("synthetic_drivers", ["a b"], "not a driver name: 'a b'"),
        ("synthetic_drivers", ["hv_netvsc\n"], "not a driver name: 'hv_netvsc\\n'"),
        ("synthetic_drivers", ["!x"], "not a driver name: '!x'"),
        ("synthetic_drivers", ["$(touch x)"], "not a driver name: '$(touch x)'"),
        ("kvp", "sometimes", "not one of answer, inject, off: 'sometimes'"),
        ("kvp", True, "not one of answer, inject, off: true"),
        ("kvp", None, "not one of answer, inject, off: null"),
        ("mii_monitor_interval", 0, "not 1 to 60000 milliseconds: 0"),
        ("mii_monitor_interval", 60_001, "not 1 to 60000 milliseconds: 60001"),
        ("mii_monitor_interval", -1, "not 1 to 60000 milliseconds: -1"),
        ("mii_monitor_interval", "100", "not 1 to 60000 milliseconds: '100'"),
        ("mii_monitor_interval", True, "not 1 to 60000 milliseconds: true"),
        ("mii_monitor_interval", 10**400, "not 1 to 60000 milliseconds: 1000"),
        ("mii_monitor_interval", None, "not 1 to 60000 milliseconds: null"),
        ("announcements", "oracle", "not one of azure, directory, host-pool, google: 'oracle'"),
        ("announcements", None, "not one of azure, directory, host-pool, google: null"),
        ("announcements", False, "not one of azure, directory, host-pool, google: false"),
        ("announcements", {"azure": 1}, "not one of azure, directory, host-pool, google: "),
        ("drain_ahead", -1, "not 0 to 900 seconds: -1"),
        ("drain_ahead", 901, "not 0 to 900 seconds: 901"),
        ("drain_ahead", "2 min", "not 0 to 900 seconds: '2 min'"),
        ("drain_ahead", True, "not 0 to 900 seconds: true"),
        ("acknowledge", "yes", "not true or false: 'yes'"),
        ("metrics", None, "not the path of a folder: null"),
        ("metrics", "metrics", "not the path of a folder: 'metrics'"),
        ("metrics", "/", "not the path of a folder: '/'"),
        ("metrics", "/a/../b", "not the path of a folder: '/a/../b'"),
        ("metrics", "/a b", "not the path of a folder: '/a b'"),
        ("metrics", "/a\n", "not the path of a folder: '/a\\n'"),
        ("metrics", "/%t", "not the path of a folder: '/%t'"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_the_place(name: str, value: Any, what: str) -> None:
    with pytest.raises(HypervNetError) as error:
        with_values(Settings(), {name: value}, Place("99.cfg", ("hyperv_net",)))
    assert error.value.where == Place("99.cfg", ("hyperv_net", name))
    assert error.value.what.startswith(what)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["agregate", 5, None, ("a",), "a\nb"])
def test_an_unknown_setting_is_an_error_that_lists_the_known_ones(name: Any) -> None:
    with pytest.raises(HypervNetError) as error:
        with_values(Settings(), {name: True}, Place("99.cfg", ("hyperv_net",)))
    at = Place("99.cfg", ("hyperv_net", name) if isinstance(name, str) else ("hyperv_net",))
    meant = "did you mean 'aggregate'? " if name == "agregate" else ""
    assert str(error.value) == (
        f"{at}: no such setting: {name!r} ({meant}the settings are enabled, aggregate, "
        "synthetic_drivers, mii_monitor_interval, kvp, pairs, tuning, announcements, drain_ahead, "
        "acknowledge, metrics)"
    )
