"""What a file that takes another's place is given besides its bytes: mode, owner, attributes."""

from __future__ import annotations

import os

from hyperv_net.applying import below
from hyperv_net.applying.store import BACKUPS
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.applying.below import Root
    from hyperv_net.applying.decision import Target
    from hyperv_net.applying.manifest import FileState


def stage(
    root: Root,
    store: str,
    path: str,
    data: bytes,
    target: Target,
    now: FileState | None,
    *,
    is_own: bool = False,
) -> tuple[str, ...]:
    """Stage what is to take the place of `now`; a line for each thing that it could not be given.

    Unless what is known of it `is_own`, it is nobody else's but who has the file now.
    """
    owner = target.owner
    notes: tuple[str, ...] = ()
    if not is_own and owner and owner[0] not in (os.geteuid(), now.uid if now else None):
        notes = (f"{path}: was user {owner[0]}'s; a record alone gives nothing to others",)
        owner = None
    if target.is_link:
        below.stage_link(root, path, data, owner)
        return notes
    # Of a file that is gone its backup has the attributes.
    like = path if now else f"{store}/{BACKUPS}/{target.sha256}"
    return (*notes, *below.stage(root, path, data, target.mode, owner, like))
