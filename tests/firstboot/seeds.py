"""Where a machine has its metadata from: a seed on its disk, or a cloud on its wire."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.firstboot.fabric import OVF, SERVED
from tests.firstboot.machine import Machine, Writable

_AZURE = {"chassis_asset_tag": "7783-7084-3265-9085-8269-3286-77"}
_ORACLE = {"sys_vendor": "QEMU", "chassis_asset_tag": "OracleCloud.com"}
_OPENSTACK = {"sys_vendor": "OpenStack Foundation", "product_name": "OpenStack Nova"}


def seed_nocloud(machine: Writable, network_config: str) -> None:
    """Give it a NoCloud seed with this network config."""
    seed = "var/lib/cloud/seed/nocloud"
    machine.write(f"{seed}/meta-data", "instance-id: i-0001\nlocal-hostname: guest\n")
    machine.write(f"{seed}/user-data", "#cloud-config\nruncmd: [[touch, /var/log/ran]]\n")
    machine.write(f"{seed}/network-config", network_config)


def seed_config_drive(machine: Machine, network_config: str) -> None:
    """Give it a ConfigDrive seed; its network config is OpenStack's network_data.json."""
    seed = "var/lib/cloud/seed/config_drive/openstack/latest"
    meta = {"uuid": "00112233-0001", "hostname": "guest"}
    machine.write(f"{seed}/meta_data.json", json.dumps(meta))
    machine.write(f"{seed}/network_data.json", network_config)


def on_azure(machine: Machine) -> Machine:
    """The same machine on Azure: its services on the wire, its provisioning media as a seed."""
    machine.write("var/lib/cloud/seed/azure/ovf-env.xml", OVF)
    return replace(machine, fabric=True, dmi=_AZURE)


def on_openstack(machine: Machine, network_config: str) -> Machine:
    """The same machine on OpenStack, whose metadata service has this network_data.json."""
    meta = {"uuid": "00112233-0001", "hostname": "guest"}
    machine.write(f"{SERVED}/openstack/index", "2018-08-27\nlatest\n")
    machine.write(f"{SERVED}/latest/meta-data/index", "instance-id\n")
    machine.write(f"{SERVED}/latest/meta-data/instance-id", "i-0001\n")
    for version in ("2018-08-27", "latest"):
        served = f"{SERVED}/openstack/{version}"
        machine.write(f"{served}/meta_data.json", json.dumps(meta))
        machine.write(f"{served}/network_data.json", network_config)
    machine.write(
        "etc/cloud/cloud.cfg.d/95-datasource.cfg",
        "datasource_list: [OpenStack, None]\n"
        "datasource: {OpenStack: {max_wait: 20, timeout: 5, retries: 1}}\n",
    )
    return replace(machine, fabric=True, dmi=_OPENSTACK)


def on_oracle(machine: Machine, mac: str) -> Machine:
    """The same machine on Oracle's cloud, whose metadata service knows one NIC with this MAC."""
    instance = {
        "ociAdName": "AD-1",
        "id": "ocid1.instance.0001",
        "hostname": "guest",
        "displayName": "guest",
        "metadata": {},
    }
    vnic = {
        "macAddr": mac,
        "privateIp": "10.0.0.4",
        "subnetCidrBlock": "10.0.0.0/24",
        "virtualRouterIp": "10.0.0.1",
        "vlanTag": 1,
        "vnicId": "ocid1.vnic.0001",
    }
    machine.write(f"{SERVED}/opc/v2/instance/index", json.dumps(instance))
    machine.write(f"{SERVED}/opc/v2/vnics/index", json.dumps([vnic]))
    machine.write("etc/cloud/cloud.cfg.d/95-datasource.cfg", "datasource_list: [Oracle, None]\n")
    return replace(machine, fabric=True, dmi=_ORACLE)
