"""`python -m hyperv_net.handed_over` serves one request, on its standard input and output.

systemd starts one for each connection (Accept= of systemd.socket(5)).  Nothing is believed of a
request but what it names: the bond has to be one of the machine's own pairs, and injected text is
read as the daemon's file is.
"""

from __future__ import annotations

import os

from hyperv_net.errors import HypervNetError
from hyperv_net.handed_over.asking import DONE, FAILED, INJECT, LARGEST, REBUILD
from hyperv_net.whole_process import run


def main() -> int:
    """Serve it; the answer says how it ended, and the exit status too."""
    connection = os.dup(1)
    # What else is printed goes to the journal.
    os.dup2(2, 1)
    status, said = answer(_request())
    line = f"{status} {' '.join(said.split())}\n"
    os.write(connection, line.encode("utf-8", "backslashreplace"))
    return int(status != DONE)


def answer(request: bytes) -> tuple[str, str]:
    """DONE or FAILED, and a line about it."""
    try:
        return DONE, _serve(request.decode("utf-8"))
    except HypervNetError as error:
        return FAILED, str(error)
    except Exception as error:
        # Whoever waits for the answer must have one, whatever goes wrong.
        return FAILED, f"{type(error).__name__}: {error}"


def _request() -> bytes:
    pieces = []
    left = LARGEST
    while left > 0 and (piece := os.read(0, left)):
        pieces.append(piece)
        left -= len(piece)
    if not left:
        raise SystemExit(1)
    return b"".join(pieces)


def _serve(request: str) -> str:
    first, _, text = request.partition("\n")
    verb, _, subject = first.partition(" ")
    if verb == REBUILD and not text:
        return _rebuild(subject)
    if verb == INJECT:
        from hyperv_net.kvp.here import inject

        return inject(text, subject)
    raise HypervNetError(f"no such request: {verb!r}")


def _rebuild(name: str) -> str:
    from hyperv_net.hotplug.act.means import live_means
    from hyperv_net.hotplug.act.rebuilding import make_again
    from hyperv_net.hotplug.running import wanted_here

    wanted = wanted_here()
    pairs = wanted.pairs if wanted is not None else ()
    if wanted is None or name not in {pair.aggregate for pair in pairs if pair.aggregate}:
        raise HypervNetError(f"no aggregate of a pair here: {name!r}")
    make_again(name, wanted, live_means())
    return name


if __name__ == "__main__":
    run(main)
