"""FreeBSD's rc.conf(5), which rc(8) and network.subr read."""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.renderers import lacking
from hyperv_net.renderers.freebsd import paths
from hyperv_net.renderers.target import Asking, CloudInit, Injecting, Part, Target

_HERE = "hyperv_net.renderers.freebsd"

TARGET = Target(
    name="freebsd",
    system=System.FREEBSD,
    files="rc.conf",
    is_systems_own=True,
    evidence=(),
    in_use=paths.IN_USE,
    reads=paths.READS,
    configured_in=paths.FILE,
    activation=Part(f"{_HERE}.running", "activation"),
    joins=(),
    lint=f"{_HERE}.lint",
    pins=(),
    cloud_init=CloudInit(
        name="freebsd",
        rank=4,
        needs=((paths.FILE, "etc/defaults/rc.conf"),),
        writes=(),
        is_passed_on=False,
        check=lacking.check_first_boot,
        follow_up=Part(f"{_HERE}.first_boot", "follow_up"),
        # BSDRenderer.set_rc_config_value (cloudinit/net/bsd.py).
        also_makes=(paths.FILE,),
    ),
    render=Part(f"{_HERE}.render", "render"),
    adopt=Part(f"{_HERE}.adopt", "adopt"),
    taken_names=Part(f"{_HERE}.taken", "taken_names"),
    undeclared=Part("hyperv_net.rewrite.undeclared", "unknown_names"),
    further_files=Part(f"{_HERE}.rc_conf.later", "sourced"),
    cards=lacking.cards,
    injecting=Injecting(
        programs=(),
        reads=(paths.FILE, paths.RESOLV, *paths.OVERRIDES),
        reaches_off_link=False,
        owner=Part(f"{_HERE}.inject", "owner"),
        interface=Part(f"{_HERE}.inject", "interface"),
        addressing=Part(f"{_HERE}.inject", "addressing"),
        nameservers=Part(f"{_HERE}.inject", "nameservers"),
        put=Part(f"{_HERE}.inject", "put"),
        release=lacking.release,
        activate=Part(f"{_HERE}.activate", "activate"),
    ),
    asking=Asking(
        reads=(paths.FILE, *paths.OVERRIDES, paths.LEASES),
        default_routes=Part(f"{_HERE}.asking", "default_routes"),
    ),
    rebuild=Part(f"{_HERE}.rebuild", "rebuild"),
    traces=None,
    managing=lacking.managing,
    beside_files=(),
    beside=lacking.beside,
    keep_off=lacking.keep_off,
    locate=Part("hyperv_net.renderers.locating", "in_variables"),
    rules=f"{_HERE}.rules",
)
