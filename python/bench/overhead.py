#!/usr/bin/env python3
"""What an engine costs beyond the command line: CPU seconds of all its processes on the same records, as a ratio.

    overhead.py [--megabytes 50] [--rounds 1] [--work DIR] [--weedout PROGRAM] [ENGINE…]

Makes records from the fixtures, cleans them with the command line on one thread (Parquet too is compared with its JSON Lines: what it
reads and writes is part of the overhead; `files` is Spark handing out JSON Lines files to the command line) and with each engine, and checks that all give the same texts. The fixed cost of starting an
engine is that of a run over ten records; it is shown by itself and taken off. Of several rounds the least cost counts, since whatever else
the machine does only adds. CPU time is that of a control group of Linux
(`cpuacct`, as root), which counts what daemons and killed processes used.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
GROUP = Path("/sys/fs/cgroup/cpuacct")
#: Files that Spark hands out.
SHARES = 8


def generate(folder: Path, megabytes: float) -> None:
    """Records of about 3.5 kB from the fixtures' paragraphs, the same for the same size; one in ten has a run of spam."""
    chance = random.Random(20261122)
    paths = sorted(path for path in FIXTURES.rglob("*") if path.suffix in (".md", ".txt"))
    texts = [path.read_text(encoding="utf-8", errors="ignore") for path in paths]
    texts = [text for text in texts if len(text) > 400 and "\0" not in text]
    genuine = [text for text in texts if "casino" not in text.lower() and "hacklink" not in text.lower()]
    spam = [text for text in texts if text not in genuine]
    sentences = sorted({line for text in genuine for line in text.splitlines() if len(line) > 40})
    rows, size, number = [], 0, 0
    while size < megabytes * 1e6:
        parts = chance.sample(sentences, min(len(sentences), 20))
        text = "\n\n".join(f"{part} ({number}.{at})" for at, part in enumerate(parts)) + "\n"
        if chance.random() < 0.1:
            text += "\n" + chance.choice(spam)
        rows.append({"id": number, "text": text})
        size, number = size + len(text.encode()), number + 1
    import pyarrow as pa
    import pyarrow.parquet

    shutil.rmtree(folder, ignore_errors=True)
    (folder / "in").mkdir(parents=True)
    with open(folder / "in.jsonl", "w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "lines").mkdir()
    for at in range(SHARES):
        with open(folder / f"lines/{at}.jsonl", "w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows[at::SHARES])
    share = max(1, len(rows) // 4 + 1)
    for at in range(0, len(rows), share):
        pa.parquet.write_table(
            pa.Table.from_pylist(rows[at : at + share]), folder / f"in/{at:08}.parquet", compression="zstd", row_group_size=2000
        )


def engine_arrow(source: Path, out: Path) -> None:
    """The wheel in a loop over Parquet files, without an engine."""
    import pyarrow as pa
    import pyarrow.parquet

    import weedout

    cleaner = weedout.Cleaner()
    for path in sorted((source / "in").iterdir()):
        file = pa.parquet.ParquetFile(path)
        reader = pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches(2000))
        cleaned = pa.RecordBatchReader.from_stream(cleaner.clean_batch(reader))
        with pa.parquet.ParquetWriter(out / path.name, cleaned.schema, compression="zstd") as writer:
            for batch in cleaned:
                writer.write_batch(batch)


def session(builder: Any) -> Any:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.parquet.compression.codec": "zstd",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "2000",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def engine_spark(source: Path, out: Path) -> None:
    from pyspark.sql import SparkSession

    import weedout.spark

    spark = session(SparkSession.builder.master("local[2,3]"))
    weedout.spark.clean(spark.read.parquet(str(source / "in"))).write.parquet(str(out / "rows"))
    spark.stop()


def engine_files(source: Path, out: Path) -> None:
    from pyspark.sql import SparkSession

    import weedout.spark

    spark = session(SparkSession.builder.master("local[2,3]"))
    files = sorted(map(str, (source / "lines").iterdir()))
    weedout.spark.clean_files(spark, files, out / "rows", shares=SHARES, arguments=["--no-config"])
    spark.stop()


def engine_sail(source: Path, out: Path) -> None:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    import weedout.spark

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    spark = SparkSession.builder.remote(f"sc://127.0.0.1:{server.listening_address[1]}").getOrCreate()
    weedout.spark.clean(spark.read.parquet(str(source / "in"))).write.parquet(str(out / "rows"))
    spark.stop()


def engine_ray(source: Path, out: Path) -> None:
    import ray

    import weedout.ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=1 << 30)
    dataset = ray.data.read_parquet(str(source / "in"))
    weedout.ray.clean(dataset).write_parquet(str(out / "rows"))
    ray.shutdown()


def engine_datatrove(source: Path, out: Path) -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.pipeline.writers import JsonlWriter

    from weedout.datatrove import Weedout

    steps = [
        ParquetReader(str(source / "in"), doc_progress=False),
        Weedout(exclusion_writer=JsonlWriter(str(out / "spam"))),
        JsonlWriter(str(out / "rows"), compression=None),
    ]
    LocalPipelineExecutor(steps, tasks=4, workers=1, logging_dir=str(out / "logs")).run()


def engine_polars(source: Path, out: Path) -> None:
    import polars as pl

    import weedout

    cleaner = weedout.Cleaner()
    for path in sorted((source / "in").iterdir()):
        pl.DataFrame(cleaner.clean_batch(pl.read_parquet(path))).write_parquet(out / path.name)


def engine_duckdb(source: Path, out: Path) -> None:
    import duckdb
    import pyarrow as pa

    import weedout

    with duckdb.connect() as connection:
        crawl = connection.cursor().sql(f"FROM '{source}/in/*.parquet'")
        cleaned = pa.RecordBatchReader.from_stream(weedout.Cleaner().clean_batch(crawl))  # noqa: F841
        connection.sql(f"COPY (FROM cleaned) TO '{out}/rows.parquet' (COMPRESSION zstd)")


def engine_datafusion(source: Path, out: Path) -> None:
    import datafusion
    import pyarrow as pa

    import weedout

    cleaner = weedout.Cleaner()
    clean = lambda texts: pa.array(cleaner.clean_array(texts))  # noqa: E731
    kind = clean(pa.array([], pa.string_view())).type
    context = datafusion.SessionContext()
    context.register_udf(datafusion.udf(clean, [pa.string_view()], kind, "immutable", name="weedout"))
    context.register_parquet("crawl", str(source / "in"))
    context.sql("SELECT id, weedout(text) AS weedout FROM crawl").write_parquet(str(out / "rows"))


def engine_daft(source: Path, out: Path) -> None:
    import daft
    import pyarrow as pa

    import weedout

    def cleaned(texts: pa.Array) -> pa.Array:
        return pa.array(weedout.Cleaner().clean_array(texts))

    kind = daft.DataType.from_arrow_type(cleaned(pa.array([], pa.large_string())).type)

    @daft.func.batch(return_dtype=kind)
    def clean(texts: daft.Series) -> Any:
        return cleaned(texts.to_arrow())

    frame = daft.read_parquet(f"{source}/in/*.parquet").with_column("weedout", clean(daft.col("text")))
    frame.select("id", "weedout").write_parquet(str(out / "rows"))


def digest(rows: list[tuple[int, str]]) -> str:
    """One hash of all texts that are left, by identity."""
    told = "".join(f"{number}\t{text}\n" for number, text in sorted(rows) if text)
    return hashlib.sha256(told.encode()).hexdigest()


def digest_of(out: Path) -> str:
    import pyarrow.dataset

    if lines := sorted((out / "rows").rglob("*.jsonl")):
        rows = [json.loads(line) for path in lines for line in open(path, encoding="utf-8")]
        # datatrove's writer leaves out a 0.
        return digest([(int(row.get("id", 0)), row["text"]) for row in rows])
    skip = ("spam/", "logs/")
    files = [str(path) for path in out.rglob("*.parquet") if not str(path.relative_to(out)).startswith(skip)]
    table = pyarrow.dataset.dataset(files).to_table()
    if "text" in table.column_names:
        texts = table.column("text").to_pylist()
    else:
        texts = [row["text"] for row in table.column("weedout").to_pylist()]
    return digest([(int(identity), text) for identity, text in zip(table.column("id").to_pylist(), texts, strict=True)])


def measured(command: list[str], **options: Any) -> float:
    """CPU seconds of a command and of everything it started."""
    group = GROUP / f"weedout-{os.getpid()}-{time.monotonic_ns()}"
    group.mkdir()
    enter = lambda: (group / "cgroup.procs").write_text("0")  # noqa: E731
    try:
        subprocess.run(command, preexec_fn=enter, check=True, **options)
        return int((group / "cpuacct.usage").read_text()) / 1e9
    finally:
        for _ in range(50):
            try:
                group.rmdir()
                break
            except OSError:
                time.sleep(0.2)


def run(engine: str, source: Path, out: Path, program: str) -> float:
    subprocess.run(["rm", "-rf", out], check=True)
    out.mkdir(parents=True)
    with open(out / "log", "w") as log:
        if engine == "command line":
            command = [program, "clean", "-", "--format", "jsonl", "--jobs", "1", "--no-config"]
            with open(source / "in.jsonl") as lines, open(out / "out.jsonl", "w") as cleaned:
                return measured(command, stdin=lines, stdout=cleaned, stderr=log)
        return measured([sys.executable, __file__, "--run", engine, str(source), str(out)], stdout=log, stderr=log)


def main() -> None:
    engines = [name.removeprefix("engine_") for name in globals() if name.startswith("engine_")]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engines", nargs="*", default=engines, metavar="ENGINE", help=f"of {', '.join(engines)}")
    parser.add_argument("--megabytes", type=float, default=50)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path("target/overhead"))
    parser.add_argument("--weedout", default="target/release/weedout")
    options = parser.parse_args()
    work = options.work.resolve()
    small, large = work / "small", work / "large"
    generate(small, 0.035)
    generate(large, options.megabytes)
    plain = "command line"
    fixed: dict[str, float] = {}
    whole: dict[str, float] = {}
    for _ in range(options.rounds):
        for engine in [plain, *options.engines]:
            for costs, source in ((fixed, small), (whole, large)):
                cost = run(engine, source, work / "out" / engine / source.name, options.weedout)
                costs[engine] = min(cost, costs.get(engine, cost))
                print(f"{engine}, {source.name}: {cost:.1f} CPU s", file=sys.stderr, flush=True)
    rows = [json.loads(line) for line in open(work / "out" / plain / "large/out.jsonl", encoding="utf-8")]
    expected = digest([(row["id"], row["text"]) for row in rows])
    for engine in fixed:
        same = engine == plain or digest_of(work / "out" / engine / "large") == expected
        cost = whole[engine] - fixed[engine]
        ratio = cost / (whole[plain] - fixed[plain])
        print(f"| {engine} | {fixed[engine]:.1f} | {cost:.1f} | {ratio:.2f} | {'same' if same else 'DIFFERENT'} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        globals()[f"engine_{sys.argv[2]}"](Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
