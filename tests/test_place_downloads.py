"""What a user must be able to rely on when places are downloaded: from a server on this machine, never from the network."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from typer.testing import CliRunner

from khabar import place_downloads
from khabar.cli import app
from khabar.errors import InputError
from khabar.gazetteer import load_gazetteer
from khabar.place_downloads import downloaded
from test_place_imports import geonames


def zipped(name: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "What this is.")
        archive.writestr(name, text)
    return buffer.getvalue()


FILES = {
    "/XA.zip": zipped("XA.txt", geonames(7, "Tell Ward", 35.5, 36.5, "P.PPL", country="XA")),
    "/alternatenames/XA.zip": zipped("XA.txt", "1\t7\tar\tتل الورد\t1\t\t\t\t\t\n"),
    "/XB.zip": zipped("XB.txt", geonames(8, "Zahra", 35.5, 36.5, "P.PPL", country="XB")),
}


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/XD.zip":
            self.send_error(503, "too many of you")
            return
        body = FILES.get(self.path)
        if self.path == "/XC.zip":
            body = b"x" * 5_000_000
        if body is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) + 10 if self.path == "/XE.zip" else len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_fetched_country_is_known_with_its_names_in_other_scripts(base: str, own_home: None) -> None:
    result = CliRunner().invoke(app, ["places", "fetch", "xa", "XB", "--from", base])
    assert result.exit_code == 0, result.stderr
    assert "GeoNames XA: 1 places" in result.stderr
    assert [entry.id for entry in load_gazetteer().exact("تل الورد") if entry.country == "XA"] == ["geonames:7"]
    listed = CliRunner().invoke(app, ["places", "list"]).stdout
    assert "GeoNames XA, alternate names" in listed
    assert "GeoNames XB" in listed


def test_a_country_that_does_not_exist_is_told_so(base: str) -> None:
    with pytest.raises(InputError, match="two letters"), downloaded("ZZ", base=base):
        pass


def test_without_a_network_the_user_is_told_what_to_do() -> None:
    with pytest.raises(InputError, match=r"cannot be reached .* khabar places import SY.zip"), downloaded("sy", base="http://127.0.0.1:9"):
        pass


def test_what_is_larger_than_any_country_is_broken_off(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_downloads, "LARGEST", 1_000_000)
    with pytest.raises(InputError, match="more than 1 MB"), downloaded("XC", base=base):
        pass


def test_a_server_that_refuses_is_quoted(base: str) -> None:
    with pytest.raises(InputError, match="503 too many of you"), downloaded("XD", base=base):
        pass


def test_a_download_that_breaks_off_is_not_taken_for_the_whole(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FILES, "/XE.zip", b"x" * 100)
    with pytest.raises(InputError, match="100 of 110"), downloaded("XE", base=base):
        pass


def test_only_addresses_of_the_web_are_opened() -> None:
    with pytest.raises(InputError, match="not an address of the web"), downloaded("SY", base="file:///etc"):
        pass
