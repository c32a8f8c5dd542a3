"""A secret at every place that is known, in no view of any target: the promise as a property."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hyperv_net.facts import System
from hyperv_net.renderers import targets
from tests.paths import EXAMPLES
from tests.secrets.places import (
    FREEBSD,
    LINUX,
    config,
    everything_said,
    formats,
    interfaces,
    loader_conf,
    make_root,
    netplan,
    rc_conf,
    said,
    told,
)

ON_LINUX = tuple(one.name for one in targets(System.LINUX))
ON_FREEBSD = tuple(one.name for one in targets(System.FREEBSD))
TAKES_SYNTHETIC = ("--synthetic-driver", "virtio_net")

#: Unlike anything that a config or a message has, and hard to quote.
SECRETS = st.text(
    st.sampled_from("abcXYZ0189+/=-_.,:#!?*&%@^~$`'\"\\|<>(){}[] \u00e4\u20ac"),
    min_size=8,
    max_size=70,
).map(lambda text: f"q{text.strip()}Zq")
PLAIN = st.text("abcXYZ019", min_size=8, max_size=70).map(lambda text: f"q{text}Zq")


def leaks(runs: object, secret: str) -> list[tuple[tuple[str, ...], str]]:
    assert isinstance(runs, list) and runs
    return [(run.arguments, line) for run in runs if (line := told(run, secret)) is not None]


def written(folder: Path, text: str) -> str:
    file = folder / "network-config"
    file.write_text(text, encoding="utf-8")
    return str(file)


@settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow])
@given(SECRETS, st.sampled_from([None, "'", "|", ">"]), st.sampled_from(ON_LINUX), st.booleans())
@example("qpass word with \"both' quotes: #\\Zq", '"', "netplan", True)
@example("qpass word with \"both' quotes: #\\Zq", '"', "netplan", False)
@example("qp\u00e4\u00df\u20acwort$(x)Zq", None, "ifupdown", False)
def test_no_view_of_a_target_of_linux_has_a_secret_of_the_config_or_of_a_file(
    secret: str, style: str | None, target: str, is_given: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = make_root(Path(folder, "root"), "linux", secret, style)
        given_config = written(Path(folder), netplan(secret, style)) if is_given else None
        runs = list(everything_said(root, LINUX, target, given_config, *TAKES_SYNTHETIC))
    assert {run.status for run in runs} <= {0, 1}
    hiding = [run.arguments[0] for run in runs if run.status == 0 and "(hidden)" in run.out]
    # Where a rival file stands in the way the plan tells of everything, and is refused.
    if target == "netplan" or (target == "ifupdown" and not is_given):
        assert {"plan", "apply"} <= set(hiding)
    assert any("(hidden)" in run.out for run in runs) or not is_given
    assert leaks(runs, secret) == []


@settings(max_examples=1, suppress_health_check=[HealthCheck.too_slow])
@given(SECRETS)
@example("qpass word with \"both' quotes: #\\$(x)`Zq")
def test_no_view_on_freebsd_has_a_secret_of_the_config_or_of_rc_conf(secret: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = make_root(Path(folder, "root"), "freebsd", secret)
        given_config = written(Path(folder), yaml.safe_dump(config(secret, FREEBSD)))
        runs = list(everything_said(root, FREEBSD, "freebsd", given_config))
        shutil.rmtree(root.parent / "copy")
        runs += list(everything_said(root, FREEBSD, "freebsd", None))
        image = Path(folder, "image")
        shutil.copytree(EXAMPLES / "image-freebsd/root", image)
        (image / "boot/loader.conf").write_text(loader_conf(secret), encoding="utf-8")
        bake = ("bake", "--root", str(image), "--force", "--aggregate", "always")
        runs += [said(*bake, "--diff", *form) for form in formats("bake")]
        assert "(hidden)" in runs[-1].out
        runs += [said(*bake), said("unbake", "--root", str(image), "--diff")]
    assert any(run.status == 0 and "(hidden)" in run.out for run in runs)
    assert leaks(runs, secret) == []


#: What goes wrong after a config was read in whole or in part, each in its own way.
FAULTS = (
    "{0}  no-such: [\n",
    "{0}version: 3\n",
    "{0}bonds: {{bond0: {{interfaces: 7}}}}\n",
    "{0}vlans: {{v: {{id: 99999, link: eth0}}}}\n",
    "version: 2\nwifis: {{w: {{access-points: {{a: {{password: *{1}}}}}}}}}\n",
    "version: 2\nwifis: {{w: {{access-points: {{a: {{password: !{1} x}}}}}}}}\n",
    "version: 2\nwifis: {{w: {{access-points: {{a: {{password: !!int {1}}}}}}}}}\n",
    "version: 2\nethernets: {{eth0: {{auth: {{password: {{[{1}]: 1}}}}}}}}\n",
    "version: 2\nethernets:\n  eth0:\n    auth:\n      password: {1}\n      password: other\n",
    "version: 2\ntunnels: {{t: {{mode: gre, key: {1}, peers: {1}}}}}\n",
)


@settings(max_examples=2, suppress_health_check=[HealthCheck.too_slow])
@given(PLAIN)
@pytest.mark.parametrize("fault", FAULTS)
def test_no_error_quotes_a_secret(fault: str, secret: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = yaml.safe_dump(config(secret))
        given_config = written(Path(folder), fault.format(text, secret))
        options = ("--inventory", str(LINUX), *TAKES_SYNTHETIC, "--network-config", given_config)
        runs = [said("plan", *options, "--target", "netplan")]
    assert {run.status for run in runs} == {1} or "tunnels" in fault
    assert leaks(runs, secret) == []


@pytest.mark.parametrize("target", [*ON_LINUX, *ON_FREEBSD])
def test_the_owner_sees_them_where_they_ask(target: str, tmp_path: Path) -> None:
    """The positive control: what is hidden above would be seen."""
    secret, inventory = "qUnlike/Anything+Zq", FREEBSD if target in ON_FREEBSD else LINUX
    root = make_root(tmp_path / "root", "freebsd" if inventory is FREEBSD else "linux", secret)
    given_config = written(tmp_path, yaml.safe_dump(config(secret, inventory)))
    options = ("--inventory", str(inventory), "--root", str(root), "--target", target)
    source = ("--network-config", given_config, *TAKES_SYNTHETIC)
    for form in ("text", "diff", "json"):
        shown = said("plan", *options, *source, "--format", form, "--show-secrets")
        hidden = said("plan", *options, *source, "--format", form)
        has_no_word = form == "diff" and target in ("ifupdown", "networkd", *ON_FREEBSD)
        assert secret in shown.out or has_no_word, form
        assert secret not in hidden.out + hidden.err
        assert ('"secrets": "shown"' in shown.out) == (form == "json")
        assert ('"secrets": "hidden"' in hidden.out) == (form == "json")


@pytest.mark.parametrize(("target", "text"), [("ifupdown", interfaces), ("freebsd", rc_conf)])
def test_a_short_secret_is_hidden_at_its_place_and_nothing_else_is(
    target: str, text: Callable[[str], str], tmp_path: Path
) -> None:
    inventory = FREEBSD if target == "freebsd" else LINUX
    root = make_root(tmp_path / "root", "freebsd" if inventory is FREEBSD else "linux", "1")
    options = ("--inventory", str(inventory), "--root", str(root), "--target", target)
    run = said("plan", *options, *TAKES_SYNTHETIC, "--format", "diff")
    shown = [line[1:] for line in run.out.splitlines() if line.startswith(("-", " "))]
    words = ("psk", "pass", "key", "secret", "-pin")
    about = [line for line in shown if any(word in line for word in words)]
    assert len(about) > 5
    # A backslash has the value on the next line.
    assert all("(hidden)" in line or line.endswith("\\") for line in about), about
    for line in text("1").splitlines():
        assert line in shown or "(hidden)" not in line
    assert any("10.0.0" in line or "dhcp" in line for line in shown)


def test_a_secret_that_changes_is_a_change_in_the_diff(tmp_path: Path) -> None:
    root = make_root(tmp_path / "root", "linux", "qOldOldOldZq")
    options = ("--inventory", str(LINUX), "--root", str(root), "--target", "netplan")
    source = ("--network-config", written(tmp_path, netplan("qNewNewNewZq")), *TAKES_SYNTHETIC)
    assert said("apply", *options, *source).status == 0
    again = ("--network-config", written(tmp_path, netplan("qThirdThirdZq")), *TAKES_SYNTHETIC)
    run = said("plan", *options, *again, "--format", "diff")
    changed = [line for line in run.out.splitlines() if line[:1] in "+-"]
    assert "-        password: (hidden)" in changed and "+        password: (hidden)" in changed


@pytest.mark.parametrize(
    ("target", "shown"), [("freebsd", "pass (hidden)"), ("ifupdown", "(hidden)")]
)
def test_a_short_secret_in_a_line_that_is_adopted_is_hidden_in_the_ledger(
    target: str, shown: str, tmp_path: Path
) -> None:
    """Such a one no message is searched for, so that the value itself has to hide it."""
    inventory = FREEBSD if target == "freebsd" else LINUX
    root = make_root(tmp_path / "root", "freebsd" if inventory is FREEBSD else "linux", "x1")
    options = ("--inventory", str(inventory), "--root", str(root), "--target", target)
    document = json.loads(said("plan", *options, *TAKES_SYNTHETIC, "--format", "json").out)
    values = [one for one in document["ledger"] if one["masked"]]
    assert any(shown in str(one["value"]) for one in values)
    assert not [one for one in document["ledger"] if "x1" in f"{one['value']}{one['result']}"]
    text = said("plan", *options, *TAKES_SYNTHETIC)
    assert [line for line in text.out.splitlines() if "x1" in line] == []
