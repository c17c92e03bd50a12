"""An address → the bytes behind it, fetched politely and never from a private network.

Polite: robots.txt is read and obeyed, one request at a time, a pause between two to one host, a name that says who asks.
Safe: a name is resolved once, every address it resolves to is checked, and the connection is made to the one that was checked, so that
neither a redirect nor a name server that changes its answer leads into the user's own network. Bounds on size and time hold for each page.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Timer
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from khabar.errors import InputError
from khabar.feeds.arrivals import MAX_BULKY_BYTES

SECONDS = 60.0  # one page, from the name to its last byte
SILENCE = 15.0  # between two bytes
MAX_REDIRECTS = 5
PAUSE = 2.0  # between two requests to one host, where robots.txt asks for none
MAX_PAUSE = 60.0
MAX_ROBOTS_BYTES = 500_000  # RFC 9309, section 2.5
_REDIRECTS = (301, 302, 303, 307, 308)
_NAT64 = ip_address("64:ff9b::")

Origin = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Fetched:
    """`address`: where the bytes were in the end, after redirects. `kind`: what the server says they are."""

    address: str
    body: bytes
    kind: Message


@dataclass
class Fetcher:
    """Fetches one page after another. `allow_private`: also from the user's own network. `resolve`: a name and a port to addresses."""

    allow_private: bool = False
    pause: float = PAUSE
    seconds: float = SECONDS
    resolve: Callable[[str, int], list[str]] = field(default=lambda host, port: _resolved(host, port))
    _robots: dict[Origin, RobotFileParser | str] = field(default_factory=dict)
    _asked: dict[str, float] = field(default_factory=dict)

    def fetch(self, address: str) -> Fetched:
        """The page; InputError (code "url") with the reason where it may not or cannot be had."""
        address = clean_address(address)
        for _ in range(MAX_REDIRECTS + 1):
            self._check_robots(address)
            self._wait(address)
            status, headers, body = self._request(address, MAX_BULKY_BYTES)
            if status in _REDIRECTS and (target := headers.get("Location")):
                address = clean_address(urljoin(address, str(target)))
            elif status != 200:
                raise _refused(f"the server answered {status} {http.client.responses.get(status, '')}".strip())
            else:
                return Fetched(address, body, headers)
        raise _refused(f"more than {MAX_REDIRECTS} redirects")

    def _wait(self, address: str) -> None:
        host = _origin(address)[1]
        robots = self._robots.get(_origin(address))
        asked = robots.crawl_delay(self.agent) if isinstance(robots, RobotFileParser) else None
        pause = max(self.pause, min(float(asked or 0), MAX_PAUSE)) if self.pause else 0
        time.sleep(max(0.0, self._asked.get(host, float("-inf")) + pause - time.monotonic()))
        self._asked[host] = time.monotonic()

    @cached_property
    def agent(self) -> str:
        try:
            return f"Khabar/{version('khabar')} (reads news reports for a research record; obeys robots.txt)"
        except PackageNotFoundError:
            return "Khabar (reads news reports for a research record; obeys robots.txt)"

    # -- robots.txt

    def _check_robots(self, address: str) -> None:
        origin = _origin(address)
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(address)
        robots = self._robots[origin]
        if isinstance(robots, str):
            raise _refused(robots)
        if not robots.can_fetch(self.agent, address):
            raise _refused(f"robots.txt of {origin[1]} asks programs not to fetch it; save it with a browser and give the .html file")

    def _read_robots(self, address: str) -> RobotFileParser | str:
        """The rules of a host, or why nothing may be fetched from it: without an answer nothing is allowed (RFC 9309, section 2.3.1.4)."""
        robots, where = RobotFileParser(), urljoin(address, "/robots.txt")
        try:
            for _ in range(MAX_REDIRECTS + 1):
                status, headers, body = self._request(where, MAX_ROBOTS_BYTES, cut=True)
                if status not in _REDIRECTS or not headers.get("Location"):
                    break
                where = clean_address(urljoin(where, str(headers["Location"])))
        except InputError as error:
            return str(error)
        if status >= 500 or status in _REDIRECTS:
            return f"{where} answered {status}, and without it nothing is fetched; try again later"
        robots.parse(body.decode(errors="replace").removeprefix("\ufeff").splitlines() if status == 200 else [])
        return robots

    # -- one request

    def _request(self, address: str, limit: int, *, cut: bool = False) -> tuple[int, Message, bytes]:
        scheme, host, port = _origin(address)
        connection = _Connection(host, port, scheme == "https", self._checked(host, port))
        timer = Timer(self.seconds, connection.cut_off)
        timer.start()
        try:
            parts = urlsplit(address)
            target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
            named = f"[{host}]" if ":" in host else host
            headers = {"User-Agent": self.agent, "Accept": "text/html,application/xhtml+xml,application/pdf,application/rss+xml,*/*;q=0.5"}
            headers |= {"Accept-Encoding": "gzip", "Host": named if port == connection.default_port_of(scheme) else f"{named}:{port}"}
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
            if response.status in _REDIRECTS or (response.status != 200 and not cut):
                return response.status, response.headers, b""
            body = _body(response, limit, cut=cut)
            if connection.late:  # a connection that is cut off looks like one that has ended
                raise OSError("cut off")
            return response.status, response.headers, body
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
            # AttributeError: the connection was cut off while it was read from.
            if connection.late:
                raise _refused(f"took more than {self.seconds:g} seconds") from error
            raise _refused(f"cannot be fetched: {str(error) or type(error).__name__}") from error
        finally:
            timer.cancel()
            connection.close()

    def _checked(self, host: str, port: int) -> list[str]:
        """The addresses of a host; refused where one of them is no public one."""
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise _refused(f"no address is known for {host}: {error}") from error
        private = [address for address in found if not _is_public(address)]
        if private and not self.allow_private:
            raise _refused(f"{host} is {private[0]}, in a private network; --allow-private fetches from there")
        return found


def clean_address(address: str) -> str:
    """The address without its fragment, in ASCII; InputError for what is none of the web, or carries a password."""
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname, parts.port
        ascii_host = (host or "").encode("idna").decode() if host and not host.isascii() else host
    except ValueError as error:
        raise _refused(f"is no address: {error}") from error
    if parts.scheme.lower() not in ("http", "https") or not ascii_host or re.search(r"[\s\x00-\x1f\\]", ascii_host):
        raise _refused("is no address of the web; expected http:// or https:// and a host")
    if parts.username is not None or parts.password is not None:
        raise _refused("carries a user name or a password; save the page with a browser and give the .html file")
    named = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
    place = named if parts.port is None else f"{named}:{parts.port}"
    path, query = (quote(part, safe="/?:@!$&'()*+,;=-._~%[]") for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme.lower(), place, path, query, ""))


def _origin(address: str) -> Origin:
    parts = urlsplit(address)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def _resolved(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_public(address: str) -> bool:
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        # An IPv4 address in the clothes of an IPv6 one: mapped, 6to4, Teredo, NAT64.
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found.packed[:12] == _NAT64.packed[:12]:
            inner = IPv4Address(found.packed[12:])
        if inner is not None:
            found = inner
    return found.is_global and not found.is_multicast and not found.is_reserved


class _Connection(http.client.HTTPConnection):
    """A connection to one of the addresses that were checked; a certificate must be that of the host's name."""

    def __init__(self, host: str, port: int, secure: bool, addresses: list[str]) -> None:
        super().__init__(host, port, timeout=SILENCE)
        self.secure, self.addresses, self.late = secure, addresses, False
        # http.client forgets its socket while the last answer is still read from it.
        self.held: socket.socket | None = None

    @staticmethod
    def default_port_of(scheme: str) -> int:
        return 443 if scheme == "https" else 80

    def connect(self) -> None:
        problem: OSError = OSError("no address")
        for address in self.addresses[:3]:
            try:
                self.sock = self.held = socket.create_connection((address, self.port), timeout=SILENCE)
                break
            except OSError as error:
                problem = error
        else:
            raise problem
        if self.secure:
            self.sock = self.held = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def cut_off(self) -> None:
        """Called when the time is over, from another thread."""
        self.late = True
        if self.held is not None:
            with suppress(OSError):
                self.held.shutdown(socket.SHUT_RDWR)


def _body(response: http.client.HTTPResponse, limit: int, *, cut: bool) -> bytes:
    encoding = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise ValueError(f"the server sent it compressed as {encoding}, which was not asked for")
    unpacked = zlib.decompressobj(wbits=31) if encoding != "identity" else None
    body = bytearray()
    while len(body) <= limit and (chunk := response.read1(65_536)):
        body += unpacked.decompress(chunk, limit + 1 - len(body)) if unpacked else chunk
    if len(body) > limit and not cut:
        raise ValueError(f"has more than {limit:,} bytes")
    return bytes(body[:limit])


def _refused(message: str) -> InputError:
    return InputError(message, code="url")
