"""What the scenarios lay over a machine: a seed for its first boot, and the plugin."""

from __future__ import annotations

from tests.bake.laid import baked
from tests.debian.packages import unpacked
from tests.lab import cpio
from tests.lab.image import packages
from tests.lab.network import MAC, PEER

RECONCILE = "hyperv-net-reconcile.path"
_PACKAGE = "/usr/lib/python3/dist-packages/hyperv_net"
_DAEMONS_FOLDER = "/usr/libexec/hypervkvpd"
_INJECTED_FILE = "/run/ifcfg-eth0"

BAKE_OPTIONS = ("--synthetic-driver", "virtio_net")
"""What an image is told of this machine, which has no hv_netvsc."""

DHCP = f"""\
version: 2
ethernets:
  eth0:
    match: {{macaddress: "{MAC}"}}
    set-name: eth0
    dhcp4: true
"""
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


def plugin(suite: str, renderer: str, *options: str) -> list[cpio.Entry]:
    """What `hyperv-net bake` writes into the image, with the settings for virtio_net."""
    return baked(unpacked(suite, packages(renderer)).root, *BAKE_OPTIONS, *options)


UNINSTALL = f"""
systemctl stop {RECONCILE} hyperv-net-activate.socket
hyperv-net unbake --root /
systemctl daemon-reload
rm -f /etc/udev/rules.d/70-hyperv-net-vf.rules /etc/systemd/network/05-hyperv-net-* \\
    /etc/systemd/network/98-hyperv-net-* /var/lib/cloud/instance/obj.pkl
udevadm control --reload
[ ! -e {_PACKAGE} ]
"""
"""The way back that the documentation names; what the first boot wrote is not the image's."""

WITHOUT_HOOK = f"""
systemctl stop {RECONCILE}
mv /etc/udev/rules.d/70-hyperv-net-vf.rules /root/
udevadm control --reload
"""
WITH_HOOK = f"""
mv /root/70-hyperv-net-vf.rules /etc/udev/rules.d/
udevadm control --reload
systemctl start {RECONCILE}
"""
"""The hook taken away for a comparison on the same machine, and put back."""


def inject(address: str) -> str:
    """What hv_kvp_daemon does with an address from the host: its file, then the script."""
    return f"""
cp {_PACKAGE}/data/kvp/hv_* /root/
{_addressed(address)}
sh /root/hv_set_ifconfig {_INJECTED_FILE}
"""


def injected_by_daemon(address: str) -> str:
    """The same, done by the script that the daemon of an image finds in its own folder."""
    return _addressed(address) + as_daemon(f"{_DAEMONS_FOLDER}/hv_set_ifconfig {_INJECTED_FILE}")


ASK_DHCP = f"{_DAEMONS_FOLDER}/hv_get_dhcp_info eth0 >/run/said"


def as_daemon(command: str) -> str:
    """Run a command as hv_kvp_daemon runs its scripts: in the sandbox of its unit.

    The unit is the package's, with our drop-in, but for the program and for the
    device of Hyper-V that it waits for.
    """
    return f"""
units=/usr/lib/systemd/system run=/run/systemd/system
sed -e '/^BindsTo=/d; /^ExecStart=/d' \\
    -e 's,^\\[Service\\]$,&\\nType=oneshot\\nExecStart=/bin/sh -e /run/as-daemon,' \\
    $units/hv-kvp-daemon.service >$run/as-daemon.service
ln -sfn $units/hv-kvp-daemon.service.d $run/as-daemon.service.d
echo '{command}' >/run/as-daemon
systemctl daemon-reload
systemctl start as-daemon
"""


def _addressed(address: str) -> str:
    return f"""
cat >{_INJECTED_FILE} <<END
HWADDR={MAC}
DEVICE=eth0
BOOTPROTO=none
IPADDR0={address}
NETMASK0=255.255.255.0
GATEWAY={PEER}
END
"""
