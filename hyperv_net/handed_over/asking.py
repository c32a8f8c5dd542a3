"""The side that asks: one request, one answer."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError

#: The socket, as data/linux/hyperv-net-activate.socket names it.
SOCKET = "/run/hyperv-net/activate"

#: The first word of an answer, and those of a request.
DONE, FAILED = "done", "failed"
REBUILD, INJECT = "rebuild", "inject"

#: Bytes of a request, and of an answer.
LARGEST = 1 << 20

#: Seconds for an answer, before the script of the daemon that waits for it is ended (150 s).
_SECONDS = 140


def ask(verb: str, subject: str, text: str = "", path: str = SOCKET) -> str:
    """Have the service do it, and return the line it answers.

    `subject` is what is to be done it to, in one line; `text` is what goes with it.  Raises
    HypervNetError with what the service says where it fails, and where there is no service.
    """
    import socket

    what = f"{verb} {subject}"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream:
            stream.settimeout(_SECONDS)
            stream.connect(path)
            stream.sendall(f"{what}\n{text}".encode())
            stream.shutdown(socket.SHUT_WR)
            answer = _all_of(stream)
    except TimeoutError:
        raise HypervNetError(f"no answer within {_SECONDS} s", where=f"{what} by {path}") from None
    except OSError as error:
        is_denied = isinstance(error, PermissionError)
        raise HypervNetError(
            f"cannot be handed over: {error.strerror}",
            where=f"{what} by {path}",
            hint="run it as root" if is_denied else "systemctl start hyperv-net-activate.socket",
        ) from None
    status, _, said = answer.partition(" ")
    if status != DONE:
        raise HypervNetError(said or "the service ended without an answer", where=what)
    return said


def _all_of(stream: object) -> str:
    """What comes until the other side is done, in one line."""
    pieces = []
    left = LARGEST
    while left > 0 and (piece := stream.recv(left)):  # type: ignore[attr-defined]
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces).decode("utf-8", "backslashreplace").strip().partition("\n")[0]
