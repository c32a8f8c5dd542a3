"""The hook of devd and cards of any driver: hn(4) pairs whatever Ethernet card has its address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hyperv_net.companions.wanted_file import to_json
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Mode, System
from tests.freebsd_machine import kernel
from tests.freebsd_machine.machine import MAC, Machine
from tests.freebsd_machine.state import Interface
from tests.hotplug.freebsd_guest import HOOK, WANTED, Guest, guest, install
from tests.hotplug.test_freebsd_hook import (
    LOOK,
    PROGRAM,
    SHELLS,
    STOCK,
    recorder,
    runs,
    with_others,
)
from tests.paths import CHECKOUT

pytestmark = pytest.mark.any_python

VIRTIO_MAC = "58:9c:fc:02:00:0e"
DATA = CHECKOUT / "hyperv_net/data/freebsd"
OF_NETIF = {
    "/usr/local/etc/rc.conf.d/netif/hyperv-net": (DATA / "netif").read_text(),
    "/usr/local/libexec/hyperv-net/netif-vfs": (DATA / "netif-vfs").read_text(),
}


def _prepare(machine: Machine) -> None:
    """To the others come a VF of a driver on no list, things over the lagg, and a virtio pair."""
    with_others(machine)
    with machine.changing() as state:
        kernel.attach(state, Interface("ixv3", 0, mac=MAC))
        for name in ("vlan5", "storage", "bridge0"):
            made = kernel.create(state, "vlan" if name == "storage" else name)
            made.name, made.mac, made.parent = name, MAC, "lagg0"
        # Of ng_iface(4): no cloner makes it, and it has no hardware address.
        state.interfaces.append(Interface("ng0", 90, kind="clone", born="ng0"))
        for name in ("vtnet0", "iavf0"):
            kernel.attach(state, Interface(name, 0, mac=VIRTIO_MAC))
    pair = WantedPair(MAC, Mode.AGGREGATE, "hn0", ("hn",), "lagg0")
    other = WantedPair(VIRTIO_MAC, Mode.AGGREGATE, "vtnet0", ("vtnet",), "lagg1")
    machine.write(WANTED, to_json(Wanted(System.FREEBSD, "freebsd", (pair, other))))


@pytest.fixture(params=SHELLS)
def one(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Guest]:
    """The machine in one of the shells; `hyperv-net` only says that it was run."""
    with guest(tmp_path, shell=request.param, prepare=_prepare) as made:
        install(made.machine, PROGRAM, recorder(made.machine, "hyperv-net"))
        yield made


def _stock(one: Guest, event: str) -> list[str]:
    return [call for call in runs(one, event) if "service netif" not in call]


def test_a_vf_of_a_driver_on_no_list_is_ours_by_its_address(one: Guest) -> None:
    """It is not configured as it appears, joins, and gets no client outside its lagg."""
    assert runs(one, "appeared ixv3") == []
    for event in ("attached ixv3", "link-up ixv3", "gone ixv3"):
        assert runs(one, event) == [LOOK], event


def test_what_is_made_over_a_lagg_has_its_address_and_is_no_card(one: Guest) -> None:
    """VLANs, under any name, and bridges: they are configured and get their clients as ever."""
    for name in ("vlan5", "storage", "bridge0"):
        assert _stock(one, f"appeared {name}") == [f"pccard_ether {name} start"]
        assert runs(one, f"link-up {name}") == [f"service dhclient quietstart {name}"]
        assert runs(one, f"gone {name}") == []


def test_a_synthetic_nic_that_appears_gets_what_rc_conf_has_for_it(one: Guest) -> None:
    """It has the pair's address too, and is told by its driver's name."""
    for name in ("hn0", "vtnet0"):
        assert _stock(one, f"appeared {name}") == [f"pccard_ether {name} start"]


def test_what_never_has_an_address_is_configured_at_once(one: Guest) -> None:
    """devd is not left before that is done, as without hyperv-net."""
    before = len(one.calls)
    assert one.inside(f"{HOOK} appeared ng0").status == 0
    assert "pccard_ether ng0 start" in one.calls[before:]


def test_both_nics_of_a_pair_of_virtio_are_ours_outside_their_lagg(one: Guest) -> None:
    """No sysctl tells of such a pair, as hw.hn.vfmap does of hn(4)'s."""
    assert runs(one, "appeared iavf0") == []
    for event in ("attached iavf0", "link-up iavf0", "gone iavf0"):
        assert runs(one, event) == [LOOK], event
    assert runs(one, "link-up vtnet0") == [LOOK, "service dhclient quietstart vtnet0"]


def test_a_synthetic_nic_under_another_name_is_no_vf(one: Guest) -> None:
    """Its driver gave it another one; the wanted state has the name that it is configured under."""
    with one.machine.changing() as state:
        lagg, hn = state.get("lagg0"), state.get("hn0")
        kernel.leave(state, lagg, hn)
        hn.name = "eth0"
    pair = WantedPair(MAC, Mode.AGGREGATE, "eth0", ("hn",), "lagg0")
    one.machine.write(WANTED, to_json(Wanted(System.FREEBSD, "freebsd", (pair,))))
    assert one.inside(f"{HOOK} vfs").out.split() == ["mce0", "ixv3"]
    assert _stock(one, "appeared eth0") == ["pccard_ether eth0 start"]
    assert runs(one, "link-up eth0") == [LOOK, "service dhclient quietstart eth0"]


def _transparent(machine: Machine) -> None:
    _prepare(machine)
    with machine.changing() as state:
        lagg = kernel.create(state, "lagg1")
        kernel.join(state, lagg, state.get("vtnet0"))


@pytest.mark.parametrize("shell", SHELLS)
def test_a_pair_of_virtio_is_ours_whatever_the_mode_of_hn_and_one_of_hn_is_the_kernels(
    shell: str, tmp_path: Path
) -> None:
    """hw.hn.vf_transparent is 1 in a stock kernel on any hypervisor."""
    with guest(tmp_path, shell=shell, transparent=1, prepare=_transparent) as one:
        install(one.machine, PROGRAM, recorder(one.machine, "hyperv-net"))
        for event in ("attached iavf0", "attached lagg1", "link-up vtnet0"):
            assert runs(one, event) == [LOOK], event
        assert runs(one, "appeared iavf0") == []
        for event in ("attached mce0", "vf-up hn0"):
            assert runs(one, event) == [STOCK[event]], event
        assert one.inside(f"{HOOK} vfs").out == "iavf0\n"


def _lines(one: Guest) -> str:
    """What netif(8) then has for the VFs, where rc.conf has a line for one of them."""
    for path, text in OF_NETIF.items():
        install(one.machine, path, text)
    done = one.inside(
        "ifconfig_DEFAULT=DHCP ifconfig_mce0=UP; . /usr/local/etc/rc.conf.d/netif/hyperv-net;"
        'for name in mce0 ixv3 iavf0 hn0 vtnet0 vlan5; do eval "echo \\${ifconfig_$name-unset}";'
        "done; echo ${hyperv_net_vf-unset}"
    )
    assert (done.status, done.err) == (0, "")
    return " ".join(done.out.split())


def test_netif_leaves_alone_every_vf_that_is_here_and_rc_conf_does_not_name(one: Guest) -> None:
    """Of whatever driver, so that ifconfig_DEFAULT sets none up before devd runs."""
    assert _lines(one) == "UP NOAUTO NOAUTO unset unset unset unset"


@pytest.mark.parametrize("gone", [f"rm {HOOK}", f"rm /{WANTED}", f"rm {PROGRAM}"])
def test_netif_does_as_ever_where_there_is_nothing_of_ours(gone: str, tmp_path: Path) -> None:
    """On a machine never configured, and where hyperv-net is gone but for this file."""
    with guest(tmp_path, prepare=_prepare) as one:
        install(one.machine, PROGRAM, recorder(one.machine, "hyperv-net"))
        assert one.inside(gone).status == 0
        assert _lines(one) == "UP unset unset unset unset unset unset"


_NETWORK = f"""
version: 2
ethernets:
  hn0: {{match: {{macaddress: "{MAC}"}}, dhcp4: true}}
"""


def test_a_vf_that_ifconfig_default_would_set_up_is_never_up_outside_its_lagg(
    tmp_path: Path,
) -> None:
    """It has come while the machine ran; its driver was not known when rc.conf was written."""
    with guest(tmp_path, _NETWORK, rc_conf='ifconfig_DEFAULT="SYNCDHCP"\n') as one:
        one.boot()
        one.detach("mce0")
        one.attach("ixv0")
        assert one.ports() == {"hn0": True, "ixv0": True}
        assert one.violations == []
        assert one.called("dhclient ixv0") == [] and one.addresses("ixv0") == []
