"""Adoption of netplan: files edited in place, and the real netplan as the judge.

`roots/` has roots with what people write.  The judge makes the same networkd
files of the edited ones as of the whole configuration written as one file.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.snapshot import to_json
from hyperv_net.model import Action, Inventory, Nic, RenderedFile, Settings, Severity, System
from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.plan.flow import Plan, make_plan
from hyperv_net.renderers import load
from hyperv_net.renderers.netplan import adopt as adopting
from hyperv_net.renderers.netplan import render as whole
from hyperv_net.renderers.netplan.adopt.yaml_edit import edited
from hyperv_net.renderers.netplan.paths import FILE
from hyperv_net.renderers.plain_yaml import dump
from hyperv_net.root import files
from hyperv_net.tree import to_plain
from tests.applying.disk import snapshot
from tests.debian.tools import SUITES, netplan_generate, networkd_files, write

ROOTS = sorted((Path(__file__).parent / "roots").iterdir())
MAC = "00:0d:3a:11:22:33"
SETTINGS = Settings(synthetic_drivers=("virtio_net",))
MACHINE = Inventory(
    System.LINUX,
    "6.1.0",
    (
        Nic("ens17", mac=MAC, permanent_mac=MAC, driver="e1000e", bus="pci"),
        Nic("eth0", mac=MAC, permanent_mac=MAC, driver="virtio_net", bus="virtio"),
        Nic("eth9", mac="00:15:5d:00:00:09", driver="e1000", bus="pci"),
    ),
)

Capture = pytest.CaptureFixture[str]


def existing(root: Path) -> dict[str, str]:
    return files.read_matching(root, load("netplan").reads)


def planned(texts: dict[str, str]) -> Plan:
    target = load("netplan")
    adopted = target.adopt(texts, MACHINE, SETTINGS)
    assert adopted is not None
    return make_plan(MACHINE, adopted.config, SETTINGS, target, texts, adopted.render)


def rendered(plan: Plan) -> dict[str, RenderedFile]:
    return {one.file.path: one.file for one in plan.changes if not one.is_companion}


def after(texts: dict[str, str]) -> dict[str, str]:
    return {**texts, **{path: file.text for path, file in rendered(planned(texts)).items()}}


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
def test_a_second_adoption_changes_nothing(root: Path) -> None:
    texts = existing(root)
    once = after(texts)
    assert after(once) == once
    assert not [one for one in planned(once).changes if one.differs and not one.is_companion]


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


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_apply_does_what_plan_shows_and_a_rollback_is_exact(
    root: Path, tmp_path: Path, capsys: Capture
) -> None:
    copy, inventory = tmp_path / "root", tmp_path / "inventory.json"
    shutil.copytree(root, copy)
    inventory.write_text(to_json(MACHINE))
    before = snapshot(copy)
    command = ["--root", str(copy), "--inventory", str(inventory)]
    command += ["--synthetic-driver", "virtio_net"]
    assert main(["plan", *command, "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert main(["apply", *command]) == 0
    for file in shown["files"]:
        assert (copy / file["path"]).read_text() == file["text"]
    assert main(["plan", *command, "--check"]) == 0
    capsys.readouterr()
    assert main(["apply", *command]) == 0
    assert "nothing to do: all files" in capsys.readouterr().out
    assert main(["apply", "--rollback", "--root", str(copy)]) == 0
    assert snapshot(copy) == before


def test_a_file_that_cloud_init_wrote_through_us_is_a_file_like_any_other(
    tmp_path: Path,
) -> None:
    """It bears our mark, is not part of the plan, and must not be removed as stale."""
    root, inventory = tmp_path / "root", tmp_path / "inventory.json"
    inventory.write_text(to_json(MACHINE))
    kept = whole.HEADER + "network: {version: 2, ethernets: {eth9: {dhcp4: true}}}\n"
    adopted = "network: {ethernets: {eth0: {dhcp4: true}}}\n"
    write_texts(root, {FILE: kept, "etc/netplan/60-mine.yaml": adopted})
    command = ["apply", "--root", str(root), "--inventory", str(inventory)]
    assert main([*command, "--synthetic-driver", "virtio_net"]) == 0
    assert (root / FILE).read_text() == kept
    assert "dhcp4: false" in (root / "etc/netplan/60-mine.yaml").read_text()


def test_the_ledger_says_in_which_file_each_setting_is() -> None:
    plan = planned(existing(Path(__file__).parent / "roots" / "by-hand"))
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
        ("network: [", "etc/netplan/a.yaml: line 2: not YAML"),
        ("network: 7\n", "etc/netplan/a.yaml: network: not a mapping"),
        (
            "x: &a {dhcp4: true}\nnetwork: {ethernets: {eth0: *a}}\n",
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


def test_a_key_that_is_announced_by_a_question_mark_is_not_cut_in_two() -> None:
    with pytest.raises(HypervNetError, match=r"x: line 1: the key 'a' stands behind something"):
        edited("? a\n: 1\nb: 2\n", "x", {("a",)}, {})


def test_a_text_of_several_lines_goes_whole_and_what_is_below_it_stays() -> None:
    for style in ("|", ">-", "|+"):
        text = f"a: {style}\n  one\n\n  two\n# about b\nb: 2\n"
        assert edited(text, "x", {("a",)}, {}).endswith("# about b\nb: 2\n")
        assert "two" not in edited(text, "x", {("a",)}, {})
        assert edited(text, "x", {("b",)}, {}) == text[: -len("b: 2\n")]


def test_where_netplan_configures_no_device_there_is_nothing_to_adopt() -> None:
    assert load("netplan").adopt({}, MACHINE, SETTINGS) is None
    text = "network: {version: 2, renderer: networkd}\n"
    assert load("netplan").adopt({"etc/netplan/a.yaml": text}, MACHINE, SETTINGS) is None
    assert load("netplan").adopt({"etc/netplan/a.yaml": "# nothing\n"}, MACHINE, SETTINGS) is None


KEYS = st.sampled_from(["a", "b", "cc", "d-d"])
SCALARS = st.sampled_from(["x", "10.0.0.4/24", 7, True, None])
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.dictionaries(KEYS, inner, min_size=1, max_size=3)
        | st.lists(SCALARS, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


def _flow(plain: object) -> str:
    if isinstance(plain, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in plain.items()) + "}"
    if isinstance(plain, list):
        return "[" + ", ".join(map(_flow, plain)) + "]"
    return dump({"x": plain})[3:].strip()


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.dictionaries(KEYS, TREES, min_size=2, max_size=4), st.data())
def test_of_any_text_just_the_keys_that_are_named_go_and_comments_elsewhere_stay(
    plain: dict[str, object], data: st.DataObject
) -> None:
    top = data.draw(st.sampled_from(sorted(plain)))
    path: tuple[str, ...] = (top,)
    inner = plain[top]
    while isinstance(inner, dict) and len(inner) > 1 and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(inner)))
        inner, path = inner[key], (*path, key)
    wanted = json.loads(json.dumps(plain))
    at = wanted
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    block = "".join(f"{line} # {number}\n" for number, line in enumerate(dump(plain).splitlines()))
    for text in (block, _flow(plain) + "\n"):
        new = edited(text, "x", {path}, {})
        assert to_plain(read_yaml(new, "x")) == wanted
    left = edited(block, "x", {path}, {}).splitlines()
    assert [one for one in block.splitlines() if one in left] == left
    assert len(left) < len(block.splitlines())
