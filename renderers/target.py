"""What makes a target: one record of facts and parts.

A fact is a value.  A part is a function in a module of the target's folder, which is
imported when the part is first used, so that a record costs next to nothing: the hook
reads one at every event of a VF.  A part that a target lacks is taken from `lacking`,
which says so in a sentence.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from hyperv_net.facts import System
    from hyperv_net.renderers import protocols


class Part:
    """A function of a module that is imported at the first call."""

    __slots__ = ("module", "name")

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function returns."""
        return self.function(*args, **kwargs)

    @property
    def function(self) -> Callable[..., Any]:
        """The function itself.  Raises ImportError or AttributeError where there is none."""
        found: Callable[..., Any] = getattr(__import__(self.module, fromlist=("",)), self.name)
        return found


class CloudInit(NamedTuple):
    """What cloud-init knows of a target.

    `name` is what it calls its renderer, and `rank` that renderer's place in
    DEFAULT_PRIORITY of cloudinit/net/renderers.py.  It takes it where of each
    group in `needs` one file is there.  `writes` are files that it makes anew
    at every boot.  Where `is_passed_on`, its own renderer gets the rewritten
    config, and hyperv-net has no files of its own.  `check` and `follow_up`
    are parts.  `names_nics` tells whether that renderer writes files that give NICs their names.
    `also_makes` are further files that it makes or edits and hyperv-net does too, `{}` being the
    name of a device.
    """

    name: str
    rank: int
    needs: tuple[tuple[str, ...], ...]
    writes: tuple[str, ...]
    is_passed_on: bool
    check: protocols.CheckFirstBoot
    follow_up: protocols.FollowUp
    names_nics: bool = True
    also_makes: tuple[str, ...] = ()


class Injecting(NamedTuple):
    """How the addresses of one interface are asked for and replaced.

    `programs` are the files of which one shows that this target may be the one to
    ask, where a system has several.  `reads` are patterns of the files it takes.
    `reaches_off_link` tells whether a gateway outside the device's networks can
    be said.
    """

    programs: tuple[str, ...]
    reads: tuple[str, ...]
    reaches_off_link: bool
    owner: protocols.Owner
    interface: protocols.Interface
    addressing: protocols.ReadAddressing
    nameservers: protocols.Nameservers
    put: protocols.Put
    release: protocols.Release
    activate: protocols.Activate


class Asking(NamedTuple):
    """Which default routes are asked for; `reads` are patterns of the files that tell."""

    reads: tuple[str, ...]
    default_routes: protocols.DefaultRoutes


class Claiming(NamedTuple):
    """What the target's files do to NICs, and to which.

    `reads` are patterns of the files that tell, `looks_for` of others whose being there does.
    """

    reads: tuple[str, ...]
    looks_for: tuple[str, ...]
    claims: protocols.Claims


class Target(NamedTuple):
    """All that is known of one way to configure a network.

    `files` is what people call its files.  A root is taken for this target's
    by `--target auto` where one of the patterns `evidence` fits, or where the target
    `is_systems_own`, which every machine of its system has; and it is configured
    through it where one of the patterns `in_use` fits a file.  `reads` are
    patterns of the files that `render` wants to see, all paths below the root.
    `configured_in` begins the paths of its configuration, and `activation` is
    what makes a running machine follow that.  `joins` are the managers, as `managing` calls them,
    that put a VF into its aggregate here.  `lint` is a module of rules about
    images, None where there is nothing to look for.  `pins` are patterns of files
    with the regular expression of a line that ties one to a NIC, in which `{mac}`
    stands for the NIC's address.  `traces` is where its program tells of the NICs
    that it manages, as a path of the running machine, None where it does not;
    `beside_files` are all the files that `beside` may make.  `packages` are those that
    what is rendered may need, as `Rendered.needs` calls them, each with files of which
    one shows that it is there.  `cards` tells which cards the files are for,
    where no machine can be asked.  `claiming` is None where no file of the target
    picks NICs out.  `trial` is a command that fails where the target's program
    does not take the files below a folder, for which `{root}` stands.  `before_network` is
    one that a boot needs where the files are changed ahead of the network, but after the
    target's program has looked at them.  `locate` tells on which line a setting
    stands in a text that it rendered.  `rules` is a module of what the rules of its own
    findings mean, None where it has none.
    """

    name: str
    system: System
    files: str
    is_systems_own: bool
    evidence: tuple[str, ...]
    in_use: tuple[str, ...]
    reads: tuple[str, ...]
    configured_in: str | None
    activation: protocols.Activation
    joins: tuple[str, ...]
    lint: str | None
    pins: tuple[tuple[str, str], ...]
    cloud_init: CloudInit
    render: protocols.Render
    adopt: protocols.Adopt
    taken_names: protocols.TakenNames
    undeclared: protocols.Undeclared
    further_files: protocols.FurtherFiles
    cards: protocols.NamedCards
    injecting: Injecting
    asking: Asking
    rebuild: protocols.Rebuild
    traces: str | None
    managing: protocols.Managing
    beside_files: tuple[str, ...]
    beside: protocols.Beside
    keep_off: protocols.KeepOff
    locate: protocols.Locate
    packages: tuple[tuple[str, tuple[str, ...]], ...] = ()
    claiming: Claiming | None = None
    trial: tuple[str, ...] = ()
    before_network: tuple[str, ...] = ()
    rules: str | None = None
