"""A target that nobody has: a table of interfaces in one file, and nothing else of its own.

It is here to show that a target is one folder: all else of hyperv-net has to get on with
it, or say in one line what it does not do.
"""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.renderers import lacking
from hyperv_net.renderers.target import CloudInit, Part, Target

_HERE = "tests.renderers.made_up"

FILE = "etc/made-up.table"
BESIDE = "etc/made-up.vfs"

TARGET = Target(
    name="made-up",
    system=System.LINUX,
    files="made-up.table",
    is_systems_own=False,
    evidence=("usr/sbin/made-up",),
    in_use=(FILE,),
    reads=(FILE,),
    configured_in=FILE,
    activation=Part("tests.renderers.made_up.render", "activation"),
    joins=(),
    lint=None,
    pins=(),
    cloud_init=CloudInit(
        name="made-up",
        rank=99,
        needs=(("usr/sbin/made-up",),),
        writes=(),
        is_passed_on=False,
        check=lacking.check_first_boot,
        follow_up=lacking.follow_up,
    ),
    render=Part(f"{_HERE}.render", "render"),
    adopt=lacking.adopt,
    taken_names=lacking.taken_names,
    undeclared=Part("hyperv_net.rewrite.undeclared", "unknown_names"),
    further_files=lacking.further_files,
    cards=lacking.cards,
    injecting=lacking.INJECTING,
    asking=lacking.ASKING,
    rebuild=lacking.rebuild,
    traces=None,
    managing=lacking.managing,
    beside_files=(BESIDE,),
    beside=Part(f"{_HERE}.beside", "beside"),
    keep_off=lacking.keep_off,
    locate=Part("hyperv_net.renderers.locating", "in_variables"),
)
