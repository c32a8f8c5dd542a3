"""The scripts under a POSIX shell on a FreeBSD that keeps state."""

from __future__ import annotations

from pathlib import Path

from hyperv_net.companions.wanted_file import to_json
from hyperv_net.hotplug.wanted import PATHS, Wanted, WantedPair
from hyperv_net.model import Mode, System
from tests.freebsd_machine.host import attach_hn
from tests.freebsd_machine.machine import MAC
from tests.kvp import texts
from tests.renderers.freebsd.inject.guest import (
    INSTALLED,
    WITH_PAIR,
    WITH_PAIR_DHCP,
    answers,
    call,
    gateways,
    inet,
    inject,
    machine,
)


def test_defect_13_the_settings_are_on_lagg0_and_hn0_is_asked_for(tmp_path: Path) -> None:
    """Asked for hn0 the answer is lagg0's, and what is injected never goes to hn0."""
    with machine(tmp_path, WITH_PAIR_DHCP) as guest:
        assert answers(guest) == ("Enabled\n", ["10.0.0.2"])
        assert answers(guest, "lagg0")[0] == "Enabled\n"

        assert inject(guest, texts.FREEBSD_IPV4).status == 0
        assert answers(guest) == ("Disabled\n", ["10.1.0.53"])
        assert inet(guest, "lagg0") == ["10.1.0.4/24"]
        assert inet(guest, "hn0") == inet(guest, "mce0") == []
        assert gateways(guest) == ["10.1.0.1 lagg0"]
        assert 'ifconfig_hn0="up"\n' in guest.read("etc/rc.conf")
        assert guest.look().clients == {}

        assert inject(guest, texts.FREEBSD_DHCP).status == 0
        assert answers(guest) == ("Enabled\n", ["10.0.0.2"])
        assert inet(guest, "lagg0") == ["10.0.0.4/24"]
        assert gateways(guest) == ["10.0.0.1 lagg0"]
        assert list(guest.look().clients) == ["lagg0"]


def test_the_vf_stays_in_its_lagg_all_the_time(tmp_path: Path) -> None:
    """The lagg is not destroyed: no port leaves it, and the VF is never up outside."""
    with machine(tmp_path, WITH_PAIR) as guest:
        before = guest.interface("lagg0").index
        inject(guest, texts.FREEBSD)
        assert guest.interface("lagg0").index == before
        assert guest.interface("lagg0").ports == ["hn0", "mce0"]
        assert not any("destroy" in one or "-laggport" in one for one in guest.calls)


def test_another_nics_injection_is_refused(tmp_path: Path) -> None:
    """The MAC in the file is not the one that ifconfig shows; nothing is written."""
    with machine(tmp_path, WITH_PAIR) as guest:
        done = inject(guest, texts.FREEBSD_IPV4.replace("0:d:3a:", "0:e:3a:"))
        assert done.status == 1
        assert guest.read("etc/rc.conf") == WITH_PAIR
        assert "hn0 has 00:0d:3a:11:22:33, not 00:0e:3a:11:22:33" in guest.read("var/log/messages")


def test_the_vf_is_answered_for_by_the_wanted_state(tmp_path: Path) -> None:
    """rc.conf does not know the name of a VF that came later; ifconfig shows the pair's MAC."""
    with machine(tmp_path, WITH_PAIR_DHCP) as guest:
        guest.attach_vf("mlxen0")
        assert answers(guest, "mlxen0")[0] == "Disabled\n"
        pair = WantedPair(MAC, Mode.AGGREGATE, "hn0", ("hn",), "lagg0")
        guest.write(PATHS[System.FREEBSD], to_json(Wanted(System.FREEBSD, "freebsd", (pair,))))
        assert answers(guest, "mlxen0")[0] == "Enabled\n"


def test_what_is_not_about_the_injected_addresses_stays(tmp_path: Path) -> None:
    """Comments, MTU, ports, routes, description and IPv6 are as before an IPv4 injection."""
    with machine(tmp_path, WITH_PAIR) as guest:
        inject(guest, texts.FREEBSD_IPV4)
        assert guest.read("etc/rc.conf") == (
            WITH_PAIR.replace('defaultrouter="10.0.0.1"', 'defaultrouter="10.1.0.1"')
            .replace("inet 10.0.0.9 netmask", "inet 10.1.0.4 netmask")
            .replace('_alias0="inet 10.0.0.10/32"', '_alias0="inet6 2001:db8:9::10 prefixlen 64"')
            .replace('ifconfig_lagg0_alias1="inet6 2001:db8:9::10 prefixlen 64"\n', "")
        )
        assert inet(guest, "lagg0") == ["10.1.0.4/24", "2001:db8:9::10/64"]


def test_both_families_with_several_addresses(tmp_path: Path) -> None:
    """All are on the lagg, and again after a reboot."""
    with machine(tmp_path, WITH_PAIR) as guest:
        assert inject(guest, texts.FREEBSD).status == 0
        expected = ["10.1.0.4/24", "10.1.0.5/32", "2001:db8::4/64"]
        assert inet(guest, "lagg0") == expected
        assert answers(guest) == ("Disabled\n", ["10.1.0.53", "2001:db8::53"])
        assert gateways(guest) == ["10.1.0.1 lagg0", "fe80::1%lagg0 lagg0"]
        guest.inside("service netif stop; service netif start; service routing restart")
        assert inet(guest, "lagg0") == expected
        assert sorted(gateways(guest)) == ["10.1.0.1 lagg0", "fe80::1%lagg0 lagg0"]


def test_ipv6_alone(tmp_path: Path) -> None:
    """The flag stays about IPv4: DHCP goes on, and IPv6 is what was injected."""
    with machine(tmp_path, WITH_PAIR_DHCP) as guest:
        assert inject(guest, texts.FREEBSD_IPV6).status == 0
        assert inet(guest, "lagg0") == ["10.0.0.4/24", "2001:db8::4/64"]
        assert answers(guest)[0] == "Enabled\n"


def test_without_a_pair_the_nic_itself_has_the_settings(tmp_path: Path) -> None:
    """In transparent mode, or with no VF at all, hn0 is an ordinary NIC."""
    rc_conf = 'ifconfig_hn0="SYNCDHCP"\nsshd_enable="YES"\n'
    with machine(tmp_path, rc_conf, transparent=1) as guest:
        assert answers(guest) == ("Enabled\n", ["10.0.0.2"])
        assert inject(guest, texts.FREEBSD).status == 0
        assert inet(guest, "hn0") == ["10.1.0.4/24", "10.1.0.5/32", "2001:db8::4/64"]
        assert answers(guest)[0] == "Disabled\n"
        assert 'ifconfig_hn0="inet 10.1.0.4 netmask 255.255.255.0"\n' in guest.read("etc/rc.conf")
        assert inject(guest, texts.FREEBSD_DHCP).status == 0
        assert 'ifconfig_hn0="DHCP"\n' in guest.read("etc/rc.conf")
        assert inet(guest, "hn0") == ["10.0.0.4/24", "2001:db8::4/64"]


def test_what_a_stock_image_has_by_default_goes_on(tmp_path: Path) -> None:
    """`ifconfig_DEFAULT` has IPv6 in it, and means nothing once hn0 has a line of its own."""
    rc_conf = 'ifconfig_DEFAULT="DHCP inet6 accept_rtadv"\n'
    with machine(tmp_path, rc_conf, vf="") as guest:
        assert answers(guest)[0] == "Enabled\n"
        assert inject(guest, texts.FREEBSD_IPV4).status == 0
        assert answers(guest)[0] == "Disabled\n"
        assert inet(guest, "hn0") == ["10.1.0.4/24"]
        assert "ACCEPT_RTADV" in guest.interface("hn0").nd6


def test_the_same_injection_twice_changes_nothing(tmp_path: Path) -> None:
    """The second time rc.conf is what it was after the first."""
    with machine(tmp_path, WITH_PAIR) as guest:
        inject(guest, texts.FREEBSD)
        once = guest.read("etc/rc.conf")
        assert inject(guest, texts.FREEBSD).status == 0
        assert guest.read("etc/rc.conf") == once
        assert inet(guest, "lagg0") == ["10.1.0.4/24", "10.1.0.5/32", "2001:db8::4/64"]


def test_a_hostile_injection_changes_nothing_and_leaves_one_line(tmp_path: Path) -> None:
    """What upstream's script would have run as root is a line in the log."""
    with machine(tmp_path, WITH_PAIR) as guest:
        text = texts.FREEBSD_IPV4.replace("10.1.0.53", "10.1.0.53;touch /tmp/ran")
        assert inject(guest, text).status == 1
        assert guest.read("etc/rc.conf") == WITH_PAIR
        assert not (guest.root / "tmp/ran").exists()
        (line,) = guest.read("var/log/messages").splitlines()
        assert "hv_set_ifconfig" in line
        assert ":6: DNS: not a name server's address: 'touch /tmp/ran'" in line


def test_an_interface_that_nobody_configures_is_disabled(tmp_path: Path) -> None:
    """As upstream's script says, whatever the name is."""
    with machine(tmp_path, WITH_PAIR) as guest:
        for name in ("hn7", "mce0", "$(id)", "-h", ""):
            assert answers(guest, name)[0] == "Disabled\n"


def test_a_missing_package_answers_nothing_and_says_why_in_the_log(tmp_path: Path) -> None:
    """The daemon is not kept waiting, and reads the end of the file: DHCP unknown."""
    with machine(tmp_path, WITH_PAIR) as guest:
        assert guest.inside(f"rm {INSTALLED}").status == 0
        for script, arguments in (
            ("hv_get_dhcp_info", ["hn0"]),
            ("hv_get_dns_info", []),
            ("hv_set_ifconfig", ["/var/db/hypervhv_set_ip_data"]),
        ):
            done = call(guest, script, *arguments)
            assert (done.status, done.out) == (1, "")
        log = guest.read("var/log/messages").splitlines()
        assert len(log) == 3
        assert all("No module named hyperv_net" in line for line in log)


def test_a_broken_rc_conf_is_one_line_in_the_log(tmp_path: Path) -> None:
    """No traceback, no answer, and the file stays as it is."""
    with machine(tmp_path, WITH_PAIR) as guest:
        guest.write("etc/rc.conf", 'ifconfig_lagg0="DHCP\n')
        assert call(guest, "hv_get_dhcp_info", "hn0").out == ""
        assert inject(guest, texts.FREEBSD_IPV4).status == 1
        assert guest.read("etc/rc.conf") == 'ifconfig_lagg0="DHCP\n'
        assert all(
            "etc/rc.conf:1:16: not a complete shell script" in line
            for line in guest.read("var/log/messages").splitlines()
        )


def test_the_client_of_an_injection_outlives_the_script(tmp_path: Path) -> None:
    """FreeBSD's timeout(1) waits for the DHCP client, and kills it, unless told `--foreground`."""
    with machine(tmp_path, WITH_PAIR) as guest:
        assert inject(guest, texts.FREEBSD_DHCP).status == 0
        (client,) = guest.look().clients.values()
        assert guest.inside(f"kill -0 {client}").status == 0
        assert gateways(guest) == ["10.0.0.1 lagg0"]


def test_what_another_nic_has_from_dhcp_and_its_router_stays(tmp_path: Path) -> None:
    """An injection is about one device: no default route of another is flushed."""
    other = "00:0d:3a:11:22:44"
    rc_conf = f'{WITH_PAIR_DHCP}ifconfig_lagg0_ipv6="inet6 no_dad accept_rtadv"\n'
    with machine(tmp_path, rc_conf) as guest:
        with guest.changing() as state:
            attach_hn(state, 1, other)
            state.advertised = "2001:db8:1::"
        guest.inside("service netif restart")
        before = gateways(guest)
        assert len(before) == 2
        text = texts.FREEBSD_IPV4.replace("11:22:33", "11:22:44").replace("hn0", "hn1")
        for injected in (text.replace("GATEWAY=10.1.0.1", "GATEWAY="), text):
            assert inject(guest, injected).status == 0
            assert inet(guest, "hn1") == ["10.1.0.4/24"]
            assert gateways(guest) == before
        assert 'defaultrouter="10.1.0.1"' in guest.read("etc/rc.conf")


def test_the_gateway_of_before_gives_way_to_the_injected_one(tmp_path: Path) -> None:
    """An IPv6 one goes with no address: the link-local one it was reached from stays."""
    old = f'{WITH_PAIR}ipv6_defaultrouter="fe80::9%lagg0"\n'
    with machine(tmp_path, old) as guest:
        assert gateways(guest) == ["10.0.0.1 lagg0", "fe80::9%lagg0 lagg0"]
        assert inject(guest, texts.FREEBSD).status == 0
        assert gateways(guest) == ["10.1.0.1 lagg0", "fe80::1%lagg0 lagg0"]
