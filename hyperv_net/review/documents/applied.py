"""The documents hyperv-net/apply/1 and hyperv-net/verify/1."""

from dataclasses import dataclass
from typing import Annotated, Optional, Union

from hyperv_net.applying.decision import Action
from hyperv_net.review.document import LEFT_OUT, LeftOut
from hyperv_net.review.documents.findings import PlainFinding

APPLY = "hyperv-net/apply/1"
VERIFY = "hyperv-net/verify/1"


@dataclass(frozen=True)
class AppliedFile:
    """A file that was written or removed, or would be."""

    path: Annotated[str, "below the root, links resolved"]
    action: Action
    note: str
    mode: Annotated[Optional[str], "octal; null where it is removed"]
    is_link: bool
    masked: Annotated[bool, "whether something in `diff` is hidden"]
    diff: Annotated[str, "unified"]


@dataclass(frozen=True)
class AppliedDocument:
    """What was written below a root, or would be."""

    schema: str
    verb: Annotated[str, "apply, rollback, bake, unbake, guard or unguard"]
    root: str
    dry_run: bool
    recovered: Annotated[bool, "whether an interrupted run was undone first"]
    changed: bool
    secrets: Annotated[str, "hidden, or shown with --show-secrets"]
    files: tuple[AppliedFile, ...]
    activate: Annotated[Optional[str], "the line of a shell that makes the running machine follow"]
    notes: Annotated[tuple[str, ...], "what could not be had though all was done"]
    findings: Annotated[
        Union[tuple[PlainFinding, ...], LeftOut], "of bake and guard: as a plan has"
    ] = LEFT_OUT
    relabel: Annotated[
        Union[str, LeftOut, None],
        "of bake and guard: the line of a shell that labels what was written, null where the "
        "image uses no SELinux",
    ] = LEFT_OUT


@dataclass(frozen=True)
class Differing:
    """A file that is not as it was baked."""

    path: str
    what: str


@dataclass(frozen=True)
class Verified:
    """What of an image was edited since it was baked."""

    schema: str
    root: str
    differing: tuple[Differing, ...]
