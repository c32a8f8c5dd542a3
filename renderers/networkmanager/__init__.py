"""NetworkManager, by its keyfiles (nm-settings-keyfile(5))."""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.renderers import lacking
from hyperv_net.renderers.networkmanager.paths import (
    BOND_FILE,
    CONF,
    CONNECTIONS,
    MASKED,
    OTHERS,
    PROFILES,
    PROGRAMS,
)
from hyperv_net.renderers.target import Asking, Claiming, CloudInit, Injecting, Part, Target

_HERE = "hyperv_net.renderers.networkmanager"

TARGET = Target(
    name="network-manager",
    system=System.LINUX,
    files="NetworkManager",
    is_systems_own=False,
    evidence=("usr/sbin/NetworkManager", "usr/bin/NetworkManager", *PROFILES),
    in_use=PROFILES,
    reads=PROFILES,
    configured_in=f"{CONNECTIONS[0]}/",
    activation=Part(f"{_HERE}.activate", "activation"),
    joins=("NetworkManager",),
    lint=f"{_HERE}.lint",
    pins=(("etc/NetworkManager/system-connections/*", r"\s*mac-address=({mac})"),),
    cloud_init=CloudInit(
        name="network-manager",
        rank=3,
        needs=(("usr/bin/nmcli", "bin/nmcli"),),
        writes=(),
        is_passed_on=False,
        check=lacking.check_first_boot,
        follow_up=lacking.follow_up,
        # conn_filename() of cloudinit/net/network_manager.py.
        also_makes=(f"{CONNECTIONS[0]}/cloud-init-{{}}.nmconnection",),
    ),
    render=Part(f"{_HERE}.render", "render"),
    adopt=Part(f"{_HERE}.adopt", "adopt"),
    taken_names=lacking.taken_names,
    undeclared=Part("hyperv_net.rewrite.undeclared", "unknown_names"),
    further_files=lacking.further_files,
    cards=Part(f"{_HERE}.cards", "cards"),
    injecting=Injecting(
        programs=PROGRAMS,
        reads=PROFILES,
        reaches_off_link=True,
        owner=Part(f"{_HERE}.inject", "owner"),
        interface=Part(f"{_HERE}.inject", "interface"),
        addressing=Part(f"{_HERE}.inject", "addressing"),
        nameservers=Part(f"{_HERE}.inject", "nameservers"),
        put=Part(f"{_HERE}.inject", "put"),
        release=lacking.release,
        activate=Part(f"{_HERE}.activate", "activate"),
    ),
    asking=Asking(PROFILES, Part(f"{_HERE}.asking", "default_routes")),
    rebuild=Part(f"{_HERE}.rebuild", "rebuild"),
    traces="/run/NetworkManager/devices",
    managing=Part(f"{_HERE}.managing", "managing"),
    beside_files=(BOND_FILE,),
    beside=Part(f"{_HERE}.beside", "beside"),
    keep_off=lacking.keep_off,
    locate=Part("hyperv_net.renderers.locating", "in_sections"),
    claiming=Claiming(CONF, (*PROGRAMS, MASKED, *OTHERS), Part(f"{_HERE}.claims", "claims")),
    rules=f"{_HERE}.rules",
)
