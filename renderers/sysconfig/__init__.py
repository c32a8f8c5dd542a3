"""ifcfg files below /etc/sysconfig: cloud-init's own renderer writes them."""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.renderers import lacking
from hyperv_net.renderers.networkmanager.paths import BOND_FILE
from hyperv_net.renderers.sysconfig.paths import IFCFG, OF_NICS, OF_NICS_ON_SUSE, WICKED
from hyperv_net.renderers.target import Claiming, CloudInit, Part, Target

_HERE = "hyperv_net.renderers.sysconfig"

TARGET = Target(
    name="sysconfig",
    system=System.LINUX,
    files="sysconfig",
    is_systems_own=False,
    evidence=(*OF_NICS, *OF_NICS_ON_SUSE, WICKED),
    in_use=(),
    reads=(),
    configured_in=None,
    activation=lacking.activation,
    # Where ifcfg files are still read today, NetworkManager reads them.
    joins=("NetworkManager",),
    lint=None,
    pins=((IFCFG, r"\s*HWADDR=[\"']?({mac})"),),
    cloud_init=CloudInit(
        name="sysconfig",
        rank=1,
        needs=(
            ("sbin/ifup", "usr/sbin/ifup"),
            ("etc/sysconfig/network-scripts/network-functions", "etc/sysconfig/config"),
        ),
        writes=(),
        is_passed_on=True,
        check=lacking.check_first_boot,
        follow_up=lacking.follow_up,
    ),
    render=Part("hyperv_net.renderers.sysconfig.render", "render"),
    adopt=lacking.adopt,
    taken_names=lacking.taken_names,
    undeclared=Part("hyperv_net.rewrite.undeclared", "unknown_names"),
    further_files=lacking.further_files,
    cards=lacking.cards,
    injecting=lacking.INJECTING,
    asking=lacking.ASKING,
    rebuild=Part(f"{_HERE}.rebuild", "rebuild"),
    traces=None,
    managing=lacking.managing,
    beside_files=(BOND_FILE,),
    beside=Part("hyperv_net.renderers.networkmanager.beside", "beside"),
    keep_off=lacking.keep_off,
    locate=Part("hyperv_net.renderers.locating", "in_yaml"),
    claiming=Claiming((IFCFG,), (), Part(f"{_HERE}.claims", "claims")),
)
