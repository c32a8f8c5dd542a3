"""Parts that a target may lack: each says so in one sentence, or is right to do nothing.

A record takes them by assignment, so that it shows what the target cannot do.
"""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.target import Asking, Injecting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Any, NoReturn

    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.wanted import Wanted, WantedPair
    from hyperv_net.inventory import rooted
    from hyperv_net.model import Inventory, RenderedFile, Settings
    from hyperv_net.plan.flow import Plan


def adopt(existing: Mapping[str, str], inventory: Inventory, settings: Settings) -> None:
    """hyperv-net does not read this target's own files, so there is nothing to take over."""


def cards(existing: Mapping[str, str]) -> tuple[()]:
    """Its files name NICs by what they are called alone, or hyperv-net does not read them."""
    return ()


def taken_names(existing: Mapping[str, str], members: Collection[str]) -> frozenset[str]:
    """Whatever its files have besides is a device of the network config, or does not matter."""
    return frozenset()


def further_files(existing: Mapping[str, str]) -> frozenset[str]:
    """Its files include no others."""
    return frozenset()


def activation(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[()]:
    """The machine follows by itself, or hyperv-net writes none of its files."""
    return ()


def default_routes(existing: Mapping[str, str]) -> tuple[()]:
    """hyperv-net does not read this target's files, so that it knows of none."""
    return ()


#: hyperv-net does not know which default routes this target's files ask for.
ASKING = Asking(reads=(), default_routes=default_routes)


def rebuild(pair: WantedPair, means: Means) -> NoReturn:
    """hyperv-net does not know how to have this target make an aggregate again."""
    raise HypervNetError(
        "what configures the network here is not asked to make an aggregate again",
        where=pair.aggregate,
        hint="make it with the target's own tool, or boot the machine again",
    )


def managing(tree: rooted.Root, name: str, index: int) -> None:
    """Its program leaves no trace of the NICs it manages, or is another target's."""


def beside(wanted: Wanted) -> tuple[RenderedFile, ...]:
    """It needs nothing beside the wanted state and the rules for udev."""
    return ()


def keep_off(
    asks_for_vf: Callable[[str], str], is_there: Callable[[str], bool]
) -> tuple[RenderedFile, ...]:
    """What udev's rules say is enough for it, or it is another target's program."""
    return ()


def check_first_boot(renderer: Any) -> None:
    """Every cloud-init can do its part."""


def follow_up(renderer: Any, stock: Any, plan: Plan) -> None:
    """cloud-init does nothing after writing."""


def release(interface: str) -> tuple[()]:
    """Nothing of it needs the old files."""
    return ()


#: The way on where hyperv-net neither reads nor writes addresses in a target's files.
WITHOUT_ADDRESSES = (
    "remove the drop-in hyperv-net.conf of hv_kvp_daemon's unit: "
    "the daemon has its own scripts then"
)


def _no_addresses(*_: Any, **__: Any) -> NoReturn:
    raise HypervNetError(
        "hyperv-net neither reads nor writes addresses in this target's files",
        hint=WITHOUT_ADDRESSES,
    )


def activate(
    before: Mapping[str, str], after: Mapping[str, str], device: str, interface: str, run: Any
) -> Sequence[NoReturn]:
    """Nothing is written for one interface, so nothing has to follow."""
    return ()


#: hyperv-net neither reads nor writes addresses in this target's files.
INJECTING = Injecting(
    programs=(),
    reads=(),
    reaches_off_link=False,
    owner=_no_addresses,
    interface=_no_addresses,
    addressing=_no_addresses,
    nameservers=_no_addresses,
    put=_no_addresses,
    release=release,
    activate=activate,
)
