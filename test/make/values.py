"""
Writes test/fixtures/values.json: the values with a `_type` in the metrics of the databases of test/fixtures, told by Python's sqlite3 and json: of each its run, its place among
the run's rows, its step, its kind, and the value itself. Those of Parquet stand in expected.json, as pyarrow read them.
"""

import glob
import json
import os

from rows_of import read, text

ROOT = os.path.join(os.path.dirname(__file__), "..", "fixtures")


def spelled(value):
    """Numbers that JSON has no word for by their names."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: spelled(member) for key, member in value.items()}
    return [spelled(member) for member in value] if isinstance(value, list) else value


def typed(has_step, rows):
    found, places = [], {}
    for row in rows:
        if row["run_name"] is None:
            continue
        run = (row.get("project_name"), row.get("run_id"), row["run_name"])
        place = places[run] = places.get(run, -1) + 1
        try:
            payload = json.loads(text(row["metrics"]))
        except ValueError:
            continue
        for key, value in (payload.items() if isinstance(payload, dict) else ()):
            if not (isinstance(value, dict) and isinstance(value.get("_type"), str) and value["_type"]):
                continue
            found.append(
                {
                    "project": None if run[0] is None else text(run[0]),
                    "run": text(run[2]),
                    "id": None if run[1] is None else text(run[1]),
                    "row": place,
                    "step": row["step"] if has_step else place,
                    "key": key,
                    "kind": value["_type"],
                    "value": spelled(value),
                }
            )
    return found


found = {}
for folder in sorted(os.listdir(ROOT)):
    data = os.path.join(ROOT, folder, "data")
    expected = os.path.join(ROOT, folder, "expected.json")
    if not os.path.exists(expected) or "runs" not in json.load(open(expected)):
        continue
    paths = {path.removesuffix(".gz") for path in glob.glob(os.path.join(data, "**", "*.db*"), recursive=True)}
    for path in sorted(path for path in paths if path.endswith(".db")):
        stored = read(path)
        values = [] if stored is None else typed(*stored)
        if values:
            found.setdefault(folder, {})[os.path.relpath(path, data)] = values
with open(os.path.join(ROOT, "values.json"), "w") as file:
    # a value a line
    for line in json.dumps(found, ensure_ascii=True).replace('{"project":', '\n{"project":').splitlines():
        file.write(line + "\n")
