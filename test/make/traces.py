"""
Writes test/fixtures/traces.json: the traces of every database of test/fixtures, as Python's sqlite3 and json read them: those of the table, then those that
stand in rows of metrics (before 0.26), with the ids that other readers give them.
"""

import glob
import json
import os

from rows_of import read, text, traces

ROOT = os.path.join(os.path.dirname(__file__), "..", "fixtures")


def of_table(row):
    loads = lambda name, other: json.loads(text(row.get(name)) or other)
    return {
        **{name: row[name] for name in ("id", "run_id", "run_name", "timestamp", "step", "key", "trace_index")},
        "messages": loads("messages", "[]"),
        "metadata": loads("metadata", "{}"),
        "spans": loads("spans", "[]"),
    }


def of_metrics(path):
    found = read(path)
    for row in found[1] if found else []:
        try:
            metrics = json.loads(text(row["metrics"]))
        except ValueError:
            continue
        for key, value in metrics.items() if isinstance(metrics, dict) else []:
            if not isinstance(value, dict) or value.get("_type") != "trackio.trace":
                continue
            run_id = text(row["run_id"]) if row.get("run_id") else None
            name = text(row["run_name"])
            yield {
                "id": f"{run_id or name}:{row['step']}:{key}",
                "run_id": run_id,
                "run_name": name,
                "timestamp": text(row["timestamp"]),
                "step": row["step"],
                "key": key,
                "trace_index": None,
                **{part: value.get(part, other) for part, other in (("messages", []), ("metadata", {}), ("spans", []))},
            }


found = {}
for folder in sorted(os.listdir(ROOT)):
    data = os.path.join(ROOT, folder, "data")
    paths = {p.removesuffix(".gz") for p in glob.glob(os.path.join(data, "**", "*.db*"), recursive=True)}
    for path in sorted(p for p in paths if p.endswith(".db")):
        rows = traces(path)
        if rows is None:
            continue
        all = [of_table(row) for row in rows] + list(of_metrics(path))
        if all:
            found.setdefault(folder, {})[os.path.relpath(path, data)] = all
with open(os.path.join(ROOT, "traces.json"), "w") as file:
    json.dump(found, file, ensure_ascii=False, indent=1)
    file.write("\n")
