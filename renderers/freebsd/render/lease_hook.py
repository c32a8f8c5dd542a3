"""What a lease that is asked for again leaves alone: a block in etc/dhclient-enter-hooks.

At each arrival of a VF the lagg's link flaps, and dhclient(8) asks for its lease again.
Its dhclient-script then sets the address without `alias`: ifconfig(8) first deletes one
address, and names none, so that the kernel takes that of 0.0.0.0, which the script added
before the first lease, or else the interface's first, be it an alias or a jail's; one that
is there already it deletes and makes anew, and its static routes go (in_difaddr_ioctl() and
in_aifaddr_ioctl() of sys/netinet/in.c, sbin/dhclient/dhclient-script in freebsd/freebsd-src).

The script reads the hooks after its own functions and before its work.  The block adds the
0.0.0.0 that is to go, and where the lease's address is there with its mask, it has nothing
else set.  A script whose functions are called otherwise deletes the 0.0.0.0 by itself.
"""

from __future__ import annotations

import re

from hyperv_net.marks import BEGIN, END, find_block
from hyperv_net.model import RenderedFile
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PATH = "etc/dhclient-enter-hooks"

_CASES = re.compile(r'^(".*")\) ;;$', re.M)
_QUOTED = re.compile(r'"([^"]+)"')
#: A lease that is renewed with the address it had sets none.
_HOOK = """\
# A lease asked for again takes no other address with it, and none of its routes.
case "$interface" in
{cases}) ;;
*) ifconfig "$interface" 2>/dev/null | grep -qE 'parent interface: ({parents})$' ;;
esac && case "$reason $new_ip_address" in
"RENEW $old_ip_address" | "REBIND $old_ip_address") ;;
BOUND* | REBOOT* | RENEW* | REBIND* | TIMEOUT*)
	ifconfig "$interface" inet alias 0.0.0.0 netmask 255.0.0.0 broadcast 255.255.255.255
	case "$(ifconfig -f inet:dotted "$interface" inet)" in
	*"inet $new_ip_address netmask $new_subnet_mask "*)
		add_new_address() {{ ifconfig "$interface" inet -alias 0.0.0.0; }}
		;;
	esac
	;;
esac
"""


def lease_hook(aggregates: Iterable[str], text: str, *, keeps_block: bool) -> str:
    """The file with the block for these aggregates, and the VLANs upon them, before all else.

    `keeps_block`: those that an earlier run wrote stay in it.
    """
    begin, end = find_block(text) or (0, 0)
    earlier = _CASES.search(text[begin:end]) if keeps_block else None
    names = sorted({*aggregates, *(_QUOTED.findall(earlier[1]) if earlier else ())})
    own = text[:begin] + text[end:]
    if not names:
        return own
    cases = " | ".join(f'"{name}"' for name in names)
    hook = _HOOK.format(cases=cases, parents="|".join(map(re.escape, names)))
    return f"{BEGIN}\n{hook}{END}\n{own}"


def lease_hook_files(
    aggregates: Iterable[str], existing: Mapping[str, str], *, keeps_block: bool
) -> tuple[RenderedFile, ...]:
    """The file, where there is anything to say in it or to take out."""
    text = lease_hook(aggregates, existing.get(PATH, ""), keeps_block=keeps_block)
    return (RenderedFile(PATH, text, in_place=True),) if text or PATH in existing else ()
