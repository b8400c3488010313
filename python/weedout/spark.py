"""Apache Spark, and engines with its interface such as Sail: data frames by ``mapInArrow``, and files by the command line.

    import weedout.spark
    cleaned = weedout.spark.clean(spark.read.parquet("crawl/"), column="text")

Workers need weedout and pyarrow, and run the Python that ``PYSPARK_PYTHON`` names: set it to ``sys.executable``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any, NamedTuple

from ._batch import NOTES, CleanBatch
from ._weedout import Error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

    from .types import Format

__all__ = ["MapInArrow", "Share", "clean", "clean_files", "schema"]


class MapInArrow(CleanBatch):
    """A function for ``DataFrame.mapInArrow``. It can be pickled; the model is loaded once a worker process.

    Args:
        column, format, annotate: as for ``Cleaner.clean_batch``.
        options: the arguments of ``Cleaner``.
    """

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Record batches in, as many of as many rows out."""
        return map(self.batch, batches)


def schema(before: StructType, column: str = "text") -> StructType:
    """The schema of what ``MapInArrow`` makes of a data frame with the schema ``before``."""
    from pyspark.sql.types import StructField, StructType

    notes = StructField(NOTES, _notes_type(), True)
    fields = [
        StructField(field.name, field.dataType, True, field.metadata) if field.name == column else field
        for field in before.fields
    ]
    known = [field.name for field in fields]
    if NOTES in known:
        fields[known.index(NOTES)] = notes
    else:
        fields.append(notes)
    return StructType(fields)


def _notes_type() -> StructType:
    """The type of the column that is added."""
    from pyspark.sql import types as t

    removal = [
        ("start", t.LongType()),
        ("end", t.LongType()),
        ("text", t.StringType()),
        ("spam_probability", t.FloatType()),
        ("rule", t.StringType()),
    ]
    notes = [
        ("label", t.StringType()),
        ("blocks", t.IntegerType()),
        ("removed", t.ArrayType(t.StructType([t.StructField(name, kind) for name, kind in removal]))),
        ("spam_probability", t.FloatType()),
        ("error", t.StringType()),
        ("model", t.StringType()),
    ]
    return t.StructType([t.StructField(name, kind) for name, kind in notes])


def clean(
    frame: DataFrame,
    column: str = "text",
    *,
    format: Format | None = None,
    annotate: bool = False,
    **options: Any,
) -> DataFrame:
    """Cleans a column of a data frame and adds a column ``weedout`` that says what was removed.

    It is a lazy step as any other: n rows in, n rows out, in order, and Spark's own retries and commits hold. A row that cannot
    be processed comes back with ``weedout.error`` set and its text null.

    Args:
        frame: with a column of strings.
        column, format, annotate: as for ``Cleaner.clean_batch``.
        options: the arguments of ``Cleaner``.

    Raises:
        KeyError: there is no such column.
        TypeError: the column holds no strings.
        ValueError, OSError, weedout.Error: as ``Cleaner`` does, before any work.
    """
    from pyspark.sql.types import StringType

    if column not in frame.columns:
        raise KeyError(f"there is no column `{column}`, only {', '.join(f'`{name}`' for name in frame.columns)}")
    before = frame.schema
    if not isinstance(before[column].dataType, StringType):
        raise TypeError(f"`{column}` is {before[column].dataType.simpleString()} and no string; cast it first")
    step = MapInArrow(column, format=format, annotate=annotate, **options)
    return frame.mapInArrow(step, schema(before, column))


class Share(NamedTuple):
    """What one task of ``clean_files`` came to."""

    #: Which share of the files, from 0.
    share: int
    #: The exit code of the command: 0, 2 when some input or record could not be processed, 3 when the share was empty.
    code: int
    #: The end of what it said on standard error.
    message: str


class _RunShare:
    """Runs the command line on one share of the files, in a worker."""

    def __init__(self, files: list[str], out: str, shares: int, arguments: list[str], command: list[str] | None) -> None:
        self.files, self.out, self.shares = files, out, shares
        self.arguments, self.command = arguments, command

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            done = [self._run(share) for share in batch.column(0).to_pylist()]
            if done:
                names = ["share", "code", "message"]
                columns = [pa.array(column) for column in zip(*done, strict=True)]
                kinds = [pa.int64(), pa.int32(), pa.string()]
                yield pa.record_batch([array.cast(kind) for array, kind in zip(columns, kinds, strict=True)], names=names)

    def _run(self, share: int) -> Share:
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8", errors="surrogateescape") as names:
            names.writelines(f"{name}\n" for name in self.files)
            names.flush()
            command = [
                *(self.command or [sys.executable, "-m", "weedout"]),
                *("clean", "--quiet", "--resume", "--jobs", "1", "--files-from", names.name),
                *("--shard", f"{share}/{self.shares}", "--out", self.out, *self.arguments),
            ]
            ended = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        message = ended.stderr.decode(errors="replace")[-2000:]
        if ended.returncode not in (0, 2, 3):
            # Killed, or interrupted: what it was at is not done, and Spark is to try again.
            raise RuntimeError(f"weedout ended with {ended.returncode} on share {share}/{self.shares}: {message}")
        return Share(share, ended.returncode, message)


def clean_files(
    spark: SparkSession,
    files: Sequence[str] | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    shares: int,
    arguments: Iterable[str] = (),
    command: Sequence[str] | None = None,
    allow_failures: bool = False,
) -> list[Share]:
    """Cleans files (WARC, WET, JSON Lines) with the command line, one share of them a task; Spark only schedules.

    Each task runs ``weedout clean --files-from LIST --shard I/N --out OUT --resume``. An output appears under its name when it is
    whole, and with its manifest; a task that is tried again skips what is done. So `out` and the files must be the same folder
    and files on every worker.

    Args:
        spark: a session.
        files: paths, or the name of a file with one a line.
        out: the folder for clean files; manifests go to the folder beside it.
        shares: the number of tasks, some times the number of cores.
        arguments: more arguments for the command, such as ``["--profile", "strict"]``.
        command: how workers call weedout; by default their Python's ``-m weedout``.
        allow_failures: return although some input or record could not be processed; the manifests and rejects say which.

    Returns:
        A `Share` a task, in order.

    Raises:
        weedout.Error: some input or record could not be processed; all the others are done.
        Exception: Spark's own, when a task was killed as often as Spark tries.
    """
    if isinstance(files, (str, os.PathLike)):
        with open(files, encoding="utf-8", errors="surrogateescape") as lines:
            files = [line.rstrip("\n") for line in lines if line.strip()]
    run = _RunShare(list(files), os.fspath(out), shares, list(arguments), list(command) if command else None)
    frame = spark.range(0, shares, 1, shares).mapInArrow(run, "share bigint, code int, message string")
    done = sorted(Share(*row) for row in frame.collect())
    failed = [share for share in done if share.code == 2]
    if failed and not allow_failures:
        told = "\n".join(f"share {share.share}/{shares}: {share.message.strip()}" for share in failed[:5])
        raise Error(f"{len(failed)} of {shares} shares could not be processed in full; the others are done\n{told}")
    return done
