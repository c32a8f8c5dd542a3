"""The scripts that hv_kvp_daemon runs: their names, their folder, and whose they are."""

from __future__ import annotations

from hyperv_net.facts import System

SCRIPTS = ("hv_get_dhcp_info", "hv_get_dns_info", "hv_set_ifconfig")

#: KVP_SCRIPTS_PATH as distributions build it, and that of
#: contrib/hyperv/tools/hv_kvp_daemon.c (freebsd/freebsd-src), where the commands are literals.
DAEMONS_FOLDER = {System.LINUX: "usr/libexec/hypervkvpd", System.FREEBSD: "usr/libexec/hyperv"}


def is_ours(script: str) -> bool:
    """Whether the text of one of the daemon's scripts asks hyperv-net."""
    return any(line.startswith("program=hyperv-net") for line in script.splitlines())
