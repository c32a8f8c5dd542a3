"""FreeBSD: what the first boot writes is the plan, and the VF is left alone; and what stock does.

canonical/cloud-init issue 6657 is what stock does: of two interfaces with one
address it takes the last, which is the VF.

Azure's datasource does not come to an end on FreeBSD in any of the versions,
with or without the plugin, whatever the NIC: 22.4.2 runs `ip` for twenty
minutes; later ones do not know the name that FreeBSD's dhclient gives option
121 (so no NIC is the primary one), add routes that dhclient-script has added,
and call `BsdNetOps.link_down` with an argument that it does not take.  So the
whole run shows which NIC it asks for an address on, and that the config which
cloud-init falls back to is rendered as planned; the config that Azure makes
comes from a NoCloud seed.
"""

from __future__ import annotations

import atexit
import json
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.firstboot.cases import MAC, SHORT, V1, V2, applied_config, result
from tests.firstboot.checks import OBJECT, assert_went_well, planned, render
from tests.firstboot.freebsd import (
    BOOT,
    NETWORK,
    NO_HN,
    PAIR,
    VF_AWAY,
    FreeBsd,
    install,
    new_freebsd,
    on_azure,
)
from tests.firstboot.machine import Boot
from tests.firstboot.root import SUITES
from tests.firstboot.seeds import seed_nocloud
from tests.freebsd_machine.path import card_of

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]

#: What DataSourceAzure makes of its metadata; on FreeBSD it finds no driver's name.
AZURE_V2 = f"""\
version: 2
ethernets:
  eth0:
    dhcp4: true
    dhcp4-overrides: {{route-metric: 100}}
    dhcp6: false
    match: {{macaddress: "{MAC}"}}
    set-name: eth0
"""
QUICK = ("trixie", "version 2")
CONFIGS = {"version 1": V1, "version 2": V2, "Azure's": AZURE_V2}


def seeded(
    suite: str,
    files: Path,
    config: str,
    cards: dict[str, str] = PAIR,
    *,
    transparent: int | None = 0,
) -> FreeBsd:
    """A machine that has never booted, with a NoCloud seed and without the plugin."""
    machine = new_freebsd(suite, files, cards, transparent=transparent)
    seed_nocloud(machine, config)
    return machine


@cache
def stock(suite: str, config: str, *cards: str, transparent: int | None = 0) -> FreeBsd:
    """The machine that stock cloud-init leaves; once for all tests of a process."""
    files = Path(mkdtemp(prefix="firstboot-freebsd-"))
    atexit.register(shutil.rmtree, files, ignore_errors=True)
    nics = dict.fromkeys(cards, MAC)
    machine = seeded(suite, files / "machine", config, nics, transparent=transparent)
    machine.boot(NETWORK)
    return machine


def touched(machine: FreeBsd, name: str) -> list[str]:
    """The commands that were given an interface."""
    return [call for call in machine.calls() if name in call.split()]


def assert_vf_left_alone(machine: FreeBsd) -> None:
    """Neither renamed nor configured, on the machine or in its rc.conf."""
    assert touched(machine, "mce0") == []
    assert "ifconfig_mce0_name" not in (machine.files / "etc/rc.conf").read_text()
    vf = machine.state().find("mce0")
    assert vf is not None
    assert not (vf.inet or vf.inet6 or vf.up)


def restarted(machine: FreeBsd) -> list[str]:
    """What cloud-init asked of rc(8)."""
    services = [call for call in machine.calls() if call.startswith("service ")]
    return services[: services.index("service netif start")]


@pytest.mark.parametrize(
    ("suite", "config"),
    [
        pytest.param(suite, config, id=f"{suite}-{name}", marks=[SHORT] * ((suite, name) == QUICK))
        for suite in SUITES
        for name, config in CONFIGS.items()
    ],
)
def test_the_first_boot_writes_the_rc_conf_that_was_planned(
    suite: str, config: str, tmp_path: Path
) -> None:
    """`plan` finds the seed's config by itself; the stages end well, and the lagg has it all."""
    machine = seeded(suite, tmp_path, config)
    install(machine)
    steps = BOOT if config == V2 else NETWORK
    boot = machine.boot({"plan": render("freebsd", "/planned"), **steps, "object": OBJECT})
    assert_went_well(boot)
    plan = planned(tmp_path / "planned")
    assert {"etc/rc.conf", "etc/resolv.conf"} & plan.keys()
    for path, (text, mode) in plan.items():
        if path == "etc/resolv.conf" and "DHCP" in boot.text("etc/rc.conf"):
            continue  # dhclient has written it since
        assert boot.text(path) == text, path
        assert (tmp_path / path).stat().st_mode & 0o777 == mode, path
    assert_vf_left_alone(machine)
    assert boot["object"].out.split()[0] == "hyperv_net.sources.DataSourceNoCloud"
    assert (tmp_path / "var/log/ran").exists() is (steps == BOOT)
    after = machine.state()
    lagg = after.get("lagg0")
    assert [one.address for one in lagg.inet] == ["10.0.0.4"]
    assert lagg.ports[-1] == "mce0"
    assert card_of(after, "lagg0")[0] == lagg.primary
    if config != V2:
        assert machine.gateways() == ["10.0.0.1 lagg0"]
        assert machine.cards() in (["hn0"], ["", "hn0"])


@pytest.mark.parametrize("suite", SUITES)
def test_cloud_init_restarts_the_network_in_the_order_of_its_own_renderer(
    suite: str, tmp_path: Path
) -> None:
    """netif, then routing, which flushes nothing behind it; a DHCP client for the lagg alone."""
    ways = {}
    for with_plugin in (False, True):
        machine = seeded(suite, tmp_path / str(with_plugin), AZURE_V2, VF_AWAY)
        if with_plugin:
            install(machine)
        machine.boot(NETWORK)
        ways[with_plugin] = restarted(machine)
    assert ways[False][-3:-1] == ["service netif restart", "service routing restart"]
    assert ways[True] == [
        "service routing stop",
        "service netif restart",
        "service routing start",
        "service dhclient quietstart lagg0",
    ]


def test_a_second_boot_changes_nothing(tmp_path: Path) -> None:
    """Nor does planning again find anything to do."""
    machine = seeded("trixie", tmp_path, V2)
    install(machine)
    first = machine.boot(NETWORK)
    rc_conf = first.text("etc/rc.conf")
    check = "python3 -m hyperv_net plan --check --target freebsd"
    second = machine.boot({**NETWORK, "check": check})
    assert_went_well(second)
    assert second.text("etc/rc.conf") == rc_conf
    assert second["check"].out.count("lagg0")
    assert_vf_left_alone(machine)


@pytest.mark.parametrize("suite", SUITES)
def test_a_vf_that_is_away_is_waited_for(suite: str, tmp_path: Path) -> None:
    """In non-transparent mode every hn gets its lagg, since the VF may come later."""
    machine = seeded(suite, tmp_path, V1, VF_AWAY)
    install(machine)
    boot = machine.boot({"plan": render("freebsd", "/planned"), **NETWORK})
    assert_went_well(boot)
    assert boot.text("etc/rc.conf") == planned(tmp_path / "planned")["etc/rc.conf"][0]
    assert 'ifconfig_mce0="NOAUTO"' in boot.text("etc/rc.conf")
    assert machine.state().get("lagg0").ports == machine.state().get("lagg0").ports[:1]


@pytest.mark.parametrize("transparent", [1, None], ids=["transparent", "old kernel"])
def test_the_mode_is_the_kernels(transparent: int | None, tmp_path: Path) -> None:
    """Transparent: what stock writes where there is no VF.  A kernel without the sysctl: a lagg."""
    machine = seeded("sid", tmp_path, V2, transparent=transparent)
    install(machine)
    boot = machine.boot(NETWORK)
    assert_went_well(boot)
    assert "ifconfig_mce0_name" not in boot.text("etc/rc.conf")
    if transparent:
        alone = stock("sid", V2, *VF_AWAY, transparent=1)
        assert boot.text("etc/rc.conf") == (alone.files / "etc/rc.conf").read_text()
        assert card_of(machine.state(), "eth0")[0] == "mce0"
        assert touched(machine, "mce0") == []
    else:
        assert "ifconfig_lagg0=" in boot.text("etc/rc.conf")


def test_a_vf_that_the_image_has_configured_before_is_let_go(tmp_path: Path) -> None:
    """Where netif runs ahead of cloud-init, ifconfig_DEFAULT gives the VF a client and an address.

    Both are gone before the lagg asks for the same address; the hook raises the VF again.
    """
    machine = seeded("trixie", tmp_path, AZURE_V2)
    install(machine)
    before = {"netif": "service netif start"}
    boot = machine.boot({**before, **NETWORK, "hook": "python3 -m hyperv_net reconcile"})
    assert_went_well(boot)
    assert boot["hook"].out.splitlines() == ["set mce0 up"]
    after = machine.state()
    assert (after.get("mce0").inet, card_of(after, "lagg0")[0]) == ([], "mce0")
    assert (list(after.clients), machine.gateways()) == (["lagg0"], ["10.0.0.1 lagg0"])
    assert machine.cards()[-1] == "mce0"


@pytest.mark.parametrize("suite", SUITES)
def test_without_an_hn_the_result_is_stocks(suite: str, tmp_path: Path) -> None:
    """Files, exit statuses and the commands that change something, byte for byte."""
    boots: list[tuple[Boot, FreeBsd]] = []
    for with_plugin in (False, True):
        machine = seeded(suite, tmp_path / str(with_plugin), V2, NO_HN)
        if with_plugin:
            install(machine)
        boots.append((machine.boot(NETWORK), machine))
    (alone, first), (ours, second) = boots
    assert result(ours) == result(alone)
    assert ours.text("etc/rc.conf") == alone.text("etc/rc.conf")
    asking = ("ifconfig -a -D", "sysctl -i kern.osrelease hw.hn dev.hn", "ifconfig -a")
    assert [one for one in second.calls() if one not in asking] == [
        one for one in first.calls() if one not in asking
    ]


@pytest.mark.parametrize("transparent", [0, 1])
@pytest.mark.parametrize("suite", SUITES)
def test_stock_cloud_init_renames_the_vf(suite: str, transparent: int) -> None:
    """In both modes: the config's name goes to mce0, and hn0 is left to ifconfig_DEFAULT."""
    machine = stock(suite, V1, *PAIR, transparent=transparent)
    assert "ifconfig_mce0_name=eth0\n" in (machine.files / "etc/rc.conf").read_text()
    after = machine.state()
    assert after.get("eth0").driver == "mce"
    if not transparent:
        both = [[one.address for one in after.get(name).inet] for name in ("eth0", "hn0")]
        assert both == [["10.0.0.4"], ["10.0.0.4"]]


def test_stock_22_4_does_not_even_render_a_pair() -> None:
    """Where the config has name servers; the boot goes on with what the image has."""
    machine = stock("bookworm", V2, *PAIR)
    assert "ifconfig_eth0" not in (machine.files / "etc/rc.conf").read_text()
    assert "KeyError: 'mce0'" in (machine.files / "var/log/cloud-init.log").read_text()


@pytest.mark.parametrize("suite", SUITES[1:])
def test_azure_asks_for_an_address_on_the_hn(suite: str, tmp_path: Path) -> None:
    """Where stock asks on the VF; what follows is no worse than stock, and rendered as planned."""
    boots, asked = {}, {}
    for with_plugin in (False, True):
        machine = on_azure(new_freebsd(suite, tmp_path / str(with_plugin)))
        if with_plugin:
            install(machine)
        boots[with_plugin] = machine.boot(NETWORK)
        first = machine.calls()[: machine.calls().index("service netif restart")]
        asked[with_plugin] = [one for one in first if one.startswith("dhclient ")]
    ephemeral = "dhclient -l /run/dhclient.lease -p /run/dhclient.pid"
    assert asked == {False: [f"{ephemeral} mce0"], True: [f"{ephemeral} hn0"]}
    assert_vf_left_alone(machine)
    alone, ours = boots.values()
    assert {name: one.status for name, one in ours.outcomes.items()} == {
        name: one.status for name, one in alone.outcomes.items()
    }
    assert ours.asked == alone.asked
    config = json.dumps(applied_config(ours))
    other = new_freebsd(suite, tmp_path / "other")
    install(other)
    seed_nocloud(other, config)
    other.run(render("freebsd", "/planned"))
    text, _ = planned(other.files / "planned")["etc/rc.conf"]
    # The fallback has another name for the machine.
    assert ours.text("etc/rc.conf") == text.replace("hostname=guest\n", "hostname=vm\n")
