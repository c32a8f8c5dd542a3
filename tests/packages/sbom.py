"""What a release is made of, in CycloneDX: `python -m tests.packages.sbom FOLDER`.

hyperv-net itself, what it runs with, and what it may use, as they are installed in the virtual
environment from tests/requirements-run.txt.  The tools that test it are no part of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from configparser import ConfigParser
from importlib import metadata
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement

from hyperv_net import __version__
from tests.paths import CHECKOUT


class Part(NamedTuple):
    """A distribution: what it needs in turn, and whether hyperv-net runs without it."""

    name: str
    needs: tuple[str, ...]
    is_optional: bool


def parts() -> list[Part]:
    """All distributions that a release uses, those of the extras as well."""
    config = ConfigParser()
    config.read(CHECKOUT / "setup.cfg")
    required = _names(config["options"]["install_requires"].splitlines())
    extras = config["options.extras_require"].values()
    optional = _names(line for one in extras for line in one.splitlines())
    found: dict[str, Part] = {}
    for names, is_optional in ((required, False), (optional, True)):
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                needs = _names(_requires(name))
                found[name] = Part(name, needs, is_optional)
                waiting += needs
    return sorted(found.values())


def document() -> str:
    """The document.  The same parts make the same document, but for its time.

    Raises ValueError where it does not fit CycloneDX's own schema.
    """
    found = parts()
    components = {part.name: _component(part) for part in found}
    whole = Component(
        name="hyperv-net",
        version=__version__,
        type=ComponentType.APPLICATION,
        bom_ref="hyperv-net",
        licenses=[LicenseFactory().make_from_string("BSD-2-Clause")],
        purl=PackageURL("pypi", name="hyperv-net", version=__version__),
    )
    known = sorted(f"{one.name} {one.version}" for one in components.values())
    bom = Bom(
        components=components.values(),
        serial_number=uuid5(NAMESPACE_URL, f"hyperv-net {__version__}: {', '.join(known)}"),
    )
    bom.metadata.component = whole
    for part in found:
        needed = [components[name] for name in part.needs]
        bom.register_dependency(components[part.name], needed)
    needed_by_others = {name for part in found for name in part.needs}
    bom.register_dependency(
        whole, [one for name, one in components.items() if name not in needed_by_others]
    )
    text: str = JsonV1Dot6(bom).output_as_string(indent=2)
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"not CycloneDX: {error}")
    return text


def _component(part: Part) -> Component:
    about = _about(part.name)
    version = about["Version"] if about else None
    fields = ("License-Expression", "License")
    said = next((about[one] for one in fields if about and one in about), None)
    return Component(
        name=part.name,
        version=version,
        bom_ref=part.name,
        scope=ComponentScope.OPTIONAL if part.is_optional else ComponentScope.REQUIRED,
        licenses=[LicenseFactory().make_from_string(said)] if said else [],
        purl=PackageURL("pypi", name=part.name, version=version),
    )


def _about(name: str) -> metadata.PackageMetadata | None:
    """A distribution's metadata; None where it is not installed: netifaces need not be."""
    try:
        return metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None


def _requires(name: str) -> list[str]:
    return metadata.requires(name) or [] if _about(name) else []


def _names(lines: Iterable[str]) -> tuple[str, ...]:
    wanted = [Requirement(line) for line in filter(None, map(str.strip, lines))]
    chosen = (one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""}))
    return tuple(sorted(one.name.lower() for one in chosen))


def main(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / f"hyperv-net-{__version__}.cdx.json"
    path.write_text(document() + "\n")
    print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
