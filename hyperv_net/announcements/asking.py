"""The only place from which a service of metadata is asked over HTTP.

Such a service is reached at an address of the link and by nobody's proxy: Azure's must not be asked
through one, and answers no request with X-Forwarded-For (MicrosoftDocs/azure-compute-docs,
articles/virtual-machines/instance-metadata-service.md).  So http.client and not urllib, which obeys
`http_proxy`; and no redirection is followed.
"""

from __future__ import annotations

import errno
import socket
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException

from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Bytes of an answer: those that are read here have a few thousand.
SIZE_LIMIT = 512 * 1024
_TOO_LONG = f"an answer of more than {SIZE_LIMIT // 1024} KiB"

#: Bytes that are received at all, with what is around the answer.
_MOST_BYTES = 2 * SIZE_LIMIT

#: Seconds to reach a service that is on the link, or not there at all.
_TO_CONNECT = 5.0


class Address(NamedTuple):
    """Where a service of metadata is: an IPv4 address, so that no resolver is asked for it."""

    host: str
    port: int = 80


#: Where Azure's and Google's are.
METADATA = Address("169.254.169.254")


class Reply(NamedTuple):
    """An answer; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(
    address: Address,
    target: str,
    headers: Mapping[str, str],
    seconds: float,
    *,
    body: bytes | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Reply:
    """The answer to GET `target`, or to POST where there is a `body`, whatever its status.

    It is whole within so many `seconds` of the monotonic `clock`, however slowly it comes in.
    Raises HypervNetError where there is none, or one that is too long or no HTTP.
    """
    end = clock() + seconds

    def left() -> float:
        if (rest := end - clock()) <= 0:
            # With a text, since Python 3.9 looks into it.
            raise socket.timeout("timed out")
        return rest

    try:
        with closing(_Connection(address, left)) as connection:
            connection.request("GET" if body is None else "POST", target, body, {**headers})
            response = connection.getresponse()
            data = response.read(SIZE_LIMIT + 1)
            named = {name.lower(): value for name, value in response.getheaders()}
    except (socket.timeout, TimeoutError):
        raise _error(address, target, f"no answer in {seconds:g} s") from None
    except OSError as error:
        raise _error(address, target, error.strerror or type(error).__name__) from None
    except (HTTPException, ValueError) as error:
        raise _error(address, target, f"no answer in HTTP: {type(error).__name__}") from None
    if len(data) > SIZE_LIMIT:
        raise _error(address, target, _TOO_LONG)
    return Reply(response.status, named, data)


def _error(address: Address, target: str, what: str) -> HypervNetError:
    path = target.partition("?")[0]
    return HypervNetError(what, where=f"http://{address.host}:{address.port}{path}")


class _Connection(HTTPConnection):
    """A connection to be made, used and ended while there is time left."""

    def __init__(self, address: Address, left: Callable[[], float]) -> None:
        super().__init__(address.host, address.port)
        self._left = left

    def connect(self) -> None:
        hurried = _Hurried(socket.AF_INET, socket.SOCK_STREAM)
        hurried.left = self._left
        try:
            hurried.settimeout(min(_TO_CONNECT, self._left()))
            hurried.connect((self.host, self.port))
        except (socket.timeout, TimeoutError):
            hurried.close()
            raise OSError(errno.EHOSTUNREACH, "cannot be reached") from None
        except BaseException:
            hurried.close()
            raise
        self.sock = hurried


class _Hurried(socket.socket):
    """A socket whose timeout is for all that is sent and received together.

    What is received has a limit too, since http.client reads to the end of the connection where the
    length of a part is -1 (_safe_read() of Lib/http/client.py, python/cpython).
    """

    left: Callable[[], float]
    room = _MOST_BYTES

    def sendall(self, *arguments: object) -> None:
        self.settimeout(self.left())
        super().sendall(*arguments)  # type: ignore[arg-type]

    def recv_into(self, *arguments: object) -> int:
        self.settimeout(self.left())
        count = super().recv_into(*arguments)  # type: ignore[arg-type]
        self.left()
        self.room -= count
        if self.room < 0:
            raise OSError(errno.EMSGSIZE, _TOO_LONG)
        return count
