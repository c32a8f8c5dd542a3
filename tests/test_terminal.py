"""Nothing reaches a terminal that it would obey instead of showing it."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from hyperv_net import terminal
from hyperv_net.hotplug.kept.last import Run, record
from hyperv_net.visible import PLAIN, RED, visible
from tests.imports import modules
from tests.paths import CHECKOUT, EXAMPLES
from tests.secrets.places import FREEBSD, LINUX, Said, formats, said

#: What a terminal obeys (ECMA-48), what turns the direction of text (UAX 9), half a surrogate.
OBEYED = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
#: One of each kind: ESC with a CSI, an OSC that sets a title, a C1 CSI, an override, CR, BS.
EVIL = "\x1b[2J\x1b]0;x\x07\x9b31m\u202etxt\r\x08\x7f"
#: The same as a file may be named.
EVIL_NAME = EVIL.replace("/", "")


def test_nothing_else_writes_to_the_outputs() -> None:
    """Neither print(), nor the streams, nor argparse, logging or warnings by their own ways."""
    wrong = [
        f"{module}: line {getattr(node, 'lineno', '?')}"
        for module, path in modules().items()
        if module not in ("hyperv_net.terminal", "hyperv_net.terminal_bar")
        for node in ast.walk(ast.parse(path.read_text()))
        if writes(node)
    ]
    assert wrong == []


def writes(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        name = f"{node.value.id}.{node.attr}"
        return name in (
            *("sys.stdout", "sys.stderr", "sys.__stderr__", "traceback.print_exc", "warnings.warn"),
            *("sys.displayhook", "sys.excepthook", "os.writev", "logging.basicConfig"),
        )
    if isinstance(node, ast.ImportFrom) and node.module in ("sys", "rich.console"):
        return bool({one.name for one in node.names} & {"stdout", "stderr", "Console"})
    return isinstance(node, ast.Name) and node.id == "print"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain \u00e4 \u20ac\n\ttext", "plain \u00e4 \u20ac\n\ttext"),
        ("a\x1b[2Jb\r\x08\x00", "a\\x1b[2Jb\\r\\x08\\x00"),
        ("\x7f\x85\x9b", "\\x7f\\x85\\x9b"),
        ("\u202eabc\u2066\u200f", "\\u202eabc\\u2066\\u200f"),
        ("\u2028\u00a0\u3000\ufeff", "\\u2028\u00a0\u3000\\ufeff"),
        ("\udc80\udcff\ud800", "\\x80\\xff\\ud800"),
    ],
)
def test_what_a_terminal_would_obey_stands_as_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert terminal.one_line(text) == shown.replace("\n", "\\n").replace("\t", "\\t")


def test_only_our_own_colours_stay_and_only_where_they_are_wanted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = f"{RED}bad{PLAIN} \x1b[8mhidden"
    assert terminal.begin()
    terminal.write(text, coloured=True)
    terminal.write(text)
    assert capsys.readouterr().out == (
        "\x1b[31mbad\x1b[0m \\x1b[8mhidden" + "\\x1b[31mbad\\x1b[0m \\x1b[8mhidden"
    )


LOADER = {"boot/loader.conf": f'# {EVIL}\nhw.hn.vf_transparent="1"\n'}
#: What stands in files that are read to the end, …
IN_COMMENTS = {
    "etc/rc.conf": f'# {EVIL}\nifconfig_hn0="SYNCDHCP"\n# {EVIL}\n',
    **LOADER,
    "etc/network/interfaces": f"# {EVIL}\nauto eth0\niface eth0 inet dhcp\n    x-option {EVIL}\n",
    "etc/network/if-pre-up.d/ifenslave": "",
    "etc/netplan/50-cloud-init.yaml": (
        'network: {version: 2, ethernets: {eth0: {dhcp4: true, "\u202ekey": "\u202evalue"}}}\n'
    ),
}
#: … and what is told of them, as names and as faults.
IN_NAMES = {
    **IN_COMMENTS,
    f"etc/rc.conf.d/{EVIL_NAME}": 'ifconfig_hn0="inet 10.0.0.1/24"\n',
    "etc/network/interfaces": (
        f"auto eth0\niface eth0 inet dhcp\n  {EVIL} 1\nsource interfaces.d/*\n"
    ),
    f"etc/network/interfaces.d/{EVIL_NAME}": f"iface eth0 inet static\n    {EVIL} 1\n",
    f"etc/netplan/{EVIL_NAME}.yaml": "network: {version: 2, ethernets: {eth0: {dhcp4: false}}}\n",
    f"etc/NetworkManager/conf.d/{EVIL_NAME}.conf": f"[device]\n{EVIL}=1\nmatch-device=*\n",
    f"etc/systemd/network/{EVIL_NAME}.network": "[Match]\nName=*\n[Network]\nDHCP=yes\n",
    f"etc/udev/rules.d/{EVIL_NAME}.rules": 'SUBSYSTEM=="net", NAME="x"\n',
    "run/network/ifstate": f"eth0={EVIL}\n",
    "etc/os-release": f"NAME={EVIL}\n",
}
#: Settings that stop every verb.
IN_SETTINGS = {"etc/cloud/cloud.cfg.d/99.cfg": 'hyperv_net: {aggregate: "\u202ealways"}\n'}


def hostile(root: Path, files: Mapping[str, str]) -> Path:
    """A root in which what may be somebody else's has what a terminal obeys."""
    for path, text in {**files, "sys/class/net/.keep": ""}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
    return root


def hostile_inventory(path: Path, original: Path) -> str:
    """An inventory in which each text that nothing checks is hostile."""
    document = json.loads(original.read_text())
    document["kernel"] = EVIL
    document["findings"] = [
        {"rule": EVIL, "severity": "note", "message": EVIL, "where": EVIL, "hint": EVIL}
    ]
    for nic in document["nics"]:
        nic["device"] = EVIL
    path.write_text(json.dumps(document))
    return str(path)


def with_root(root: Path, image: Path, folder: Path) -> Iterator[Said]:
    """All verbs about a hostile root and a hostile image."""
    inventories = {
        ("netplan", "ifupdown", "network-manager"): LINUX,
        ("freebsd",): FREEBSD,
    }
    config = folder / "config"
    config.write_text('version: 2\nethernets: {eth0: {dhcp4: true, "k\u202e": "v\u202e"}}\n')
    for names, inventory in inventories.items():
        odd = hostile_inventory(folder / "odd.json", inventory)
        for target in names:
            for machine, source in (
                (str(inventory), ()),
                (odd, ("--network-config", str(config))),
            ):
                options = ("--inventory", machine, "--root", str(root), "--target", target)
                more = (*options, *source, "--synthetic-driver", "virtio_net")
                for form in formats("plan"):
                    yield said("plan", *more, *form)
                yield said("render", *more)
                yield said("apply", *more, "--dry-run")
        yield said("inventory", "--inventory", odd)
        yield said("inventory", "--inventory", odd, "--format", "json")
    for form in formats("bake"):
        yield said("bake", "--root", str(image), "--diff", "--force", *form)
        yield said("bake", "--root", str(root), "--diff", "--force", *form)
    yield said("status", "--root", str(root))
    yield said("status", "--root", str(root), "--format", "json")
    yield said("kvp", "dhcp", EVIL, "--root", str(root))
    yield said("kvp", "dns", "--root", str(root))
    injected = folder / "injected"
    for text in (f"DEVICE=eth0\nIPADDR0={EVIL}\n", f"DEVICE={EVIL}\n", f"{EVIL}=1\n"):
        injected.write_text(text)
        yield said("kvp", "set", str(injected), "--root", str(root), "--dry-run")


def with_arguments(folder: Path) -> Iterator[Said]:
    """All that is hostile on the command line, or in a file that an option names."""
    inventory = ("--inventory", str(LINUX))
    yield said(EVIL)
    for verb in ("plan", "render", "apply", "bake", "unbake", "reconcile", "status", "kvp"):
        yield said(verb, f"--{EVIL}")
        yield said(verb, "--root", f"/{EVIL}")
        yield said(verb, EVIL)
    yield said("plan", "--target", EVIL)
    yield said("plan", *inventory, "--network-config", EVIL)
    yield said("plan", "--inventory", EVIL)
    yield said("plan", *inventory, "--synthetic-driver", EVIL)
    yield said("inventory", *inventory, "--synthetic-driver", EVIL)
    yield said("plan", "--expect-aggregates", EVIL)
    for number, text in enumerate(
        (
            f'version: 2\n"{EVIL}": 1\n',
            "version: 2\nethernets: {eth0: {dhcp4: \u202emaybe}}\n",
            'version: 2\nethernets: {"\u202eeth0": {}}\n',
            "version: 2\nethernets: {eth0: {\u202ekey: 1, \u202ekey: 2}}\n",
            "version: 2\nethernets: *\u202eanchor\n",
            "version: 2\nethernets: !\u202etag {}\n",
            "version: 1\nconfig: [{type: \u202ephysical, name: eth0}]\n",
            "version: 2\nethernets: {eth0: {addresses: ['\u202e1']}}\n",
            "{",
            json.dumps({"version": 2, "ethernets": {"eth0": {"\x1b[2J": "\x9b31m"}}}),
        )
    ):
        file = folder / f"{EVIL_NAME}-{number}"
        file.write_text(text, encoding="utf-8")
        yield said("plan", *inventory, "--network-config", str(file))
        yield said("plan", "--inventory", str(file))
    (folder / "bytes").write_bytes(b"\xff\x1b")
    yield said("plan", *inventory, "--network-config", str(folder / "bytes"))


def check(runs: Sequence[Said]) -> None:
    assert [run.arguments for run in runs if OBEYED.search(run.out + run.err)] == []
    for run in runs:
        if "json" in run.arguments and run.out:
            json.loads(run.out)


@pytest.mark.parametrize("files", [IN_COMMENTS, IN_NAMES, IN_SETTINGS])
def test_no_verb_passes_on_what_a_root_has_of_what_a_terminal_obeys(
    files: Mapping[str, str], tmp_path: Path
) -> None:
    shutil.copytree(EXAMPLES / "image-freebsd/root", tmp_path / "image")
    image = hostile(tmp_path / "image", {**files, **LOADER})
    runs = list(with_root(hostile(tmp_path / "root", files), image, tmp_path))
    check(runs)
    told = {
        run.arguments[0] for run in runs if re.search(r"\\x1b|u001b|\\u202e", run.out + run.err)
    }
    assert {"plan", "apply", "bake"} <= told, "hostile texts are told of"
    assert files is IN_SETTINGS or {run.status for run in runs} == {0, 1}


def test_no_verb_passes_on_what_its_arguments_have_of_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPERV_NET_TRACEBACK", "1")
    runs = list(with_arguments(tmp_path))
    check(runs)
    assert {run.status for run in runs} == {1, 64}
    assert sum("\\x1b[2J" in run.err for run in runs) > 20


def test_a_traceback_is_printed_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    from hyperv_net.commands import inventory

    def failing(args: object) -> int:
        raise ValueError(EVIL)

    monkeypatch.setenv("HYPERV_NET_TRACEBACK", "1")
    monkeypatch.setattr(inventory, "run", failing)
    run = said("inventory", "--inventory", str(LINUX))
    check([run])
    assert "Traceback" in run.err and "\\x1b[2J" in run.err


def test_render_and_a_diff_say_that_their_text_is_not_the_file(tmp_path: Path) -> None:
    root = hostile(tmp_path / "root", IN_COMMENTS)
    options = ("--inventory", str(FREEBSD), "--root", str(root), "--target", "freebsd")
    run = said("render", *options)
    assert run.status == 0 and "# \\x1b[2J" in run.out
    assert "control characters are shown as escapes" in run.err
    assert said("render", *options, "--output-dir", str(tmp_path / "out")).status == 0
    assert "# \x1b[2J" in (tmp_path / "out/etc/rc.conf").read_text()
    assert "patch(1) does not take it" in said("plan", *options, "--format", "diff").err


def test_bytes_of_no_encoding_end_in_no_traceback() -> None:
    """As a name of an argument, to a terminal that knows ASCII alone."""
    done = subprocess.run(
        [sys.executable, "-m", "hyperv_net", "plan", "--inventory", b"\xff\x9b.json"],
        capture_output=True,
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 1 and b"Traceback" not in done.stderr
    assert b"\\xff\\x9b.json" in done.stderr


def test_what_reconcile_kept_is_shown_by_status(tmp_path: Path) -> None:
    (tmp_path / "run/hyperv-net").mkdir(parents=True)
    (tmp_path / "sys/class/net").mkdir(parents=True)
    record(str(tmp_path / "run/hyperv-net"), Run("now", (EVIL,), (EVIL,), (EVIL,)))
    run = said("status", "--root", str(tmp_path))
    assert "\\x1b[2J" in run.out and not OBEYED.search(run.out + run.err)


def test_examples_are_printed_as_they_are() -> None:
    """The escapes cost nobody an umlaut: all files of the examples pass unchanged."""
    for path in EXAMPLES.rglob("*"):
        if path.is_file():
            text = path.read_text()
            assert visible(text) == text
