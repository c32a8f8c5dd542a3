"""What makes the running machine follow, and what makes a deleted bond again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hyperv_net.facts import Mode
from hyperv_net.hotplug.act.means import Means
from hyperv_net.hotplug.wanted import WantedPair
from hyperv_net.renderers.networkmanager.activate import activate, activation
from hyperv_net.renderers.networkmanager.asking import default_routes
from hyperv_net.renderers.networkmanager.rebuild import rebuild
from hyperv_net.renderers.networkmanager.render import render
from hyperv_net.renderers.parts import in_words
from tests.renderers.linux_pairs import joined, pair, rewritten

FOLDER = "etc/NetworkManager/system-connections"


def files(*trees: dict[str, Any]) -> dict[str, str]:
    made = render(rewritten(joined(*trees)), {})
    return {file.path: file.text for file in made.files}


def test_what_is_new_comes_up_and_what_stands_on_it_after_it() -> None:
    vlan = {"vlans": {"v5": {"id": 5, "link": "bond0", "dhcp4": True}}}
    assert in_words(activation({}, files(pair(), vlan))).split("; ") == [
        "nmcli connection reload",
        f"nmcli connection up filename /{FOLDER}/cloud-init-bond0.nmconnection",
        f"nmcli connection up filename /{FOLDER}/cloud-init-v5.nmconnection",
    ]


def test_what_is_as_it_was_is_left_alone_and_what_only_old_files_made_goes() -> None:
    vlan = {"vlans": {"v5": {"id": 5, "link": "bond0", "dhcp4": True}}}
    both, alone = files(pair(), vlan), files(pair())
    assert in_words(activation(both, both)) == "nmcli connection reload"
    assert in_words(activation(both, alone)) == "nmcli connection reload; nmcli device delete v5"


def test_a_rollback_takes_the_bond_down_and_the_nic_up() -> None:
    nic = {f"{FOLDER}/nic": "[connection]\nid=nic\ntype=ethernet\ninterface-name=eth0\n"}
    assert in_words(activation(files(pair()), nic)).split("; ") == [
        "nmcli connection reload",
        "nmcli device delete bond0",
        f"nmcli connection up filename /{FOLDER}/nic",
    ]


def test_new_addresses_are_taken_in_without_going_down() -> None:
    reload, reapply = activate({}, {}, "bond0", "bond0", lambda command: "")
    assert reload.command == ("nmcli", "connection", "reload")
    assert reapply.command == ("nmcli", "device", "reapply", "bond0")
    assert reapply.otherwise == ("nmcli", "device", "connect", "bond0")


def test_a_deleted_bond_is_made_again_by_the_profile_that_names_it() -> None:
    """Of an adopted one the name is somebody's own."""
    ran: list[tuple[str, ...]] = []

    def run(command: Sequence[str]) -> str:
        ran.append(tuple(command))
        if "UUID,TYPE" in command:
            return "u-1:ethernet\nu-2:bond\nu-3:bond\n"
        return {"u-2": "bond7\n", "u-3": "bond0\n"}.get(command[-1], "")

    def refused(*_: object) -> None:
        raise AssertionError("not by a file or a signal")

    wanted = WantedPair("00:0d:3a:11:22:33", Mode.AGGREGATE, "eth0", ("virtio_net",), "bond0")
    rebuild(wanted, Means(run, run, refused, refused, lambda path: "", refused))
    assert ran[-1] == ("nmcli", "connection", "up", "uuid", "u-3")


def asked(text: str) -> list[tuple[int, bool]]:
    found = default_routes({f"{FOLDER}/x": f"[connection]\nid=x\ntype=ethernet\n{text}"})
    return [(one.family, one.is_certain) for one in found]


def test_the_default_routes_are_those_that_the_profiles_ask_for() -> None:
    assert asked("[ipv4]\nmethod=auto\n[ipv6]\nmethod=disabled\n") == [(4, False)]
    assert asked("[ipv4]\nmethod=disabled\n") == [(6, False)]
    manual = "[ipv6]\nmethod=manual\n[ipv4]\nmethod=manual\naddress1=10.0.0.4/24"
    assert asked(f"{manual},10.0.0.1\n") == [(4, True)]
    assert asked(f"{manual}\ngateway=10.0.0.1\n") == [(4, True)]
    assert asked(f"{manual}\ngateway=10.0.0.1\nnever-default=true\n") == []
    assert asked(f"{manual}\nroute1=0.0.0.0/0,10.0.0.1\n") == [(4, True)]
    assert asked(f"{manual}\nroute1=0.0.0.0/0,10.0.0.1\nroute1_options=table=7\n") == []
    assert asked(f"{manual}\ngateway=10.0.0.1\nroute-table=7\n") == []
    none = "[ipv6]\nmethod=ignore\n[ipv4]\nmethod=auto\nignore-auto-routes=true\n"
    assert asked(none) == []


def test_a_port_asks_for_no_route() -> None:
    found = default_routes(files(pair()))
    assert [one.by for one in found] == [
        "ipv4.method of cloud-init bond0",
        "ipv6.method of cloud-init bond0",
    ]
