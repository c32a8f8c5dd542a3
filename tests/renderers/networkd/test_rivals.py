"""Files of others beside ours: which come first, and what is said of them."""

from __future__ import annotations

import pytest

from hyperv_net.model import Rendered, Severity
from tests.at_line import at_line
from tests.renderers.linux_pairs import MAC, pair
from tests.renderers.networkd.written import files, render, said

E = "etc/systemd/network/"
FIRST = "0-hyperv-net-"


def found(rendered: Rendered) -> list[tuple[str, str]]:
    return [(one.rule, at_line(one.where)) for one in rendered.findings]


@pytest.mark.parametrize(
    "match",
    ["Name=e*", f"MACAddress={MAC}", "Driver=!veth", "Type=ether", "Name=bond0", "Name=enP0s2"],
)
def test_what_comes_before_and_may_fit_the_pair_is_answered_by_an_earlier_name(match: str) -> None:
    path = f"{E}00-all.network"
    rendered = render(pair(), {path: f"[Match]\n{match}\n[Network]\nDHCP=yes\n"})
    assert found(rendered) == [("networkd-rival", path)]
    assert {name for name in files(rendered) if not name.startswith(FIRST)} == set()
    joined_first = said(rendered, f"{FIRST}0-joined.network")
    assert joined_first["Match"] == {"Property": ["HYPERV_NET_JOINED=1"]}
    assert f"{FIRST}0-joined.network" < f"{FIRST}eth0-vf.network" < "00-all.network"


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("90-all.network", "Name=e*"),
        ("10-cloud.network", f"MACAddress={MAC}"),
        ("00-other.network", "Name=wl*"),
        ("00-other.network", "Name=e*\nDriver=veth"),
        ("00-other.network", "Name=br0"),
    ],
)
def test_what_comes_behind_or_fits_no_nic_of_the_pair_changes_nothing(
    name: str, match: str
) -> None:
    rendered = render(pair(), {f"{E}{name}": f"[Match]\n{match}\n[Network]\nDHCP=yes\n"})
    assert rendered == render(pair())


def test_what_comes_before_even_those_is_an_error() -> None:
    path = f"{E}!.network"
    rendered = render(pair(), {path: "[Match]\nName=e*\n[Network]\nDHCP=yes\n"})
    (error,) = [one for one in rendered.findings if one.severity is Severity.ERROR]
    assert (error.rule, str(error.where)) == ("networkd-first", path)


def test_a_device_that_an_earlier_file_makes_is_an_error_and_one_behind_is_not() -> None:
    netdev = "[NetDev]\nName=bond0\nKind=dummy\n"
    assert found(render(pair(), {f"{E}05-x.netdev": netdev})) == [
        ("networkd-name-taken", f"{E}05-x.netdev:2")
    ]
    assert found(render(pair(), {f"{E}25-x.netdev": netdev})) == []


def test_what_cloud_init_left_is_named_and_what_netplan_makes_is_not() -> None:
    text = f"[Match]\nMACAddress={MAC}\nName=eth0\n[Network]\nDHCP=ipv4\n"
    left = {f"{E}10-cloud-init-eth0.network": text}
    assert found(render(pair(), left)) == [("networkd-superseded", *left)]
    assert found(render(pair(), {"run/systemd/network/10-netplan-eth0.network": text})) == []


def test_a_vf_that_a_person_has_told_is_matched_as_it_was_told() -> None:
    """By its name where its address is another one: then nothing else tells it."""
    tree = pair()
    tree["ethernets"]["eth0-vf"]["match"] = {"name": "enp3s0"}
    rendered = render(tree)
    assert said(rendered, "06-hyperv-net-eth0-vf.network")["Match"] == {"Name": ["enp3s0"]}
