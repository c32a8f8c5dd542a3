"""systemd-networkd by itself: cloud-init's own renderer writes its files."""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.renderers import lacking
from hyperv_net.renderers.networkd.paths import BESIDE, FILES
from hyperv_net.renderers.target import Claiming, CloudInit, Part, Target

_HERE = "hyperv_net.renderers.networkd"

TARGET = Target(
    name="networkd",
    system=System.LINUX,
    files="networkd",
    is_systems_own=False,
    evidence=("usr/lib/systemd/systemd-networkd", "lib/systemd/systemd-networkd"),
    in_use=(),
    reads=(),
    configured_in=None,
    activation=lacking.activation,
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
        is_passed_on=True,
        check=Part(f"{_HERE}.first_boot", "check"),
        follow_up=lacking.follow_up,
    ),
    render=Part(f"{_HERE}.render", "render"),
    adopt=lacking.adopt,
    taken_names=lacking.taken_names,
    further_files=lacking.further_files,
    injecting=lacking.INJECTING,
    asking=lacking.ASKING,
    rebuild=Part(f"{_HERE}.rebuild", "rebuild"),
    traces="/run/systemd/netif/links",
    managing=Part(f"{_HERE}.managing", "managing"),
    beside_files=BESIDE,
    beside=Part(f"{_HERE}.beside", "beside"),
    keep_off=Part(f"{_HERE}.keep_off", "keep_off"),
    claiming=Claiming(FILES, (), Part(f"{_HERE}.claims", "claims")),
)
