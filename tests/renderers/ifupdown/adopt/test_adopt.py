"""Adoption of interfaces(5), on roots in the likeness of published ones.

`roots/` has what installers, tools and people write.  Of each root the
same is shown, and the real ifupdown says what it would run before and after.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.wanted import from_json
from hyperv_net.inventory.snapshot import to_json
from hyperv_net.model import (
    Action,
    Finding,
    Inventory,
    Nic,
    RenderedFile,
    Settings,
    Severity,
    System,
)
from hyperv_net.netconfig import read_network_config
from hyperv_net.plan.flow import Plan, make_plan
from hyperv_net.renderers import load
from hyperv_net.renderers.ifupdown.adopt.commands import move_names
from hyperv_net.renderers.ifupdown.adopt.text import read, with_words, words
from hyperv_net.renderers.ifupdown.paths import FILE, HELPER, NAMES_FILE
from hyperv_net.root import files
from tests.applying.disk import snapshot
from tests.debian.tools import SUITES, ifquery, ifup, write

MAIN = "etc/network/interfaces"
ROOTS = sorted((Path(__file__).parent / "roots").iterdir())
#: Those that Debian's ifupdown reads.
OF_DEBIAN = [root for root in ROOTS if root.name != "next-generation"]
MACS = ("00:0d:3a:11:22:33", "00:0d:3a:11:22:34")
SETTINGS = Settings(synthetic_drivers=("virtio_net",))
SYNTHETICS = ("eth0", "eno1", "ens3")
#: Every line that adoption adds; BOND and NIC are put in.
ADDED = (
    *("bond-slaves NIC", "bond-miimon 100", "bond-mode active-backup"),
    *("bond-primary-reselect always", "hwaddress MAC"),
    "post-up udevadm trigger --action=change --subsystem-match=net --attr-match=address=MAC"
    " || true",
    "# A member of BOND, which udev has its VF join as well (hyperv-net).",
    *("allow-BOND NIC", "iface NIC inet manual", "iface NIC"),
    *("auto BOND", "iface BOND inet manual", ""),
)
OF_THE_CARD = re.compile(r"\s*(offload|ethernet|hardware)-")

Capture = pytest.CaptureFixture[str]


def machine(texts: Mapping[str, str]) -> Inventory:
    """A machine with the synthetic NIC that the texts name, its VF, a card that is alone."""
    text = "".join(texts.values())
    first = next((name for name in SYNTHETICS if re.search(rf"\b{name}\b", text)), "eth0")
    nics = [Nic("eth9", mac="00:15:5d:00:00:09", driver="e1000", bus="pci")]
    for synthetic, vf, mac in ((first, "ens17", MACS[0]), ("eth1", "ens18", MACS[1])):
        if synthetic == first or re.search(r"\beth1\b", text):
            nics += [
                Nic(synthetic, mac=mac, permanent_mac=mac, driver="virtio_net", bus="virtio"),
                Nic(vf, mac=mac, permanent_mac=mac, driver="e1000e", bus="pci"),
            ]
    return Inventory(System.LINUX, "6.1.0", tuple(nics))


def existing(root: Path) -> dict[str, str]:
    found = files.read_matching(root, load("ifupdown").reads)
    while True:
        paths = [
            path for one in load("ifupdown").further_files(found) for path in _below(root, one)
        ]
        more = files.read_matching(root, [path for path in paths if path not in found])
        if not more:
            return found
        found.update(more)


def _below(root: Path, pattern: str) -> list[str]:
    return files.find_below(root, pattern)


def planned(texts: Mapping[str, str], inventory: Inventory | None = None) -> Plan:
    inventory = inventory or machine(texts)
    target = load("ifupdown")
    adopted = target.adopt(texts, inventory, SETTINGS)
    assert adopted is not None
    return make_plan(inventory, adopted.config, SETTINGS, target, texts, adopted.render)


def rendered(plan: Plan) -> dict[str, RenderedFile]:
    return {one.file.path: one.file for one in plan.changes if not one.is_companion}


def after(texts: Mapping[str, str]) -> dict[str, str]:
    """The files of a root once the plan is applied."""
    return {**texts, **{one.file.path: one.file.text for one in planned(texts).changes}}


def main_after(text: str) -> str:
    return after({MAIN: text})[MAIN]


def errors(text: str, **more: str) -> list[Finding]:
    plan = planned({MAIN: text, **more})
    return [one for one in plan.findings if one.severity is Severity.ERROR]


def bonds(plan: Plan) -> dict[str, str]:
    """Each name of a pair's NIC → its aggregate."""
    return {
        nic.name: one.name
        for one in plan.rewritten.aggregates
        for nic in (one.pair.synthetic, one.pair.vf)
        if nic is not None
    }


def renamed(text: str, moved: Mapping[str, str]) -> str:
    for old, new in moved.items():
        text = re.sub(rf"(?<![A-Za-z0-9_-]){old}(?![A-Za-z0-9_-])", new, text)
    return text


def own_lines(plan: Plan) -> set[str]:
    lines = set()
    for one in plan.rewritten.aggregates:
        assert one.pair.synthetic is not None
        for line in ADDED:
            line = line.replace("BOND", one.name).replace("NIC", one.pair.synthetic.name)
            lines.add(line.replace("MAC", one.pair.mac))
    return lines


def logical(text: str) -> list[str]:
    """The lines as ifupdown takes them, each without the space around it."""
    joined = re.sub(r"^([ \t]*#.*)\\$", r"\1", text, flags=re.MULTILINE)
    return [line.strip() for line in re.sub(r"\\\n", "", joined).splitlines()]


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_only_lines_about_the_pair_change_and_all_others_stay_in_order(root: Path) -> None:
    texts = existing(root)
    plan = planned(texts)
    assert not plan.failed
    moved, own = bonds(plan), own_lines(plan)
    assert moved
    for path, file in rendered(plan).items():
        if path not in texts:
            assert path == NAMES_FILE
            continue
        assert file.in_place
        known = {line.strip() for line in texts[path].splitlines()}
        known |= {renamed(line, moved) for line in known} | own
        for line in file.text.splitlines():
            is_start = line.split()[:1] in (["auto"], ["allow-hotplug"])
            is_aside = line.startswith("# hyperv-net: ")
            assert line.strip() in known or is_start or is_aside or "bond-slaves" in line, line
    for path, text in texts.items():
        now = rendered(plan)[path].text if path in rendered(plan) else text
        lines = iter(now.splitlines())
        for line in text.splitlines():
            verb = (line.split() or [""])[0]
            is_free = verb in ("auto", "allow-hotplug", "bond-slaves") or "ens17" in line
            if is_free or OF_THE_CARD.match(line):
                continue
            assert any(one in (line, renamed(line, moved)) for one in lines), line


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_what_the_ledger_says_moved_is_what_moved(root: Path) -> None:
    """Each entry's option is in a stanza of that name before, and of the other one after."""
    texts = existing(root)
    plan = planned(texts)
    before, now = stanzas(texts), stanzas(after(texts))
    assert plan.ledger or "bond" in root.name
    for entry in plan.ledger:
        name, *_, last = entry.source
        key = str(last if isinstance(last, str) else entry.source[-2])
        assert (key, str(entry.value)) in before[str(name)], entry
        if entry.action is Action.DROPPED:
            assert str(name) == "ens17"
            assert (key, str(entry.value)) not in now.get(str(name), [])
            continue
        ((new, *_),) = entry.to
        assert (key, str(entry.result)) in now[str(new)], entry
        if entry.action is Action.MOVED:
            assert str(new) != str(name)
            assert key == "method" or (key, str(entry.value)) not in now.get(str(name), [])
    for name, said in before.items():
        if name in bonds(plan) and not any(one.administrators for one in plan.rewritten.aggregates):
            accounted = [one for one in plan.ledger if one.source[0] == name]
            assert len(accounted) >= len(set(said))


def stanzas(texts: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """What is said of each interface: options with their values, method, start; a reader apart."""
    said: dict[str, list[tuple[str, str]]] = {}
    current: list[tuple[str, str]] = []
    for path in sorted(texts):
        if not path.startswith("etc/network/") or path.endswith((".orig", ".bak")):
            continue
        for line in filter(None, logical(texts[path])):
            verb, _, rest = re.sub(r"\s+", " ", line, count=1).partition(" ")
            if line.startswith("#"):
                continue
            if verb in ("auto", "allow-hotplug"):
                for one in rest.split():
                    said.setdefault(one, []).append(("start", verb))
                current = []
            elif verb in ("iface", "template"):
                name, *more = rest.split()
                current = said.setdefault(name, [])
                current += [("method", one) for one in more[1:2]]
                if "inherits" in more:
                    current.append(("inherits", more[-1]))
            elif verb not in ("source", "source-directory") and not verb.startswith(
                ("allow-", "no-")
            ):
                current.append((verb, rest.strip()))
    return said


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_a_second_adoption_changes_nothing(root: Path) -> None:
    once = after(existing(root))
    again = planned(once, machine(existing(root)))
    assert not [one.file.path for one in again.changes if one.differs]
    assert {one.action for one in again.ledger} <= {Action.KEPT}


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_apply_does_what_plan_shows_and_a_rollback_is_exact(
    root: Path, tmp_path: Path, capsys: Capture
) -> None:
    copy, inventory = tmp_path / "root", tmp_path / "inventory.json"
    shutil.copytree(root, copy)
    inventory.write_text(to_json(machine(existing(root))))
    before = snapshot(copy)
    command = ["--root", str(copy), "--inventory", str(inventory)]
    command += ["--synthetic-driver", "virtio_net"]
    assert main(["plan", *command, "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["target"], shown["network_config"]) == ("ifupdown", MAIN)
    assert main(["apply", *command]) == 0
    for file in shown["files"]:
        assert (copy / file["path"]).read_text() == file["text"]
    assert main(["plan", *command, "--check"]) == 0
    capsys.readouterr()
    assert main(["apply", *command]) == 0
    assert "nothing to do: all files are as they should be" in capsys.readouterr().out
    assert main(["apply", "--rollback", "--root", str(copy)]) == 0
    assert snapshot(copy) == before


def commands(suite: str, root: Path, name: str) -> list[str]:
    """What ifup would run for an interface."""
    ran = ifup(suite, root, name)
    assert ran.status == 0, ran.err
    lines = (" ".join(line.split()) for line in ran.err.splitlines())
    return [line for line in lines if line and not line.startswith(("ifup:", "run-parts"))]


def write_texts(root: Path, texts: Mapping[str, str]) -> Path:
    kept = {path: text for path, text in texts.items() if path.startswith("etc/network")}
    kept = {
        path: text.replace("source /etc/", f"source {root}/etc/") for path, text in kept.items()
    }
    write(root, [RenderedFile(path, text) for path, text in kept.items()])
    return root


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("root", OF_DEBIAN, ids=lambda root: root.name)
def test_ifupdown_runs_for_the_aggregate_what_it_ran_for_the_nic(
    suite: str, root: Path, tmp_path: Path
) -> None:
    """Every command for every interface, in order, with the names that moved."""
    texts = existing(root)
    plan = planned(texts)
    moved = bonds(plan)
    before = write_texts(tmp_path / "before", texts)
    now = write_texts(tmp_path / "after", after(texts))
    started = [ifquery(suite, one, "--list", "--all").out.split() for one in (before, now)]
    hotplugged = ifquery(suite, before, "--list", "--allow", "hotplug").out.split()
    theirs = {one.name for one in plan.rewritten.aggregates if one.administrators}
    for name in started[0] + [one for one in hotplugged if re.match(r"eth0\b", one)]:
        new = name if moved.get(name) in theirs else renamed(name, moved)
        assert new in started[1]
    configured = {name for name, said in stanzas(texts).items() if {"method"} & set(dict(said))}
    for name in sorted(configured - {"lo", "wired"}):
        if name in ("ens17", "eth0") and (theirs or root.name == "vf-alone"):
            continue
        if name == "ens17":
            continue
        lines = iter(commands(suite, now, renamed(name, moved)))
        for line in commands(suite, before, name):
            wanted = (line, renamed(line, moved))
            assert any(
                re.sub(r" address 00:0d:3a:11:22:3\d", "", one) in wanted for one in lines
            ), (
                name,
                line,
            )
    for nic, bond in moved.items():
        if nic in ("ens17", "ens18") or bond in theirs:
            continue
        assert commands(suite, now, nic) == [f"ip link set dev {nic} up 2>/dev/null || true"]
        found = ifquery(suite, now, bond).out
        mac = next(one.pair.mac for one in plan.rewritten.aggregates if one.name == bond)
        for line in (
            *(f"bond-slaves: {nic}", "bond-mode: active-backup", "bond-miimon: 100"),
            "bond-primary-reselect: always",
        ):
            assert line in found.splitlines()
        assert f"--attr-match=address={mac} || true" in found
        assert re.search(rf"hwaddress: ({mac}|(ether )?02:00:5e:10:00:01)\n", found)
    order = started[1]
    for bond in moved.values():
        if bond in order:
            above = [one for one in order if one.startswith((f"{bond}.", f"{bond}:", "vmbr", "br"))]
            assert all(order.index(bond) < order.index(one) for one in above)


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_the_options_are_those_that_the_renderer_gives_and_so_are_the_companions(
    suite: str, tmp_path: Path
) -> None:
    """A pair adopted from a file and one rendered from a network config differ in no meaning."""
    text = "auto eth0\niface eth0 inet static\n    address 10.0.0.4/24\n    mtu 1400\n"
    text = f"auto lo\niface lo inet loopback\n{text}"
    inventory = machine({MAIN: text})
    config = read_network_config(
        "network: {version: 2, ethernets: {eth0: {addresses: [10.0.0.4/24], mtu: 1400}}}", "x"
    )
    fresh = make_plan(inventory, config, SETTINGS, load("ifupdown"), {})
    adopted = planned({MAIN: text})
    companions = [
        {change.file.path: change.file.text for change in plan.changes if change.is_companion}
        for plan in (fresh, adopted)
    ]
    assert companions[0] == companions[1] and companions[0]
    assert rendered(fresh)[NAMES_FILE] == rendered(adopted)[NAMES_FILE]
    sourced = {MAIN: "source interfaces.d/*\n", FILE: rendered(fresh)[FILE].text}
    one, other = (
        write_texts(tmp_path / "1", sourced),
        write_texts(tmp_path / "2", after({MAIN: text})),
    )
    for name in ("bond0", "eth0"):
        shown = [sorted(ifquery(suite, root, name).out.splitlines()) for root in (one, other)]
        assert shown[0] == shown[1]
        assert sorted(commands(suite, one, name)) == sorted(commands(suite, other, name))


WITH_MAPPING = (
    "auto eth0\nmapping eth0\n  script /bin/x\niface home inet dhcp\niface eth0 inet dhcp\n"
)


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        (WITH_MAPPING, 2, "maps eth0 by a script"),
        ("auto /eth*\niface eth0 inet dhcp\n", 1, "/eth* may start a NIC"),
        ("auto mac/00:0d:*=x\niface eth0 inet dhcp\n", 1, "may start a NIC"),
        ("auto eth0=x\niface x inet dhcp\niface eth0 inet dhcp\n", 1, "eth0=x may start"),
        ("iface eth0 inet manual\n  bond-master bond0\n", 2, "names a bond that has no stanza"),
        ("rename eth0=lan\niface eth0 inet dhcp\n", 1, "renames a NIC of a pair"),
        ("no-scripts eth0\niface eth0 inet dhcp\n", 1, "eth0 needs the scripts of ifenslave"),
        (
            "iface eth0 inet dhcp\niface eth9 inet dhcp inherits eth0\n",
            2,
            "inherits from eth0, whose settings move",
        ),
        ("iface eth0\n  use dhcp\niface eth9\n  inherit eth0\n", 4, "inherits from a NIC"),
        (
            "iface eth0 inet dhcp\niface ens17 inet static\n  address 10.0.0.4/24\n",
            2,
            "ens17 and eth0 are one card, and both are configured",
        ),
        (
            "iface eth0.5 inet dhcp\niface bond0.5 inet dhcp\n",
            1,
            "eth0.5 would be bond0.5, which is configured too",
        ),
        ("iface eth0.4000:guest inet dhcp\n", 1, "bond0.4000:guest, which is too long a name"),
        (
            "iface eth0 inet dhcp\niface br0 inet manual\n  bridge_ports all\n",
            3,
            "takes NICs by a pattern",
        ),
        (
            "iface bond0 inet dhcp\n  bond-slaves eth0\niface eth0 inet ipv4ll\n",
            3,
            "configures eth0, a member of bond0",
        ),
        (
            "iface bond0 inet dhcp\n bond-slaves all\niface eth0 inet manual\n bond-master bond0\n",
            2,
            "takes every NIC for a member",
        ),
    ],
)
def test_what_cannot_be_moved_for_certain_is_an_error_with_its_line(
    text: str, where: int, says: str
) -> None:
    found = errors(text)
    assert says in " ".join(one.message for one in found)
    assert f"{MAIN}: line {where}" in [one.where for one in found]
    assert all(one.hint for one in found)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (
            {MAIN: "%for i in range(2):\niface eth0 inet dhcp\n%endfor\n"},
            "etc/network/interfaces: line 1: is a template for ifupdown2",
        ),
        (
            {MAIN: "iface eth0 inet dhcp\nauto eth0\n  mtu 1400\n"},
            "etc/network/interfaces: line 3: mtu is no option of what is above it",
        ),
        (
            {MAIN: "auto lo\niface ens17 inet manual\n  bond-slaves eth0\n"},
            "etc/network/interfaces: line 2: ens17 is a NIC by its name",
        ),
        (
            {MAIN: "iface eth0.5 inet manual\n  bond-slaves eth0\n"},
            "etc/network/interfaces: line 1: eth0.5 is a NIC by its name",
        ),
        (
            {MAIN: "iface a inet dhcp\n bond-slaves eth0\niface b inet dhcp\n bond-slaves ens17\n"},
            "etc/network/interfaces: eth0 is a member of a and of b",
        ),
        (
            {MAIN: "source /etc/network/interfaces\niface eth0 inet dhcp\n"},
            "etc/network/interfaces: is sourced by itself",
        ),
        (
            {MAIN: "iface eth0 inet dhcp\nsource $HOME/x\n"},
            "etc/network/interfaces: line 2: source names $HOME/x, which only a shell",
        ),
    ],
)
def test_files_that_cannot_be_followed_are_an_error_that_says_where(
    texts: dict[str, str], says: str
) -> None:
    with pytest.raises(HypervNetError) as raised:
        planned(texts)
    assert str(raised.value).startswith(says)
    assert raised.value.hint


def test_a_file_outside_etc_is_read_and_never_edited() -> None:
    """Where Debian's cloud images put what their helper makes of every NIC."""
    text = "source-directory /run/network/interfaces.d\n"
    more = {"run/network/interfaces.d/eth0": "auto eth0\niface eth0 inet dhcp\n"}
    (finding,) = errors(text, **more)
    assert (finding.rule, finding.where) == ("adopted-elsewhere", "run/network/interfaces.d/eth0")


def test_the_helper_of_cloud_images_is_warned_of() -> None:
    plan = planned({MAIN: "iface eth0 inet dhcp\n", HELPER: "x"})
    assert "interfaces-helper" in [one.rule for one in plan.findings]


def test_files_are_read_wherever_they_are_sourced_from(tmp_path: Path, capsys: Capture) -> None:
    root, inventory = tmp_path / "root", tmp_path / "inventory.json"
    texts = {
        MAIN: "source /srv/net/*.conf\n",
        "srv/net/a.conf": "source ../deeper/all\n",
        "srv/deeper/all": "source-directory /etc/more\n",
        "etc/more/eth0": "iface eth0 inet dhcp\n",
        "etc/more/eth0.old": "iface eth0 inet static\n",
    }
    write(root, [RenderedFile(path, text) for path, text in texts.items()])
    inventory.write_text(to_json(machine(texts)))
    command = ["plan", "--root", str(root), "--inventory", str(inventory), "--format", "json"]
    assert main([*command, "--synthetic-driver", "virtio_net"]) == 0
    shown = json.loads(capsys.readouterr().out)
    changed = [one["path"] for one in shown["files"] if one["path"].startswith("etc/more")]
    assert changed == ["etc/more/eth0"]


@pytest.mark.parametrize(
    ("text", "moved", "left"),
    [
        ("ip route add 10.9.0.0/16 dev eth0", "ip route add 10.9.0.0/16 dev bond0", ()),
        ("ip -6 r a default dev eth0 && x", "ip -6 r a default dev bond0 && x", ()),
        ("(/sbin/ip addr add 10.1.1.1/8 dev eth0)", "(/sbin/ip addr add 10.1.1.1/8 dev bond0)", ()),
        ("ip rule add iif eth0 table 5", "ip rule add iif bond0 table 5", ()),
        ("LANG=C ip neigh add x dev eth0;", "LANG=C ip neigh add x dev bond0;", ()),
        ("ip link add link eth0 name v type vlan id 5", None, ()),
        ("ip link set dev eth0 promisc on", "", ("ip",)),
        ("iptables -A INPUT -i eth0 -j DROP", "iptables -A INPUT -i bond0 -j DROP", ()),
        ("ip6tables-nft -A INPUT ! -o eth0.5", "ip6tables-nft -A INPUT ! -o bond0.5", ()),
        ("iptables -A INPUT -m comment --comment eth0", "", ("iptables",)),
        ("echo 1 > /proc/sys/net/ipv4/conf/eth0/rp_filter", None, ()),
        ("sysctl -w net.ipv6.conf.eth0.accept_ra=2", None, ()),
        ("echo 5 > /sys/class/net/eth0/queues", "", ("echo",)),
        ("route add -net 10.0.0.0/8 dev eth0", "route add -net 10.0.0.0/8 dev bond0", ()),
        ("ifup eth0.3", "ifup bond0.3", ()),
        ("brctl addif br0 eth0", "brctl addif br0 bond0", ()),
        ("ethtool -K eth0 tso off", "", ("ethtool",)),
        ("ip route add x dev 'eth0'", "", ("ip",)),
        ("ip route add x dev $(echo eth0)", "", ("echo",)),
        ("ip route add x dev eth01", "", ()),
        ("ip route add x dev my-eth0", "", ()),
        ("eth0", "", ("",)),
    ],
)
def test_a_name_in_a_command_is_moved_where_it_can_only_mean_the_interface(
    text: str, moved: str | None, left: tuple[str, ...]
) -> None:
    command = move_names(f" {text}", "eth0", lambda word: word.replace("eth0", "bond0"))
    wanted = text.replace("eth0", "bond0") if moved is None else moved or text
    assert command.text == f" {wanted}"
    assert command.left == left


def test_a_name_that_is_left_in_a_command_is_warned_of_with_its_line() -> None:
    plan = planned({MAIN: "iface eth0 inet dhcp\n  up tc qdisc add dev eth0 root fq\n"})
    (finding,) = [one for one in plan.findings if one.rule == "names-a-member"]
    assert (finding.severity, finding.where) == (Severity.WARNING, f"{MAIN}: line 2")
    assert finding.message == "tc names eth0, whose settings are on bond0 now"


def test_an_option_that_is_not_known_is_kept_and_warned_of_where_it_names_the_nic() -> None:
    plan = planned({MAIN: "iface eth0 inet dhcp\n  speed 9\n  follow eth0\n"})
    assert "  speed 9\n  follow eth0\n" in rendered(plan)[MAIN].text
    assert [one.where for one in plan.findings if one.rule == "names-a-member"] == [
        f"{MAIN}: line 3"
    ]


def test_a_stanza_that_cannot_be_told_an_address_gets_one_before_it_that_can() -> None:
    text = main_after("auto eth0\niface eth0 inet6 auto\n")
    assert text.startswith("auto bond0\niface bond0 inet manual\n    bond-slaves eth0\n")
    assert "    hwaddress 00:0d:3a:11:22:33\n\niface bond0 inet6 auto\n    post-up udevadm" in text


def test_the_mtu_of_the_aggregate_is_known_to_the_hook_where_ifupdown_sets_it() -> None:
    for method, wanted in (("static\n  address 10.0.0.4/24", 9000), ("dhcp", None)):
        now = after({MAIN: f"iface eth0 inet {method}\n  mtu 9000\n"})
        found = from_json(now["var/lib/hyperv-net/wanted.json"], "x")
        assert found.pairs[0].mtu == wanted


def test_an_administrators_bond_gets_what_it_lacks_and_no_more() -> None:
    """Both NICs in its list: ifenslave would never take the VF back."""
    text = "iface bond5 inet dhcp\n  bond-slaves ens17 eth0\n  bond-mode 1\n"
    plan = planned({MAIN: text})
    trigger = (
        "  post-up udevadm trigger --action=change --subsystem-match=net --attr-match=address="
    )
    assert rendered(plan)[MAIN].text == (
        "iface bond5 inet dhcp\n  bond-miimon 100\n  bond-slaves eth0\n  bond-mode 1\n"
        f"{trigger}{MACS[0]} || true\n"
    )


def test_settings_of_the_card_go_to_the_member_which_ifenslave_then_raises() -> None:
    """ifupdown-ng raises every member, and has no such line."""
    text = main_after("iface eth0 inet dhcp\n  offload-gro off\n  metric 7\n")
    assert "allow-bond0 eth0\niface eth0 inet manual\n  offload-gro off\n" in text
    assert text.count("offload-gro") == 1
    text = main_after("iface eth0\n  use dhcp\n  ethtool-offload-gro off\n")
    assert text.endswith("iface eth0\n  ethtool-offload-gro off\n")
    assert "allow-" not in text


def test_a_bond_over_other_nics_keeps_its_name_and_the_pair_gets_a_free_one() -> None:
    text = "iface bond0 inet dhcp\n  bond-slaves eth9\niface eth0 inet dhcp\n"
    assert main_after(text).startswith(
        "iface bond0 inet dhcp\n  bond-slaves eth9\niface bond1 inet"
    )


def test_a_nic_that_is_started_by_hand_stays_so_and_one_that_something_needs_does_not() -> None:
    assert "auto" not in main_after("iface eth0 inet dhcp\n")
    text = main_after(
        "auto br0\niface br0 inet dhcp\n  bridge_ports eth0\niface eth0 inet manual\n"
    )
    assert text.startswith("auto bond0\nauto br0\niface br0 inet dhcp\n  bridge_ports bond0\n")


def test_rules_that_name_nics_are_added_to_those_that_are_there() -> None:
    texts = {MAIN: "iface eth0 inet dhcp\n", NAMES_FILE: '# mine\nKERNEL=="x", NAME="y"'}
    now = after(texts)
    assert now[NAMES_FILE].startswith(f"{texts[NAMES_FILE]}\nSUBSYSTEM==")
    assert after(now) == now


def test_pairs_that_the_kernel_owns_and_machines_without_any_are_left_as_they_are() -> None:
    text = "auto eth0\niface eth0 inet dhcp\n"
    nics = tuple(nic for nic in machine({MAIN: text}).nics if nic.name != "ens17")
    plan = planned({MAIN: text}, Inventory(System.LINUX, "6.1.0", nics))
    assert not rendered(plan) and not plan.ledger


def test_where_no_interface_is_configured_there_is_nothing_to_adopt() -> None:
    for texts in ({}, {MAIN: ""}, {MAIN: "auto lo\niface lo inet loopback\n"}):
        assert load("ifupdown").adopt(texts, machine({}), SETTINGS) is None


def test_words_are_told_and_replaced_across_lines_that_are_joined() -> None:
    assert words("auto et\\\nh0 \\\n eth1\n") == ["auto", "eth0", "eth1"]
    assert words(" # auto eth0\n") == []
    assert with_words("auto et\\\nh0 \\\n eth1\n", {1: "bond0"}) == "auto bond0 \\\n eth1\n"
    assert with_words("auto a b  c\n", {2: None}) == "auto a  c\n"


def test_stanzas_are_read_in_the_order_of_ifupdown() -> None:
    texts = {
        MAIN: "iface a inet manual\nsource b*\niface d inet manual\n",
        "etc/network/b2": "iface c inet manual\n",
        "etc/network/b1": "iface b inet manual\n",
        "etc/network/x": "iface x inet manual\n",
    }
    assert [one.name for one in read(texts) if one.name] == ["a", "b", "c", "d"]


NAMES = st.sampled_from(["eth0", "eth0.5", "eth0:1", "eth9", "br0", "ens17", "v7", "lo"])
OPTIONS = st.sampled_from(
    [
        "address 10.0.0.4/24",
        "mtu 1400",
        "hwaddress 02:00:00:00:00:01",
        "bridge_ports eth0 eth9",
        "bridge-ports eth0.7",
        "vlan-raw-device eth0",
        "up ip route add 10.9.0.0/16 dev eth0",
        "post-up tc qdisc add dev eth0 root fq",
        "offload-tso off",
        "bond-slaves eth0",
        "bond-master br0",
        "# eth0",
        "up a \\\n  b",
        "unknown eth0",
        "",
    ]
)
HEADS = st.one_of(
    st.builds(
        lambda verb, names: f"{verb} {' '.join(names)}",
        st.sampled_from(["auto", "allow-hotplug", "allow-auto", "allow-x", "no-auto-down"]),
        st.lists(NAMES, min_size=1, max_size=3),
    ),
    st.builds(
        lambda name, method: f"iface {name} {method}",
        NAMES,
        st.sampled_from(["inet static", "inet dhcp", "inet manual", "inet6 auto", ""]),
    ),
)
TEXTS = st.lists(
    st.builds(
        lambda head, options: "\n".join([head, *(f"  {one}" for one in options)]),
        HEADS,
        st.lists(OPTIONS, max_size=4),
    ),
    min_size=1,
    max_size=6,
).map("\n".join)


@given(TEXTS, st.booleans())
def test_of_any_text_a_second_adoption_changes_nothing_and_no_other_interface_is_touched(
    text: str, ends: bool
) -> None:
    """Unless something stands in the way, which is an error and not written."""
    texts = {MAIN: text + "\n" if ends else text}
    try:
        if load("ifupdown").adopt(texts, machine(texts), SETTINGS) is None:
            return
        plan = planned(texts)
    except HypervNetError:
        return
    if plan.failed or MAIN not in rendered(plan):
        return
    now = rendered(plan)[MAIN].text
    assert after({MAIN: now}).get(MAIN) == now
    about = {renamed(line, bonds(plan)) for line in logical(texts[MAIN])} | own_lines(plan)
    known = {*logical(texts[MAIN]), *about}
    starts = ("auto", "allow-", "no-auto-down", "bond-slaves", "# hyperv-net: ")
    for line in logical(now):
        assert line in known or line.startswith(starts)
    before, after_it = stanzas(texts), stanzas({MAIN: now})
    for name in ("eth9", "lo"):
        said = [(key, renamed(value, bonds(plan))) for key, value in before.get(name, [])]
        assert said == [
            (key, renamed(value, bonds(plan)))
            for key, value in after_it.get(name, [])
            if renamed(f"{key} {value}", bonds(plan)) not in own_lines(plan)
        ]
