"""Where secrets stand in texts of lines: shell variables, interfaces(5), ini files, dhclient.conf.

A name of a secret gives it away, with `=` or `:` behind it (rc.conf, keyfiles, netdev files,
wpa_supplicant.conf), or with a space where it begins the line (interfaces(5), dhclient.conf);
and a word of a command whose argument is one (ifconfig(8), iwconfig(8), ip-tunnel(8)).  What
is a comment is looked through too: it may have been a setting yesterday.
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.secrets.names import is_secret_name
from hyperv_net.secrets.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETTING = re.compile(
    r"(?<![\w.$])[\"']?([A-Za-z][\w.-]{0,99})[\"']?[ \t]*(\+?=|:)[ \t]*(?=[^\s=])"
)
#: A key of a text that would be YAML but for a mistake, whose value stands on the lines below.
_ABOVE = re.compile(
    r"(?<![\w.$])[\"']?([A-Za-z][\w.-]{0,99})[\"']?[ \t]*:[ \t]*(?:[|>][^\n]*)?\n(?=[ \t])"
)
#: What may stand behind a value in quotes: the rest of a command, or of a mapping on one line.
_BEHIND = ("", *" \t\n;#)\"'&|,}]")
_OPTION = re.compile(r"^([ \t#]*)([A-Za-z][\w-]{0,99})(?:[ \t]|\\\n)+(?=[^\s=:])", re.MULTILINE)
_GAP = r"(?:[ \t]|\\\n|\n(?=[ \t]))+"
_WORD = re.compile(
    r"(?<![\w.$/-])-{0,2}(wepkey|nwkey|wpakey|grekey|authkey|pass|password|passwd|passphrase|psk|secret"
    rf"|[io]?key){_GAP}(?=\S)"
)
#: Words that mean nothing else than a secret, be it in prose.
_SURE = frozenset(("wepkey", "nwkey", "wpakey", "grekey", "authkey"))
#: What makes a line one in which `pass X` and `key X` are arguments.
_COMMANDS = re.compile(r"\b(vhid|ifconfig|iwconfig|wpa_\w+|wg|ip|ip-?tunnel|setkey|openssl)\b")
_KEYED = re.compile(r"\b(iwconfig|tunnel|gre|gretap|ip6gre|vti6?|macsec|setkey|xfrm)\b")
#: A line of interfaces(5) that runs a command, and what an argument that is a file begins with.
_RUNS = re.compile(r"(?:pre-|post-)?(?:up|down)\b")
_OF_FILES = ("/", "./", "~")
_QUOTED = re.compile(r"\\\"((?:[^\"\\]|\\[^\"])*)\\\"|\"((?:[^\"\\]|\\.)*)\"|'([^']*)'", re.DOTALL)
_TO_END = re.compile(r"(?:\\\n|[^\n])*")
_ONE_WORD = re.compile(r"(?:\\[\s\S]|[^\s\"'`;|&<>()\\])+")
#: What begins something else in YAML where a value should be, so that the text is none.
_NO_WORDS = frozenset("-?")
_AHEAD = re.compile(r"[ \t#]*(?:(?:export|readonly|local|set)[ \t]+)?\Z")
#: A long number in hexadecimal, as ip-xfrm(8) and setkey(8) take keys.
_LONG_HEX = re.compile(r"\b0x[0-9A-Fa-f]{32,}\b")
_IN_URL = re.compile(r"://[^\s/:@\"']*:([^\s/@\"']+)@")
#: What follows the name in `-u NAME:SECRET` of curl(1), and behind `%` of smbclient(1).
_OF_USER = re.compile(
    r"(?<![\w-])(?:-[uU]|--(?:proxy-)?user)(?:=|[ \t]+|(?=[^\s=]))([\"']?)[^\s:%\"'=]+[:%]"
    r"(?=[^\s\"'])"
)
#: Of ip-xfrm(8): an algorithm and its key, in hexadecimal or as text.
_OF_XFRM = re.compile(
    rf"(?<![\w-])(?:enc|auth|auth-trunc|aead){_GAP}(?:\"[^\"\n]*\"|'[^'\n]*'|\S+){_GAP}(?=\S)"
)
#: Commands whose argument here is nothing else than a secret: sshpass(1), wpa_passphrase(8), the
#: tools of OpenLDAP.
_OF_COMMANDS = re.compile(
    rf"\bsshpass{_GAP}-p[ \t]*(?=\S)"
    rf"|\bwpa_passphrase{_GAP}(?:\"[^\"\n]*\"|'[^'\n]*'|\S+){_GAP}(?=\S)"
    r"|\bldap\w+\b[^\n]*?[ \t]-w[ \t]*(?=\S)"
)
#: A property that nmcli(1) is told.
_PROPERTY = re.compile(rf"(?<![\w.$/-])\+?([\w-]+\.[\w-]+){_GAP}(?=\S)")
#: A header that says who asks: `Authorization: Bearer X`.
_HEADER = re.compile(r"\bAuthorization:[ \t]*(?:[A-Za-z]+[ \t]+)?(?=\S)", re.I)
#: A section of a keyfile in which every key is a plugin's own, and every value a secret
#: (nm-settings-keyfile(5)).
_SECRETS = re.compile(
    r"^\[vpn-secrets\][ \t]*\n((?:(?!\[)[^\n]*(?:\n|\Z))*?)(?=\[|\Z)", re.MULTILINE
)
_KEY = re.compile(r"^[^=\n]*=[ \t]*(?=\S)", re.MULTILINE)
#: Lines that a backslash joins, of which a sensible file has a handful.
_MOST_JOINED = 40
_ONE_NAMES = frozenset(("psk", "secret", "password", "passwd", "passphrase"))


def find(text: str, *, is_prose: bool = False) -> tuple[Place, ...]:
    """The places of secrets.

    Of YAML, and of sentences, for which `is_prose` stands, those in comments, and in parts that
    cannot be anything but a line of such a file.
    """
    spans = _spans(text, is_prose=is_prose)
    return tuple(place for start, end in spans for place in _places(text, start, end))


def _places(text: str, start: int, end: int) -> Iterator[Place]:
    raw = text[start:end]
    if raw.strip():
        yield Place(start, end, re.sub(r"\\(\n[ \t]*|[\s\S])", _unescaped, raw))


def _unescaped(found: re.Match[str]) -> str:
    return "" if found[1].startswith("\n") else found[1]


def _line(text: str, at: int) -> str:
    """The line at a place, without what is ahead of its first character."""
    start = text.rfind("\n", 0, at) + 1
    for _ in range(_MOST_JOINED):
        if not text.endswith("\\\n", 0, start):
            break
        start = text.rfind("\n", 0, start - 1) + 1
    end = text.find("\n", at)
    return text[start : end if end >= 0 else len(text)].lstrip()


def _spans(text: str, *, is_prose: bool) -> Iterator[tuple[int, int]]:
    for found in _SETTING.finditer(text):
        if is_secret_name(found[1]):
            line = _line(text, found.start())
            if is_prose and found[2] == ":" and not line.startswith("#"):
                continue
            ahead = text[text.rfind("\n", 0, found.start()) + 1 : found.start(1)]
            is_whole = line.startswith("#") or bool(_AHEAD.match(ahead))
            yield _value(text, found.end(), is_whole_line=is_whole)
    for found in () if is_prose else _ABOVE.finditer(text):
        if is_secret_name(found[1]):
            yield found.end(), _end_below(text, found.start(1), found.end())
    end = 0
    for found in _OPTION.finditer(text):
        if found.start() < end:
            continue  # It is in the value of the one before.
        is_of_many = "-" in found[2] or "_" in found[2]
        is_option = is_of_many or (found[2] in _ONE_NAMES and "#" not in found[1] and not is_prose)
        if is_option and is_secret_name(found[2]):
            value = _value(text, found.end(), is_whole_line=True)
            end = value[1]
            yield value
    for found in _WORD.finditer(text):
        line = _line(text, found.start())
        if found[1] in _SURE or _is_argument(
            found[1], line, text[found.end() : found.end() + 2], is_prose=is_prose
        ):
            yield _value(text, found.end(), is_whole_line=False)
    yield from _of_commands(text, is_prose=is_prose)
    for section in _SECRETS.finditer(text):
        for key in _KEY.finditer(text, *section.span(1)):
            yield _value(text, key.end(), is_whole_line=True)
    for found in _LONG_HEX.finditer(text):
        yield found.span()
    for found in _IN_URL.finditer(text):
        yield found.span(1)


def _end_below(text: str, key: int, start: int) -> int:
    """The end of the lines, from `start` on, that are indented deeper than that of the key."""
    own = text.rfind("\n", 0, key) + 1
    depth = len(text[own:key]) - len(text[own:key].lstrip(" \t"))
    end = start
    for line in text[start:].splitlines(keepends=True):
        if line.strip() and len(line) - len(line.lstrip(" \t")) <= depth:
            break
        end += len(line)
    return end


def _of_commands(text: str, *, is_prose: bool) -> Iterator[tuple[int, int]]:
    """Arguments that have no name of their own, in lines that run commands."""
    for pattern in (_OF_COMMANDS, _HEADER):
        for found in pattern.finditer(text):
            yield _value(text, found.end(), is_whole_line=False)
    for found in _OF_USER.finditer(text):
        end = text.find(found[1], found.end()) if found[1] else -1
        is_closed = end >= 0 and "\n" not in text[found.end() : end]
        whole = (found.end(), end)
        yield whole if is_closed else _value(text, found.end(), is_whole_line=False)
    if is_prose:
        return
    for pattern, command in ((_OF_XFRM, "xfrm"), (_PROPERTY, "nmcli")):
        for found in pattern.finditer(text):
            is_named = pattern is _OF_XFRM or is_secret_name(found[1])
            if is_named and command in _line(text, found.start()):
                yield _value(text, found.end(), is_whole_line=False)


def _is_argument(word: str, line: str, ahead: str, *, is_prose: bool) -> bool:
    """Whether what follows the word is its argument, and not the next word of a sentence."""
    if word.endswith("key"):
        is_run = bool(_RUNS.match(line)) and not ahead.startswith(_OF_FILES)
        return is_run or bool(_KEYED.search(line))
    return not (is_prose or line.startswith("#")) or bool(_COMMANDS.search(line))


def _value(text: str, start: int, *, is_whole_line: bool) -> tuple[int, int]:
    quoted = _QUOTED.match(text, start)
    if quoted is not None and text[quoted.end() : quoted.end() + 1] in _BEHIND:
        return quoted.span(quoted.lastindex or 0)
    found = None if is_whole_line else _ONE_WORD.match(text, start)
    if found is None or found[0] in _NO_WORDS or found[0].startswith("!"):
        # A quote that nobody closes is the secret's own, or what was meant cannot be known; a
        # tag of YAML would stand ahead of a value.
        found = _TO_END.match(text, start)
    end = found.end() if found is not None else start
    shown = text[start:end].rstrip().rstrip(";" if is_whole_line else "")
    return start, start + len(shown)
