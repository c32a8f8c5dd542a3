"""`plan --allow` and `review --allow`: what is known and meant is shown, and fails nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hyperv_net.cli import main
from tests.paths import CHECKOUT, EXAMPLES

MCE = EXAMPLES / "azure-freebsd-mce"
#: A machine with a warning and a note.
OPTIONS = [
    *("--inventory", str(MCE / "inventory.json")),
    *("--network-config", str(MCE / "network-config.yaml")),
    *("--root", str(MCE / "root")),
]
DROPPED = "setting-dropped@ethernets.eth0.dhcp4-overrides"
RENAMED = "hn-renamed@etc/rc.conf"


def allow(*rules: str) -> list[str]:
    return [word for rule in rules for word in ("--allow", rule)]


@pytest.mark.parametrize(
    ("fail_on", "rules", "status"),
    [
        ("warning", (), 1),
        ("warning", (DROPPED,), 0),
        ("warning", ("setting-dropped",), 0),
        ("warning", (RENAMED,), 1),
        ("warning", ("setting-dropped@ethernets.eth1",), 1),
        ("note", (DROPPED,), 1),
        ("note", (DROPPED, RENAMED), 0),
        # An option that allows nothing is a note itself.
        ("note", (DROPPED, RENAMED, "vf-down"), 1),
        ("warning", (DROPPED, RENAMED, "vf-down"), 0),
    ],
)
@pytest.mark.parametrize("verb", ["plan", "review"])
def test_what_is_allowed_does_not_count_for_the_exit_status(
    verb: str, fail_on: str, rules: tuple[str, ...], status: int
) -> None:
    assert main([verb, *OPTIONS, "--fail-on", fail_on, *allow(*rules)]) == status


@pytest.mark.parametrize("verb", ["plan", "review"])
def test_an_allowed_finding_is_shown_as_one_and_what_allows_nothing_as_well(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main([verb, *OPTIONS, *allow(DROPPED, "vf-down@mce0")])
    lines = [one.strip() for one in capsys.readouterr().out.splitlines()]
    (dropped,) = [one for one in lines if one.endswith("[setting-dropped]")]
    assert dropped.startswith("warning, allowed: ") and "route-metric" in dropped
    (renamed,) = [one for one in lines if one.endswith("[hn-renamed]")]
    assert renamed.startswith("note: ")
    (nothing,) = [one for one in lines if one.endswith("[allowed-nothing]")]
    assert nothing.startswith("note: --allow vf-down@mce0: ")


def test_a_diff_has_them_beside_it_and_json_says_of_each_whether_it_is_allowed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["plan", *OPTIONS, *allow(DROPPED), "--format", "diff"])
    assert "warning, allowed: " in capsys.readouterr().err
    main(["plan", *OPTIONS, *allow(DROPPED), "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    told = {one["rule"]: one["allowed"] for one in document["findings"]}
    assert told == {"hn-renamed": False, "setting-dropped": True}
    assert document["counts"]["findings"] == {"error": 0, "warning": 0, "note": 1}


@pytest.mark.parametrize("verb", ["plan", "review"])
def test_a_rule_that_there_is_not_is_wrong_usage(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([verb, *OPTIONS, *allow("setting-droped")]) == 64
    assert "did you mean setting-dropped?" in capsys.readouterr().err


def taken(tmp_path: Path) -> list[str]:
    """The options of a machine whose pair cannot have its lagg: an error, at a place."""
    (tmp_path / "etc").mkdir(parents=True)
    (tmp_path / "etc/rc.conf").write_text('ifconfig_lagg0="laggproto failover laggport ix7"\n')
    bond = tmp_path / "network-config.yaml"
    bond.write_text(
        "version: 2\nethernets:\n  hn0: {match: {macaddress: '00:0d:3a:04:75:98'}}\n"
        "  mce0: {match: {name: mce0}}\n"
        "bonds: {lagg0: {interfaces: [hn0, mce0], dhcp4: true,"
        " parameters: {mode: active-backup}}}\n"
    )
    return [*OPTIONS[:2], "--network-config", str(bond), "--root", str(tmp_path)]


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("lagg-name-taken", 1),
        ("lagg-name-taken@etc/rc.conf:2", 1),
        ("lagg-name-taken@etc/rc.conf", 0),
        ("lagg-name-taken@etc/rc.conf:1", 0),
    ],
)
def test_an_error_is_allowed_at_its_place_alone(rule: str, status: int, tmp_path: Path) -> None:
    options = taken(tmp_path)
    assert main(["plan", *options]) == 1
    assert main(["plan", *options, *allow(rule)]) == status


def test_what_a_base_does_not_have_is_no_finding_that_is_gone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = (MCE / "network-config.yaml").read_text()
    base = tmp_path / "base.yaml"
    base.write_text(text.replace("    dhcp4-overrides:\n      route-metric: 100\n", ""))
    options = [*OPTIONS, "--against", str(base), "--format", "json"]
    main(["review", *options, *allow("setting-dropped")])
    against = json.loads(capsys.readouterr().out)["against"]
    assert "allowed-nothing" not in [one["rule"] for one in against["gone_findings"]]


def test_apply_takes_no_such_option(capsys: pytest.CaptureFixture[str]) -> None:
    """It writes nothing while a part could not be done."""
    assert main(["apply", *OPTIONS, "--dry-run", *allow(DROPPED)]) == 64
    assert "--allow" in capsys.readouterr().err


def test_the_page_about_it_has_rules_and_places_that_there_are() -> None:
    from hyperv_net.rules.allowing import parsed

    page = (CHECKOUT / "docs/allowing.md").read_text()
    words = page.split()
    given = [after for word, after in zip(words, words[1:]) if word == "--allow"]
    assert len(given) == 2 and all(parsed(one) for one in given)
