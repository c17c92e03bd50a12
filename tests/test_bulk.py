"""Reading in bulk: the same record as reading one by one, whatever the parts, the workers, the engine and the interruptions."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest
from typer.testing import CliRunner

from khabar import cli, sample
from khabar.bulk import engines, parts, storage, work
from khabar.feeds import read_inputs
from khabar.model import Reading, Report
from test_cli import reports, run, toy_reader

TEXT = "The rebels spoke to the press on the hill for an hour. Reds took Town{}."
READ: Counter[str] = Counter()


class Stopped(BaseException):
    """As if the power went."""


@pytest.fixture(autouse=True)
def counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A toy reads, and what it reads is counted."""

    def read(report: Report) -> Reading:
        READ[report.id] += 1
        if READ.total() == STOP["after"]:
            raise Stopped
        return toy_reader(report)

    READ.clear()
    STOP["after"] = 0
    monkeypatch.setattr("khabar.build.shipped_reader", lambda own=None: read)
    monkeypatch.setattr("khabar.bulk.work.shipped_reader", lambda own=None: read)
    monkeypatch.setattr(work, "AT_ONCE", 2)
    monkeypatch.setattr(parts, "LEAST", 400)


STOP = {"after": 0}


def texts(number: int) -> list[str]:
    return [TEXT.format(chr(65 + i)) for i in range(number)]


@pytest.fixture
def inputs(tmp_path: Path) -> list[str]:
    """Lines, a sheet in Parquet, pages in folders; some that cannot be read, one that stands twice, one id with two texts."""
    folder = tmp_path / "in"
    (folder / "deep" / "er").mkdir(parents=True)
    lines = reports(folder, *texts(9), "It is broken, they said on the hill for an hour.", "An unreadable one, they said on the hill.")
    with lines.open("a") as file:
        file.write("no row\n\n")
        for id in ("r3", "r4"):
            file.write(json.dumps({"id": id, "text": TEXT.format("D"), "outlet": "Post", "published": "2031-05-04"}) + "\n")
    (folder / "deep" / "a.txt").write_text("The press was on the hill for an hour. Greens took Pinewell.")
    (folder / "deep" / "er" / "b.txt").write_text("The press was on the hill for an hour. Blues took Oakford.")
    (folder / "deep" / "empty.txt").write_text("")
    rows = [{"Headline": f"Day {i}", "Body": text, "Date": f"2031-06-{i + 1:02}", "Id": f"p{i}"} for i, text in enumerate(texts(12))]
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "sheet.parquet", row_group_size=5)
    return [str(folder), str(tmp_path / "sheet.parquet")]


def built(record: Path, *words: str) -> str:
    run("build", *words, "--record", str(record), status=1)
    return str(run("dump", str(record)).output)


def test_a_record_built_from_what_was_read_in_bulk_is_the_record_of_reading_one_by_one(tmp_path: Path, inputs: list[str]) -> None:
    direct = built(tmp_path / "direct.khabar", *inputs)
    assert "r3" in direct
    assert "duplicate" in direct
    said = run("read", *inputs, "--output", str(tmp_path / "out"), status=1).stderr
    assert "25 reports read" in said
    assert len(list((tmp_path / "out" / "readings").iterdir())) > 4
    assert built(tmp_path / "bulk.khabar", str(tmp_path / "out")) == direct
    assert run("verify", str(tmp_path / "bulk.khabar")).exit_code == 0


def test_without_parquet_nothing_is_read_for_nothing(tmp_path: Path, inputs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert "khabar[scale]" in run("read", *inputs, "--output", str(tmp_path / "out"), status=1).stderr
    assert not READ
    assert not (tmp_path / "out").exists()


def test_the_claims_are_a_table_for_other_programs(tmp_path: Path, inputs: list[str]) -> None:
    run("read", *inputs, "--output", str(tmp_path / "out"), status=1)
    table = parquet.ParquetDataset(tmp_path / "out" / "claims").read().to_pylist()
    assert {row["place_text"] for row in table} >= {"TownA", "Pinewell", "Oakford"}
    assert {row["sentence"] for row in table} >= {"Reds took TownA."}


@pytest.mark.parametrize("after", [1, 4, 9, 16, 24])
def test_a_reading_that_was_stopped_goes_on_and_ends_as_one_that_was_not(tmp_path: Path, inputs: list[str], after: int) -> None:
    run("read", *inputs, "--output", str(tmp_path / "whole"), status=1)
    READ.clear()
    STOP["after"] = after
    with pytest.raises(Stopped):
        run("read", *inputs, "--output", str(tmp_path / "out"))
    STOP["after"] = 0
    CliRunner().invoke(cli.app, ["read", *inputs, "--output", str(tmp_path / "out")])
    once = Counter(id for part in [*inputs] for id in ids(part))
    twice = {id for id, times in READ.items() if times > once[id]}
    assert len(twice) <= 2, "more was read twice than what was in hand when it stopped"
    files = sorted(
        path.relative_to(tmp_path / "whole") for kind in ("readings", "claims") for path in (tmp_path / "whole" / kind).rglob("*.*")
    )
    assert all((tmp_path / "whole" / name).read_bytes() == (tmp_path / "out" / name).read_bytes() for name in files)


def ids(entry: str) -> list[str]:
    return [item.id for part in parts.parts_of([entry], shares=1) for item in found(part)]


def found(part: parts.Part) -> list[Report]:
    from khabar.feeds import given_by

    return [item.report for item in parts.items(part, given_by(None, None, None, False)) if not hasattr(item, "message")]


def test_a_build_that_was_stopped_reads_nothing_twice(tmp_path: Path, inputs: list[str]) -> None:
    whole = built(tmp_path / "whole.khabar", *inputs)
    READ.clear()
    STOP["after"] = 11
    with pytest.raises(Stopped):
        run("build", *inputs, "--record", str(tmp_path / "war.khabar"))
    before = set(READ)
    STOP["after"] = 0
    assert built(tmp_path / "war.khabar", *inputs) == whole
    assert {id for id, times in READ.items() if times > 1} <= {max(before, key=list(READ).index)} | {"r9", "r10"}  # in hand, or never read
    READ.clear()
    assert built(tmp_path / "war.khabar", *inputs) == whole
    assert set(READ) == {"r9", "r10"}, "only what could not be read is tried again"


def test_another_program_reads_everything_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, record = str(reports(tmp_path, *texts(3))), str(tmp_path / "war.khabar")
    run("build", path, "--record", record)
    monkeypatch.setattr("khabar.build.derivation", lambda rules=None, actors=None: {"program": "khabar 99"})
    run("build", path, "--record", record)
    assert set(READ.values()) == {2}


def test_what_a_reading_was_made_with_is_kept_and_goes_along(tmp_path: Path) -> None:
    record, other = str(tmp_path / "war.khabar"), str(tmp_path / "other.khabar")
    run("build", str(reports(tmp_path, *texts(3))), "--record", record)
    (tmp_path / "b").mkdir()
    run("build", str(reports(tmp_path / "b", *texts(4))), "--record", other)
    run("merge", other, record)
    assert "1 derivation, " in run("verify", other).output
    READ.clear()
    run("build", str(tmp_path / "reports.jsonl"), "--record", other)
    assert not READ


def test_a_folder_is_gone_on_with_only_as_it_was_begun(tmp_path: Path) -> None:
    path, out = str(reports(tmp_path, *texts(3))), str(tmp_path / "out")
    run("read", path, "--output", out)
    assert "another outlet" in run("read", path, "--output", out, "--outlet", "Post", status=1).stderr
    assert "another inputs" in run("read", path, path, "--output", out, status=1).stderr


def test_parts_are_read_as_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST", 400)
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\n".join([*(json.dumps({"text": text}).encode() for text in texts(20)), b"x" * 9_000_000, b"broken"]))
    cut = parts.parts_of([str(path)], shares=100)
    assert len(cut) > 3
    apart = [getattr(item, "source", None) for part in cut for item in parts.items(part, parts.Given())]
    assert apart == [f"{path}:{number}" for number in range(1, 23)]


def test_storage_that_fails_is_tried_again_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, failing = storage.Folder.write, Counter({"readings/0000002/0001.parquet": 1, "readings/0000004/0001.parquet": 9})

    def falters(folder: Any, name: str, content: bytes) -> None:
        if failing[name] > 0:
            failing[name] -= 1
            raise OSError("connection lost")
        write(folder, name, content)

    monkeypatch.setattr(storage.Folder, "write", falters)
    path, out = str(reports(tmp_path, *texts(20))), str(tmp_path / "out")
    said = run("read", path, "--output", out, status=1).stderr
    assert "not read: part 4 " in said
    assert "connection lost" in said
    assert "part 2" not in said
    assert "1 parts are not read yet" in run("build", out, "--record", str(tmp_path / "war.khabar"), status=1).stderr
    failing.clear()
    run("read", path, "--output", out)
    run("build", out, "--record", str(tmp_path / "war.khabar"))


def test_a_worker_that_dies_is_replaced_and_the_rest_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dying = iter([1, 0, 0])

    def engine(job: work.Job, left: Sequence[parts.Part], workers: int) -> Iterator[work.Done]:
        for number, done in enumerate(engines.serial(job, left, workers)):
            yield done
            if number == 1 and next(dying):
                raise engines.WorkerDied("signal 9")

    monkeypatch.setattr("khabar.bulk.engines.engine", lambda name: engine)
    said = run("read", str(reports(tmp_path, *texts(20))), "--output", str(tmp_path / "out")).stderr
    assert "20 reports read now" in said
    assert not re.search(" 0 parts retried", said)
    assert set(READ.values()) == {1}


def test_a_folder_with_a_file_of_another_program_is_a_folder_of_reports(tmp_path: Path) -> None:
    (tmp_path / "job.json").write_text("{not ours")
    reports(tmp_path, *texts(2))
    assert "2 reports read (2 new)" in run("build", str(tmp_path), "--record", str(tmp_path / "war.khabar")).stderr


def test_a_folder_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "job.json").write_text('{"form": 99}')
    assert "newer" in run("build", str(tmp_path), "--record", str(tmp_path / "war.khabar"), status=1).stderr


def test_ids_of_a_run_are_not_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"id": f"{i:06}", "text": f"Reds took Town{i}."}) + "\n" for i in range(3000)))
    assert sum(isinstance(item, Report) for item in read_inputs([path])) == 3000


# -- object storage, and the engine: real processes, the shipped model


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    boto3 = pytest.importorskip("boto3")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    for name, value in (("ENDPOINT_URL", address), ("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    boto3.client("s3", endpoint_url=address).create_bucket(Bucket="war")
    yield "s3://war"
    server.stop()
    storage._cloud.cache_clear()


def test_object_storage_is_read_and_written_like_folders(tmp_path: Path, inputs: list[str], bucket: str) -> None:
    direct = built(tmp_path / "direct.khabar", *inputs)
    for path in [path for entry in inputs for path in (sorted(Path(entry).rglob("*.*")) if Path(entry).is_dir() else [Path(entry)])]:
        storage.Folder(f"{bucket}/in").write(path.name, path.read_bytes())
    said = run("read", f"{bucket}/in", "--output", f"{bucket}/out", status=1).stderr
    assert "25 reports read" in said
    assert "0 reports read now" in run("read", f"{bucket}/in", "--output", f"{bucket}/out").stderr
    cloud = built(tmp_path / "cloud.khabar", f"{bucket}/out")
    kinds = [Counter(next(iter(json.loads(line))) for line in dump.splitlines()) for dump in (direct, cloud)]
    assert kinds[0] == kinds[1]
    assert "--output first" in run("build", f"{bucket}/in", "--record", str(tmp_path / "war.khabar"), status=1).output + str(
        run("failures", str(tmp_path / "war.khabar")).output
    )
    assert "no such file" in run("read", f"{bucket}/nothing", "--output", f"{bucket}/out2", status=1).stderr


def khabar(*words: str | Path) -> str:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ran = subprocess.run([sys.executable, "-m", "khabar", *map(str, words)], env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], str]:
    """Two reports of the sample, and the dump of their record."""
    files, record = sorted(sample.reports().iterdir())[:2], tmp_path_factory.mktemp("direct") / "war.khabar"
    khabar("build", *files, "--record", record)
    return files, khabar("dump", record)


def through(engine: str, files: list[Path], folder: Path) -> str:
    """The dump of the record that comes of reading with an engine."""
    khabar("read", *files, "--output", folder / "out", "--engine", engine, "--workers", "2")
    run("build", str(folder / "out"), "--record", str(folder / "war.khabar"))
    return str(run("dump", str(folder / "war.khabar")).output)


def test_the_engine_with_two_workers_gives_the_record_of_one_process(direct: tuple[list[Path], str], tmp_path: Path) -> None:
    pytest.importorskip("daft")
    files, dump = direct
    assert through("daft", files, tmp_path) == dump


def test_a_cluster_of_two_workers_gives_it_too(direct: tuple[list[Path], str], tmp_path: Path) -> None:
    if "KHABAR_CLUSTER" not in os.environ:
        pytest.skip("starts a cluster: KHABAR_CLUSTER=1 runs it, with ray[client] installed")
    cluster = pytest.importorskip("ray.cluster_utils").Cluster(
        initialize_head=True, head_node_args={"num_cpus": 2, "include_dashboard": False, "ray_client_server_port": 23017}
    )
    try:
        files, dump = direct
        assert through("ray://127.0.0.1:23017", files, tmp_path) == dump
    finally:
        cluster.shutdown()
