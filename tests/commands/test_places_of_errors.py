"""What stops a plan stands at its line, in each form of a review, whatever file it is in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.inventory.snapshot import to_json
from tests.building import linux, synthetic, vf
from tests.commands.calling import Capture
from tests.commands.test_look import COLOURS, shown

WRONG = "network:\n  version: 2\n  ethernets:\n    eth0:\n      mtu: many\n      mut: 9000\n"
INTERFACES = "# by hand\niface eth0 inet dhcp\nsource $HOME/more\n"
KEPT = "etc/cloud/cloud.cfg.d/50-network.cfg"
#: What a root has, its target, and line and what is meant on it of each error.
ROOTS = {
    "a config of cloud.cfg.d": (KEPT, WRONG, "netplan", 5, "many"),
    "a file of netplan": ("etc/netplan/1.yaml", WRONG, "netplan", 5, "many"),
    "interfaces(5)": ("etc/network/interfaces", INTERFACES, "ifupdown", 3, "$HOME/more"),
    "a setting of ours": (
        "etc/cloud/cloud.cfg.d/91.cfg",
        "#\nhyperv_net: {kvp: never}\n",
        "netplan",
        2,
        "never",
    ),
}


@pytest.fixture(params=ROOTS)
def broken(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[str], str, int, str]:
    """The words of a review, the broken file, its line, and what is meant there."""
    path, text, target, line, meant = ROOTS[request.param]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nics.json").write_text(to_json(linux(synthetic(), vf())))
    file = tmp_path / "root" / path
    file.parent.mkdir(parents=True)
    file.write_text(text)
    words = ["review", "--inventory", "nics.json", "--target", target, "--root", "root"]
    return words, path, line, meant


def test_a_terminal_has_carets_below_it(
    broken: tuple[list[str], str, int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words, path, number, meant = broken
    monkeypatch.setenv("COLUMNS", "300")
    lines = COLOURS.sub("", shown(*words)).splitlines()
    first = lines.index("Findings") + 1
    assert lines[first].strip().startswith(f"error: {path}:{number}:")
    line = lines[first + 1]
    assert line.strip() == meant or meant in line
    assert lines[first + 2] == " " * line.index(meant) + "^" * len(meant)


@pytest.mark.parametrize("form", ["sarif", "codequality", "json", "junit", "markdown", "html"])
def test_each_form_has_its_file_and_line(
    broken: tuple[list[str], str, int, str], form: str, capsys: Capture
) -> None:
    words, path, number, meant = broken
    assert main([*words, "--format", form]) == 1
    out = capsys.readouterr().out
    if form == "sarif":
        where = json.loads(out)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        assert where["artifactLocation"]["uri"] == f"root/{path}"
        region = where["region"]
        assert (region["startLine"], region["endLine"]) == (number, number)
        assert region["endColumn"] - region["startColumn"] == len(meant)
    elif form == "codequality":
        where = json.loads(out)[0]["location"]
        assert where == {"path": f"root/{path}", "lines": {"begin": number, "end": number}}
    elif form == "json":
        document = json.loads(out)
        finding = document["findings"][0]
        assert (finding["file"], finding["line"], finding["end_line"]) == (path, number, number)
        assert [one["name"] for one in document["inputs"]] == [path]
    else:
        assert f"{path}:{number}" in out


def test_a_key_that_is_almost_known_is_told_beside_the_errors_of_its_file(
    tmp_path: Path, capsys: Capture
) -> None:
    """And so is what names no target, and a file of NICs that is none."""
    (tmp_path / "net.yaml").write_text(WRONG)
    (tmp_path / "nics.json").write_text('{"schema":\n "hyperv-net/inventory/1", nics: []}')
    given = ["--inventory", str(tmp_path / "nics.json")]
    given += ["--network-config", str(tmp_path / "net.yaml")]
    assert main(["plan", *given]) == 1
    told = [one.partition(f"{tmp_path}/")[2] for one in capsys.readouterr().err.splitlines()]
    assert told == [
        "net.yaml:5:12: network.ethernets.eth0.mtu: not an MTU from 68 to 65536: 'many'",
        "nics.json:2:28: not JSON: Expecting property name enclosed in double quotes",
        "net.yaml:6:7: network.ethernets.eth0.mut: no key 'mut' is known here "
        "(did you mean 'mtu'?) [unknown-key]",
    ]
    main(["review", *given, "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one["rule"] for one in found] == ["cannot-plan", "cannot-plan", "unknown-key"]
    assert [one["severity"] for one in found] == ["error", "error", "warning"]


def test_without_a_target_the_findings_of_the_config_are_told_too(
    tmp_path: Path, capsys: Capture
) -> None:
    """Though nothing can be planned."""
    (tmp_path / "net.yaml").write_text(WRONG.replace("many", "1500"))
    nics = to_json(linux(synthetic(), vf())).replace('"kernel"', '"kernle"', 1)
    (tmp_path / "nics.json").write_text(nics)
    given = ["--inventory", str(tmp_path / "nics.json")]
    main(["review", *given, "--network-config", str(tmp_path / "net.yaml"), "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert found[0]["message"].startswith("without a root nothing shows")
    assert [(one["rule"], one.get("line")) for one in found[1:]] == [
        ("inventory-key", None),
        ("unknown-key", 6),
    ]
