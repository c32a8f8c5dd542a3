"""Where ifupdown's configuration is, below the root (interfaces(5))."""

from __future__ import annotations

PROGRAMS = ("usr/sbin/ifup", "sbin/ifup")

#: What makes bonds and bridges: scripts of Debian's packages, or ifupdown-ng's and ifupdown2's own.
_OTHERS = "usr/share/ifupdown2"
PACKAGES = (
    (
        "ifenslave",
        ("etc/network/if-pre-up.d/ifenslave", "usr/libexec/ifupdown-ng/bond", _OTHERS),
    ),
    (
        "bridge-utils",
        ("etc/network/if-pre-up.d/bridge", "usr/libexec/ifupdown-ng/bridge", _OTHERS),
    ),
    # What the method ipv4ll of interfaces(5) runs.
    ("avahi-autoipd", ("usr/sbin/avahi-autoipd",)),
)

INTERFACES = "etc/network/interfaces"
FOLDER = "etc/network/interfaces.d"

#: The file that cloud-init writes, and hyperv-net in its place.
FILE = f"{FOLDER}/50-cloud-init"
#: … and the one that older ones write: Ubuntu 16.04's images have it.
OLD_FILE = f"{FILE}.cfg"

#: udev's rules that call ifupdown on Azure's images, and those that name NICs.
HELPER = "etc/udev/rules.d/75-cloud-ifupdown.rules"
NAMES_FILE = "etc/udev/rules.d/70-persistent-net.rules"

#: What keeps it off a VF, whatever that is called.
KEEP_OFF_FILE = "etc/network/if-pre-up.d/hyperv-net-keep-off"

STANZAS = (INTERFACES, f"{FOLDER}/*")
READS = (*STANZAS, HELPER, NAMES_FILE)
