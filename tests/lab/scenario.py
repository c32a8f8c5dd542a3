"""What the scenarios lay over a machine: a seed for its first boot, and the plugin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.lab import cpio
from tests.lab.network import MAC, PEER

_REPOSITORY = Path(__file__).resolve().parents[2]
_PACKAGE = _REPOSITORY / "hyperv_net"
_DIST_PACKAGES = "usr/lib/python3/dist-packages"
_UNITS = "etc/systemd/system"
RECONCILE_UNITS = ("hyperv-net-reconcile.path", "hyperv-net-reconcile.service")

DHCP = f"""\
version: 2
ethernets:
  eth0:
    match: {{macaddress: "{MAC}"}}
    set-name: eth0
    dhcp4: true
"""
_SETTINGS = "hyperv_net: {aggregate: AGGREGATE, synthetic_drivers: [virtio_net]}\n"
_CLOUD = """\
system_info: {network: {renderers: [RENDERER]}}
cloud_init_modules: [write_files, set_hostname]
cloud_config_modules: [runcmd]
cloud_final_modules: [scripts_user, final_message]
"""


def seed(renderer: str, network_config: str = DHCP) -> list[cpio.Entry]:
    """The files that make a machine's first boot: a NoCloud seed, and few modules to run."""
    folder = "var/lib/cloud/seed/nocloud"
    cloud = _CLOUD.replace("RENDERER", {"ifupdown": "eni"}.get(renderer, renderer))
    texts = {
        f"{folder}/meta-data": "instance-id: i-0001\nlocal-hostname: guest\n",
        f"{folder}/user-data": "#cloud-config\nruncmd: [[touch, /var/log/ran]]\n",
        f"{folder}/network-config": network_config,
        "etc/cloud/cloud.cfg.d/50-lab.cfg": cloud,
    }
    return [cpio.file(path, text.encode()) for path, text in texts.items()]


def plugin(aggregate: str) -> list[cpio.Entry]:
    """What the README's installation puts into an image, and the settings for virtio_net.

    `aggregate` is the setting of that name: auto, or always for a VF that is away at first.
    """
    settings = _SETTINGS.replace("AGGREGATE", aggregate)
    units = _PACKAGE / "data" / "linux"
    return [
        *_package(_PACKAGE, f"{_DIST_PACKAGES}/hyperv_net"),
        *(cpio.file(f"{_UNITS}/{one}", (units / one).read_bytes()) for one in RECONCILE_UNITS),
        cpio.link(f"{_UNITS}/paths.target.wants/{RECONCILE_UNITS[0]}", f"../{RECONCILE_UNITS[0]}"),
        cpio.link(
            "etc/cloud/cloud.cfg.d/90-hyperv-net.cfg",
            f"/{_DIST_PACKAGES}/hyperv_net/data/90-hyperv-net.cfg",
        ),
        cpio.file("etc/cloud/cloud.cfg.d/91-settings.cfg", settings.encode()),
    ]


def _package(folder: Path, path: str) -> Iterator[cpio.Entry]:
    """The files below a folder; its links followed, as `cp -rL` does."""
    for child in sorted(folder.iterdir()):
        if child.name == "__pycache__":
            continue
        if child.is_dir():
            yield from _package(child, f"{path}/{child.name}")
        else:
            mode = child.stat().st_mode & 0o777
            yield cpio.file(f"{path}/{child.name}", child.read_bytes(), mode)


UNINSTALL = f"""
systemctl disable --now {RECONCILE_UNITS[0]}
rm /{_UNITS}/{RECONCILE_UNITS[0]} /{_UNITS}/{RECONCILE_UNITS[1]}
rm /etc/udev/rules.d/70-hyperv-net-vf.rules
rm /etc/cloud/cloud.cfg.d/90-hyperv-net.cfg /var/lib/cloud/instance/obj.pkl
rm -r /{_DIST_PACKAGES}/hyperv_net
"""
"""The way back that the documentation names."""

WITHOUT_HOOK = f"""
systemctl stop {RECONCILE_UNITS[0]}
mv /etc/udev/rules.d/70-hyperv-net-vf.rules /root/
udevadm control --reload
"""
WITH_HOOK = f"""
mv /root/70-hyperv-net-vf.rules /etc/udev/rules.d/
udevadm control --reload
systemctl start {RECONCILE_UNITS[0]}
"""
"""The hook taken away for a comparison on the same machine, and put back."""


def inject(address: str) -> str:
    """What hv_kvp_daemon does with an address from the host: its file, then the script."""
    scripts = f"/{_DIST_PACKAGES}/hyperv_net/data/kvp"
    return f"""
cp {scripts}/hv_* /root/
cat >/root/ifcfg-eth0 <<END
HWADDR={MAC}
DEVICE=eth0
BOOTPROTO=none
IPADDR0={address}
NETMASK0=255.255.255.0
GATEWAY={PEER}
END
sh /root/hv_set_ifconfig /root/ifcfg-eth0
"""
