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
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.tree import Path

_ENDINGS = (
    r"pass(?:word|wd|phrase)?|passwords|(?:eap)?psk|secrets?|(?:wpa|sim)-pin|credentials?"
    r"|(?:private|pre-?shared|auth|api|access|encryption|tunnel|gre|wep|wpa|nw|i|o|input|output)-?key"
    r"|wireless-key|client-key|password-raw|mka-cak"
)
_NAME = re.compile(rf"(?:.*[-.])?(?:{_ENDINGS})[0-9]*\Z")
#: Names that are of secrets where nothing comes before them, or the group of a keyfile.
_WHOLE = re.compile(r"(?:[^.]*\.)?(?:private|shared|pin|keys?[0-9]*)\Z")
#: `ipv6-address-token` of netplan is half an address.
_TOKEN = re.compile(r"(?:.*(?<!address)-)token\Z")

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
HINT = re.compile(
    r"pass|psk|key|pin|secret|shared|private|auth|token|credential|cak|0x|://"
    r"|-u|--user|xfrm|ldap",
    re.I,
)


def is_secret_name(name: str) -> bool:
    """Whether what a name of a setting stands for is a secret."""
    plain = name.lower().replace("_", "-")
    return bool(_NAME.match(plain) or _WHOLE.match(plain) or _TOKEN.match(plain))


def is_secret_path(path: Path) -> bool:
    """Whether the leaf at a path of a network config is a secret."""
    for at, key in enumerate(path):
        if not isinstance(key, str):
            continue
        name, inside = key.lower().replace("_", "-"), path[at + 1 :]
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
