"""sysctl(8), and the values of if_hn.c, if_lagg.c and the rest that rc asks for."""

from __future__ import annotations

import re

from tests.freebsd_machine.state import State

_FIXED = {
    "kern.ostype": "FreeBSD",
    "kern.vm_guest": "hv",
    "kern.features.inet": "1",
    "kern.features.inet6": "1",
    "net.fibs": "1",
    "net.inet6.ip6.dad_count": "1",
    "net.link.lagg.failover_rx_all": "0",
    "net.link.lagg.default_use_flowid": "0",
    "net.link.lagg.default_flowid_shift": "16",
    "security.jail.jailed": "0",
}
#: Of those above and of what State.values has; all else can only be read.
_WRITABLE = re.compile(r"net\.|kern\.hostname")


def values(state: State) -> dict[str, str]:
    """Every value by name, in the order in which the tree is walked."""
    hns = [one for one in state.interfaces if one.driver == "hn"]
    found = {
        **_FIXED,
        "kern.osrelease": state.release,
        "kern.hostname": state.hostname,
        "net.link.lagg.0.protos": "failover,lacp,loadbalance,roundrobin,broadcast,none",
    }
    if hns:
        if state.transparent is not None:
            found["hw.hn.vf_transparent"] = str(state.transparent)
            found["hw.hn.vf_xpnt_attwait"] = "2"
        # hn_vfmap_sysctl() walks the interfaces' indexes; hn_vflist_sysctl() likewise.
        mapped = sorted((one for one in hns if one.vf), key=lambda hn: state.get(hn.vf).index)
        found["hw.hn.vfmap"] = " ".join(f"{hn.vf}:{hn.name}" for hn in mapped)
        found["hw.hn.vflist"] = " ".join(hn.vf for hn in mapped)
        found["dev.hn.%parent"] = ""
    for hn in hns:
        unit = f"dev.hn.{hn.born.removeprefix('hn')}"
        found[f"{unit}.%desc"] = "Hyper-V Network Interface"
        found[f"{unit}.%driver"] = "hn"
        found[f"{unit}.%parent"] = "vmbus0"
        found[f"{unit}.vf"] = hn.vf
        if state.transparent:
            found[f"{unit}.vf_xpnt_enabled"] = str(int(hn.datapath))
        else:
            found[f"{unit}.rxvf"] = hn.vf if hn.datapath else ""
    found.update(state.values)
    return found


def sysctl(state: State, arguments: list[str]) -> tuple[int, str, str]:
    """Run it: exit status and what it prints on both outputs."""
    options, words = "", list(arguments)
    while words and words[0].startswith("-"):
        options += words.pop(0)[1:]
    known = values(state)
    if "a" in options:
        words = list(known)
    out, err, status = "", "", 0
    for word in words:
        name, equals, new = word.partition("=")
        found = [one for one in known if one == name or one.startswith(f"{name}.")]
        if not found:
            if "i" not in options:
                err += f"sysctl: unknown oid '{name}'\n"
                status = 1
            continue
        if equals:
            said, status = _set(state, known, name, new)
            if status:
                err += said
            else:
                out += said if "q" not in options else ""
            continue
        for one in found:
            text = known[one]
            separator = "=" if "e" in options else ": "
            out += f"{text}\n" if "n" in options else f"{one}{separator}{text}\n"
    return status, out, err


def _set(state: State, known: dict[str, str], name: str, new: str) -> tuple[str, int]:
    if name == "hw.hn.vf_transparent":
        return f"sysctl: oid '{name}' is a read only tunable\n", 1
    if not _WRITABLE.match(name) or name not in known:
        return f"sysctl: oid '{name}' is read only\n", 1
    if name == "kern.hostname":
        state.hostname = new
    else:
        state.values[name] = new
    return f"{name}: {known[name]} -> {new}\n", 0
