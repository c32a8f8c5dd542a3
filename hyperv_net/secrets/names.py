"""Which names are of secrets: keys of network configs, options, variables, words of commands.

What is known is from where the programs read them: netplan's src/parse.c and what its src/nm.c
writes (`psk`, `pin`, `private-key`, `client-key-password`, `shared`, keys of tunnels),
NetworkManager's properties (`password-raw`, `mka-cak`, all below `vpn-secrets`), Debian's
functions.sh of wpasupplicant (`wpa-psk`, `wpa-password`, `wpa-private-key-passwd2`,
`wpa-wep-key0`, `wpa-eappsk`, `wpa-pin`), wireless-tools' `wireless-key`, and the commands of
FreeBSD's ifconfig(8) (ifcarp.c `pass`, ifieee80211.c `wepkey` and `nwkey`, ifgre.c `grekey`).
Files of a machine hold settings of other programs as well, so that a name which ends as such
names do is one too: `mysql_root_password` in rc.conf.  Of cloud-init's own settings these are
the passwords of users, `chpasswd` and the machine's `ssh_keys`.

A mistyped name is of a secret too, since its owner meant one: `passwrod`, `pre-shard-key`,
systemd.netdev(5)'s `PrivteKey`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hyperv_net.guessing import is_mistyped
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.tree import Path

#: What a name of a secret ends with; a `-` in one may be missing.
_ENDINGS = """
pass password passwords passwd pswd passphrase psk psks eappsk secret secrets wpa-pin sim-pin
credential credentials private-key pre-shared-key auth-key api-key access-key encryption-key
tunnel-key tunnel-keys gre-key wep-key wpa-key nw-key i-key o-key input-key output-key
wireless-key client-key password-raw mka-cak
""".split()  # noqa: SIM905
_NAME = re.compile(
    rf"(?:.*[-.])?(?:{'|'.join(one.replace('-', '-?') for one in _ENDINGS)})[0-9]*\Z"
)
#: Names that are of secrets where nothing comes before them, or the group of a keyfile.
_WHOLE_NAMES = ("private", "shared", "pin", "key", "keys")
_WHOLE = re.compile(rf"(?:[^.]*\.)?(?:{'|'.join(_WHOLE_NAMES)}|keys?[0-9]+)\Z")
#: `ipv6-address-token` of netplan is half an address.
_TOKEN = re.compile(r"(?:.*(?<!address)-)token\Z")
#: `wpa-psk` is known by its end, which is too short to be known when it is mistyped.
_MISTYPED_ENDINGS = (*_ENDINGS, "wpa-psk", "token")
#: Keys of network configs and of cloud-config below which all, or nearly all, is secret.
_ABOVE_SECRETS = ("auth", "ssh-keys", "chpasswd", "vpn-secrets", "key", "keys")

#: What an `auth` of netplan has besides secrets (auth_handlers of src/parse.c).
_OPEN_IN_AUTH = frozenset(
    ("key-management", "method", "phase2-auth", "ca-certificate", "client-certificate")
)
_OPEN_IN_KEYS = frozenset(("public", "private-key-flags"))

#: Of cloud-init's `ssh_keys` these are open (cloudinit/config/cc_ssh.py), and below `chpasswd`
#: what is in no list of users and passwords (cc_set_passwords.py).
_OPEN_SSH_KEY = re.compile(r"[a-z0-9]+-(?:public|certificate)\Z")
_CHPASSWD_LISTS = frozenset(("list",))

#: Something of which every text with a secret has a part, to tell quickly that one has none.
_HINT = re.compile(
    r"pass|pswd|psk|key|pin|secret|shared|private|auth|token|credential|cak|0x|://"
    r"|-u|--user|xfrm|ldap",
    re.I,
)
#: What may be the name of a setting, mistyped: ahead of `=` or `:`, or an option of many words.
_NAMED = re.compile(
    r"(?<![\w.$-])[\"']?([A-Za-z][\w.-]{3,99})[\"']?[ \t]*[=:+]"
    r"|^[ \t#]*([A-Za-z]\w*[-_][\w-]{1,99})[ \t\\]",
    re.MULTILINE,
)
#: Words that are almost one of these and are of their own.
_OTHER_WORDS = frozenset(("tokens", "share", "shard", "sharded", "shred", "kex"))
#: Of how many characters a name is at most that is looked at for slips.
_LONGEST = 100


def may_have_secrets(text: str) -> bool:
    """Whether there may be a secret in a text, asked quickly: most have none."""
    if _HINT.search(text):
        return True
    return any(map(_is_mistyped, {one[1] or one[2] for one in _NAMED.finditer(text)}))


def is_secret_name(name: str) -> bool:
    """Whether what a name of a setting stands for is a secret, be the name mistyped."""
    plain = name.lower().replace("_", "-")
    known = _NAME.match(plain) or _WHOLE.match(plain) or _TOKEN.match(plain)
    return bool(known) or _is_mistyped(name)


@lru_cache(maxsize=4096)
def _is_mistyped(name: str) -> bool:
    """Whether a name, or what it ends with, is one of a secret but for a slip of a finger."""
    if len(name) > _LONGEST:
        return False
    plain = name.lower().replace("_", "-").rstrip("0123456789")
    starts = [0, *(at + 1 for at, one in enumerate(plain) if one in "-.")]
    endings = [plain[at:] for at in starts if not plain.endswith("address-token")]
    whole = plain.partition(".")[2] or plain
    return not _OTHER_WORDS.intersection(endings) and (
        any(is_mistyped(one, _MISTYPED_ENDINGS) for one in endings)
        or is_mistyped(whole, _WHOLE_NAMES)
    )


@lru_cache(maxsize=4096)
def _meant(name: str) -> str:
    """The key above secrets that a key is, or was to be; else the key itself."""
    plain = name.lower().replace("_", "-")
    if plain in _ABOVE_SECRETS or is_secret_name(plain):
        return plain
    return next((one for one in _ABOVE_SECRETS if is_mistyped(plain, (one,))), plain)


def is_secret_path(path: Path) -> bool:
    """Whether the leaf at a path of a network config is a secret."""
    for at, key in enumerate(path):
        if not isinstance(key, str):
            continue
        name, inside = _meant(key), path[at + 1 :]
        if name == "auth":
            if not inside or inside[0] not in _OPEN_IN_AUTH:
                return True
        elif name == "ssh-keys" and inside:
            if not _OPEN_SSH_KEY.match(str(inside[0]).lower().replace("_", "-")):
                return True
        elif name == "chpasswd" and inside and inside[0] in _CHPASSWD_LISTS:
            return True
        elif name in ("key", "keys"):
            if not _OPEN_IN_KEYS.intersection(inside):
                return True
        elif name == "vpn-secrets" or is_secret_name(name):
            return True
    return False
