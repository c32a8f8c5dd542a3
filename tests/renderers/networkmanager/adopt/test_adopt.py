"""What becomes of single profiles."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from hyperv_net.model import Action, Severity
from hyperv_net.plan.flow import Plan
from hyperv_net.renderers import load
from hyperv_net.renderers.networkmanager.keyfile import Keyfile, read
from tests.renderers.adoption import rendered
from tests.renderers.networkmanager.adopt.adopting import ADOPTION, FOLDER, MACS, SETTINGS, machine

NIC = "[connection]\nid=nic\nuuid=u-1\ntype=ethernet\ninterface-name=eth0\n"
VLAN = "[connection]\nid=v\nuuid=u-2\ntype=vlan\ninterface-name=v5\n\n[vlan]\nid=5\n"


def planned(**files: str) -> Plan:
    return ADOPTION.planned({f"{FOLDER}/{name}": text for name, text in files.items()})


def after(plan: Plan, name: str) -> Keyfile:
    return read(rendered(plan)[f"{FOLDER}/{name}"].text)


def test_a_nics_profile_is_its_bonds_with_the_uuid_that_others_know() -> None:
    plan = planned(nic=NIC)
    profile = after(plan, "nic")
    assert profile.get("connection", "uuid") == "u-1"
    assert (profile.get("connection", "type"), profile.get("bond", "mode")) == (
        "bond",
        "active-backup",
    )
    assert profile.get("ethernet", "cloned-mac-address") == MACS[0]
    assert rendered(plan)[f"{FOLDER}/nic"].mode == 0o600


def test_what_stands_on_the_nic_by_name_follows_and_by_uuid_stays() -> None:
    plan = planned(nic=NIC, by_name=f"{VLAN}parent=eth0\n", by_uuid=f"{VLAN}parent=u-1\n"[:-1])
    assert after(plan, "by_name").get("vlan", "parent") == "bond0"
    assert f"{FOLDER}/by_uuid" not in rendered(plan)


@pytest.mark.parametrize("line", ["[macvlan]\nparent", "[hsr]\nport1", "[hsr]\nport2"])
def test_every_key_that_names_the_nic_follows(line: str) -> None:
    section, _, key = line[1:].partition("]\n")
    other = VLAN.replace("u-2", "u-9").replace("[vlan]\nid=5\n", f"{line}=eth0\n")
    assert after(planned(nic=NIC, other=other), "other").get(section, key) == "bond0"


def test_of_two_names_in_a_rule_those_of_the_pair_follow() -> None:
    rules = {
        "iif eth0 oif lan1": "iif bond0 oif lan1",
        "iif lan1 oif eth0": "iif lan1 oif bond0",
        "iif eth0 oif eth0": "iif bond0 oif bond0",
    }
    for before, now in rules.items():
        other = NIC.replace("eth0", "eth9").replace("u-1", "u-9")
        rule = "\n[ipv4]\nrouting-rule1=priority 7 from 0.0.0.0/0 {} table 5\n"
        plan = planned(nic=NIC, other=other + rule.format(before))
        assert after(plan, "other").get("ipv4", "routing-rule1") == (
            f"priority 7 from 0.0.0.0/0 {now} table 5"
        )


def test_a_profile_of_another_nic_is_left_alone() -> None:
    plan = planned(nic=NIC, other=NIC.replace("eth0", "eth9").replace("u-1", "u-9"))
    assert f"{FOLDER}/other" not in rendered(plan)


def test_of_two_profiles_that_with_the_higher_priority_counts() -> None:
    low = NIC.replace("u-1", "u-3") + "autoconnect-priority=-5\n\n[ipv4]\nmethod=manual\n"
    high = f"{NIC}autoconnect-priority=5\n"
    plan = planned(a_low=low, high=high)
    assert set(rendered(plan)) == {
        f"{FOLDER}/high",
        *(f"{FOLDER}/hyperv-net-eth0{end}.nmconnection" for end in ("", "-vf")),
    }


def test_what_is_in_run_counts_before_etc_for_one_uuid() -> None:
    """nms-keyfile-storage.c, cmp_fcn(): whatever the files are called."""
    run = "run/NetworkManager/system-connections/x.nmconnection"
    plan = ADOPTION.planned({run: f"{NIC}zone=of-run\n", f"{FOLDER}/nic": f"{NIC}zone=of-etc\n"})
    copy = read(rendered(plan)[f"{FOLDER}/hyperv-net-bond0.nmconnection"].text)
    assert copy.get("connection", "zone") == "of-run"
    assert copy.get("connection", "uuid") != "u-1"


def test_a_vlan_in_run_is_an_error_that_says_where_to_move_it() -> None:
    run = "run/NetworkManager/system-connections/v.nmconnection"
    plan = ADOPTION.planned({run: f"{VLAN}parent=eth0\n", f"{FOLDER}/nic": NIC})
    (error,) = [one for one in plan.findings if one.severity is Severity.ERROR]
    assert (error.rule, str(error.where)) == ("adopted-elsewhere", run)
    assert FOLDER in error.hint


def test_profiles_that_netplan_makes_are_netplans() -> None:
    made = {"run/NetworkManager/system-connections/netplan-eth0.nmconnection": NIC}
    target = load("network-manager")
    assert target.adopt(made, machine(made), SETTINGS) is None


def test_a_profile_that_is_never_taken_is_none() -> None:
    for text in (f"{NIC}autoconnect=false\n", NIC.replace("eth0", "eth7"), "", "[ipv4]\n"):
        found = {f"{FOLDER}/nic": text}
        assert load("network-manager").adopt(found, machine({}), SETTINGS) is None


def test_files_that_networkmanager_passes_by_are_passed_by() -> None:
    for name in (".hidden", "nic~", "key.pem", "key.DER"):
        found = {f"{FOLDER}/{name}": NIC}
        assert load("network-manager").adopt(found, machine({}), SETTINGS) is None
    vendor = {"usr/lib/NetworkManager/system-connections/without-extension": NIC}
    assert load("network-manager").adopt(vendor, machine({}), SETTINGS) is None


def test_the_ledger_tells_of_every_line() -> None:
    text = f"{NIC}zone=z\n\n[ethernet]\nmtu=1400\nwake-on-lan=64\n\n[ipv4]\nmethod=auto\n"
    entries = {entry.source: entry for entry in planned(nic=text).ledger}
    actions: Mapping[str, Action] = {
        "connection.id": Action.MOVED,
        "connection.uuid": Action.MOVED,
        "connection.type": Action.REWRITTEN,
        "connection.interface-name": Action.REWRITTEN,
        "connection.zone": Action.MOVED,
        "ethernet.mtu": Action.MOVED,
        "ethernet.wake-on-lan": Action.KEPT,
        "ipv4.method": Action.MOVED,
    }
    found = {".".join(map(str, at[1:])): entry.action for at, entry in entries.items()}
    assert found == actions
    assert entries["nic", "ipv4", "method"].to == (("bond0", "ipv4", "method"),)


def test_an_administrators_bond_gets_what_it_lacks_and_keeps_the_rest() -> None:
    bond = "[connection]\nid=b\nuuid=u-8\ntype=bond\ninterface-name=bond7\n\n[bond]\nmode=1\n"
    port = NIC.replace("interface-name=eth0\n", "controller=u-8\nport-type=bond\n")
    plan = planned(b=bond, p=f"{port}\n[ethernet]\nmac-address={MACS[0].upper()}\n")
    assert after(plan, "b").get("bond", "mode") == "1"
    assert after(plan, "b").get("bond", "miimon") == "100"
    assert after(plan, "p").elements("match", "driver") == ("virtio_net",)
    assert f"{FOLDER}/hyperv-net-eth0.nmconnection" not in rendered(plan)
    vf = after(plan, "hyperv-net-eth0-vf.nmconnection")
    assert vf.get("connection", "master") == "bond7"


def test_what_is_of_the_card_is_said_of_the_synthetic_nic_and_of_the_bond_no_more() -> None:
    card = "\n[ethtool]\nfeature-gro=true\n\n[sriov]\ntotal-vfs=2\n\n[dcb]\napp-fcoe-mode=vn2vn\n"
    plan = planned(nic=f"{NIC}{card}\n[802-1x]\neap=pwd;\nidentity=i\n")
    port = after(plan, "hyperv-net-eth0.nmconnection")
    for section, key in (
        *(("ethtool", "feature-gro"), ("sriov", "total-vfs"), ("dcb", "app-fcoe-mode")),
        ("802-1x", "identity"),
    ):
        assert port.get(section, key)
        assert not after(plan, "nic").has(section)
        assert not after(plan, "hyperv-net-eth0-vf.nmconnection").has(section)


def test_what_the_vf_has_of_its_own_is_told_and_reaches_it_no_more() -> None:
    vf = NIC.replace("eth0", "ens17").replace("u-1", "u-4") + "autoconnect-priority=300\n"
    plan = planned(nic=NIC, vf=vf)
    told = [(one.rule, str(one.where)) for one in plan.findings]
    assert told == [("adopted-vf", f"{FOLDER}/vf:5:16: connection.interface-name")]
    for name in ("eth0", "eth0-vf"):
        port = after(plan, f"hyperv-net-{name}.nmconnection")
        assert port.get("connection", "autoconnect-priority") == "301"
    again = {
        f"{FOLDER}/nic": NIC,
        f"{FOLDER}/vf": vf,
        **{path: file.text for path, file in rendered(plan).items()},
    }
    assert [one.rule for one in ADOPTION.planned(again).findings] == ["adopted-vf"]


def test_a_profile_for_every_nic_is_nothing_of_the_vfs_own() -> None:
    every = "[connection]\nid=e\nuuid=u-5\ntype=ethernet\n"
    assert planned(nic=f"{NIC}autoconnect-priority=1\n", every=every).findings == ()


@pytest.mark.parametrize("name", ["eth0", "ens17"])
@pytest.mark.parametrize("own", [998, 999])
def test_a_rival_with_the_highest_priority_is_told(name: str, own: int) -> None:
    rival = NIC.replace("eth0", name).replace("u-1", "u-4")
    first = {
        f"{FOLDER}/nic": f"{NIC}autoconnect-priority=999\nzone=z\n",
        f"{FOLDER}/a_rival": f"{rival}autoconnect-priority={own}\n",
    }
    plan = ADOPTION.planned(first)
    again = ADOPTION.planned({**first, **{at: file.text for at, file in rendered(plan).items()}})
    for one in (plan, again):
        told = [str(each.where) for each in one.findings if each.rule == "profile-rival"]
        place = f"{FOLDER}/a_rival:6:22: connection.autoconnect-priority"
        assert told == [place] * (own == 999)


def test_a_port_of_something_else_that_fits_the_nic_comes_behind_ours() -> None:
    rival = NIC.replace("u-1", "u-4") + "master=br7\nslave-type=bridge\nautoconnect-priority=400\n"
    plan = planned(nic=f"{NIC}autoconnect-priority=500\n", rival=rival)
    port = after(plan, "hyperv-net-eth0.nmconnection")
    assert port.get("connection", "autoconnect-priority") == "401"
