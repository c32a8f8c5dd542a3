"""What we take for impossible in adopted files, as the real programs of Debian see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.debian.tools import SUITES, ifquery
from tests.files import put
from tests.renderers.networkmanager.nmcli import lost, normalised
from tests.renderers.test_impossible_values import INTERFACES, PROFILE, errors
from tests.renderers.test_impossible_values import NM as KEYFILES

pytestmark = [pytest.mark.debian, pytest.mark.parametrize("suite", SUITES)]

ADDRESS = "[ipv4]\nmethod=manual\naddress1=10.0.0.4/24\n"


@pytest.mark.parametrize(
    "lines",
    [
        "[ipv4]\nmethod=manul\n",
        "[ipv4]\nmethod=manual\naddress1=10.0.0.300/24\n",
        f"{ADDRESS}address2=10.0.0.5/44\n",
        f"{ADDRESS}gateway=10.0.0\n",
        f"{ADDRESS}dns=10.0.0.999;\n",
        f"{ADDRESS}route1=10.1.0.0/16,2001:db8::1\n",
        f"{ADDRESS}route-metric=x\n",
        f"{ADDRESS}never-default=perhaps\n",
        "[ethernet]\nmtu=many\n",
    ],
)
def test_network_manager_refuses_the_profile_or_loses_the_value(suite: str, lines: str) -> None:
    assert errors(KEYFILES, lines)
    try:
        after = normalised(suite, PROFILE + lines)
    except AssertionError:
        return
    assert lost(PROFILE + lines, after)


@pytest.mark.parametrize(
    "lines",
    [
        f"{ADDRESS}dns=10.0.0.1;10.0.0.2;\nroute-metric=-1\n",
        "[ethernet]\nmtu=9000\ncloned-mac-address=stable\n",
        "[ipv6]\nmethod=ignore\n",
        "[ipv6]\nmethod=auto\nroute1=2001:db8::/64,fe80::1,7\n",
    ],
)
def test_network_manager_takes_what_we_take(suite: str, lines: str) -> None:
    assert errors(KEYFILES, lines) == []
    normalised(suite, PROFILE + lines)


@pytest.mark.parametrize("head", ["iface eth0 inet statc", "iface eth0 inte static"])
def test_ifupdown_reads_no_file_with_such_a_family_or_method(
    suite: str, head: str, tmp_path: Path
) -> None:
    put(tmp_path, INTERFACES, f"{head}\n    address 10.0.0.4/24\n")
    assert ifquery(suite, tmp_path, "eth0").status != 0
    put(tmp_path, INTERFACES, "iface eth0 inet static\n    address 10.0.0.4/24\n")
    assert ifquery(suite, tmp_path, "eth0").status == 0
