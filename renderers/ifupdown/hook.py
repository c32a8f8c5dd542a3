"""udev beside interfaces(5): a bond's command that has the VF looked for, and the names of NICs."""

from __future__ import annotations


def trigger_command(mac: str | None) -> str:
    """The command that shows udev the NICs with this MAC again, once their aggregate exists.

    Without one it shows all NICs: the rules know which are meant.
    """
    fitting = f" --attr-match=address={mac}" if mac else ""
    return f"udevadm trigger --action=change --subsystem-match=net{fitting} || true"


def name_rule(mac: str, driver: str | None, name: str) -> str:
    """The rule that names a NIC; with a driver where the MAC alone would fit a VF as well."""
    return (
        f'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="{driver or "?*"}",'
        f' ATTR{{address}}=="{mac}", NAME="{name}"\n'
    )
