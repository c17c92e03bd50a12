"""`khabar serve` under many readers and one writer, and under requests that mean harm."""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from torture import desk

READERS, RATE, SLOWEST = 50, 200, 0.5  # requests a second in all; seconds for 99 of 100 of them
WAITING = 30  # seconds, after which a reader gives up
FIRST = 300  # seconds for the first answers, before which all is worked out
AS_BROWSERS = {"Accept-Encoding": "gzip"}
HEADERS = ("content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-resource-policy", "permissions-policy")


@contextmanager
def served(record: Path) -> Iterator[int]:
    """The port of a server of the record, as a user starts it."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    words = [sys.executable, "-m", "khabar", "serve", str(record), "--port", "0", "--desk"]
    with subprocess.Popen(words, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        found = next(filter(None, (re.search(r"http://127\.0\.0\.1:(\d+)/", line) for line in process.stderr)))
        while True:
            try:
                socket.create_connection(("127.0.0.1", int(found[1])), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        try:
            yield int(found[1])
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def asked(
    port: int, address: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None, wait: float = 30
) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=wait)
    try:
        connection.request(method, address, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


# -- load ----------------------------------------------------------------------------------------------------------------------------


def load(folder: Path, *, n: int, seed: int, small: bool, of: Path | None = None) -> Iterator[str]:
    """200 requests a second from 50 readers, while one writer reviews; small: 4 seconds, 25 requests a second. n: seconds. `of`: a record
    of your own, of which a copy is asked."""
    record, seconds, rate = folder / "war.khabar", 4 if small else n, 25 if small else RATE
    if of:
        desk.copied(of, record)
        desk.holds(record)  # works out what questions are answered from
    else:
        desk.done(("build", desk.reports(folder, "a", range(desk.TOWNS)), "--record", record))
    claims, days = desk.claims_of(record), _days(record)
    before, chance = _reviews(record), random.Random(seed)
    with served(record) as port, ThreadPoolExecutor(READERS) as readers:
        places = [place for place in _places(port, days[-1]) if asked(port, _control(place, days[-1]))[0] == 200]
        for address in _asked(chance, places, days):  # once: what was never asked is worked out
            asked(port, address, wait=FIRST)
        end, signed, stopped = time.monotonic() + seconds, [], threading.Event()
        writer = threading.Thread(target=_review, args=(record, claims, signed, stopped))
        writer.start()
        begun, waiting = time.monotonic(), []
        for number in itertools.count():
            at = begun + number / rate
            if at > end:
                break
            time.sleep(max(0.0, at - time.monotonic()))
            waiting.append(readers.submit(_read, port, chance.choice(_asked(chance, places, days)), at))
        found = [one.result() for one in waiting]
        stopped.set()
        writer.join()
    statuses, took = Counter(status for status, _ in found), sorted(seconds for _, seconds in found)
    slowest = took[int(len(took) * 0.99)]
    told = f"{len(found)} requests in {seconds} s, median {statistics.median(took) * 1000:.0f} ms, 99th percentile {slowest * 1000:.0f} ms"
    assert set(statuses) <= {200, 304}, f"{told}: {dict(statuses)}"
    held = _reviews(record) - before
    assert held == len(signed) > 0, f"{len(signed)} reviews were signed, {held} are there"
    desk.holds(record)
    told = f"{len(claims)} claims, {len(places)} places: {told}"
    yield f"{told}, statuses {dict(statuses)}; {held} reviews signed meanwhile, none lost"
    assert small or slowest < SLOWEST, "99 of 100 answers must come within half a second"


def _reviews(record: Path) -> int:
    with desk.Record.open(record) as kept:
        return len(kept.reviews())


def _days(record: Path) -> list[str]:
    """On which reports were published."""
    with desk.Record.open(record) as kept:
        return sorted({report.published.isoformat() for report in kept.reports() if report.published})


def _places(port: int, day: str) -> list[str]:
    features = json.loads(asked(port, f"/api/v1/control?on={day}", wait=FIRST)[2])["features"]
    held = [feature["properties"]["place"] for feature in features if feature["properties"]["holder"]]
    return sorted({place["id"] or place["name"] for place in held})[: desk.TOWNS]


def _control(place: str, day: str) -> str:
    return f"/api/v1/control?on={day}&place={quote(place)}"


def _asked(chance: random.Random, places: list[str], days: list[str]) -> list[str]:
    town, day = chance.choice(places), chance.choice(days)
    return [
        "/", "/api/v1/record", "/api/v1/periods", f"/api/v1/control?on={day}", _control(town, day),
        f"/api/v1/claims?place={quote(town)}", "/api/v1/claims?search=took", f"/api/v1/changes?from={day}", "/api/v1/incidents?limit=5",
        "/api/v1/disputes", "/api/v1/actors", f"/api/v1/claims?after={chance.randrange(20)}",
    ]  # fmt: skip


def _read(port: int, address: str, due: float) -> tuple[int, float]:
    """Status, and seconds from when it was due: what waited in line counts, and is given up as by a reader; status 0."""
    waited = time.monotonic() - due
    try:
        status, _, _ = asked(port, address, headers=AS_BROWSERS, wait=WAITING - waited) if waited < WAITING else (0, {}, b"")
    except OSError:
        status = 0
    return status, time.monotonic() - due


def _review(record: Path, claims: list[str], signed: list[str], stopped: threading.Event) -> None:
    """A review every second or so, each by a program of its own."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    for number in itertools.count():
        words = ["review", str(record), claims[number % len(claims)], "--verdict", "accept", "--by", f"Analyst {number}", "--reason", "so"]
        if subprocess.run([sys.executable, "-m", "khabar", *words], env=env, capture_output=True, check=False).returncode == 0:
            signed.append(words[2])
        if stopped.wait(1):
            return


# -- malice --------------------------------------------------------------------------------------------------------------------------

TRAVERSALS = (
    "/page/../../../../../../etc/passwd", "/page/%2e%2e/%2e%2e/desk.py", "/page/..%2f..%2fdesk.py", "/vendor/../api.py", "/page/%00",
    "/page//etc/passwd", "/page/....//....//desk.py", "/..%5c..%5cdesk.py", "/page/%252e%252e/desk.py", "/api/v1/reports/..%2f..%2f",
)  # fmt: skip
INJECTIONS = (
    "' OR 1=1 --", '"; DROP TABLE claims; --', "x' UNION SELECT bytes FROM originals --", "NEAR(", '"', "*", "a AND", "text:", "^", "(((",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "%s%n", "\x00", "\ufffe", "a" * 200,
)  # fmt: skip
FIELDS = ("place", "actor", "kind", "speaker", "modality", "search")


def malice(folder: Path, *, n: int, seed: int, small: bool) -> Iterator[str]:
    record = folder / "war.khabar"
    desk.done(("build", desk.reports(folder, "a", range(6)), "--record", record))
    before = desk.dump(record)
    with served(record) as port:
        yield _traversal(port)
        yield _injection(port)
        yield _writing(port)
        yield _oversized(port)
        yield _slow(port, 20 if small else 300, wait=not small)
        assert asked(port, "/api/v1/record")[0] == 200
    assert desk.dump(record) == before
    desk.holds(record)
    yield "the record is what it was, and verifies"


def _safe(answer: tuple[int, dict[str, str], bytes]) -> tuple[int, dict[str, str], bytes]:
    """An answer with all headers, whose body no browser takes for a page, and that tells nothing of the inside."""
    status, headers, body = answer
    assert status < 500, answer
    assert not [name for name in HEADERS if name not in headers], headers
    assert "server" not in headers
    assert b"Traceback" not in body
    assert b"root:" not in body
    assert b"import annotations" not in body
    return answer


def _traversal(port: int) -> str:
    for address in TRAVERSALS:
        status, _, _ = _safe(asked(port, address))
        assert status in (400, 404), (address, status)
    return f"{len(TRAVERSALS)} ways out of the folder: refused"


def _injection(port: int) -> str:
    for field, words in itertools.product(FIELDS, INJECTIONS):
        status, headers, _ = _safe(asked(port, f"/api/v1/claims?{field}={quote(words)}"))
        assert status in (200, 404, 422), (field, words, status)
        assert headers["content-type"].startswith("application/json")
    for path, words in itertools.product(("actors", "reports", "claims", "incidents"), INJECTIONS):
        assert _safe(asked(port, f"/api/v1/{path}/{quote(words, safe='')}"))[0] in (200, 404, 422), (path, words)
    return f"{len(INJECTIONS)} injections in {len(FIELDS) + 4} places: none is taken for a query or a page"


def _writing(port: int) -> str:
    foreign = {"Origin": "https://elsewhere.example", "Content-Type": "application/json", "Cookie": "token=guess"}
    for method, address in itertools.product(("POST", "PUT", "DELETE", "PATCH", "TRACE"), ("/", "/api/v1/claims", "/api/v1/record")):
        assert _safe(asked(port, address, method, foreign, b"{}"))[0] in (400, 401, 403, 404, 405), (method, address)
    for host in ("elsewhere.example", "127.0.0.1.elsewhere.example", "localhost@elsewhere.example", ""):
        assert _safe(asked(port, "/api/v1/record", headers={"Host": host}))[0] == 400, host
    assert "access-control-allow-origin" not in asked(port, "/api/v1/record", headers=foreign)[1]
    return "15 foreign writes and 4 foreign host names: refused; nothing is shared with other origins"


def _oversized(port: int) -> str:
    assert _safe(asked(port, "/api/v1/claims?search=" + "a" * 5000))[0] in (414, 422)
    for raw in (
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
        b"POST /api/v1/claims HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n" + b"a" * 2_000_000,
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" + b"a" * 1_000_000,
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
    ):
        first = _raw(port, raw)
        assert not first or re.match(rb"HTTP/1\.1 (4\d\d|200)", first), (raw[:60], first[:200])
    return "7 requests that are too large, or two requests at once: refused or cut off"


def _raw(port: int, raw: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=15) as connection:
        try:
            connection.sendall(raw)
            return connection.recv(2000)
        except OSError:
            return b""


def _slow(port: int, number: int, *, wait: bool) -> str:
    """Many that begin a request and never end it: the others are answered, and in the end they are shown out."""
    held = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(number)]
    for one in held:
        one.sendall(b"GET / HTTP/1.1\r\nHost: loc")
    begun = time.monotonic()
    assert asked(port, "/api/v1/record")[0] == 200
    took = time.monotonic() - begun
    told = f"{number} connections that never end their request: others are answered within {took:.1f} s"
    if wait:
        assert all(one.recv(100) == b"" for one in held)
        told += f", they are shut after {time.monotonic() - begun:.0f} s"
    for one in held:
        one.close()
    return told
