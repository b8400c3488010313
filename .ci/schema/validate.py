"""Runs `weedout check` over documents with something of everything, and validates each report.

usage: validate.py WEEDOUT SARIF_SCHEMA
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import tomllib

import jsonschema
import xmlschema

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent

SPAM = "\n".join(
    f"- [{text}](https://{text.split()[0]}-{n}.example/?a=1&b=<{n}>)"
    for n, text in enumerate(["casino online free spins", "casibom giris bahis", "slot gacor maxwin", "buy cheap viagra online"] * 2)
)
PROSE = (
    "We talked about the harvest for an hour in her kitchen, and the rain did not stop once.\n\n"
    "The apples were small this year, she said, but sweeter than any she remembered from before the drought.\n"
)
FILES = {
    "clean.md": f"# Orchard\n\n{PROSE}",
    "dirty.md": f"# Orchard\n\n{PROSE}\n{SPAM}\n",
    "a name, with: 100% ü & <b>.md": f"# Orchard\n\n{PROSE}\n{SPAM}\n",
    "page.html": "<h1>Orchard</h1><p>" + PROSE.replace("\n\n", "</p>\n<p>") + "</p>\n<div style='display:none'>"
    + "".join(f"<a href='https://casino-{n}.example'>casino bonus {n}</a>\n" for n in range(9)) + "</div>",
    "quoted.md": f"# Orchard\n\n{PROSE}\n<!-- weedout: ignore[link-spam] quoted -->\n\n{SPAM.splitlines()[0]}\n",
    "idle.md": f"# Orchard\n\n<!-- weedout: ignore[link-spam] of no use -->\n\n{PROSE}",
    "acts.txt": f"{PROSE}casino \x1b[31m online ]]> free spins giris bahis \u202e viagra\ncasibom giris bahis\nslot gacor maxwin\nhacklink al\n" * 2,
    "binary.txt": "\x7fELF\0\0",
}


def check(binary: str, folder: str, form: str, *more: str) -> str:
    done = subprocess.run(
        [binary, "check", ".", "--show-silenced", "--output-format", form, "--quiet", *more],
        cwd=folder, capture_output=True, text=True, check=False,
    )
    # One file is binary on purpose: a failure, and the others are still done.
    assert done.returncode == (2 if (pathlib.Path(folder) / "binary.txt").exists() else 1), (done.returncode, done.stderr)
    return done.stdout


def main() -> None:
    binary, sarif = sys.argv[1:]
    schemas = {
        "sarif": json.loads(pathlib.Path(sarif).read_text()),
        "gitlab": json.loads((HERE / "gitlab.json").read_text()),
        "json": json.loads((HERE / "check.json").read_text()),
    }
    junit = xmlschema.XMLSchema(str(HERE / "junit.xsd"))
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            pathlib.Path(folder, name).write_text(text, newline="")
        count = 0
        for form, schema in schemas.items():
            report = json.loads(check(binary, folder, form))
            validator = jsonschema.validators.validator_for(schema)
            validator.check_schema(schema)
            validator(schema, format_checker=validator.FORMAT_CHECKER).validate(report)
            # A schema that takes anything would take this too.
            broken = {"version": 3} if form == "sarif" else [{}] if form == "gitlab" else {"v": "one"}
            assert not validator(schema).is_valid(broken), form
            count += 1
        report = json.loads(check(binary, folder, "sarif"))
        results = report["runs"][0]["results"]
        assert {result["ruleId"] for result in results} >= {"link-spam", "unused-ignore"}, results
        assert any("suppressions" in result for result in results) and len(results) >= 5
        for line in check(binary, folder, "jsonl").splitlines():
            json.loads(line)
        junit.validate(check(binary, folder, "junit"))
        assert not junit.is_valid("<testsuites><testcase/></testsuites>")
        count += 2
    config = json.loads((ROOT / "weedout.schema.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([binary, "init", "--quiet"], cwd=folder, check=True)
        example = pathlib.Path(folder, "weedout.toml").read_text()
    keys = "".join(line[2:] + "\n" for line in example.splitlines() if " = " in line)
    assert len(tomllib.loads(keys)) == len(config["properties"])
    jsonschema.validate(tomllib.loads(keys), config)
    for wrong in ("threshold = 7", "modle = 'x'", "exclude = 'x'"):
        assert not jsonschema.Draft7Validator(config).is_valid(tomllib.loads(wrong)), wrong
    print(f"{count} reports and the configuration are valid; {len(results)} SARIF results")


main()
