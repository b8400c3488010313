"""Apache Spark, and engines with its interface such as Sail: data frames by ``mapInArrow``, and files by the command line.

    import weedout.spark
    cleaned = weedout.spark.clean(spark.read.parquet("crawl/"), column="text")

Workers need weedout and pyarrow, and run the Python that ``PYSPARK_PYTHON`` names: set it to ``sys.executable``.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import shutil
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

__all__ = ["MapInArrow", "Share", "clean", "clean_files", "schema", "sketch_files"]


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


#: The columns of a `Share`.
_SHARE = "share bigint, code int, message string"


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
        with _listed(self.files) as names:
            arguments = ["clean", "--quiet", "--resume", "--jobs", "1", "--files-from", names]
            arguments += ["--shard", f"{share}/{self.shares}", "--out", self.out, *self.arguments]
            code, message = _weedout(self.command, arguments)
        return Share(share, code, message)


class _SketchShare(_RunShare):
    """Counts one share of the files into a sketch, in a worker."""

    def _run(self, share: int) -> Share:
        with _listed(sorted(self.files)[share :: self.shares]) as names:
            os.makedirs(f"{self.out}.parts", exist_ok=True)
            arguments = ["sketch", "--quiet", "--jobs", "1", "--files-from", names, *self.arguments]
            code, message = _weedout(self.command, [*arguments, "--out", _part(self.out, f"share-{share}")])
        return Share(share, code, message)


class _Merge:
    """Puts the sketches of a partition together, in a worker."""

    def __init__(self, out: str, last: bool, command: list[str] | None) -> None:
        self.out, self.last, self.command = out, last, command

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        parts = sorted(part for batch in batches for part in batch.column(0).to_pylist())
        if parts:
            name = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
            to = self.out if self.last else _part(self.out, f"merged-{name}")
            code, message = _weedout(self.command, ["sketch", "--quiet", "--merge", *parts, "--out", to])
            if code:
                raise RuntimeError(f"sketches could not be put together: {message}")
            yield pa.record_batch([pa.array([to])], names=["part"])


def _part(out: str, name: str) -> str:
    """Where the sketch of a task lies: in a folder beside the whole."""
    return os.path.join(f"{out}.parts", f"{name}.sketch")


@contextlib.contextmanager
def _listed(files: list[str]) -> Iterator[str]:
    """A file with the names of files, one a line."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8", errors="surrogateescape") as names:
        names.writelines(f"{name}\n" for name in files)
        names.flush()
        yield names.name


def _weedout(command: list[str] | None, arguments: list[str]) -> tuple[int, str]:
    """The exit code of the command line, and the end of what it said."""
    whole = [*(command or [sys.executable, "-m", "weedout"]), *arguments]
    ended = subprocess.run(whole, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    message = ended.stderr.decode(errors="replace")[-2000:]
    if ended.returncode not in (0, 2, 3):
        # Killed, or interrupted: what it was at is not done, and Spark is to try again.
        raise RuntimeError(f"weedout {arguments[0]} ended with {ended.returncode}: {message}")
    return ended.returncode, message


def _names(files: Sequence[str] | str | os.PathLike[str]) -> list[str]:
    """Paths, or those in a file."""
    if not isinstance(files, (str, os.PathLike)):
        return list(files)
    with open(files, encoding="utf-8", errors="surrogateescape") as lines:
        return [line.rstrip("\n") for line in lines if line.strip()]


def _whole(done: list[Share], shares: int) -> None:
    """Raises when a share has something that could not be processed."""
    if failed := [share for share in done if share.code == 2]:
        told = "\n".join(f"share {share.share}/{shares}: {share.message.strip()}" for share in failed[:5])
        raise Error(f"{len(failed)} of {shares} shares could not be processed in full; the others are done\n{told}")


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
    run = _RunShare(_names(files), os.fspath(out), shares, list(arguments), list(command) if command else None)
    frame = spark.range(0, shares, 1, shares).mapInArrow(run, _SHARE)
    done = sorted(Share(*row) for row in frame.collect())
    if not allow_failures:
        _whole(done, shares)
    return done


def sketch_files(
    spark: SparkSession,
    files: Sequence[str] | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    shares: int,
    arguments: Iterable[str] = (),
    command: Sequence[str] | None = None,
) -> None:
    """The first of two passes: counts the evidence across files into the sketch ``out``, which the second takes:
    ``clean_files(…, arguments=["--sketch", out])``.

    Each task runs ``weedout sketch`` on its share of the files; tasks put the sketches together, first some of them each, then one all.
    The sketch has the same bytes whatever `shares` is and however often a task is tried again. Parts lie in ``out + ".parts"`` until
    the whole is there, so that folder and the files must be the same on every worker.

    Args:
        spark, files, shares, command: as for `clean_files`.
        out: the file to write.
        arguments: more arguments for ``weedout sketch``, such as ``["--url-field", "address"]``.

    Raises:
        ValueError: there are no files.
        weedout.Error: some input could not be read, and no sketch was written.
        Exception: Spark's own, when a task was killed as often as Spark tries.
    """
    names, out, known = _names(files), os.fspath(out), list(command) if command else None
    if not names:
        raise ValueError("there are no files to count")
    shares = min(shares, len(names))
    count = _SketchShare(names, out, shares, list(arguments), known)
    frame = spark.range(0, shares, 1, shares).mapInArrow(count, _SHARE)
    _whole(sorted(Share(*row) for row in frame.collect()), shares)
    parts = spark.createDataFrame([(_part(out, f"share-{share}"),) for share in range(shares)], "part string")
    merged = parts.repartition(math.isqrt(shares)).mapInArrow(_Merge(out, False, known), "part string")
    merged.repartition(1).mapInArrow(_Merge(out, True, known), "part string").collect()
    shutil.rmtree(f"{out}.parts", ignore_errors=True)
