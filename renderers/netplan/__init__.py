"""netplan, as it configures systemd-networkd or NetworkManager (netplan(5))."""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.renderers import lacking
from hyperv_net.renderers.netplan import paths
from hyperv_net.renderers.networkd.paths import BESIDE
from hyperv_net.renderers.target import Asking, Claiming, CloudInit, Injecting, Part, Target

_HERE = "hyperv_net.renderers.netplan"
_NETWORKD = "hyperv_net.renderers.networkd"

TARGET = Target(
    name="netplan",
    system=System.LINUX,
    files="netplan",
    is_systems_own=False,
    evidence=("usr/sbin/netplan", "etc/netplan"),
    in_use=paths.READS,
    reads=paths.READS,
    configured_in="etc/netplan/",
    activation=Part(f"{_HERE}.activate", "activation"),
    joins=("networkd",),
    lint=None,
    pins=(
        # In a flow style it is not the first of its line.
        (paths.READS[0], r"(?:[^#]*[\s{,])?[\"']?macaddress[\"']?:\s*[\"']?({mac})"),
    ),
    cloud_init=CloudInit(
        name="netplan",
        rank=2,
        needs=(paths.PROGRAMS,),
        writes=(paths.FILE,),
        is_passed_on=False,
        check=lacking.check_first_boot,
        follow_up=Part(f"{_HERE}.first_boot", "follow_up"),
    ),
    render=Part(f"{_HERE}.render", "render"),
    adopt=Part(f"{_HERE}.adopt", "adopt"),
    taken_names=lacking.taken_names,
    undeclared=Part(f"{_HERE}.undeclared", "undeclared"),
    further_files=lacking.further_files,
    cards=Part(f"{_HERE}.cards", "cards"),
    injecting=Injecting(
        programs=paths.PROGRAMS,
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
    asking=Asking(paths.READS, Part(f"{_HERE}.asking", "default_routes")),
    rebuild=Part(f"{_NETWORKD}.rebuild", "rebuild"),
    traces=None,
    # The device's own manager leaves the traces.
    managing=lacking.managing,
    beside_files=BESIDE,
    beside=Part(f"{_NETWORKD}.beside", "beside"),
    keep_off=lacking.keep_off,
    locate=Part("hyperv_net.renderers.locating", "in_yaml"),
    packages=paths.PACKAGES,
    claiming=Claiming(paths.READS, (), Part(f"{_HERE}.claims", "claims")),
    trial=("netplan", "generate", "--root-dir", "{root}"),
    # Its generator has run ahead of every unit (systemd.generator(7)).
    before_network=("netplan", "generate"),
    rules=f"{_HERE}.rules",
)
