"""Runs inside a suite's own Python, beside its real cloud-init: `python -m tests.sources.inside`.

Reads what to do as JSON from standard input, does it, and prints what came of
it as JSON.  Nothing here is a test; cloud.py starts it and the tests look at
what it prints.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.strangers import watch

Job = dict[str, Any]


class _Log(logging.Handler):
    """Every record at INFO or above, as (level, text); that is what `status` is made from."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.records: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append((record.levelname, record.getMessage()))


def render(job: Job) -> Job:
    """What distro.apply_network_config does with a network config, with the renderer of a name."""
    from cloudinit import distros
    from cloudinit.net.renderers import NAME_TO_RENDERER

    root = job["root"]
    if job["plugin"]:
        import hyperv_net.sources.DataSourceNoCloud  # noqa: F401
    break_one(job)
    from cloudinit.distros.rhel import Distro as Rhel

    settings = {
        "sysconfig": Rhel.renderer_configs["sysconfig"],
        "netplan": {
            "netplan_path": f"{root}/etc/netplan/50-cloud-init.yaml",
            "postcmds": job.get("postcmds", False),
        },
        "eni": {
            "eni_path": f"{root}/etc/network/interfaces.d/50-cloud-init",
            "netrules_path": f"{root}/etc/udev/rules.d/70-persistent-net.rules",
        },
    }
    renderer: Any = NAME_TO_RENDERER[job["renderer"]].Renderer(settings.get(job["renderer"]))
    if job["renderer"] == "freebsd":
        renderer.rc_conf_fn = f"{root}/etc/rc.conf"
        renderer.resolv_conf_fn = f"{root}/etc/resolv.conf"
    if job["renderer"] == "networkd":
        from cloudinit import util

        util.chownbyname = lambda *args: None  # there is no user systemd-network
    before = json.dumps(job["config"])
    state = distros.parse_net_config_data(job["config"], renderer=renderer)
    target = (
        {"target": root} if job["renderer"] in ("networkd", "network-manager", "sysconfig") else {}
    )
    renderer.render_network_state(state, **target)
    return {
        "interfaces": [one["name"] for one in state.iter_interfaces()],
        "config unchanged": json.dumps(job["config"]) == before,
    }


def look(job: Job) -> Job:
    """Every look that cloud-init takes at the machine's NICs."""
    from cloudinit import net
    from cloudinit.distros import networking

    if job["plugin"]:
        import hyperv_net.sources.DataSourceNoCloud  # noqa: F401
    break_one(job)
    of_system = "FreeBSDNetworking" if job.get("freebsd") else "LinuxNetworking"
    found: Job = {}
    looks: dict[str, Callable[[], Any]] = {
        "by mac": net.get_interfaces_by_mac,
        "candidates": net.find_candidate_nics,
        "fallback": net.find_fallback_nic,
        "devices": net.get_devicelist,
        "fallback config": net.generate_fallback_config,
        "wait": lambda: getattr(networking, of_system)().wait_for_physdevs(job["config"]),
    }
    for name, function in looks.items():
        try:
            found[name] = function()
        except Exception as error:
            found[name] = f"{type(error).__name__}: {error}"
    return found


def rename(job: Job) -> Job:
    """What cloud-init runs to give the NICs the names that the config asks for."""
    from cloudinit import subp
    from cloudinit.distros.networking import LinuxNetworking

    if job["plugin"]:
        import hyperv_net.sources.DataSourceNoCloud  # noqa: F401
    break_one(job)
    ran: list[str] = []

    def fake(command: list[str], *args: Any, **kwargs: Any) -> tuple[str, str]:
        # Some versions say `dev` and some do not.
        ran.append(" ".join(word for word in command if word != "dev"))
        has_address = "addr" in command and job.get("with an address") in command
        return ("3: inet 10.0.0.4/24 scope global" if has_address else ""), ""

    subp.subp = fake
    result: Job = {}
    try:
        LinuxNetworking().apply_network_config_names(job["config"])
    except Exception as error:
        result["error"] = f"{type(error).__name__}: {error}"
    result["ran"] = [command for command in ran if command.startswith("ip link set ")]
    return result


def initramfs(job: Job) -> Job:
    """The config that cloud-init makes of what the initramfs says of NICs: `files`."""
    from cloudinit import util
    from cloudinit.net import cmdline

    if job["plugin"]:
        import hyperv_net.sources.DataSourceNoCloud  # noqa: F401
    break_one(job)
    util.get_cmdline = lambda: "root=/dev/vda1 ip=dhcp"
    cmdline._get_klibc_net_cfg_files = lambda: job["files"]
    return {"config": cmdline.read_initramfs_config()}


def datasource(job: Job) -> Job:
    """The classes that cloud-init finds for a datasource, and what a pickled object is."""
    import pickle

    from cloudinit import importer, sources

    break_one(job)
    packages = (
        ["hyperv_net.sources", "", "cloudinit.sources"]
        if job["plugin"]
        else ["", "cloudinit.sources"]
    )
    found = [
        one
        for depends in ([sources.DEP_FILESYSTEM], [sources.DEP_FILESYSTEM, sources.DEP_NETWORK])
        for one in sources.list_sources([job["name"]], depends, packages)
    ]
    stock: Any = importer.import_module(f"cloudinit.sources.DataSource{job['name']}")
    bases = {one.__name__: getattr(stock, one.__name__) for one in found}
    return {
        "classes": [f"{one.__module__}.{one.__name__}" for one in found],
        "own": {
            one.__name__: sorted(
                name for name in vars(one) if not name.startswith("__") and name != "_abc_impl"
            )
            for one in found
            if one.__module__.startswith("hyperv_net")
        },
        "subclass of stock": all(issubclass(one, bases[one.__name__]) for one in found),
        "dsname": [one.dsname for one in found],
        "pickled as": [pickle.loads(pickle.dumps(one)).__module__ for one in found],
    }


def break_one(job: Job) -> None:
    """Make one function of the plugin raise: `module:name`, or `module:name.method`."""
    if not job.get("broken"):
        return
    import importlib

    module_name, _, name = job["broken"].partition(":")

    def raises(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("broken on purpose")

    setattr(importlib.import_module(module_name), name, raises)


def on_freebsd(job: Job) -> None:
    """Let cloud-init and the plugin take this machine for FreeBSD."""
    import cloudinit.distros.freebsd  # noqa: F401  (its renderer takes for granted that it is there)
    from cloudinit import subp, util

    import hyperv_net.inventory.gathering as gathered

    util.is_FreeBSD = lambda: True

    def fake(command: list[str], *args: Any, **kwargs: Any) -> tuple[str, str]:
        name = Path(command[0]).name
        if name == "ifconfig":
            up = command[1:] == ["-l", "-u", "ether"]
            return (job["up"] if up else job["ifconfig"]), ""
        job.setdefault("ran", []).append(" ".join(command))
        return "", ""

    subp.subp = fake

    def run_tool(command: list[str]) -> str | None:
        return str(job["ifconfig"] if command[0].endswith("ifconfig") else job["sysctl"])

    gathered.run_tool = run_tool  # type: ignore[assignment]


def configuration(job: Job) -> Job:
    """What cloud-init reads from a folder like cloud.cfg.d."""
    from cloudinit import util

    return {"read": util.read_conf_d(job["folder"])}


def network_data(job: Job) -> Job:
    """The version 1 that each of OpenStack's network_data.json becomes; why, where it does not."""
    from cloudinit import net
    from cloudinit.sources.helpers import openstack

    net.get_ib_hwaddrs_by_interface = lambda: {}
    converted = []
    for one in job["documents"]:
        try:
            converted.append(openstack.convert_net_json(one, known_macs=job["names"]))
        except Exception as error:
            converted.append(f"{type(error).__name__}: {error}")
    return {"converted": converted}


JOBS = (render, look, rename, initramfs, datasource, configuration, network_data)
DO = {one.__name__: one for one in JOBS}


def main() -> None:
    """One job, from standard input to standard output."""
    watch()
    job = json.load(sys.stdin)
    import cloudinit.distros  # noqa: F401  (before cloudinit.net: it cannot be imported after)
    from cloudinit import net, util

    log = _Log()
    logging.getLogger().addHandler(log)
    logging.getLogger().setLevel(logging.INFO)
    if "root" in job:
        net.get_sys_class_path = lambda: f"{job['root']}/sys/class/net/"
    util.udevadm_settle = lambda *args, **kwargs: None
    if job.get("freebsd"):
        on_freebsd(job)
    result: Job = {}
    try:
        result = DO[job["do"]](job)
    except Exception as error:
        result["raised"] = f"{type(error).__name__}: {error}"
    result.update(log=log.records, ran=job.get("ran", result.get("ran", [])))
    json.dump(result, sys.stdout, default=str)


if __name__ == "__main__":
    main()
