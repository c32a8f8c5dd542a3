"""Netplan's files as one network config, and all that is wrong with any of them at once."""

from __future__ import annotations

import json
import re

from hyperv_net.errors import HypervNetError, joined, raise_together
from hyperv_net.guessing import did_you_mean
from hyperv_net.marks import FROM_CONFIG
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.netconfig.spans import part_of_error, part_of_finding
from hyperv_net.netconfig.values import shown
from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.netplan.adopt.merging import at, merge
from hyperv_net.renderers.netplan.adopt.standing import standing_in
from hyperv_net.renderers.netplan.files import as_mapping, with_backends
from hyperv_net.renderers.netplan.keys import DEVICES, NETWORK
from hyperv_net.renderers.netplan.paths import in_order
from hyperv_net.tree import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hyperv_net.model import Finding, NetworkConfig
    from hyperv_net.places import Where
    from hyperv_net.renderers.netplan.adopt.merging import Plain
    from hyperv_net.renderers.netplan.adopt.standing import Standing

_TOP = "network"
_REFUSED = "netplan refuses the file"
#: What cloud-init takes in a config, and handle_generic_mac() of netplan's src/parse.c does not.
_WITH_HYPHENS = re.compile(r"[0-9a-fA-F]{2}(-[0-9a-fA-F]{2})+\Z")


class File(NamedTuple):
    """A file that netplan reads, and what it has below `network`."""

    path: str
    text: str
    network: Plain

    @property
    def is_own(self) -> bool:
        """Whether an adoption wrote it, so that it is written anew."""
        return self.path.endswith("hyperv-net.yaml") and self.text.startswith(FROM_CONFIG)


def read_files(existing: Mapping[str, str], errors: list[HypervNetError]) -> list[File]:
    """The files that netplan reads, in its order, without those that are no YAML.

    What is wrong with each as a file is added to the `errors`.
    """
    found = []
    for path in in_order(existing):
        try:
            found.append(_file(path, existing[path], errors))
        except HypervNetError as error:
            errors.append(error)
    return found


def _file(path: str, text: str, errors: list[HypervNetError]) -> File:
    document = to_plain(read_yaml(text, path, errors))
    if document is None:
        return File(path, text, {})
    if not isinstance(document, dict):
        raise HypervNetError("not a mapping", where=Place(path), hint=f"begin with '{_TOP}:'")
    errors += _unknown(path, document)
    network = document.get(_TOP, {})
    if not isinstance(network, dict):
        what = "has nothing below it" if network is None else "not a mapping"
        raise HypervNetError(what, where=Place(path, (_TOP,)), hint=_REFUSED)
    return File(path, text, network)


def _unknown(path: str, document: Plain) -> Iterator[HypervNetError]:
    """An error for each key beside `network`: netplan refuses the file with any other."""
    for key in document:
        if key != _TOP:
            below = f"put it below '{_TOP}:'" if key in NETWORK else _REFUSED
            hint = did_you_mean(key, (_TOP,)) or below
            yield _no_key(key, Place(path, (key,)), hint)


def _no_key(key: str, where: Place, hint: str) -> HypervNetError:
    what = f"no key {key!r} is known here"
    return HypervNetError(what, where=where, hint=hint, is_of_key=True)


def merged(files: Sequence[File]) -> Plain:
    """What the files have below `network`, as netplan merges it."""
    found: Plain = {}
    for file in files:
        found = merge(found, file.network)
    return found


def standing(files: Sequence[File]) -> Standing:
    """What tells of a path of the merged tree where its value stands."""
    return standing_in([(one.path, one.text, one.network) for one in files])


def merged_config(existing: Mapping[str, str]) -> NetworkConfig | None:
    """What netplan's files configure, as one network config; None where there is no device.

    Raises HypervNetError for a file that is not YAML, or that netplan would refuse.
    """
    errors: list[HypervNetError] = []
    files = read_files(existing, errors)
    network = merged([one._replace(network=with_backends(one.network)) for one in files])
    source = files[0].path if len(files) == 1 else "etc/netplan/*.yaml"
    stands = standing(files)

    def place(where: Where, part: str) -> Place:
        # The line is that of a text that nobody has.
        key = where.key if isinstance(where, Place) else ()
        return stands(key[1:], part) or Place(source, key)

    def with_place(error: HypervNetError) -> HypervNetError:
        error.where = place(error.where, part_of_error(error))
        return error

    if not any(network.get(kind) for kind in DEVICES):
        errors += map(with_place, _unknown_devices(network))
        raise_together(sorted(errors, key=_order))
        return None
    errors += map(with_place, _refused_addresses(network))
    config, about = None, list[HypervNetError]()
    findings: tuple[Finding, ...] = ()
    try:
        config = read_network_config(json.dumps({_TOP: {"version": 2, **network}}), source)
        findings = config.findings
    except HypervNetError as error:
        about, findings = [error, *error.others], error.findings
        error.others, error.findings, error.texts = (), (), {}
    is_whole = len(files) == len(in_order(existing))
    for one in about:
        if is_whole or not _may_be_elsewhere(one, network):
            errors.append(with_place(one))
    if errors:
        told = [one._replace(where=place(one.where, part_of_finding(one))) for one in findings]
        raise joined(sorted(errors, key=_order), told)
    return config


def _unknown_devices(network: Plain) -> Iterator[HypervNetError]:
    """An error for each key that is none, where nothing is read for the want of a known one."""
    for key in network:
        if key not in NETWORK:
            hint = did_you_mean(key, NETWORK) or _REFUSED
            yield _no_key(key, Place("", (_TOP, key)), hint)


def _refused_addresses(network: Plain) -> Iterator[HypervNetError]:
    """An error for each address that a device is found by and that netplan does not take."""
    for kind in DEVICES:
        for name in as_mapping(network.get(kind)):
            path = (kind, name, "match", "macaddress")
            address = at(network, path)
            if isinstance(address, str) and _WITH_HYPHENS.match(address):
                what = f"netplan takes no MAC address with '-': {shown(address)}"
                where = Place("", (_TOP, *path))
                yield HypervNetError(what, where=where, hint="write ':' in place of it")


def _may_be_elsewhere(error: HypervNetError, network: Plain) -> bool:
    """Whether a file that could not be read may have what is told to be missing."""
    where = error.where
    return isinstance(where, str) or isinstance(at(network, where.key[1:]), dict)


def _order(error: HypervNetError) -> tuple[str, int, int]:
    where = error.where
    return ("", 0, 0) if isinstance(where, str) else (where.file, where.line, where.column)
