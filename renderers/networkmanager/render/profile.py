"""One profile, while it is put together, with the account of its device's leaves."""

from __future__ import annotations

from contextlib import contextmanager

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.keyfile import as_text, escaped
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from hyperv_net.tree import Path

#: The sections of both families.
SECTIONS = {4: "ipv4", 6: "ipv6"}
NO_WAY = "NetworkManager has no such setting"
_ORDER = ("connection", "ethernet", "match", "bond", "bridge", "bridge-port", "vlan", "vrf")


class Profile:
    """Sections of keys with values; paths are below the device."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sections: dict[str, dict[str, str]] = {}
        self.placed: dict[Path, str] = {}
        self.refused: dict[Path, str] = {}

    def set(self, section: str, key: str, value: object, path: Path | None = None) -> None:
        """One value, and what leaf it is of.  Raises RefusedError where no file can have it."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        try:
            self.put(section, key, escaped(text), path)
        except ValueError as refused:
            raise RefusedError(str(refused)) from None

    def put(self, section: str, key: str, written: str, path: Path | None = None) -> None:
        """One value that is escaped already."""
        self.sections.setdefault(section, {})[key] = written
        if path is not None:
            self.placed[path] = f"{section}.{key}"

    def take(
        self,
        rest: dict[str, Node],
        key: str,
        check: Callable[[object], Any],
        section: str,
        name: str,
    ) -> None:
        """Move a device's key to the profile, its value as `check` has it."""
        value = self.checked(rest, key, check)
        if value is not None:
            self.set(section, name, value, (key,))

    def checked(
        self, rest: dict[str, Node], key: str, check: Callable[[object], Any], at: Path = ()
    ) -> Any:
        """The checked value of a key, taken out of `rest`; None where it is absent or bad."""
        node = rest.pop(key, None)
        if node is None:
            return None
        try:
            return check(node.value)
        except RefusedError as refusal:
            self.refused[(*at, key)] = str(refusal)
            return None

    @contextmanager
    def apart(self) -> Iterator[Profile]:
        """What is put here meanwhile, with an account of its own: it is of another place."""
        apart = Profile(self.name)
        before = self.placed, self.refused
        self.placed, self.refused = apart.placed, apart.refused
        try:
            yield apart
        finally:
            self.placed, self.refused = before

    def get(self, section: str, key: str) -> str | None:
        """What is there already."""
        return self.sections.get(section, {}).get(key)

    def text(self) -> str:
        """The file without its first lines."""
        rank = {name: index for index, name in enumerate(_ORDER)}
        names = sorted(self.sections, key=lambda name: (rank.get(name, len(rank)), name))
        return as_text({name: self.sections[name] for name in names})


def parameters(rest: dict[str, Node]) -> list[tuple[str, Node]]:
    """The parameters of a bond or a bridge, taken out of `rest`."""
    return sorted((rest.pop("parameters", None) or Node({})).items())
