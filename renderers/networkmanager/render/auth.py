"""802.1X, which is of the card itself and so of a port.

NetworkManager loads no profile whose method lacks what it needs (nm-setting-8021x.c of
libnm-core-impl), and a NIC without a profile is worse than one without 802.1X.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.keyfile import listed
from hyperv_net.renderers.networkmanager.render.profile import NO_WAY
from hyperv_net.renderers.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.networkmanager.render.profile import Profile
    from hyperv_net.tree import Node

_SECTION = "802-1x"
#: netplan's `auth` → [802-1x] (write_dot1x_auth_parameters() of its src/nm.c).
_KEYS = {
    "identity": "identity",
    "anonymous-identity": "anonymous-identity",
    "password": "password",
    "ca-certificate": "ca-cert",
    "client-certificate": "client-cert",
    "client-key": "private-key",
    "client-key-password": "private-key-password",
    "phase2-auth": "phase2-auth",
}
_PATHS = frozenset(("ca-cert", "client-cert", "private-key"))
#: Method → what no profile with it can lack.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "tls": ("client-cert", "private-key"),
    "peap": ("identity", "phase2-auth"),
    "ttls": ("identity", "phase2-auth"),
    "leap": ("identity",),
    "pwd": ("identity",),
}
_PHASE_2 = frozenset(("pap", "chap", "mschap", "mschapv2", "gtc", "otp", "md5", "tls"))


def make_auth(made: Profile, auth: Node | None) -> None:
    """[802-1x], or nothing of it where it would not be taken."""
    method = ""
    for key, node in auth.items() if auth is not None else ():
        path, value = ("auth", key), node.value
        try:
            if key == "key-management" and value in ("802.1x", "none"):
                made.placed[path] = _SECTION
            elif key == "method" and value in _NEEDS:
                method = str(value)
                made.put(_SECTION, "eap", listed([method]), path)
            elif key in _KEYS and isinstance(value, str) and value:
                name = _KEYS[key]
                if name in _PATHS and not value.startswith("/"):
                    raise RefusedError("not the path of a file")
                if name == "phase2-auth" and value not in _PHASE_2:
                    raise RefusedError(f"none of {', '.join(sorted(_PHASE_2))}")
                made.set(_SECTION, name, value, path)
            else:
                made.refused[path] = NO_WAY
        except RefusedError as refusal:
            made.refused[path] = str(refusal)
    said = made.sections.get(_SECTION)
    if said is None:
        return
    missing = [one for one in _NEEDS.get(method, ("eap",)) if not said.get(one, "").strip()]
    if missing:
        del made.sections[_SECTION]
        made.refused["auth",] = f"NetworkManager takes no 802.1X without {' and '.join(missing)}"
