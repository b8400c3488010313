"""Processor time of weedout and of its peers over the same files, each in a process of its own on one core.

Usage: peers.py WEEDOUT MODEL.bin PAGES TEXTS

A peer's time is that of its work alone, files already read and modules loaded; weedout's is that of the whole process:
loading the model, reading, judging, writing the corpus and its audit. Peers that extract text from pages do not judge it.
"""
import importlib.metadata
import multiprocessing
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile


def spent():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def trafilatura(pages):
    from trafilatura import extract

    return lambda: [extract(page) for page in pages]


def trafilatura_fast(pages):
    from trafilatura import extract

    return lambda: [extract(page, fast=True) for page in pages]


def justext(pages):
    import justext

    stop = justext.get_stoplist("English")

    def one(page):
        try:
            return justext.justext(page, stop)
        except Exception:  # It raises on empty and on some broken pages.
            return None

    return lambda: [one(page) for page in pages]


def resiliparse_main(pages):
    from resiliparse.extract.html2text import extract_plain_text

    return lambda: [extract_plain_text(page, main_content=True) for page in pages]


def resiliparse_all(pages):
    from resiliparse.extract.html2text import extract_plain_text

    return lambda: [extract_plain_text(page) for page in pages]


def fasttext_each(texts):
    import fasttext

    model = fasttext.load_model(MODEL)
    lines = [line for text in texts for line in text.splitlines() if line.strip()]
    return lambda: [model.predict(line) for line in lines]


def fasttext_list(texts):
    import fasttext

    model = fasttext.load_model(MODEL)
    lines = [line for text in texts for line in text.splitlines() if line.strip()]
    return lambda: model.predict(lines)


def documents(texts):
    from datatrove.data import Document

    return [Document(text=text, id=str(number)) for number, text in enumerate(texts)]


def datatrove_c4(texts):
    from datatrove.pipeline.filters import C4QualityFilter

    step, all_texts = C4QualityFilter(filter_no_terminal_punct=False), documents(texts)
    return lambda: [step.filter(document) for document in all_texts]


def datatrove_fasttext(texts):
    from datatrove.pipeline.filters import FastTextClassifierFilter

    step = FastTextClassifierFilter(MODEL, keep_labels=[("genuine", 0.5)], newline_replacement=" ")
    step._model = __import__("fasttext").load_model(MODEL)
    all_texts = documents(texts)
    return lambda: [step.filter(document) for document in all_texts]


PAGES = [
    ("trafilatura", trafilatura),
    ("trafilatura, fast", trafilatura_fast),
    ("jusText", justext),
    ("resiliparse, main content", resiliparse_main),
    ("resiliparse, all text", resiliparse_all),
]
TEXTS = [
    ("fastText predict, line by line", fasttext_each),
    ("fastText predict, one list", fasttext_list),
    ("datatrove, C4 filter", datatrove_c4),
    ("datatrove, fastText filter", datatrove_fasttext),
]
PACKAGES = ["trafilatura", "jusText", "resiliparse", "fasttext-numpy2-wheel", "datatrove"]


def read(folder, ending):
    files = sorted(path for path in pathlib.Path(folder).rglob("*" + ending) if path.is_file())
    return [path.read_bytes().decode("utf8", "replace") for path in files]


def child(prepare, folder, ending, answer):
    try:
        work = prepare(read(folder, ending))
        start = spent()
        work()
        answer.put(spent() - start)
    except Exception as error:
        answer.put(f"{type(error).__name__}: {error}")


def measure(prepare, folder, ending):
    answer = multiprocessing.Queue()
    process = multiprocessing.Process(target=child, args=(prepare, folder, ending, answer))
    process.start()
    found = answer.get()
    process.join()
    return found


def weedout(binary, folder):
    work = tempfile.mkdtemp()
    try:
        command = [binary, "--quiet", "clean", folder, "--out", os.path.join(work, "out"), "--jobs", "1"]
        process = subprocess.Popen(command)
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"error: {' '.join(command)} failed")
        return usage.ru_utime + usage.ru_stime
    finally:
        shutil.rmtree(work, ignore_errors=True)


def table(binary, title, folder, ending, peers):
    size = sum(path.stat().st_size for path in pathlib.Path(folder).rglob("*" + ending)) / 1e6
    if size == 0:
        sys.exit(f"error: no {ending} file in {folder}")
    own = min(weedout(binary, folder) for _ in range(2))
    print(f"\n{title}: {size:.1f} MB in {folder}")
    print(f"| {'program':<32} | {'CPU s':>8} | {'MB per CPU s':>12} | {'weedout is':>12} |")
    print(f"|{'-' * 34}|{'-' * 9}:|{'-' * 13}:|{'-' * 13}:|")
    print(f"| {'weedout clean':<32} | {own:8.2f} | {size / own:12.2f} | {'':>12} |", flush=True)
    for name, prepare in peers:
        found = measure(prepare, folder, ending)
        if isinstance(found, str):
            print(f"| {name:<32} | not measured: {found}", flush=True)
        else:
            print(f"| {name:<32} | {found:8.2f} | {size / found:12.2f} | {found / own:10.2f} x |", flush=True)


if __name__ == "__main__":
    binary, MODEL, pages, texts = sys.argv[1:5]
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    multiprocessing.set_start_method("fork")
    for package in PACKAGES:
        try:
            print(package, importlib.metadata.version(package))
        except importlib.metadata.PackageNotFoundError:
            print(package, "is not installed")
    table(binary, "Pages", pages, ".html", PAGES)
    table(binary, "Text", texts, ".txt", TEXTS)
