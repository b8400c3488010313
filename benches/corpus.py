#!/usr/bin/env python3
"""A whole run over a generated folder: CPU seconds, wall seconds and memory, with one thread and with more.

    benches/corpus.py [--megabytes 200] [--size 40000] [--jobs 1 2] [--weedout target/release/weedout]

The documents are those of `benches/stream.py` joined up to `--size` bytes each, half plain text and half pages of one paragraph a line. They lie in a
folder for the time of the run. Prints the load of the machine before each run, since wall seconds mean little on a busy one. Exit 1 when the
corpora of two runs differ.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stream import ROOT, records


def fill(folder: Path, megabytes: float, size: int) -> tuple[int, int]:
    """Writes documents; how many, and their bytes."""
    made, written, parts = 0, 0, []
    for record in records(0):
        # A fixture has zero bytes, by which a file is told from a picture.
        parts.append(json.loads(record)["text"].replace("\0", ""))
        if sum(map(len, parts)) < size:
            continue
        text, parts = "\n\n".join(parts), []
        if made % 2:
            lines = "\n".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line)
            text = f"<!doctype html><title>Notes</title><main>\n{lines}\n</main>\n"
        name = folder / f"{made % 100:02}" / f"{made:06}.{'html' if made % 2 else 'txt'}"
        name.parent.mkdir(exist_ok=True)
        made, written = made + 1, written + name.write_text(text, encoding="utf-8")
        if written >= megabytes * 1e6:
            return made, written
    raise AssertionError("the stream ended")


def digest(folder: Path) -> str:
    """One hash of all files of a corpus."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=200)
    parser.add_argument("--size", type=int, default=40_000)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--weedout", default=str(ROOT / "target/release/weedout"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        (Path(work) / "in").mkdir()
        made, written = fill(Path(work) / "in", options.megabytes, options.size)
        print(f"{made} documents, {written / 1e6:.0f} MB")
        found = set()
        for jobs in options.jobs:
            out = Path(work) / f"out{jobs}"
            command = [options.weedout, "--quiet", "clean", f"{work}/in", "--out", str(out), "--jobs", str(jobs), "--no-config"]
            load, start = os.getloadavg()[0], time.monotonic()
            process = subprocess.Popen(command)
            _, status, usage = os.wait4(process.pid, 0)
            wall, spent = time.monotonic() - start, usage.ru_utime + usage.ru_stime
            if os.waitstatus_to_exitcode(status) != 0:
                return 1
            found.add(digest(out))
            print(
                f"jobs {jobs}: {spent:.1f} CPU s, {wall:.1f} s on the wall, {written / 1e6 / spent:.2f} MB per CPU s, "
                f"{usage.ru_maxrss / 1024:.0f} MiB at most; load {load:.1f}",
                flush=True,
            )
    return 0 if len(found) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
