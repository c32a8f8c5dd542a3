"""On which line of the rendered text each setting stands."""

from __future__ import annotations

import ipaddress
import json
import re
from typing import Any

import pytest

from hyperv_net.cli import main
from hyperv_net.renderers.locating import in_stanzas
from tests.commands.calling import Capture
from tests.paths import EXAMPLES

LINUX = ["linux-bridge-vrf", "linux-vf-absent", "linux-two-pairs-and-one"]
CASES = [
    *((one, target) for one in LINUX for target in ("netplan", "ifupdown", "networkd")),
    *((one, "network-manager") for one in LINUX),
    ("freebsd-dual-stack", "freebsd"),
    ("freebsd-vlans", "freebsd"),
]
#: What the renderers say in words, of something that no line says.
WORDS = re.compile(r"which has no|own name|: allow-|of bond0")


def _planned(capsys: Capture, example: str, target: str) -> Any:
    folder = EXAMPLES / example
    words = ["--inventory", str(folder / "inventory.json"), "--target", target]
    words += ["--network-config", str(folder / "network-config.yaml")]
    if target != "freebsd":
        words += ["--synthetic-driver", "virtio_net", "--aggregate", "always"]
    main(["plan", *words, "--format", "json"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(("example", "target"), CASES)
def test_each_address_and_gateway_is_on_the_line_that_is_told(
    capsys: Capture, example: str, target: str
) -> None:
    document = _planned(capsys, example, target)
    texts = {one["path"]: one["text"].split("\n") for one in document["files"]}
    seen = 0
    for setting in document["ledger"]:
        try:
            address = ipaddress.ip_interface(str(setting["result"])).ip
        except ValueError:
            continue
        for place in setting["lines"]:
            if place["line"] is not None:
                seen += 1
                assert str(address) in texts[place["file"]][place["line"] - 1]
    assert seen


@pytest.mark.parametrize(("example", "target"), CASES)
def test_each_setting_in_a_file_has_a_line_but_for_what_is_said_in_words(
    capsys: Capture, example: str, target: str
) -> None:
    document = _planned(capsys, example, target)
    without = [
        place["text"]
        for setting in document["ledger"]
        for place in setting["lines"]
        if place["file"] is not None and place["line"] is None
    ]
    assert [one for one in without if not WORDS.search(one)] == []


def test_of_several_routes_the_one_with_the_same_values_is_told(capsys: Capture) -> None:
    document = _planned(capsys, "linux-bridge-vrf", "networkd")
    lines: dict[str, set[int]] = {}
    for setting in document["ledger"]:
        route = re.search(r"ethernets\.eth1\.(routes\[\d\])", setting["source"])
        for place in setting["lines"] if route else ():
            lines.setdefault(route[1], set()).add(place["line"])  # type: ignore[index]
    ranges = [(min(found), max(found)) for found in lines.values()]
    assert len(ranges) == 4
    assert all(first[1] < second[0] for first, second in zip(ranges, ranges[1:]))


STANZAS = """\
auto bond0
iface bond0 inet static

  # by hand
  address 10.0.0.4/24
post-up ip route add 10.1.0.0/16 dev bond0
  post-up ip route add 10.2.0.0/16 dev bond0
iface eth0 inet manual
  mtu 9000
"""


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("auto bond0", "auto", 1),
        ("iface bond0 inet static", "static", 2),
        ("iface bond0 inet static: address", "10.0.0.4/24", 5),
        ("iface bond0: post-up", "ip route add 10.2.0.0/16 dev bond0", 7),
        ("iface bond0: post-up ip route", "10.1.0.0/16", 6),
        ("iface eth0 inet manual: mtu", "9000", 9),
        ("iface bond0 inet static: mtu", "9000", None),
    ],
)
def test_a_stanza_reaches_to_the_next_one_whatever_is_between_its_options(
    key: str, value: str, line: int | None
) -> None:
    assert in_stanzas(STANZAS, key, [value]) == line
