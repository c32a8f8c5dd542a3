"""JSON as it is printed."""

from __future__ import annotations

import json

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def json_text(document: Mapping[str, object] | Sequence[object]) -> str:
    """The text of a document in ASCII, without a character that does something to a terminal.

    JSON itself has to escape the controls below U+0020 alone (RFC 8259, section 7).
    """
    return json.dumps(document, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"
