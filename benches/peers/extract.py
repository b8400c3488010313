"""Main text of pages by weedout and by extractors, scored against gold text: what `extract` runs.

Usage: extract.py BED WEEDOUT RUST [--model FILE] [--json FILE] [--pages FILE] [--texts DIR]

BED      has gold.jsonl (id, page_type, main_content) and html/<id>.html.gz
WEEDOUT  the binary to measure
RUST     the binary of extractors/; where it is missing, its peers are reported as not measured
--model  the model that weedout uses instead of its own, such as one that has not seen these pages
--json   writes the figures and the pages with the largest losses
--pages  writes precision, recall and F1 of every program on every page, one page a line
--texts  keeps the pages and what every program made of them

A page's score is that of its bag of words (`\\w+` of the lower-cased text); every figure is a mean over pages. Peers are
given the page as text, without its address. CPU seconds are those of a Python peer's work, and of the whole process for the
others.
"""
import argparse
import collections
import contextlib
import gzip
import json
import multiprocessing
import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile

OURS = "weedout"
#: A peer below this precision on a page has not found its main text; that it keeps a word then says nothing.
PRECISE = 0.5
#: The share of what a peer keeps above which weedout's loss counts.
LOSS = 0.05
#: So many of the largest losses are named.
WORST = 20
#: Draws of pages for the interval of a difference.
DRAWS = 2000

Score = collections.namedtuple("Score", "precision recall f1")


def trafilatura():
    from trafilatura import extract

    return lambda page: extract(page, include_comments=False)


def justext():
    import justext

    stop = justext.get_stoplist("English")
    return lambda page: "\n".join(block.text for block in justext.justext(page, stop) if not block.is_boilerplate)


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text

    return lambda page: extract_plain_text(page, main_content=True)


def readability():
    import logging

    import lxml.html
    from readability import Document

    logging.disable(logging.CRITICAL)
    return lambda page: flat(lxml.html.fromstring(Document(page).summary()))


#: Elements that do not end a word.
INLINE = set(
    "a abbr b bdi bdo cite code data dfn em font i kbd mark q s samp small span strong sub sup time tt u var wbr".split()
)


def flat(tree):
    """The text of what readability-lxml returns as HTML."""
    import lxml.etree

    parts = []
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        markup = isinstance(element.tag, str)
        if markup and element.tag not in INLINE:
            parts.append("\n")
        parts.append((element.text if event == "start" else element.tail) or "")
    return "".join(parts)


PYTHON = {"trafilatura": trafilatura, "jusText": justext, "resiliparse": resiliparse, "readability-lxml": readability}
RUST = ["rs-trafilatura", "trafilatura-rs", "dom_smoothie"]


class NotMeasured(Exception):
    """Why a peer has no figures."""


def python_child(prepare, pages, out, answer):
    try:
        one, texts = prepare(), [page.read_text("utf8", "replace") for page in pages]
        start = spent(resource.RUSAGE_SELF)
        for page, text in zip(pages, texts):
            try:
                found = one(text) or ""
            except Exception:  # Some raise on empty and on broken pages.
                found = ""
            (out / f"{page.stem}.txt").write_text(found, "utf8", "replace")
        answer.send(spent(resource.RUSAGE_SELF) - start)
    except Exception as error:
        answer.send(f"{type(error).__name__}: {error}")


def spent(whose):
    usage = resource.getrusage(whose)
    return usage.ru_utime + usage.ru_stime


def run_python(prepare, pages, out):
    answer, other = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=python_child, args=(prepare, pages, out, other))
    process.start()
    other.close()
    try:
        found = answer.recv()
    except EOFError:
        found = "its process died"
    process.join()
    if isinstance(found, str):
        raise NotMeasured(found)
    return found


def run_rust(binary, peer, pages, out):
    if not os.access(binary, os.X_OK):
        raise NotMeasured("the extractors in Rust could not be built")
    start = spent(resource.RUSAGE_CHILDREN)
    names = "".join(f"{page}\n" for page in pages)
    done = subprocess.run([binary, peer, out], input=names, text=True, stderr=subprocess.PIPE)
    if done.returncode:
        raise NotMeasured(f"it ended with {done.returncode}: {done.stderr[-200:].strip()}")
    return spent(resource.RUSAGE_CHILDREN) - start


def run_weedout(binary, model, folder, out):
    command = [binary, "--quiet", "clean", folder, "--out", out, "--no-config", *(["--model", model] if model else [])]
    start = spent(resource.RUSAGE_CHILDREN)
    if subprocess.run(command).returncode:
        sys.exit(f"error: {' '.join(map(str, command))} failed")
    return spent(resource.RUSAGE_CHILDREN) - start


def run_all(binary, rust, model, pages, work):
    """Runs every program; what it made of a page lies in `work/<program>`."""
    costs, missing = {OURS: run_weedout(binary, model, pages[0].parent, work / OURS)}, {}
    runs = {peer: lambda out, peer=peer: run_rust(rust, peer, pages, out) for peer in RUST}
    runs |= {peer: lambda out, prepare=prepare: run_python(prepare, pages, out) for peer, prepare in PYTHON.items()}
    for peer, run in runs.items():
        (work / peer).mkdir()
        try:
            costs[peer] = run(work / peer)
        except NotMeasured as error:
            missing[peer] = str(error)
        print(f"{peer} is done" if peer in costs else f"{peer} failed", file=sys.stderr, flush=True)
    return costs, missing


def unpack(bed, gold, folder):
    folder.mkdir()
    pages = []
    for page in gold:
        pages.append(folder / f"{page['id']}.html")
        pages[-1].write_bytes(gzip.decompress((bed / "html" / f"{page['id']}.html.gz").read_bytes()))
    return pages


def bag(text):
    return collections.Counter(re.findall(r"\w+", text.lower()))


def output(work, program, name):
    """What a program made of a page; a page that weedout removed whole has no file."""
    for ending in (".html.txt", ".txt"):
        path = work / program / (name + ending)
        if path.is_file():
            return bag(path.read_text("utf8", "replace"))
    return collections.Counter()


def score(made, gold):
    common, size = (made & gold).total(), made.total()
    if not gold:
        return Score(*[float(not made)] * 3)
    precision, recall = common / size if size else 0.0, common / gold.total()
    return Score(precision, recall, 2 * common / (size + gold.total()))


def loss(made, scores, gold):
    """The peer that keeps most of the gold words, its recall, and how many of those words, and what share, weedout loses."""
    able = [peer for peer in scores if peer != OURS and scores[peer].precision >= PRECISE]
    if not able or not gold:
        return None
    peer = max(able, key=lambda peer: scores[peer].recall)
    kept = made[peer] & gold
    lost = (kept - made[OURS]).total()
    shares = {"lost_words": lost, "lost": lost / kept.total(), "lost_of_gold": lost / gold.total()}
    return {"peer": peer, "peer_recall": scores[peer].recall, **shares}


def judge(gold, programs, work):
    found = []
    for page in gold:
        words = bag(page["main_content"])
        made = {program: output(work, program, page["id"]) for program in programs}
        scores = {program: score(made[program], words) for program in programs}
        empty = [program for program in programs if not made[program]]
        facts = {"id": page["id"], "type": page["page_type"], "words": words.total()}
        found.append({**facts, "scores": scores, "empty": empty, "loss": loss(made, scores, words)})
    return found


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def row(cells, widths):
    first, *rest = zip(map(str, cells), widths)
    return "| " + " | ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]) + " |"


def table(head, rows):
    widths = [max(len(str(line[at])) for line in [head, *rows]) for at in range(len(head))]
    print(row(head, widths))
    print("|" + "|".join("-" * (width + 1) + (":" if at else "-") for at, width in enumerate(widths)) + "|")
    for line in rows:
        print(row(line, widths))


def by_type(pages):
    groups = collections.defaultdict(list)
    for page in pages:
        groups[page["type"]].append(page)
    return {"all": pages, **dict(sorted(groups.items()))}


def figures(groups, programs):
    def of(pages, program):
        return Score(*map(mean, zip(*(page["scores"][program] for page in pages))))

    return {kind: {program: of(pages, program) for program in programs} for kind, pages in groups.items()}


def empty(pages, program):
    return sum(program in page["empty"] for page in pages)


def print_scores(groups, means, programs, costs):
    rows = []
    for kind, pages in groups.items():
        rows.append([f"{kind} ({len(pages)})", *(f"{means[kind][program].f1:.3f}" for program in programs)])
    for part in ("precision", "recall"):
        rows.append([part, *(f"{getattr(means['all'][program], part):.3f}" for program in programs)])
    rows.append(["CPU s", *(f"{costs[program]:.1f}" for program in programs)])
    rows.append(["pages left empty", *(empty(groups["all"], program) for program in programs)])
    table(["F1 by type (pages)", *programs], rows)


def interval(pages, peer):
    """Where 95 % of the differences lie if the pages are drawn again."""
    gaps, draw = [page["scores"][OURS].f1 - page["scores"][peer].f1 for page in pages], random.Random(0)
    means = sorted(mean(draw.choices(gaps, k=len(gaps))) for _ in range(DRAWS))
    return means[DRAWS // 40], means[-DRAWS // 40]


def print_best(groups, means, programs):
    rows = []
    for kind, pages in groups.items():
        peer = max(programs[1:], key=lambda program: means[kind][program].f1)
        ours, theirs, (low, high) = means[kind][OURS].f1, means[kind][peer].f1, interval(pages, peer)
        ahead = OURS if ours >= theirs else peer
        gap = [f"{ours - theirs:+.3f}", f"{low:+.3f} to {high:+.3f}"]
        rows.append([kind, ahead, peer, f"{theirs:.3f}", f"{ours:.3f}", *gap])
    table(["type", "best", "best peer", "its F1", OURS, "difference", "95 % of draws"], rows)


def losses(pages, part="lost"):
    """The pages on which the words lost are more than is allowed of what the peer keeps, or of all the gold; the worst first."""
    found = [page for page in pages if page["loss"] and page["loss"][part] > LOSS]
    return sorted(found, key=lambda page: -page["loss"][part])


def print_losses(groups):
    print(f"\nPages where weedout loses over {LOSS:.0%} of the gold words that the best peer keeps,")
    print(f"which is the one of the highest recall on that page among those with a precision of at least {PRECISE}:")
    rows = [[kind, len(pages), len(losses(pages)), len(losses(pages, "lost_of_gold"))] for kind, pages in groups.items()]
    table(["type", "pages", "such pages", f"over {LOSS:.0%} of all gold too"], rows)
    print(f"\nThe worst {WORST} of them:")
    worst = losses(groups["all"])[:WORST]
    rows = []
    for page in worst:
        of = page["loss"]
        shares = (f"{of[part]:.{digits}}" for part, digits in (("peer_recall", "3f"), ("lost", "1%"), ("lost_of_gold", "1%")))
        rows.append([page["id"], page["type"], page["words"], of["peer"], *shares])
    table(["page", "type", "gold words", "peer", "its recall", "lost of that", "lost of all gold"], rows)


def summary(groups, means, costs, missing):
    def scores(kind):
        return {"pages": len(groups[kind]), **{program: one._asdict() for program, one in means[kind].items()}}

    worst = losses(groups["all"])[:WORST]
    return {
        "scores": {kind: scores(kind) for kind in means},
        "cpu_seconds": costs,
        "pages_left_empty": {program: empty(groups["all"], program) for program in costs},
        "not_measured": missing,
        "losses": {kind: len(losses(pages)) for kind, pages in groups.items()},
        "losses_of_gold": {kind: len(losses(pages, "lost_of_gold")) for kind, pages in groups.items()},
        "worst": [{"id": page["id"], "type": page["type"], "words": page["words"], **page["loss"]} for page in worst],
    }


def lines(pages):
    """Every page as `--pages` writes it."""
    for page in pages:
        scores = {name: {"p": one.precision, "r": one.recall, "f1": one.f1} for name, one in page["scores"].items()}
        facts = {key: page[key] for key in ("id", "type", "words", "loss")}
        yield json.dumps({**facts, "ours": scores.pop(OURS), "peers": scores}) + "\n"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("bed", "weedout", "rust"):
        parser.add_argument(name, type=pathlib.Path)
    for name in ("model", "json", "pages", "texts"):
        parser.add_argument(f"--{name}", type=pathlib.Path)
    return parser.parse_args()


@contextlib.contextmanager
def folder(kept):
    """A new folder at the path given, or one that is gone afterwards."""
    if kept:
        kept.mkdir(parents=True)
        yield kept
    else:
        with tempfile.TemporaryDirectory() as path:
            yield pathlib.Path(path)


def main():
    given = arguments()
    with (given.bed / "gold.jsonl").open(encoding="utf8") as rows:
        gold = [json.loads(row) for row in rows]
    if not gold:
        sys.exit(f"error: no page in {given.bed}")
    with folder(given.texts) as work:
        costs, missing = run_all(given.weedout, given.rust, given.model, unpack(given.bed, gold, work / "pages"), work)
        pages = judge(gold, list(costs), work)
    groups = by_type(pages)
    means = figures(groups, list(costs))
    print_scores(groups, means, list(costs), costs)
    for peer, why in missing.items():
        print(f"not measured: {peer}: {why}")
    print()
    if len(costs) > 1:
        print_best(groups, means, list(costs))
        print_losses(groups)
    if given.json:
        given.json.write_text(json.dumps(summary(groups, means, costs, missing), indent=1) + "\n")
    if given.pages:
        given.pages.write_text("".join(lines(pages)))


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main()
