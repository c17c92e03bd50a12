"""Addresses are fetched politely, within bounds, and never from a private network unless the user says so."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from khabar.errors import InputError
from khabar.feeds import read_inputs
from khabar.feeds.fetching import Fetcher, _is_public, clean_address
from khabar.model import Failure, Report

FILES = Path(__file__).parent / "feeds"
PAGE = (
    b"<html><head><title>Oakford falls</title><meta charset=utf-8></head><body><article><h1>Oakford falls</h1>"
    b"<p>Fighters of the Northern Front captured the town of Oakford on Thursday, residents said, after a week of siege.</p>"
    b"<p>The army said that its units had left the town to spare civilians, and gave no number of the dead.</p></article></body></html>"
)


class Server(BaseHTTPRequestHandler):
    """A small newspaper."""

    asked: list[tuple[str, float, str]] = []  # noqa: RUF012
    robots = b"User-agent: *\nDisallow: /private\n"
    robots_status = 200
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        Server.asked.append((self.path, time.monotonic(), self.headers["User-Agent"]))
        pages: dict[str, Callable[[], None]] = {
            "/robots.txt": lambda: self.send("text/plain", self.robots, status=self.robots_status),
            "/page": lambda: self.send("text/html; charset=utf-8", PAGE),
            "/feed": lambda: self.send("application/xml", (FILES / "feed.rss").read_bytes()),
            "/report.pdf": lambda: self.send("application/pdf", (FILES / "two-columns.pdf").read_bytes()),
            "/zipped": lambda: self.send("text/html", gzip.compress(PAGE), encoding="gzip"),
            "/bomb": lambda: self.send("text/html", gzip.compress(b"x" * 80_000_000, 1), encoding="gzip"),
            "/moved": lambda: self.move("/page"),
            "/moved-inside": lambda: self.move("http://10.0.0.1/admin"),
            "/round": lambda: self.move("/round"),
            "/file": lambda: self.move("file:///etc/passwd"),
            "/picture": lambda: self.send("image/png", b"\x89PNG"),
            "/slow": self.drip,
        }
        pages.get(self.path, lambda: self.send("text/html", b"none", status=404))()

    def send(self, kind: str, body: bytes, *, status: int = 200, encoding: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(body)

    def move(self, target: str) -> None:
        self.send_response(302)
        self.send_header("Location", target)
        self.end_headers()

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"<p>")
                time.sleep(0.05)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setattr(Server, "asked", [])
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def read(*addresses: str | Path) -> list[Report | Failure]:
    items = read_inputs(addresses, allow_private=True, pause=0)
    return [item for item in items if not (isinstance(item, Failure) and item.warning)]


def test_an_address_is_fetched_and_read_as_what_the_server_says_it_is(site: str) -> None:
    page, feed, pdf = (read(f"{site}/{name}") for name in ("page", "feed", "report.pdf"))
    assert [(item.url, item.text[:13]) for item in page if isinstance(item, Report)] == [(f"{site}/page", "Oakford falls")]
    assert len([item for item in feed if isinstance(item, Report)]) == 2
    assert "its units had withdrawn" in getattr(pdf[0], "text", "")
    assert {agent.split("/")[0].split(" ")[0] for _, _, agent in Server.asked} == {"Khabar"}


def test_a_list_of_addresses_is_answered_for_line_by_line(site: str, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(f"# a list\n{site}/page\n\n{site}/none # gone\n{site}/zipped\n")
    found = read(tmp_path / "list.txt")
    assert [item.code if isinstance(item, Failure) else item.url for item in found] == [f"{site}/page", "url", f"{site}/zipped"]
    assert "list.txt:4" in getattr(found[1], "message", "")
    assert "404" in getattr(found[1], "message", "")


def test_the_address_after_redirects_is_that_of_the_report(site: str) -> None:
    assert [getattr(item, "url", None) for item in read(f"{site}/moved")] == [f"{site}/page"]


def test_robots_are_asked_once_and_obeyed(site: str) -> None:
    found = read(f"{site}/private/page", f"{site}/page", f"{site}/private")
    assert [getattr(item, "code", "read") for item in found] == ["url", "read", "url"]
    assert "robots.txt" in getattr(found[0], "message", "")
    assert [path for path, _, _ in Server.asked] == ["/robots.txt", "/page"]


@pytest.mark.parametrize(("status", "code"), [(404, "read"), (403, "read"), (503, "url")])
def test_without_an_answer_about_robots_nothing_is_fetched(site: str, monkeypatch: pytest.MonkeyPatch, status: int, code: str) -> None:
    monkeypatch.setattr(Server, "robots_status", status)
    assert [getattr(item, "code", "read") for item in read(f"{site}/page")] == [code]


def test_there_is_a_pause_between_two_requests_to_a_host(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Server, "robots", b"User-agent: Khabar\nCrawl-delay: 1\n")
    fetcher = Fetcher(allow_private=True, pause=0.2)
    fetcher.fetch(f"{site}/page")
    monkeypatch.setattr("khabar.feeds.fetching.MAX_PAUSE", 30)
    slept: list[float] = []
    monkeypatch.setattr("khabar.feeds.fetching.time.sleep", slept.append)
    fetcher.fetch(f"{site}/zipped")
    assert 0 < slept[-1] <= 1  # of the second that the site asks for, what is left since the first request was sent


@pytest.mark.parametrize(
    ("path", "why"),
    [("bomb", "more than"), ("slow", "seconds"), ("round", "redirects"), ("file", "address of the web"), ("picture", "image/png")],
)
def test_what_is_too_large_too_slow_or_no_page_is_refused(site: str, monkeypatch: pytest.MonkeyPatch, path: str, why: str) -> None:
    monkeypatch.setattr("khabar.feeds.Fetcher", lambda **options: Fetcher(**options, seconds=0.4))
    begun = time.monotonic()
    [failure] = read(f"{site}/{path}")
    assert isinstance(failure, Failure)
    assert why in failure.message
    assert time.monotonic() - begun < 2


# -- the user's own network ----------------------------------------------------------------------------------------------------------


def test_nothing_is_fetched_from_the_users_own_network(site: str) -> None:
    [failure] = read_inputs([f"{site}/page"])
    assert isinstance(failure, Failure)
    assert "--allow-private" in failure.message
    assert Server.asked == []


PRIVATE = ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255"]
PRIVATE += ["::1", "::", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "ff02::1", "fe80::1%eth0"]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_private_networks_are_known(address: str) -> None:
    assert not _is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_known(address: str) -> None:
    assert _is_public(address)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost", "[::1]"])
def test_other_ways_of_writing_the_own_machine_are_refused(host: str) -> None:
    with pytest.raises(InputError, match=r"private network|no address is known"):
        Fetcher(pause=0).fetch(f"http://{host}/")


def test_a_name_with_one_private_address_is_refused() -> None:
    with pytest.raises(InputError, match="private network"):
        Fetcher(pause=0, resolve=lambda host, port: ["93.184.215.14", "10.0.0.1"]).fetch("http://two.example/")


def test_a_name_server_that_changes_its_answer_leads_nowhere(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is public when it is checked and private a moment later: the connection is made to what was checked."""
    connected: list[str] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address[0])
        raise OSError("not today")

    answers = iter([["93.184.215.14"], ["127.0.0.1"], ["127.0.0.1"]])
    monkeypatch.setattr("khabar.feeds.fetching.socket.create_connection", connect)
    with pytest.raises(InputError, match="not today"):
        Fetcher(pause=0, resolve=lambda host, port: next(answers)).fetch("http://changing.example/")
    assert connected == ["93.184.215.14"]


def test_a_redirect_into_a_private_network_is_refused(site: str) -> None:
    """The site itself is taken for public here, so that only the redirect is judged."""
    fetcher = Fetcher(pause=0, allow_private=True)
    own = site.split("//")[1].split(":")[0]

    def resolve(host: str, port: int) -> list[str]:
        fetcher.allow_private = host == own
        return [host]

    fetcher.resolve = resolve
    with pytest.raises(InputError, match=r"10\.0\.0\.1, in a private network"):
        fetcher.fetch(f"{site}/moved-inside")


@pytest.mark.parametrize(
    "address", ["ftp://x.example/", "file:///etc/passwd", "http://", "http://a:b@x.example/", "http://x .example/", "http://[::1/"]
)
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(InputError):
        clean_address(address)


def test_an_address_in_other_letters_is_written_in_ascii() -> None:
    assert clean_address("HTTP://bücher.example/é?q=ü#x") == "http://xn--bcher-kva.example/%C3%A9?q=%C3%BC"
