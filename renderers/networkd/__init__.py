"""systemd-networkd by itself, by files of its own (systemd.network(5))."""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.renderers import lacking
from hyperv_net.renderers.networkd import paths
from hyperv_net.renderers.target import Asking, Claiming, CloudInit, Injecting, Part, Target

_HERE = "hyperv_net.renderers.networkd"

TARGET = Target(
    name="networkd",
    system=System.LINUX,
    files="networkd",
    is_systems_own=False,
    evidence=("usr/lib/systemd/systemd-networkd", "lib/systemd/systemd-networkd"),
    in_use=paths.IN_USE,
    reads=paths.READS,
    configured_in="etc/systemd/network/",
    activation=Part(f"{_HERE}.activate", "activation"),
    joins=("networkd",),
    lint=f"{_HERE}.lint",
    pins=(
        ("etc/systemd/network/*.link", r"\s*(?:Permanent)?MACAddress=.*?({mac})"),
        ("etc/systemd/network/*.network", r"\s*(?:Permanent)?MACAddress=.*?({mac})"),
    ),
    cloud_init=CloudInit(
        name="networkd",
        rank=7,
        needs=(("bin/systemctl", "usr/bin/systemctl"),),
        writes=(),
        is_passed_on=False,
        check=lacking.check_first_boot,
        follow_up=lacking.follow_up,
        # It writes no .link files (cloudinit/net/networkd.py).
        names_nics=False,
    ),
    render=Part(f"{_HERE}.render", "render"),
    adopt=Part(f"{_HERE}.adopt", "adopt"),
    taken_names=Part(f"{_HERE}.adopt", "taken_names"),
    undeclared=Part("hyperv_net.rewrite.undeclared", "unknown_names"),
    further_files=lacking.further_files,
    cards=Part(f"{_HERE}.cards", "cards"),
    injecting=Injecting(
        # The program is on many a machine on which another configures the network.
        programs=paths.ENABLED,
        reads=paths.READS,
        reaches_off_link=True,
        owner=Part(f"{_HERE}.inject", "owner"),
        interface=Part(f"{_HERE}.inject", "interface"),
        addressing=Part(f"{_HERE}.inject", "addressing"),
        nameservers=Part(f"{_HERE}.inject", "nameservers"),
        put=Part(f"{_HERE}.inject", "put"),
        release=lacking.release,
        activate=Part(f"{_HERE}.activate", "activate"),
    ),
    asking=Asking(paths.NETWORKS, Part(f"{_HERE}.asking", "default_routes")),
    rebuild=Part(f"{_HERE}.rebuild", "rebuild"),
    traces="/run/systemd/netif/links",
    managing=Part(f"{_HERE}.managing", "managing"),
    beside_files=paths.BESIDE,
    beside=Part(f"{_HERE}.beside", "beside"),
    keep_off=Part(f"{_HERE}.keep_off", "keep_off"),
    locate=Part("hyperv_net.renderers.locating", "in_sections"),
    claiming=Claiming(paths.FILES, (), Part(f"{_HERE}.claims", "claims")),
    rules=f"{_HERE}.rules",
)
