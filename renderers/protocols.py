"""What each part of a target is given and returns; for type checkers and for people alone."""

from __future__ import annotations

from typing import Protocol

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from hyperv_net.decision.binding import NamedCard
    from hyperv_net.decision.claims import Claim
    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.look.managers import Manager
    from hyperv_net.hotplug.wanted import Wanted, WantedPair
    from hyperv_net.inventory import rooted
    from hyperv_net.model import Finding, Inventory, Rendered, RenderedFile, Rewritten, Settings
    from hyperv_net.plan.flow import Plan
    from hyperv_net.renderers.parts import Addressing, Adopted, Asked, Run, Step


class Render(Protocol):
    """From a rewritten configuration to the files of the target."""

    def __call__(self, rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
        """The files; `existing` maps path below the root to text.

        Pure and deterministic; with its own output among `existing` the
        result is the same.
        """


class Claims(Protocol):
    """What the target's files do to NICs, and to which."""

    def __call__(self, texts: Mapping[str, str], paths: frozenset[str]) -> Iterator[Claim]:
        """The claims of all files, by the text of those read and the paths of others; pure."""


class Adopt(Protocol):
    """What the target's own files configure."""

    def __call__(
        self, existing: Mapping[str, str], inventory: Inventory, settings: Settings
    ) -> Adopted | None:
        """What `existing` says of the pairs; None where that is nothing.

        Raises HypervNetError where it cannot be told.
        """


class NamedCards(Protocol):
    """The cards that the target's files are for."""

    def __call__(self, existing: Mapping[str, str]) -> Iterable[NamedCard]:
        """Those that are named in `existing`, by address, by name or by both; pure.

        Those of `given_names.NAMES` are there too, and only complete what the target's own files
        name.  The first that says something of a card counts, and what cannot be read names none.
        """


class TakenNames(Protocol):
    """The names that no new aggregate can have."""

    def __call__(self, existing: Mapping[str, str], members: Collection[str]) -> frozenset[str]:
        """Those of aggregates that the files in `existing` have over other NICs than `members`.

        Pure; what cannot be read takes no name.
        """


class Undeclared(Protocol):
    """References to devices that nothing declares."""

    def __call__(
        self, rewritten: Rewritten, source: str, existing: Mapping[str, str], *, is_adopted: bool
    ) -> Iterable[Finding]:
        """A finding for each in the network config called `source`, if the target minds; pure.

        Where it `is_adopted`, `existing` has the files that it was read from.
        """


class FurtherFiles(Protocol):
    """Files that others include."""

    def __call__(self, existing: Mapping[str, str]) -> frozenset[str]:
        """Patterns, below the root, of the files that those in `existing` include.

        Raises HypervNetError where what is included cannot be told.
        """


class Owner(Protocol):
    """Who has a NIC's settings."""

    def __call__(self, existing: Mapping[str, str], name: str, mac: str | None) -> str:
        """The device that has the settings of the NIC of this name or address."""


class Interface(Protocol):
    """What a device is called by the kernel."""

    def __call__(self, existing: Mapping[str, str], device: str, name: str) -> str:
        """The device's interface, where `name` is that of the NIC it was found for."""


class ReadAddressing(Protocol):
    """What the files say about a device."""

    def __call__(
        self, existing: Mapping[str, str], device: str, mac: str | None = None
    ) -> Addressing:
        """Its addresses, DHCP and name servers.

        `mac` is the device's address where it is a NIC, for files that tell it by that.
        """


class Nameservers(Protocol):
    """The name servers in the target's files."""

    def __call__(self, existing: Mapping[str, str]) -> list[str]:
        """Each once."""


class Put(Protocol):
    """New addresses in the place of old ones."""

    def __call__(
        self,
        existing: Mapping[str, str],
        device: str,
        settings: Mapping[str, Any],
        render: Callable[[Mapping[str, str]], Rendered],
        *,
        replaces_ipv6: bool,
        mac: str | None = None,
    ) -> list[RenderedFile]:
        """The files that change for the device to have `settings`, a network config's device.

        `mac` is the device's address where it is a NIC, for files that tell it by that.

        `render` gives what the target's renderer makes of the settings alone,
        over files that are there.  Raises HypervNetError where a file stands
        in the way.
        """


class Release(Protocol):
    """What is to be done while the old files are there."""

    def __call__(self, interface: str) -> Sequence[Step]:
        """The steps, before new settings of `interface` are written."""


class Activate(Protocol):
    """Having the running machine follow what was written for one interface."""

    def __call__(
        self,
        before: Mapping[str, str],
        after: Mapping[str, str],
        device: str,
        interface: str,
        run: Run,
    ) -> Sequence[Step]:
        """The steps, by which other interfaces keep what they have.

        `before` and `after` are the files as they were and as they are, `run` asks the machine.
        """


class Activation(Protocol):
    """Having the running machine follow what was written."""

    def __call__(self, before: Mapping[str, str], after: Mapping[str, str]) -> Sequence[Step]:
        """The steps, none where it follows by itself.

        `before` and `after` are the files as they were and as they are.  What only the
        old ones made goes, and the default routes are those that the new ones ask
        for: static ones, those of DHCP and those of router advertisements.  Pure.
        """


class DefaultRoutes(Protocol):
    """The default routes that a machine should have."""

    def __call__(self, existing: Mapping[str, str]) -> Sequence[Asked]:
        """Those that the files ask for; what cannot be read asks for none.  Pure."""


class Rebuild(Protocol):
    """Making an aggregate again that was deleted."""

    def __call__(self, pair: WantedPair, means: Means) -> None:
        """Make it and have it configured.  Raises HypervNetError where that fails."""


class Managing(Protocol):
    """Whether this target's program manages a NIC."""

    def __call__(self, tree: rooted.Root, name: str, index: int) -> Manager | None:
        """The manager, and what shows it; None where it leaves the NIC alone."""


class Beside(Protocol):
    """Files that the running machine needs on this target, beside the wanted state and udev's."""

    def __call__(self, wanted: Wanted) -> Sequence[RenderedFile]:
        """The files.  Raises HypervNetError for names that cannot stand in one."""


class KeepOff(Protocol):
    """Files that keep this target's program off the VFs of any machine, whatever its pairs are."""

    def __call__(
        self, asks_for_vf: Callable[[str], str], is_there: Callable[[str], bool]
    ) -> Sequence[RenderedFile]:
        """The files.

        `asks_for_vf` gives the text of a POSIX shell that succeeds where the NIC whose folder in
        sysfs it is given is a VF; `is_there` tells whether a path below the root is.
        """


class CheckFirstBoot(Protocol):
    """Whether the cloud-init that runs can do its part."""

    def __call__(self, renderer: Any) -> None:
        """Raise HypervNetError where `renderer`, cloud-init's own, cannot make an aggregate."""


class FollowUp(Protocol):
    """What follows the writing of a plan at first boot."""

    def __call__(self, renderer: Any, stock: Any, plan: Plan) -> None:
        """Do what cloud-init's renderer, of the module `stock`, does after writing."""


class Locate(Protocol):
    """Where a setting stands in a text that the target rendered."""

    def __call__(self, text: str, key: str, words: Sequence[str]) -> int | None:
        """The line, counted from 1, of what the renderer calls `key`; None where it is not told.

        `words` are the setting's value and those beside it.  Pure.
        """
