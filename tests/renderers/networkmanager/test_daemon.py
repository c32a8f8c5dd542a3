"""The real NetworkManager, in namespaces of its own: it loads each profile, and for the right NIC.

Its NICs are veth pairs.  No kernel of the machines that run this need have bonds, so that what a
profile is for is asked, and nothing is brought up: that is done in the virtual machines of
tests/lab/.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from hyperv_net.model import RenderedFile
from hyperv_net.renderers.networkmanager.identity import profile_id
from hyperv_net.renderers.networkmanager.profiles import visible
from hyperv_net.renderers.networkmanager.render import render
from tests.debian.tools import SUITES, write
from tests.firstboot.root import layers
from tests.firstboot.sandbox import Step, run
from tests.renderers.adoption import Adoption
from tests.renderers.linux_pairs import MAC, pair, rewritten
from tests.renderers.networkmanager.adopt.adopting import ADOPTION
from tests.renderers.networkmanager.nmcli import tree
from tests.renderers.networkmanager.test_nmcli import everything

pytestmark = pytest.mark.debian

on_each_suite = pytest.mark.parametrize("suite", SUITES)
#: A bus on which everybody may do everything: there is nobody else.
BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
<type>system</type>
<listen>unix:path=/run/dbus/system_bus_socket</listen>
<auth>EXTERNAL</auth>
<policy context="default">
<allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/>
<allow send_requested_reply="true" send_type="method_return"/>
<allow send_requested_reply="true" send_type="error"/>
<allow receive_type="method_call"/><allow receive_type="method_return"/>
<allow receive_type="error"/><allow receive_type="signal"/>
</policy>
</busconfig>
"""
CONF = "[main]\nplugins=keyfile\nno-auto-default=*\nauth-polkit=root-only\n"
#: Where /sys cannot be written, it waits for no udev (nm_linux_platform_setup()).
START = f"""\
#!/bin/sh
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket
mkdir -p /run/dbus /var/lib/NetworkManager /sys
mount -t sysfs -o ro sysfs /sys
ip link add eth0 address {MAC} type veth peer name peer0
ip link add ens9 address 00:0d:3a:11:22:99 type veth peer name peer9
dbus-daemon --config-file=/etc/bus.conf --fork --nopidfile
NetworkManager
nm-online -q -s -t 60
"""
SHOWN = "nmcli -g FILENAME connection show\n"
FOR_NIC = "nmcli -g CONNECTIONS.AVAILABLE-CONNECTIONS device show {0}\n"


def asked(suite: str, folder: Path, files: Iterable[RenderedFile], question: str) -> list[str]:
    """What nmcli answers on a machine with these files and with two NICs."""
    own = folder / "own"
    write(own, files)
    write(own, [RenderedFile("etc/bus.conf", BUS)])
    write(own, [RenderedFile("etc/NetworkManager/NetworkManager.conf", CONF)])
    step = Step("networkmanager", START + question)
    (outcome,) = run([tree(suite).root, *layers(suite)], own, [step])
    assert outcome.status == 0, outcome.err
    return [line.replace("\\:", ":") for line in outcome.out.splitlines() if line]


def made(driver: str) -> list[RenderedFile]:
    """A pair's profiles for a synthetic NIC of this driver."""
    files = render(rewritten(pair()), {}).files
    return [file._replace(text=file.text.replace("hv_netvsc", driver)) for file in files]


@on_each_suite
@pytest.mark.parametrize(("driver", "port"), [("veth", "eth0"), ("hv_netvsc", "eth0-vf")])
def test_a_nic_of_the_pair_has_the_port_for_its_driver_and_no_other_nic_has_any(
    suite: str, driver: str, port: str, tmp_path: Path
) -> None:
    question = FOR_NIC.format("eth0") + "echo other\n" + FOR_NIC.format("ens9")
    found = asked(suite, tmp_path, made(driver), question)
    own, other = found[: found.index("other")], found[found.index("other") + 1 :]
    assert [one.partition(" | ")[2] for one in own] == [profile_id(port)]
    assert other == []


@on_each_suite
def test_every_profile_that_can_be_is_loaded(suite: str, tmp_path: Path) -> None:
    files = render(rewritten(everything()), {}).files
    shown = asked(suite, tmp_path, files, SHOWN)
    assert {f"/{file.path}" for file in files} <= set(shown)


@on_each_suite
def test_every_adopted_profile_is_loaded_and_hides_what_it_should(
    suite: str, tmp_path: Path
) -> None:
    """All roots that need no profile below /run, which is this boot's own."""
    for root in ADOPTION.roots:
        if root.name in ("usr-lib", "vlan-by-uuid", "policy-routing"):
            after = after_of(ADOPTION, root)
            files = [RenderedFile(path, text, 0o600) for path, text in after.items()]
            shown = asked(suite, tmp_path / root.name, files, SHOWN)
            assert {f"/{path}" for path, _ in visible(after)} == {
                one for one in shown if not one.endswith("/lo.nmconnection")
            }


def after_of(adoption: Adoption, root: Path) -> dict[str, str]:
    """The profiles of a root once its adoption is applied."""
    after = adoption.after(adoption.existing(root))
    return {path: text for path, text in after.items() if "/system-connections/" in path}
