"""ifupdown, by interfaces(5), with the hooks of Debian's package ifenslave."""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.renderers import lacking
from hyperv_net.renderers.ifupdown import paths
from hyperv_net.renderers.target import Asking, CloudInit, Injecting, Part, Target

_HERE = "hyperv_net.renderers.ifupdown"

TARGET = Target(
    name="ifupdown",
    system=System.LINUX,
    files="ifupdown",
    is_systems_own=False,
    evidence=(*paths.PROGRAMS, paths.INTERFACES),
    in_use=(paths.INTERFACES,),
    reads=paths.READS,
    configured_in="etc/network/",
    activation=Part(f"{_HERE}.activate", "activation"),
    joins=(),
    lint=f"{_HERE}.lint",
    pins=tuple((one, r"\s*hwaddress\s+(?:ether\s+)?({mac})") for one in paths.STANZAS),
    cloud_init=CloudInit(
        name="eni",
        rank=0,
        needs=(paths.PROGRAMS, (paths.INTERFACES,)),
        writes=(paths.FILE, paths.OLD_FILE, paths.NAMES_FILE),
        is_passed_on=False,
        check=lacking.check_first_boot,
        follow_up=lacking.follow_up,
    ),
    render=Part(f"{_HERE}.render", "render"),
    adopt=Part(f"{_HERE}.adopt", "adopt"),
    taken_names=lacking.taken_names,
    undeclared=Part("hyperv_net.rewrite.undeclared", "unknown_names"),
    further_files=Part(f"{_HERE}.adopt.text", "sourced"),
    cards=Part(f"{_HERE}.cards", "cards"),
    injecting=Injecting(
        # Of ifupdown alone: others have an `ifup` too.
        programs=("usr/sbin/ifquery", "sbin/ifquery"),
        reads=paths.STANZAS,
        reaches_off_link=False,
        owner=Part(f"{_HERE}.inject", "owner"),
        interface=Part(f"{_HERE}.inject", "interface"),
        addressing=Part(f"{_HERE}.inject", "addressing"),
        nameservers=Part(f"{_HERE}.inject", "nameservers"),
        put=Part(f"{_HERE}.inject", "put"),
        release=Part(f"{_HERE}.activate", "release"),
        activate=Part(f"{_HERE}.activate", "activate"),
    ),
    asking=Asking(paths.STANZAS, Part(f"{_HERE}.asking", "default_routes")),
    rebuild=Part(f"{_HERE}.rebuild", "rebuild"),
    traces="/run/network",
    managing=Part(f"{_HERE}.managing", "managing"),
    beside_files=(),
    beside=lacking.beside,
    keep_off=Part(f"{_HERE}.keep_off", "keep_off"),
    locate=Part("hyperv_net.renderers.locating", "in_stanzas"),
    packages=paths.PACKAGES,
    rules=f"{_HERE}.rules",
)
