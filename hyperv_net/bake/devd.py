"""devd(8)'s rules of hyperv-net, with the names that VFs have put in.

`python3 -m hyperv_net.bake.devd` prints them; what builds a package puts them in place.
"""

from __future__ import annotations

from hyperv_net.bake.package import own_package
from hyperv_net.drivers import FREEBSD_VF_DRIVERS
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEMPLATE = "data/freebsd/hyperv-net.conf.in"
_VFS = "@VFS@"


def devd_rules(package: Mapping[str, str]) -> str:
    """The rules; `package` is hyperv_net's own, by path in its folder."""
    return package[_TEMPLATE].replace(_VFS, f"({'|'.join(FREEBSD_VF_DRIVERS)})[0-9]+")


if __name__ == "__main__":
    print(devd_rules(own_package()), end="")
