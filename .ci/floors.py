#!/usr/bin/env python3
"""Fail when a score lies below its floor, or a real input does not come out as it must.

Usage: floors.py FLOORS.json SCORES.json SEEDS_DIR CLEAN_SEEDS_DIR
SCORES is what score.py --json wrote: per suite genuine words kept and all, spam blocks dropped and all, documents, and
documents that lost more than one in a hundred words. A floor's name may be a pattern; then every suite of that name must reach it.
"""
import fnmatch
import json
import pathlib
import sys

floors, scores = (json.load(open(path, encoding="utf8")) for path in sys.argv[1:3])
seeds, clean = map(pathlib.Path, sys.argv[3:5])
failed = []


def check(holds, text):
    print(("ok    " if holds else "FAIL  ") + text)
    if not holds:
        failed.append(text)


def suites(pattern):
    found = sorted(name for name in scores if fnmatch.fnmatchcase(name, pattern))
    check(bool(found), f"there are cases for `{pattern}`")
    return found


def share(part, whole):
    return part / whole if whole else 1.0


for pattern, floor in floors["spam_blocks_dropped"].items():
    for suite in suites(pattern):
        _, _, dropped, spam, _, _ = scores[suite]
        check(share(dropped, spam) >= floor, f"{suite}: {100 * share(dropped, spam):.3f} % of spam blocks dropped, floor {100 * floor:g} %")
for pattern, floor in floors["genuine_words_kept"].items():
    for suite in suites(pattern):
        kept, words, *_ = scores[suite]
        check(share(kept, words) >= floor, f"{suite}: {100 * share(kept, words):.3f} % of genuine words kept, floor {100 * floor:g} %")
for pattern, most in floors["documents_losing_over_1_percent"].items():
    for suite in suites(pattern):
        *_, documents, damaged = scores[suite]
        check(damaged <= most * documents, f"{suite}: {damaged} of {documents} documents lose over 1 %, at most {100 * most:g} %")

# The page with links injected before the interview; the comment form's words after it may stay or go.
FIRST, TAIL = "Today’s Stratechery Interview".encode(), b"Share."
inputs = sorted(path for path in seeds.iterdir() if path.suffix != ".md" and path.is_file())
check(len(inputs) == 5, f"{len(inputs)} of 5 real inputs in {seeds}")
for path in inputs:
    before, output = path.read_bytes(), clean / path.name
    after = output.read_bytes() if output.is_file() else b""
    if path.name.startswith("003_"):
        start = before.index(FIRST)
        interview = before[start:before.rindex(TAIL)]
        left = after[:after.find(FIRST)] if FIRST in after else after
        check(not left.strip(), f"{path.name}: {len([x for x in left.splitlines() if x.strip()])} injected lines left before the interview")
        check(after[len(left):].startswith(interview), f"{path.name}: the interview is whole")
    else:
        check(after == before, f"{path.name}: byte-identical")

if failed:
    sys.exit(f"{len(failed)} checks failed:\n  " + "\n  ".join(failed))
