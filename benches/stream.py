#!/usr/bin/env python3
"""Memory of the filter over a stream of JSON Lines that is made as it goes, so that nothing of it lies on a disk.

    benches/stream.py [--gigabytes 1] [--beside 0] [--giant 0] [--weedout target/release/weedout]

Records have 200 bytes to 1 MB of text, 4 kB the most of them, put together from the fixtures with a generator of fixed seed; one in ten ends in
spam. `--beside` is the size in bytes of another field, which passes through; `--giant` has a record of so many megabytes, more than the 64 MiB
that are taken, after half of the stream. Prints the highest memory so far (`VmHWM` of Linux) at every tenth of the stream, and at the end CPU
seconds and whether as many records came out as went in, the giant excepted, which must be rejected. Exit 1 when not, or when memory went over 300 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 300e6


def records(beside: int) -> Iterator[bytes]:
    """Records without end, with so many bytes beside their text."""
    other = b'"beside": "' + b"<p>as it came</p> " * (beside // 18) + b'", '
    chance = random.Random(20261122)
    paths = [path for path in sorted((ROOT / "fixtures").rglob("*")) if path.suffix in (".md", ".txt")]
    texts = [text for text in (path.read_text(encoding="utf-8", errors="ignore") for path in paths) if len(text) > 400]
    spam = [text for text in texts if "casino" in text.lower() or "hacklink" in text.lower()]
    lines = sorted({line for text in texts if text not in spam for line in text.splitlines() if len(line) > 40})
    number = 0
    while True:
        number += 1
        count = chance.choice((2, 20, 20, 20, 20, 20, 40)) if number % 1000 else 8000
        parts = chance.choices(lines, k=count)
        text = "\n\n".join(f"{part} ({number}.{at})" for at, part in enumerate(parts))
        if chance.random() < 0.1:
            text += "\n\n" + chance.choice(spam)
        yield b"{" + other + json.dumps({"id": number, "text": text}, ensure_ascii=False).encode()[1:] + b"\n"


def giant(megabytes: int) -> Iterator[bytes]:
    """A record of that size, in pieces."""
    yield b'{"id": "giant", "text": "'
    for _ in range(megabytes):
        yield b"Rain. " * 166_666 + b"Rain"
    yield b'"}\n'


def highest(process: int) -> float:
    """Bytes of memory that the process had at most."""
    status = Path(f"/proc/{process}/status").read_text()
    return 1024.0 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=1)
    parser.add_argument("--beside", type=int, default=0)
    parser.add_argument("--giant", type=int, default=0)
    parser.add_argument("--weedout", default=str(ROOT / "target/release/weedout"))
    options = parser.parse_args()
    command = [options.weedout, "clean", "-", "--format", "jsonl", "--no-config"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin and process.stdout and process.stderr
    out = 0

    def count() -> None:
        nonlocal out
        while piece := process.stdout.read(1 << 20):
            out += piece.count(b"\n")

    counting = threading.Thread(target=count)
    counting.start()
    sent, told, rows, peak = 0, 0, 0, 0.0
    print("| MB sent | MB of memory at most |\n|---:|---:|")
    for line in records(options.beside):
        process.stdin.write(line)
        sent, rows = sent + len(line), rows + 1
        if sent >= (told + 1) * options.gigabytes * 1e8:
            told, peak = told + 1, highest(process.pid)
            print(f"| {sent / 1e6:.0f} | {peak / 1e6:.0f} |", flush=True)
            if told == 5 and options.giant:
                process.stdin.writelines(giant(options.giant))
        if told == 10:
            break
    process.stdin.close()
    counting.join()
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    spent = usage.ru_utime + usage.ru_stime
    peak = usage.ru_maxrss * 1024.0
    code = os.waitstatus_to_exitcode(status)
    rejected = said.count("larger than")
    print(said, end="", file=sys.stderr)
    print(f"{rows} records in, {out} out, {rejected} rejected, exit {code}, {spent:.0f} CPU s, {sent / 1e6 / spent:.1f} MB a CPU s, {peak / 1e6:.0f} MB at most")
    expected = (rows, 1, 2) if options.giant else (rows, 0, 0)
    return int((out, rejected, code) != expected or peak > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
