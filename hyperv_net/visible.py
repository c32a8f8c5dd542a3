"""Texts of others as a terminal may have them: what it would obey stands there as an escape."""

from __future__ import annotations

RED, YELLOW, GREEN, BOLD, PLAIN = "\33[31m", "\33[33m", "\33[32m", "\33[1m", "\33[0m"


class _Shown(dict[int, str]):
    """What each character is shown as, for str.translate()."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        # Spaces of other scripts are no danger; U+2028 and U+2029 end lines.
        is_space = character.isspace() and code >= 0xA0 and code not in (0x2028, 0x2029)
        if character in "\n\t" or is_space or character.isprintable():
            shown = character
        elif 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8 (PEP 383)
            shown = f"\\x{code - 0xDC00:02x}"
        else:
            shown = ascii(character)[1:-1]
        self[code] = shown
        return shown


_SHOWN = _Shown()


def visible(text: str) -> str:
    """The text with an escape for each character that would do something to a terminal.

    Those are what Python's str.isprintable() denies: controls (ESC, CR, C1), formats (bidi
    overrides, zero-width ones), lone surrogates and characters unknown to it.
    """
    return text.translate(_SHOWN)


def in_one_line(text: str) -> str:
    """The same, with escapes for the ends of lines and tabs too."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")
