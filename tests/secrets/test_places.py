"""Where secrets are found in texts of each format, and what is none."""

from __future__ import annotations

import pytest

from hyperv_net.secrets.hidden import HIDDEN, Hidden
from hyperv_net.secrets.masking import hiding, holds_secret, masked, masked_line
from hyperv_net.secrets.names import is_secret_name, is_secret_path


@pytest.mark.parametrize(
    "name",
    [
        *("password", "PASSWORD", "mysql_root_password", "psk", "wpa-psk", "wpa_psk", "wepkey"),
        *("wep_key0", "private_key_passwd2", "PrivateKey", "PresharedKey", "client-key-password"),
        *("WIREGUARD_PRIVATE_KEY", "802-1x.private-key-password", "gsm.pin", "private", "shared"),
        *("sae-password", "tailscale_authkey", "foo_api_token", "KEY1", "InputKey", "carp_pass"),
        *("password-raw", "mka-cak", "macsec.mka-cak"),
    ],
)
def test_a_name_of_a_secret_is_known(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("keymap", "key-management", "wpa-key-mgmt", "ipv6-address-token", "token", "bypass"),
        *("passthrough", "private-key-flags", "compass", "mapping", "pinned", "public", "hostkey"),
        *("sshd_enable", "wpa-psk-file", "ca-certificate"),
    ],
)
def test_a_name_like_one_is_none(name: str) -> None:
    assert not is_secret_name(name)


def test_all_that_a_vpn_plugin_keeps_as_a_secret_is_one() -> None:
    assert is_secret_path(("lan", "vpn-secrets", "Xauth"))
    text = "[vpn]\nuser=u\n\n[vpn-secrets]\nXauth=x y\n# old=z\nn=1\n\n[ipv4]\nmethod=auto\n"
    assert masked(text) == (
        "[vpn]\nuser=u\n\n[vpn-secrets]\nXauth=(hidden)\n# old=(hidden)\nn=(hidden)\n\n"
        "[ipv4]\nmethod=auto\n"
    )


def test_what_is_open_below_a_secret_key_is_open() -> None:
    auth = ("ethernets", "eth0", "auth")
    assert is_secret_path((*auth, "password")) and is_secret_path((*auth, "whatever"))
    assert not is_secret_path((*auth, "key-management"))
    peer = ("tunnels", "wg0", "peers", 0, "keys")
    assert is_secret_path((*peer, "shared")) and not is_secret_path((*peer, "public"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a: {password: x, mode: y}\n", "a: {password: (hidden), mode: y}\n"),
        ("a:\n  psk: 'x: # y'\n", "a:\n  psk: '(hidden)'\n"),
        ("key: |\n  x\n\n   y\nmtu: 1\n", "key: |\n  (hidden)\n\n   (hidden)\nmtu: 1\n"),
        ("key: x\n  y\nmtu: 1\n", "key: (hidden)\n  (hidden)\nmtu: 1\n"),
        ("b: &s x\npsk: *s\nc: x\n", "b: &s (hidden)\npsk: *s\nc: x\n"),
        ("b: &s {c: x}\nauth: {<<: *s}\n", "b: &s {c: (hidden)}\nauth: {<<: *s}\n"),
        ("password: !!str x\n", "password: !!str (hidden)\n"),
        ("\ufeffpassword: x\n", "\ufeffpassword: (hidden)\n"),
        ('{"password": "\\u0078", "a": 1}', '{"password": "(hidden)", "a": 1}'),
        ("a: 1 # b\n# password: x y\n", "a: 1 # b\n# password: (hidden)\n"),
        ("password:\nmode: x\n", "password:\nmode: x\n"),
        (
            "write_files:\n- content: |\n    psk=x y\n",
            "write_files:\n- content: |\n    psk=(hidden)\n",
        ),
        # What is no YAML is looked through line by line.
        ("a: [\npassword: x\n", "a: [\npassword: (hidden)\n"),
        ("iface e inet dhcp\n  wpa-psk x y\n", "iface e inet dhcp\n  wpa-psk (hidden)\n"),
        ("  wpa-psk \\\n  x\n", "  wpa-psk \\\n  (hidden)\n"),
        ("  # wpa-psk x\n", "  # wpa-psk (hidden)\n"),
        ("  up iwconfig e key s:x on\n", "  up iwconfig e key (hidden) on\n"),
        ("  up ip tunnel add g key 4 ttl 5\n", "  up ip tunnel add g key (hidden) ttl 5\n"),
        ("  up x --password=y z\n", "  up x --password=(hidden) z\n"),
        ("# the password for it is known\n", "# the password for it is known\n"),
        ("# traffic must pass here\n", "# traffic must pass here\n"),
        ('a="vhid 1 pass x up"\n', 'a="vhid 1 pass (hidden) up"\n'),
        ("a='vhid 1 pass \"x y\" up'\n", "a='vhid 1 pass \"(hidden)\" up'\n"),
        ('a="vhid 1 pass \\"x y\\" up"\n', 'a="vhid 1 pass \\"(hidden)\\" up"\n'),
        ('a="pass\n  x up"\n', 'a="pass\n  (hidden) up"\n'),
        ('a="wepkey 1:0x12 up"\n', 'a="wepkey (hidden) up"\n'),
        ('export x_password="a b" # c\n', 'export x_password="(hidden)" # c\n'),
        ('[802-1x]\npassword="x"y\nid=z\n', "[802-1x]\npassword=(hidden)\nid=z\n"),
        ("[WireGuard]\nPrivateKey = x=\n", "[WireGuard]\nPrivateKey = (hidden)\n"),
        ('key k { secret "x=="; }\n', 'key k { secret "(hidden)"; }\n'),
        ("set authkey x\n", "set authkey (hidden)\n"),
        ("proxy=http://me:x@host/\n", "proxy=http://me:(hidden)@host/\n"),
        (f"add 0x{'ab' * 16} x\n", "add (hidden) x\n"),
        ("  up curl -u me:x y://h\n", "  up curl -u me:(hidden) y://h\n"),
        ("  up curl -ume:x h\n", "  up curl -ume:(hidden) h\n"),
        ("  up curl --user 'me:x y' h\n", "  up curl --user 'me:(hidden)' h\n"),
        ("  up curl --proxy-user=me:x h\n", "  up curl --proxy-user=me:(hidden) h\n"),
        ("  up smbclient -U me%x //h\n", "  up smbclient -U me%(hidden) //h\n"),
        ("  up sudo -u me true\n", "  up sudo -u me true\n"),
        (
            "  up curl -H 'Authorization: Bearer x' h\n",
            "  up curl -H 'Authorization: Bearer (hidden)' h\n",
        ),
        (
            "  up ip xfrm state add src 1.1.1.1 enc 'cbc(aes)' 0x12 auth sha1 x mode tunnel\n",
            "  up ip xfrm state add src 1.1.1.1 enc 'cbc(aes)' (hidden) auth sha1 (hidden) mode "
            "tunnel\n",
        ),
        (
            "  up ip xfrm state add aead 'rfc4106(gcm(aes))' x 128\n",
            "  up ip xfrm state add aead 'rfc4106(gcm(aes))' (hidden) 128\n",
        ),
        ("  up sshpass -p x ssh h\n", "  up sshpass -p (hidden) ssh h\n"),
        ("  up wpa_passphrase net x >f\n", "  up wpa_passphrase net (hidden) >f\n"),
        ("  up ldapsearch -x -w x -b y\n", "  up ldapsearch -x -w (hidden) -b y\n"),
        ("  up x --key y --psk z\n", "  up x --key (hidden) --psk (hidden)\n"),
        ("  up curl --key /etc/y h\n", "  up curl --key /etc/y h\n"),
        (
            "  up nmcli c modify a wifi-sec.psk x ipv4.method auto\n",
            "  up nmcli c modify a wifi-sec.psk (hidden) ipv4.method auto\n",
        ),
        (
            "chpasswd:\n  expire: false\n  list: |\n    root:x\n    me:y\n",
            "chpasswd:\n  expire: false\n  list: |\n    (hidden)\n    (hidden)\n",
        ),
        (
            'chpasswd: {list: ["root:x"], users: [{name: a, password: x}]}\n',
            'chpasswd: {list: ["(hidden)"], users: [{name: a, password: (hidden)}]}\n',
        ),
        (
            "ssh_keys:\n  rsa_private: x\n  rsa_public: y\n  ed25519_certificate: z\n",
            "ssh_keys:\n  rsa_private: (hidden)\n  rsa_public: y\n  ed25519_certificate: z\n",
        ),
        (
            "users:\n- {name: a, passwd: x, plain_text_passwd: y, hashed_passwd: z}\n",
            "users:\n- {name: a, passwd: (hidden), plain_text_passwd: (hidden), hashed_passwd: "
            "(hidden)}\n",
        ),
    ],
)
def test_a_secret_is_hidden_where_it_stands_and_nothing_else(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert holds_secret(text) == (text != shown)


def test_what_a_line_of_a_file_says_is_hidden_in_it_alone() -> None:
    assert masked_line("inet 10.0.0.1/24 vhid 1 pass x") == "inet 10.0.0.1/24 vhid 1 pass (hidden)"
    assert masked_line("SYNCDHCP") == "SYNCDHCP"


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ("hunter2hunter2", "not a key: 'hunter2hunter2'"),
        ('hun"ter\\2', 'not a key: "hun\\"ter\\\\2"'),
        ("h\u00e4nter22", '{"what": "h\\u00e4nter22"}'),
        ("$hunter22`", 'password="\\$hunter22\\`"'),
        ("k" * 60, f"not a key: '{'k' * 49}\u2026kkkk'"),
        ("abcd", "not a key: 'abcd'"),
    ],
)
def test_a_value_is_hidden_in_any_text_however_it_is_quoted(secret: str, message: str) -> None:
    import json

    hide = hiding([json.dumps({"password": secret, "mtu": 1500})])
    shown = hide(message)
    assert HIDDEN in shown and secret[:8] not in shown and "nter" not in shown


def test_a_short_value_hides_no_other_word() -> None:
    assert hiding(["password: '1'\n"])("1 file, mtu 1500") == "1 file, mtu 1500"
    assert hiding(["password: eth0\nlink: eth0\n"])("eth0 is up") == "eth0 is up"
    assert hiding(["password: eth1\nlink: eth0\n"])("eth10, eth1") == f"eth10, {HIDDEN}"


def test_a_hidden_value_stays_hidden_in_every_form() -> None:
    value = Hidden("hunter2")
    assert {f"{value}", str(value), value + "", repr(value)[1:-1]} == {HIDDEN}
    assert value.revealed == "hunter2"


@pytest.mark.parametrize(
    "piece",
    ["a-", " ", "\n   ", "pass\n  ", 'password="', "password='", "://a", "wpa-psk \\\n", "[{"],
)
def test_a_text_that_is_made_to_take_long_is_gone_through(piece: str) -> None:
    """What looks back or ahead from each of its lines would never come to the end of it."""
    text = "password: x\n" + piece * (50_000 // len(piece))
    assert masked(text).count("\n") == text.count("\n")
