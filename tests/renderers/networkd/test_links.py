"""A name that a `.link` file gives by an address is given to one NIC of a card."""

from __future__ import annotations

import pytest

from hyperv_net.model import Rendered, Severity
from hyperv_net.renderers.networkd.render import render
from tests.renderers.linux_pairs import MAC, pair, rewritten

E = "etc/systemd/network"
BY_MAC = f"[Match]\nMACAddress={MAC}\n[Link]\nName=lan0\n"
OF_VF = f"{E}/06-hyperv-net-eth0-vf.link"
with_and_without = pytest.mark.parametrize("vf_present", [True, False])


def made(path: str, text: str, vf_present: bool = True) -> Rendered:
    return render(rewritten(pair(), vf_present=vf_present), {path: text})


def links(rendered: Rendered) -> dict[str, str]:
    return {one.path: one.text for one in rendered.files if one.path.endswith("vf.link")}


@with_and_without
@pytest.mark.parametrize("key", ["MACAddress", "PermanentMACAddress"])
@pytest.mark.parametrize("folder", [E, "usr/lib/systemd/network"])
def test_the_vf_has_a_file_of_its_own_before_one_that_goes_by_the_address(
    folder: str, key: str, vf_present: bool
) -> None:
    rendered = made(f"{folder}/10-lan.link", BY_MAC.replace("MACAddress", key), vf_present)
    assert links(rendered)[OF_VF].endswith(
        f"[Match]\nDriver=!hv_netvsc\nPermanentMACAddress={MAC}\n\n[Link]\n"
        "NamePolicy=keep kernel database onboard slot path\n"
        "AlternativeNamesPolicy=database onboard slot path\n"
    )
    told = [(one.rule, str(one.where).partition(":")[0]) for one in rendered.findings]
    assert ("networkd-rival", f"{folder}/10-lan.link") in told


def test_it_comes_before_what_comes_early_and_what_comes_first_of_all_is_an_error() -> None:
    assert set(links(made(f"{E}/00-lan.link", BY_MAC))) == {f"{E}/0-hyperv-net-eth0-vf.link"}
    rendered = made(f"{E}/0-a.link", BY_MAC)
    assert links(rendered) == {}
    assert [one.rule for one in rendered.findings if one.severity is Severity.ERROR] == [
        "networkd-first"
    ]


@with_and_without
@pytest.mark.parametrize(
    "text",
    [
        BY_MAC.replace("[Link]", "Driver=hv_netvsc\n[Link]"),
        BY_MAC.replace(MAC, "02:00:00:00:00:09"),
        BY_MAC.replace("Name=lan0", "MTUBytes=1400"),
        BY_MAC.replace(f"MACAddress={MAC}", "OriginalName=eth0"),
    ],
)
def test_what_names_the_synthetic_nic_alone_or_nothing_is_left(text: str, vf_present: bool) -> None:
    assert links(made(f"{E}/10-lan.link", text, vf_present)) == {}


def test_a_second_run_makes_the_same() -> None:
    first = made(f"{E}/10-lan.link", BY_MAC)
    texts = {one.path: one.text for one in first.files}
    again = render(rewritten(pair()), {f"{E}/10-lan.link": BY_MAC, **texts})
    assert {one.path: one.text for one in again.files} == texts
