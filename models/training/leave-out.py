#!/usr/bin/env python3
"""What the model makes of spam it was never shown: train without a kind of business or a language, measure on that.

    models/training/leave-out.py DATA [--weedout FILE] [--drafts N] [NAME...]

DATA is a folder with `spam.jsonl` and `genuine.jsonl` (see `weedout train --help`). A NAME is one of the businesses below or
a language code; without any, all businesses and `tr id th` are done. Each takes a few minutes. The table of `weedout eval` is printed for each.
"""
import argparse, json, pathlib, re, subprocess, sys, tempfile, tomllib

# A business: its kinds in DATA, and the tables of the lexicons that are about it.
BUSINESSES = {
    "gambling": ({"hacklink", "seo-prose"}, r"casino|betting|bonus|slot|togel|lottery|poker|gaming|fortune"),
    "escorts": ({"escort"}, r"escort|dating"),
    "essays": ({"essay-mill"}, r"essay"),
    "pharmacy": ({"pharma"}, r"pharma|steroid|cbd|slimming|weightloss"),
}
LEXICONS = pathlib.Path(__file__).resolve().parent / "lexicon"


def rows(data, name):
    with open(data / name, encoding="utf8") as file:
        return [json.loads(line) for line in file]


def write(path, rows):
    with open(path, "w", encoding="utf8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def toml(value):
    """A lexicon as TOML: strings, lists of strings and tables of them are all there is."""
    head = [f"lang = {json.dumps(value['lang'])}"]
    for group in ("slots", "genuine"):
        if value.get(group):
            head.append(f"[{group}]")
            head += [f"{json.dumps(key)} = {json.dumps(items, ensure_ascii=False)}" for key, items in value[group].items()]
    for name, trade in value.get("trade", {}).items():
        head.append(f"[trade.{json.dumps(name)}]")
        head += [f"{key} = {json.dumps(items, ensure_ascii=False)}" for key, items in trade.items()]
    return "\n".join(head) + "\n"


def lexicons(folder, name):
    folder.mkdir()
    pattern = BUSINESSES.get(name, (None, None))[1]
    for path in sorted(LEXICONS.glob("*.toml")):
        lexicon = tomllib.loads(path.read_text(encoding="utf8"))
        if lexicon["lang"] == name:
            continue
        if pattern:
            lexicon["trade"] = {k: v for k, v in lexicon.get("trade", {}).items() if not re.search(pattern, k)}
        (folder / path.name).write_text(toml(lexicon), encoding="utf8")


def measure(weedout, data, name, drafts, work):
    out = (lambda row: row["lang"] == name) if name not in BUSINESSES else (lambda row: row["kind"] in BUSINESSES[name][0])
    spam, genuine = rows(data, "spam.jsonl"), rows(data, "genuine.jsonl")
    seen, unseen = work / "seen", work / "unseen"
    seen.mkdir(), unseen.mkdir()
    write(seen / "spam.jsonl", (row for row in spam if not out(row)))
    write(seen / "genuine.jsonl", (row for row in genuine if row["lang"] != name))
    write(unseen / "spam.jsonl", (row for row in spam if out(row)))
    write(unseen / "genuine.jsonl", (row for row in genuine if row["lang"] == name))
    lexicons(work / "lexicon", name)
    run = lambda *args: subprocess.run([weedout, "--quiet", *map(str, args)], check=True, text=True, stdout=subprocess.PIPE).stdout
    run("train", seen, "--lexicon", work / "lexicon", "--drafts", drafts, "--out", work / "model")
    return run("eval", unseen, "--model", work / "model/weedout.bin")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--weedout", default="weedout")
    parser.add_argument("--drafts", default=4000)
    parser.add_argument("names", nargs="*", default=[*BUSINESSES, "tr", "id", "th"])
    args = parser.parse_intermixed_args()
    for name in args.names:
        with tempfile.TemporaryDirectory() as work:
            print(f"## without {name}\n{measure(args.weedout, args.data, name, args.drafts, pathlib.Path(work))}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
