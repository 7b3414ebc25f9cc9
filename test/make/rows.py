"""
Writes test/fixtures/rows.json: the rows of every run of the databases of test/fixtures as they were logged, told by Python's sqlite3 and json: how many, a hash over all of
them, and the first two in clear. A row is its timestamp, its step and its members, each the very text that stands in the payload.
"""

import glob
import hashlib
import json
import os

from rows_of import read, text

ROOT = os.path.join(os.path.dirname(__file__), "..", "fixtures")
DECODER = json.JSONDecoder(strict=False)
SPACE = " \t\n\r"


def members(text):
    """{key: the text of its value}; None where it is no JSON object."""
    try:
        if not isinstance(DECODER.decode(text), dict):
            return None
    except ValueError:
        return None

    def skip(at):
        while text[at] in SPACE:
            at += 1
        return at

    found = {}
    at = skip(text.index("{") + 1)
    while text[at] != "}":
        key, at = json.decoder.scanstring(text, at + 1, False)
        at = skip(skip(at) + 1)
        _, end = DECODER.raw_decode(text, at)
        found[key] = text[at:end]
        at = skip(end)
        if text[at] == ",":
            at = skip(at + 1)
    return found


def describe(has_step, rows):
    runs, keys = {}, set()
    for row in rows:
        if row["run_name"] is None:
            continue
        run_id = None if row.get("run_id") is None else text(row["run_id"])
        identity = (None if row.get("project_name") is None else text(row["project_name"]), run_id, text(row["run_name"]))
        lines = runs.setdefault(identity, [])
        step = row["step"] if has_step else len(lines)
        step = "none" if not isinstance(step, (int, float)) else str(int(step)) if step == int(step) else repr(step)
        held = members(text(row["metrics"]))
        keys |= set(held or {})
        cells = sorted(({"": "unreadable"} if held is None else held).items(), key=lambda cell: cell[0].encode("utf-16-be", "surrogatepass"))
        lines.append("\x1f".join([text(row.get("timestamp")), step, *(f"{key}\x1e{value}" for key, value in cells)]))
    return {
        "keys": sorted(keys, key=lambda key: key.encode("utf-16-be", "surrogatepass")),
        "runs": [
            {
                "project": project,
                "id": run_id,
                "name": name,
                "rows": len(lines),
                "sha256": hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest(),
                "first": [line.replace("\x1f", " | ").replace("\x1e", " = ")[:300] for line in lines[:2]],
            }
            for (project, run_id, name), lines in runs.items()
        ],
    }


found = {}
for folder in sorted(os.listdir(ROOT)):
    data = os.path.join(ROOT, folder, "data")
    expected = os.path.join(ROOT, folder, "expected.json")
    # of what is damaged nobody can say what must be found
    if not os.path.exists(expected) or "runs" not in json.load(open(expected)):
        continue
    paths = {path.removesuffix(".gz") for path in glob.glob(os.path.join(data, "**", "*.db*"), recursive=True)}
    for path in sorted(path for path in paths if path.endswith(".db")):
        stored = read(path)
        if stored is not None:
            found.setdefault(folder, {})[os.path.relpath(path, data)] = describe(*stored)
with open(os.path.join(ROOT, "rows.json"), "w") as file:
    json.dump(found, file, indent=1, ensure_ascii=True)
    file.write("\n")
