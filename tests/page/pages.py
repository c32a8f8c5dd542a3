"""Pages to look at: of every example, of a comparison, of findings, and with linked lines."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from hyperv_net.cli import main
from hyperv_net.journal.entry import Entry, Happening
from hyperv_net.owners import PERSON
from hyperv_net.review.formats import html
from hyperv_net.review.model import Finding, Review, Setting, Span
from tests.commands.calling import example, with_config
from tests.journal.entries import entry
from tests.journal.test_story import announced
from tests.paths import EXAMPLES

NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/network-config.yaml"))

#: MAC addresses of the pair of examples/linux-netplan.
_MAC = "00:0d:3a:11:22:33"
#: Of a pair that only the journal knows.
OTHER = "00:0d:3a:00:00:99"
_VLANS = "".join(
    f"  storage-{number}: {{id: {number}, link: eth0, mtu: 9000,"
    f" addresses: ['2001:db8:0:{number}:ffff:ffff:ffff:{number}/64', 10.{number}.0.4/24]}}\n"
    for number in range(10, 22)
)
_HEAD = f"version: 2\nethernets:\n  eth0:\n    match: {{macaddress: '{_MAC}'}}\n"
#: Configurations as people have reported them, and what is hard to draw.
CONFIGS = {
    "typo": f"{_HEAD}    dhpc4: true\n",
    "not-yaml": f"{_HEAD}     dhcp4: true\n",
    "of-another-machine": "version: 2\nethernets:\n  eth0:\n"
    "    match: {macaddress: '02:00:00:00:00:99'}\n    dhcp4: true\n",
    "by-driver": "version: 2\nethernets:\n  eth0:\n"
    "    match: {driver: virtio_net}\n    dhcp4: true\n",
    "version-1": "version: 1\nconfig:\n"
    f"- {{type: physical, name: eth0, mac_address: '{_MAC}', subnets: [{{type: static,"
    " address: 10.0.0.2/32, gateway: 10.0.0.1, dns_nameservers: [10.0.0.53]}]}\n",
    "many": f"{_HEAD}    dhcp4: true\nvlans:\n{_VLANS}"
    "bridges:\n  br0: {interfaces: [storage-10, storage-11], dhcp4: true}\n",
    "secret": f"{_HEAD}    dhcp4: true\n    auth: {{key-management: 802.1x, method: peap,"
    " identity: bob, password: 'a&b<c>d\"e hunter2'}\n",
}


def review_of(*words: str) -> Review:
    """The review that these words of a command line make."""
    with mock.patch.object(html, "draw", return_value="") as draw:
        main(["review", *words, "--format", "html", "-o", "/dev/null"])
    review: Review = draw.call_args.args[0]
    return review


def review_of_example(name: str, *words: str) -> Review:
    """The review of an example, with its lines known."""
    return with_spans(review_of(*example(EXAMPLES / name), *words))


def review_of_config(folder: Path, name: str, text: str) -> Review:
    """The review of a configuration of the machine of examples/linux-netplan."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return with_spans(review_of(*with_config(path)))


def spoiled(value: Any, with_text: str) -> Any:
    """The review with something behind each of its free texts."""
    if isinstance(value, str):
        return value + with_text
    if isinstance(value, tuple):
        return tuple(spoiled(one, with_text) for one in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    fields = {
        one.name: spoiled(getattr(value, one.name), with_text)
        for one in dataclasses.fields(value)
        if one.name not in _WORDS
    }
    return dataclasses.replace(value, **fields)


#: Fields whose texts are words of the program's own.
_WORDS = (
    "schema",
    "level",
    "severity",
    "action",
    "change",
    "purpose",
    "counts",
    "secrets",
    "basis",
)


def write(folder: Path, name: str, review: Review) -> None:
    """Put the page of a review into a folder."""
    (folder / f"{name}.html").write_text(html.draw(review), encoding="utf-8")


def write_folder(folder: Path, reviews: Sequence[Review]) -> None:
    """Put the pages of several reviews into a folder, with the index that leads to them."""
    folder.mkdir()
    for name, text in html.draw_folder(reviews).items():
        (folder / name).write_text(text, encoding="utf-8")


def journal() -> list[Entry]:
    """What happened to the pair of examples/linux-netplan: all that there is to draw."""
    told = announced()
    told.entries[3:3] = [entry(605, Happening.FAILED, "ens17 has no link")]
    told.drained(9000, PERSON, packets=2_000_000)
    told.undrained(9100, PERSON, packets=2_000_100)
    for start in (20_000, 21_000):
        told.vf(start, Happening.VF_LEFT)
        told.vf(start + 40, Happening.VF_CAME)
    told.vf(21_045, Happening.JOINED)
    other = [one._replace(mac=OTHER) for one in announced().entries if one.mac]
    ours = [one._replace(mac=_MAC, label="bond0") if one.mac else one for one in told.entries]
    return sorted((*ours, *other), key=lambda one: one.time)


def with_spans(review: Review) -> Review:
    """The review with the lines of its input known: those that PyYAML has of its leaves."""
    if len(review.inputs) != 1 or not review.ledger or any(one.span for one in review.ledger):
        return review
    (read,) = review.inputs
    spans: dict[str, Span] = {}
    top = yaml.compose(read.text)
    assert top is not None
    _walk(top, "", spans)
    ledger = tuple(_placed(one, read.name, spans) for one in review.ledger)
    findings = tuple(_meant(one, read.name, spans) for one in review.findings)
    return dataclasses.replace(review, ledger=ledger, findings=findings)


def _walk(node: yaml.Node, path: str, spans: dict[str, Span]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _walk(value, f"{path}.{key.value}".removeprefix("."), spans)
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            _walk(value, f"{path}[{place}]", spans)
    start, end = node.start_mark, node.end_mark
    spans[path] = Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _placed(one: Setting, name: str, spans: dict[str, Span]) -> Setting:
    span = spans.get(re.sub(r"\['([^']*)'\]", r".\1", one.source))
    return dataclasses.replace(one, file=name, span=span) if span else one


def _meant(one: Finding, name: str, spans: dict[str, Span]) -> Finding:
    span = spans.get(one.where.partition(": ")[2] or "none")
    return dataclasses.replace(one, file=name, **vars(span)) if span else one
