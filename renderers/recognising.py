"""Which target a root is of.  There are three questions, and they have three answers.

What a person who names no target means is told by what is installed there; what
cloud-init will write at its next first boot, by its own order of preference; what
configures the machine now, by the files that are there.
"""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import of_system, targets
from hyperv_net.root import files
from hyperv_net.root.system import is_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hyperv_net.facts import System
    from hyperv_net.renderers.target import Target
    from hyperv_net.root.files import Root


def installed(root: Root | None, system: System) -> Target:
    """The target that `auto` stands for; None: there is no root to look at.

    Those that cloud-init's own renderer writes come last, in its order: what they leave
    in a root is often there beside another that is used.  Of one whose program alone is there
    nothing is configured, so that settings of theirs count before it.  Raises HypervNetError
    where there is no sign of any.
    """
    known = list(targets(system))
    passed_on = [one for one in known if one.cloud_init.is_passed_on]
    own = [one for one in known if not one.cloud_init.is_passed_on]
    ranked = sorted(passed_on, key=lambda one: one.cloud_init.rank)
    shown = [one for one in (*own, *ranked) if root and _is_there(root, one.evidence)]
    if root and shown and not _is_there(root, shown[0].in_use):
        settings = (one for one in shown if one in passed_on)
        shown = [one for one in settings if _is_there(root, _below_etc(one))] + shown
    if shown:
        return shown[0]
    own_of_system = of_system(system)
    if own_of_system is not None:
        return own_of_system
    names = " or ".join(f"--target {target.name}" for target in known)
    if root is None:
        message = "without a root nothing shows what configures the network there"
        hint = f"name it with {names}, or the machine's files with --root DIR"
    else:
        message = f"nothing below {root} shows what configures the network there"
        hint = f"name it with {names}"
    raise HypervNetError(message, hint=hint)


def _is_there(root: Root, patterns: Sequence[str]) -> bool:
    return any(files.find_below(root, pattern) for pattern in patterns)


def _below_etc(target: Target) -> list[str]:
    return [pattern for pattern in target.evidence if pattern.startswith("etc/")]


def chosen_by_cloud_init(root: Root, system: System, preferred: Sequence[str] = ()) -> Target:
    """The target whose renderer cloud-init would choose there.

    `preferred` are cloud-init's names of renderers, where its settings list
    them.  Raises HypervNetError where it would find none.
    """
    ranked = sorted(targets(system), key=lambda one: one.cloud_init.rank)
    by_name = {one.cloud_init.name: one for one in ranked}
    for name in preferred or by_name:
        target = by_name.get(name)
        if target is not None and _is_complete(root, target):
            return target
    own_of_system = of_system(system)
    if own_of_system is not None:
        return own_of_system
    wanted = ", ".join(preferred or (one.cloud_init.name for one in _by_rank()))
    raise HypervNetError(
        f"cloud-init finds none of its renderers there (it looks for {wanted})",
        where=str(root),
        hint="name one with --target",
    )


def _is_complete(root: Root, target: Target) -> bool:
    return all(
        any(files.exists_below(root, path) for path in group) for group in target.cloud_init.needs
    )


def _by_rank() -> list[Target]:
    return sorted(targets(), key=lambda one: one.cloud_init.rank)


def in_use(root: Root) -> Target | None:
    """The target whose files configure the machine; None where there are none of any."""
    for target in targets():
        # A link to /dev/null hides a file, and configures nothing.
        found = files.read_matching(root, target.in_use)
        if not all(files.is_hidden(root, path) for path in found):
            return target
    return None


def missing_packages(target: Target, needs: Collection[str], root: Root) -> tuple[Finding, ...]:
    """An error for each package that is needed and that a whole root has not."""
    if not needs or not is_whole(root):
        return ()
    return tuple(
        Finding(
            rule="missing-package",
            severity=Severity.ERROR,
            message=f"{package} is not there, and nothing else makes what is to be configured",
            where=Place(shown_by[0]),
            hint=f"install {package}",
        )
        for package, shown_by in target.packages
        if package in needs and not any(files.exists_below(root, one) for one in shown_by)
    )
