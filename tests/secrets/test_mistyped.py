"""A secret whose name is mistyped: hidden as well, and nothing else for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hyperv_net.renderers.netplan.keys import NETWORK
from hyperv_net.secrets import names
from hyperv_net.secrets.names import is_secret_name, is_secret_path
from tests.paths import CHECKOUT, EXAMPLES
from tests.secrets.places import (
    FREEBSD,
    LINUX,
    everything_said,
    interfaces,
    netplan,
    rc_conf,
    said,
    told,
)

#: Not so often as the names in the test's texts that no other name ends with them.
MISTYPED = {
    "client-key-password": "client-key-pasword",
    "sae-password": "sae-passwort",
    "wpa-password": "wpa-pasword",
    "wpa_password": "wpa_passwrod",
    "wpa-psk": "wpa-pks",
    "ddns_password": "ddns_paswsord",
    "mysql_root_password": "mysql_root_passwrod",
    "ddclient_secret": "ddclient_secrte",
    "password": "passwrod",
    "private": "privat",
    "shared": "shraed",
}
SECRET = "qhunter2-of-somebodyZq"


def mistyped(text: str) -> str:
    return re.sub(
        r"[\w-]+(?=[\"']?:| )|\w+(?==)", lambda found: MISTYPED.get(found[0], found[0]), text
    )


@pytest.mark.parametrize(
    "name",
    [
        *("passwrod", "pasword", "pasward", "PASSWROD", "pre-shard-key", "client-key-pasword"),
        *("wpa-pks", "wpa_passwrod", "mysql_root_passwrod", "api-tokne", "802-1x.passwrod"),
        *("privat", "wireguard.privat", "shraed", "kyes", "pasword2"),
        *("PrivteKey", "PrivatKey", "PresharedKy", "privste-key", "api-ky", "auth-ky", "apikeey"),
        *("pass-word", "PSKS", "pswd", "mysql_pswd"),
    ],
)
def test_a_name_within_a_slip_of_a_secrets_is_one(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("shard", "sharded", "stared", "spared", "shaped", "taken", "passed", "passport"),
        *("wireless-dev", "output-kex", "share", "tokens"),
    ],
)
def test_a_word_of_its_own_that_is_almost_a_secrets_name_is_none(name: str) -> None:
    assert not is_secret_name(name)


def test_no_slip_is_looked_for_in_a_name_longer_than_any(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(word: str, _known: object) -> bool:
        asked.append(word)
        return False

    monkeypatch.setattr(names, "is_mistyped", ask)
    names._is_mistyped.cache_clear()
    try:
        assert not is_secret_name("a-" * 51) and asked == []
        assert not is_secret_name("a-" * 50) and asked != []
    finally:
        names._is_mistyped.cache_clear()


def test_no_view_has_the_key_of_a_tunnel_of_networkd_whose_name_is_mistyped(
    tmp_path: Path,
) -> None:
    for name in ("PrivteKey", "PresharedKy"):
        folder = tmp_path / name / "etc/systemd/network"
        folder.mkdir(parents=True)
        (folder / "10-eth0.network").write_text("[Match]\nName=eth0\n[Network]\nDHCP=yes\n")
        (folder / "wg0.netdev").write_text(
            f"[NetDev]\nName=wg0\nKind=wireguard\n[WireGuard]\n{name}={SECRET}\n"
        )
        given = ("--root", str(tmp_path / name), "--target", "networkd", "--kind", "kvm-virtio")
        for form in ("text", "json", "html"):
            run = said("review", *given, "--format", form)
            assert (name, form, told(run, SECRET)) == (name, form, None)


def test_what_is_below_a_mistyped_key_is_what_it_would_have_been() -> None:
    assert is_secret_path(("ethernets", "eth0", "auht", "identity"))
    assert not is_secret_path(("ethernets", "eth0", "auht", "method"))
    assert is_secret_path(("tunnels", "gre0", "kyes", "input"))


def _keys(known: object) -> Iterator[str]:
    if isinstance(known, dict):
        for key, below in known.items():
            yield key
            yield from _keys(below)
    for one in known if isinstance(known, tuple) else ():
        yield from _keys(one)


def test_no_word_of_any_target_or_example_is_taken_for_a_mistyped_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All words of the texts that know the vocabularies, whether they are keys or not."""
    texts = [
        *CHECKOUT.glob("renderers/**/*.py"),
        *CHECKOUT.glob("hyperv_net/netconfig/*.py"),
        *CHECKOUT.glob("hyperv_net/root/*.py"),
        *CHECKOUT.glob("tests/netconfig/shapes/*"),
        *EXAMPLES.glob("**/*"),
    ]
    words = set(_keys(NETWORK))
    for file in texts:
        if file.is_file():
            words.update(re.findall(r"[A-Za-z][\w-]*\w", file.read_text(encoding="utf-8")))
    assert len(words) > 5000 and {"accept-ra", "IPv6AcceptRA", "auto", "path-cost"} <= words
    taken = {one for one in words if is_secret_name(one)}
    paths = {one for one in words if is_secret_path((one, "method"))}
    monkeypatch.setattr(names, "is_mistyped", lambda word, known: False)
    names._is_mistyped.cache_clear()
    names._meant.cache_clear()
    try:
        assert taken - {one for one in words if is_secret_name(one)} == set()
        assert paths - {one for one in words if is_secret_path((one, "method"))} == set()
    finally:
        names._is_mistyped.cache_clear()
        names._meant.cache_clear()


@pytest.mark.parametrize(
    ("target", "is_given"),
    [("netplan", True), ("netplan", False), ("ifupdown", False), ("network-manager", True)],
)
def test_no_view_of_linux_has_a_secret_whose_name_is_mistyped(
    tmp_path: Path, target: str, is_given: bool
) -> None:
    root = tmp_path / "root"
    for path, text in {
        "etc/netplan/50-cloud-init.yaml": netplan(SECRET),
        "etc/network/interfaces": interfaces(SECRET),
    }.items():
        file = root / path
        file.parent.mkdir(parents=True)
        file.write_text(mistyped(text))
        assert set(MISTYPED.values()) & set(re.findall(r"[\w-]+", file.read_text()))
    given = tmp_path / "net.yaml"
    given.write_text(mistyped(netplan(SECRET)))
    runs = everything_said(
        root, LINUX, target, str(given) if is_given else None, "--synthetic-driver", "virtio_net"
    )
    assert [(one.arguments, line) for one in runs if (line := told(one, SECRET))] == []


def test_no_view_of_freebsd_has_a_secret_whose_name_is_mistyped(tmp_path: Path) -> None:
    file = tmp_path / "root/etc/rc.conf"
    file.parent.mkdir(parents=True)
    file.write_text(mistyped(rc_conf(SECRET)))
    runs = list(everything_said(tmp_path / "root", FREEBSD, "freebsd", None))
    assert [(one.arguments, line) for one in runs if (line := told(one, SECRET))] == []


@pytest.mark.parametrize("value", [f"[{SECRET}]", f"{{a: {SECRET}}}", f"'{SECRET}", f"!{SECRET}"])
def test_no_format_of_a_review_has_one_that_an_error_is_about(tmp_path: Path, value: str) -> None:
    config = tmp_path / "net.yaml"
    config.write_text(
        f"version: 2\nethernets:\n  eth0:\n    mtu: many\n    auth: {{passwrod: {value}}}\n"
        f"    pre-shard-key: {value}\n"
    )
    for form in ("text", "json", "html", "markdown", "sarif", "codequality", "junit"):
        given = ("--network-config", str(config), "--inventory", str(LINUX))
        run = said("review", *given, "--format", form)
        assert run.status == 1
        assert told(run, SECRET) is None
