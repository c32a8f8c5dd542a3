"""Machines with a secret at every place that is known, and all that is printed of them."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from hyperv_net.cli import main
from tests.paths import EXAMPLES

LINUX = EXAMPLES / "linux-netplan/inventory.json"
FREEBSD = EXAMPLES / "azure-freebsd-mce/inventory.json"
MAC = {LINUX: "00:0d:3a:11:22:33", FREEBSD: "00:0d:3a:04:75:98"}


def config(secret: str, inventory: Path = LINUX) -> dict[str, Any]:
    """A network config with the secret everywhere that version 2 has one."""
    tunnel = {"local": "10.0.0.1", "remote": "10.0.0.2"}
    wireguard = {"mode": "wireguard", "peers": [{"keys": {"public": "known", "shared": secret}}]}
    auth = {
        "key-management": "802.1x",
        "method": "tls",
        "password": secret,
        "client-key": secret,
        "client-key-password": secret,
    }
    passthrough = {"802-1x.password": secret, "wifi-security.psk": secret, "gsm.pin": secret}
    plain = {
        "version": 2,
        "ethernets": {
            "eth0": {
                "match": {"macaddress": MAC[inventory]},
                "dhcp4": True,
                "auth": auth,
                "networkmanager": {"passthrough": passthrough},
            }
        },
        "wifis": {
            "wlan0": {
                "access-points": {
                    "one": {"password": secret},
                    "two": {"auth": {**auth, "psk": secret, "sae-password": secret}},
                }
            }
        },
        "tunnels": {
            "wg0": {**wireguard, "key": secret},
            "wg1": {**wireguard, "keys": {"private": secret}},
            "gre1": {"mode": "gre", **tunnel, "keys": {"input": secret, "output": secret}},
            "gre2": {"mode": "gre", **tunnel, "key": secret},
        },
        "modems": {"wwan0": {"apn": "net", "password": secret, "pin": secret}},
    }
    # PyYAML writes an anchor for what is there twice, and such a file is not edited.
    found: dict[str, Any] = json.loads(json.dumps(plain))
    return found


def shell_quoted(secret: str) -> str:
    """The secret within the double quotes of a shell."""
    return "".join(f"\\{one}" if one in '"\\$`' else one for one in secret)


def interfaces(secret: str) -> str:
    """interfaces(5) with the secret everywhere that packages of Debian take one."""
    word = secret.replace(" ", "\\ ")
    return (
        "auto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet dhcp\n"
        + "".join(
            f"    {option} {secret}\n"
            for option in (
                *("wpa-psk", "wpa_password", "wpa-passphrase", "wpa-private-key-passwd"),
                *("wpa-private-key-passwd2", "wpa-wep-key0", "wpa-pin", "wpa-eappsk"),
                *("wireless-key", "wireless-key1", "ddns_password"),
            )
        )
        + f"    pre-up iwconfig eth0 key s:{word} && true\n"
        + f"    up vpn --password={word} eth0\n"
        + f"    wpa-password \\\n      {secret}\n"
        + f"    #wpa-psk {secret}\n    # password: {secret}\n"
    )


def rc_conf(secret: str) -> str:
    """rc.conf with the secret everywhere that ifconfig(8) takes one, and in others' settings."""
    quoted = shell_quoted(secret)
    word = quoted if " " not in secret else f'\\"{quoted}\\"'
    return (
        f'ifconfig_hn0="inet 10.0.0.4/24 vhid 1 advskew 10 pass {word} up"\n'
        f'ifconfig_hn0_alias0="inet 10.0.0.5/32 vhid 2 pass {word}"\n'
        f'ifconfig_hn0_descr="uplink"\n'
        f'ifconfig_wlan0="ssid x wepkey {word} deftxkey 1"\n'
        f'ifconfig_wlan1="nwkey {word}"\n'
        f'ifconfig_gre0="grekey {word}"\n'
        f'mysql_root_password="{quoted}"\nddclient_secret="{quoted}"\n'
        f'#old_password="{quoted}"\n'
    )


def loader_conf(secret: str) -> str:
    """loader.conf(5) has a password of its own."""
    return f'password="{secret}"\nhw.hn.vf_transparent="1"\n'


def netplan(secret: str, style: str | None = None) -> str:
    """A file of netplan's, in one of the ways to write a scalar."""
    return yaml.safe_dump(
        {"network": config(secret)}, default_style=style, allow_unicode=True, width=10_000
    )


def make_root(root: Path, system: str, secret: str, style: str | None = None) -> Path:
    """A root with a file of each target of the system, all with the secret, all open to others."""
    files = {
        "etc/netplan/50-cloud-init.yaml": netplan(secret, style),
        "etc/network/interfaces": interfaces(secret),
        "etc/ifenslave": "",
        "etc/network/if-pre-up.d/ifenslave": "",
        "usr/lib/systemd/systemd-networkd": "",
    }
    if system == "freebsd":
        files = {"etc/rc.conf": rc_conf(secret), "boot/loader.conf": loader_conf(secret)}
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(0o644)
    return root


class Said(NamedTuple):
    """A run of the program: its arguments, exit status and both outputs."""

    arguments: tuple[str, ...]
    status: int
    out: str
    err: str


def said(*arguments: str) -> Said:
    """What the program says."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    return Said(arguments, status, out.getvalue(), err.getvalue())


def formats(verb: str) -> Iterator[tuple[str, ...]]:
    """The options for each form in which a verb prints, those of later versions too."""
    parser = argparse.ArgumentParser()
    importlib.import_module(f"hyperv_net.commands.{verb}").configure(parser)
    for action in parser._actions:
        if "--format" in action.option_strings:
            yield from (("--format", str(one)) for one in action.choices or ())


def everything_said(
    root: Path, inventory: Path, target: str, given: str | None, *more: str
) -> Iterator[Said]:
    """All that the verbs print which read a network config, be it that of the root's files."""
    source = ("--network-config", given) if given is not None else ()
    options = ("--inventory", str(inventory), "--target", target, *more, *source)
    here = (*options, "--root", str(root))
    for form in formats("plan"):
        yield said("plan", *here, *form)
    yield said("apply", *here, "--dry-run", "--format", "json")
    yield said("render", *here, "--output-dir", str(root.parent / "rendered"))
    copy = root.parent / "copy"
    shutil.copytree(root, copy)
    for form in formats("apply"):
        yield said("apply", *options, "--root", str(copy), *form)
        yield said("apply", "--root", str(copy), "--rollback", "--dry-run", *form)
    yield said("apply", "--root", str(copy), "--rollback")


def forms(secret: str) -> set[str]:
    """The ways in which a secret may stand in what is printed."""
    return {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        shell_quoted(secret),
        secret.replace("'", "''"),
        json.dumps(shell_quoted(secret))[1:-1],
        secret.encode("unicode_escape").decode("ascii"),
    }


def told(run: Said, secret: str) -> str | None:
    """The line of a run that has the secret; None where there is none."""
    lines = (line for text in (run.out, run.err) for line in text.splitlines())
    wanted = forms(secret)
    return next((line for line in lines if any(form in line for form in wanted)), None)
