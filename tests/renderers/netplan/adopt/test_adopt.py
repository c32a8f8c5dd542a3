"""Adoption of netplan: files edited in place, and the real netplan as the judge.

`roots/` has roots with what people write.  The judge makes the same networkd
files of the edited ones as of the whole configuration written as one file.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.snapshot import to_json
from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import Action, RenderedFile, Severity
from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.renderers import load
from hyperv_net.renderers.netplan import adopt as adopting
from hyperv_net.renderers.netplan import render as whole
from hyperv_net.renderers.netplan.paths import FILE
from hyperv_net.tree import to_plain
from tests.debian.tools import SUITES, netplan_generate, networkd_files, write
from tests.renderers.adoption import rendered
from tests.renderers.netplan.adopt.adopting import (
    ADOPTION,
    MACHINE,
    SETTINGS,
    after,
    existing,
    planned,
)

ROOTS = ADOPTION.roots


def write_texts(root: Path, texts: dict[str, str]) -> Path:
    write(root, [RenderedFile(path, text, 0o600) for path, text in texts.items()])
    return root


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_netplan_makes_the_same_of_the_edited_files_as_of_one_with_everything(
    suite: str, root: Path, tmp_path: Path
) -> None:
    texts = existing(root)
    plan = planned(texts)
    assert not plan.failed
    adopted = write_texts(tmp_path / "adopted", after(texts))
    ran = netplan_generate(suite, adopted)
    assert ran.status == 0, ran.err
    complete = tmp_path / "complete"
    write(complete, whole.render(plan.rewritten, {}).files)
    ran = netplan_generate(suite, complete)
    assert ran.status == 0, ran.err
    made = networkd_files(adopted)
    assert made == networkd_files(complete)
    assert "10-netplan-bond0.netdev" in made


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_only_what_moved_or_was_rewritten_is_touched_in_a_file(root: Path) -> None:
    """Lines are only taken out, but for those with a value that was rewritten."""
    texts = existing(root)
    plan = planned(texts)
    assert all(entry.action is not Action.DROPPED for entry in plan.ledger)
    for path, file in rendered(plan).items():
        if path not in texts:
            assert path == "etc/netplan/00-hyperv-net.yaml"
            continue
        assert file.in_place
        lines = iter(texts[path].splitlines())
        for line in file.text.splitlines():
            if line.strip() == "{}":
                continue  # Nothing is left of the file.
            old = next((one for one in lines if _alike(one, line)), None)
            assert old is not None, line
    for path, text in texts.items():
        now = rendered(plan)[path].text if path in rendered(plan) else text
        for line in text.splitlines():
            assert not line.rstrip().endswith(("# stays", "# stays too")) or line in now
    hidden = "etc/netplan/50-x.yaml" if root.name == "hidden-by-run" else ""
    assert hidden not in rendered(plan)


def _alike(old: str, new: str) -> bool:
    """Whether they are one line, in which a value or something in braces may have changed."""
    if "{" in old:
        return old.split("{")[0] == new.split("{")[0]
    return old == new or re.sub(r"\b(eth0|true|yes)\b", "", old) == re.sub(
        r"\b(bond0|false)\b", "", new
    )


def test_a_file_that_cloud_init_wrote_through_us_is_a_file_like_any_other(
    tmp_path: Path,
) -> None:
    """It bears our mark, is not part of the plan, and must not be removed as stale."""
    root, inventory = tmp_path / "root", tmp_path / "inventory.json"
    inventory.write_text(to_json(MACHINE))
    kept = FROM_CONFIG + "network: {version: 2, ethernets: {eth9: {dhcp4: true}}}\n"
    adopted = "network: {ethernets: {eth0: {dhcp4: true}}}\n"
    write_texts(root, {FILE: kept, "etc/netplan/60-mine.yaml": adopted})
    command = ["apply", "--root", str(root), "--inventory", str(inventory)]
    assert main([*command, "--synthetic-driver", "virtio_net"]) == 0
    assert (root / FILE).read_text() == kept
    assert "dhcp4: false" in (root / "etc/netplan/60-mine.yaml").read_text()


def test_the_ledger_says_in_which_file_each_setting_is() -> None:
    plan = planned(existing(ADOPTION.folder / "by-hand"))
    places = {entry.source[-2:]: entry.places for entry in plan.ledger}
    assert places["vlan10", "link"] == ("etc/netplan/01-netcfg.yaml: vlans.vlan10.link",)
    assert places["eth0", "mtu"] == ("etc/netplan/00-hyperv-net.yaml: bonds.bond0.mtu",)


def test_a_file_that_is_not_ours_to_edit_is_an_error_where_it_is_in_the_way() -> None:
    texts = {
        "lib/netplan/00-vendor.yaml": (
            "network: {version: 2, ethernets: {eth0: {addresses: [10.0.0.4/24]}}}\n"
        )
    }
    plan = planned(texts)
    (finding,) = [one for one in plan.findings if one.severity is Severity.ERROR]
    assert finding.rule == "adopted-elsewhere"
    assert finding.message.startswith("says ethernets.eth0.addresses, and only")
    assert list(rendered(plan)) == ["etc/netplan/00-hyperv-net.yaml"]


def test_a_file_that_is_not_ours_to_edit_stays_where_it_is_not_in_the_way() -> None:
    texts = {
        "lib/netplan/00-vendor.yaml": "network: {renderer: networkd}\n",
        "etc/netplan/a.yaml": "network: {ethernets: {eth0: {dhcp4: true}}}\n",
    }
    plan = planned(texts)
    assert not plan.failed
    own = read_yaml(rendered(plan)["etc/netplan/00-hyperv-net.yaml"].text, "own")
    assert "renderer" not in to_plain(own)["network"]


def test_our_own_file_is_read_first_whatever_the_others_are_called() -> None:
    for name, own in (
        ("a.yaml", "00-hyperv-net.yaml"),
        ("00-installer-config.yaml", "00-hyperv-net.yaml"),
        ("00-a.yaml", "0-hyperv-net.yaml"),
    ):
        texts = {f"etc/netplan/{name}": "network: {ethernets: {eth0: {dhcp4: true}}}\n"}
        assert f"etc/netplan/{own}" in rendered(planned(texts))
        once = after(texts)
        assert after(once) == once
    texts = {"etc/netplan/!.yaml": "network: {ethernets: {eth0: {dhcp4: true}}}\n"}
    with pytest.raises(HypervNetError, match=r"etc/netplan/!\.yaml: .*rename it"):
        planned(texts)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("network: [", "etc/netplan/a.yaml:1:10: not YAML"),
        ("network: 7\n", "etc/netplan/a.yaml: network: not a mapping"),
        (
            "network: {ethernets: {eth9: &a {dhcp4: true}, eth0: *a}}\n",
            "etc/netplan/a.yaml: uses YAML anchors",
        ),
    ],
)
def test_a_file_that_cannot_be_read_or_edited_is_an_error_that_names_it(
    text: str, says: str
) -> None:
    with pytest.raises(HypervNetError) as raised:
        planned({"etc/netplan/a.yaml": text})
    assert str(raised.value).startswith(says)
    assert "anchors" not in says or raised.value.hint == "write out what the aliases stand for"


def test_a_file_that_did_not_become_what_it_should_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Should YAML have a way of writing that the editing does not know, nothing is written."""
    monkeypatch.setattr(adopting, "edited", lambda text, *rest: text)
    with pytest.raises(HypervNetError, match="cannot be edited key by key"):
        planned({"etc/netplan/a.yaml": "network: {ethernets: {eth0: {mtu: 1400}}}\n"})


def test_where_netplan_configures_no_device_there_is_nothing_to_adopt() -> None:
    assert load("netplan").adopt({}, MACHINE, SETTINGS) is None
    text = "network: {version: 2, renderer: networkd}\n"
    assert load("netplan").adopt({"etc/netplan/a.yaml": text}, MACHINE, SETTINGS) is None
    assert load("netplan").adopt({"etc/netplan/a.yaml": "# nothing\n"}, MACHINE, SETTINGS) is None
