"""What a plan rests on, as digests in its JSON, and whether it still does when it is applied.

Nothing of a plan file is ever written: the plan is made again from the same sources, and the
file only says whether that is the one that was reviewed.  It is compared with what the file
shows, and its sources with the digests, so that neither can move without the other.

The sources hold secrets, of which the file shows none, and all else of them may be known: a
plain hash would let anybody who has the file try short secrets out by the billion.  So a
source's digest is scrypt's (RFC 7914), each try of which takes 16 MiB and some 50 ms; its
salt is the hash of all that the file shows, so that the same plan has the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re

from hyperv_net import __version__
from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.checked_json import parse
from hyperv_net.inventory.snapshot import as_document
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from hyperv_net.plan.flow import Ground, Plan

#: What of a plan's JSON says what is done and why; the rest is advice, or follows from it.
_SHOWN = ("target", "pairs", "ledger", "files")
#: What a NIC is at the moment, which no decision looks at.
_PASSING = ("state",)

_COST = {"n": 2**14, "r": 8, "p": 1}
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_AGAIN = "make the plan again, and have it reviewed"


def basis(plan: Plan, document: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the plan rests on; None where it is none that `apply` would make.

    `document` is the plan as it is shown.
    """
    if plan.ground is None:
        return None
    shown = [document[key] for key in _SHOWN]
    facts = {"version": __version__, "settings": _settings(plan), "inventory": _inventory(plan)}
    salt = _plain([shown, facts])
    return {**facts, "salt": salt, **_sources(plan.ground, salt)}


def check(text: str, source: str, plan: Plan, as_shown: Callable[..., Mapping[str, Any]]) -> None:
    """Raise HypervNetError, which says what moved, unless the plan is the one in the file.

    `text` is the file's and `source` its name; `as_shown(show_secrets=...)` is the plan as it
    would be shown.
    """
    top = parse(text, source)
    fields = top.fields()
    document = as_shown(show_secrets="secrets" in fields and fields["secrets"].plain == "shown")
    if "schema" not in fields or fields["schema"].plain != document["schema"]:
        raise top.error(f"not {document['schema']}", "give what 'plan --format json' printed")
    if "basis" not in fields or plan.ground is None:
        raise top.error("has no basis", "give what 'plan --format json' prints for it")
    required = {"version", "settings", "inventory", "salt", "files"}
    given = fields["basis"].only(required, {"network_config"})
    salt = given["salt"].checked(
        lambda digest: digest if _DIGEST.match(digest) else None, "a SHA-256 in hex"
    )
    then = {name: value.plain for name, value in given.items()}
    now: dict[str, Any] = {
        "version": __version__,
        "settings": _settings(plan),
        "inventory": _inventory(plan),
        **_sources(plan.ground, salt),
    }
    for what in _moved(then, now):
        raise HypervNetError(what, where=Place(source), hint=_AGAIN)
    for key in _SHOWN:
        plain = fields[key].plain if key in fields else None
        if _plain(plain) != _plain(document[key]):
            raise HypervNetError(
                f"its sources are as they were, and {_which(key, plain, document[key])} in it is "
                "not what comes of them: somebody edited it",
                where=Place(source),
                hint=_AGAIN,
            )


def _moved(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if then["version"] != now["version"]:
        yield f"it was made by hyperv-net {then['version']}, and this is {now['version']}"
    if then.get("network_config") != now["network_config"]:
        yield "the network config is another than the plan was made from"
    for kind, words in (
        ("settings", "the setting {}"),
        ("inventory", "{} of the inventory"),
        ("files", "{}"),
    ):
        was = then[kind] if isinstance(then[kind], dict) else {}
        for name in sorted({*was, *now[kind]}):
            before, after = was.get(name), now[kind].get(name)
            if before != after:
                yield f"{words.format(name)} {_change(before, after)} since the plan was made"


def _change(before: object, after: object) -> str:
    if before is None:
        return "has come to be"
    return "has gone" if after is None else "has changed"


def _which(key: str, then: object, now: object) -> str:
    """The entry that differs, as exactly as can be said."""
    if key == "files" and isinstance(then, list) and isinstance(now, list):
        for one in now:
            if one not in then:
                return f"what is shown of {one['path']}"
    return f"'{key}'"


def _settings(plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(plan.settings._asdict()))
    return found


def _inventory(plan: Plan) -> dict[str, str]:
    """A hash of each NIC and of each other fact, by name."""
    facts = as_document(plan.inventory)
    del facts["findings"]
    nics = {
        f"NIC {nic['name']}": {key: value for key, value in nic.items() if key not in _PASSING}
        for nic in facts.pop("nics")
    }
    return {name: _plain(value) for name, value in {**facts, **nics}.items()}


def _sources(ground: Ground, salt: str) -> dict[str, Any]:
    config = ground.network_config
    return {
        "network_config": _slow(config, salt) if config is not None else None,
        "files": {path: _slow(text, salt) for path, text in sorted(ground.existing.items())},
    }


def _plain(value: object) -> str:
    """The hash of what is no secret."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _slow(text: str, salt: str) -> str:
    data = text.encode("utf-8", errors="surrogateescape")
    return hashlib.scrypt(data, salt=bytes.fromhex(salt), dklen=32, **_COST).hex()
