"""Says what a fixture's databases hold: expect.py FOLDER...   writes FOLDER/expected.json from FOLDER/data/**/*.db, or *.parquet where there is none

Reads with Python's sqlite3 and json only (Parquet: with pyarrow), so that it shares nothing with the code under test. Packs nothing, changes no database.
A case's note (what it is, as a sentence) is kept from the expected.json that stands there.
"""

import datetime
import decimal
import gzip
import json
import math
import sqlite3
import sys
import tempfile
from pathlib import Path

SPELLED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def decode(payload):
    text = payload.decode("utf-8") if isinstance(payload, bytes) else payload
    try:
        value = json.loads(text)
    except (TypeError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def writable(value):
    """As strict JSON: a number that JSON has no word for becomes its name."""
    if isinstance(value, float) and not math.isfinite(value):
        return next(name for name, number in SPELLED.items() if number == value or value != value)
    if isinstance(value, dict):
        return {key: writable(member) for key, member in value.items()}
    return [writable(member) for member in value] if isinstance(value, list) else value


def kind(value):
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "list" if isinstance(value, list) else value.get("_type") or "dict"


def read_tables(path):
    """{table: (columns, rows as dicts)}; the -wal counts, the original is not touched."""
    with tempfile.TemporaryDirectory() as scratch:
        for suffix in ("", "-wal"):
            for packed in ("", ".gz"):
                source = Path(f"{path}{suffix}{packed}")
                if source.exists():
                    raw = source.read_bytes()
                    Path(scratch, f"copy.db{suffix}").write_bytes(gzip.decompress(raw) if packed else raw)
        base = sqlite3.connect(Path(scratch, "copy.db"))
        base.row_factory = sqlite3.Row
        tables = {}
        for name in ("metrics", "configs", "run_artifact_links", "external_run_artifact_links"):
            columns = [row[1].lower() for row in base.execute(f"PRAGMA table_info({name})")]
            if not columns:
                continue
            order = "timestamp, id, rowid" if {"timestamp", "id"} <= set(columns) else "rowid"
            try:
                rows = base.execute(f"SELECT * FROM {name} ORDER BY {order}").fetchall()
            except sqlite3.OperationalError:  # WITHOUT ROWID, as configs once had no id
                rows = base.execute(f"SELECT * FROM {name}").fetchall()
            tables[name] = (columns, [{key.lower(): row[key] for key in row.keys()} for row in rows])
        base.close()
    return tables


def rows_of(tables, name):
    return tables.get(name, ([], []))[1]


def describe(key, rows, tables, by_id):
    run_id, name = key
    metrics, other, empty = {}, {}, set()
    for row in rows:
        for label, value in (decode(row["metrics"]) or {}).items():
            if value is None:
                empty.add(label)
                continue
            if isinstance(value, str):
                value = SPELLED.get(value, value)
            what = kind(value)
            if what == "number":
                series = metrics.setdefault(label, {"steps": [], "values": [], "timestamps_first_last": [row["timestamp"], None]})
                series["steps"].append(row["step"])
                series["values"].append(writable(value))
                series["timestamps_first_last"][1] = row["timestamp"]
            else:
                kinds = other.setdefault(label, {"kinds": {}})["kinds"]
                kinds[what] = kinds.get(what, 0) + 1
    stored = None
    for row in rows_of(tables, "configs"):
        if row["run_id"] == run_id if by_id and row.get("run_id") is not None else row["run_name"] == name:
            stored = row["config"]
    config = decode(stored) if stored is not None else None
    steps = [row["step"] for row in rows if row["step"] is not None]
    return {
        "name": name,
        "id": run_id,
        "config": None if config is None else {k: writable(v) for k, v in config.items() if not k.startswith("_")},
        "group": (config or {}).get("_Group"),
        "username": (config or {}).get("_Username"),
        "created_at": min((row["timestamp"] for row in rows), default=None),
        "last_timestamp": max((row["timestamp"] for row in rows), default=None),
        "rows": len(rows),
        "first_step": min(steps, default=None),
        "last_step": max(steps, default=None),
        "metrics": metrics,
        "other": other,
        "null_keys": sorted(empty - set(metrics) - set(other)),
    }


def project(name, file, tables):
    columns, logged = tables.get("metrics", ([], []))
    by_id = "run_id" in columns
    groups = {}
    for row in logged:
        groups.setdefault((row["run_id"] if by_id else None, row["run_name"]), []).append(row)
    runs = [describe(key, rows, tables, by_id) for key, rows in groups.items()]
    ids, names = {run["id"] for run in runs}, {run["name"] for run in runs}
    linked = {}
    own = [row for row in rows_of(tables, "run_artifact_links") if row["run_name"] is not None and row.get("run_project") in (None, name)]
    named_by_id = {row["run_name"] for row in own if row["run_id"]}
    for row in own:
        known = row["run_name"] in names or by_id and row["run_id"] in ids and row["run_id"] is not None
        if not known and not (by_id and row["run_id"] is None and row["run_name"] in named_by_id):
            linked.setdefault((row["run_id"] if by_id else None, row["run_name"]), []).append(row["created_at"])
    for row in rows_of(tables, "external_run_artifact_links"):
        key = (row["run_id"] or row["run_name"], row["run_name"])
        if row["run_name"] is not None and key[0] not in ids and key[1] not in names:
            linked.setdefault(key, []).append(row["created_at"])
    for key, times in linked.items():
        runs.append({**describe(key, [], tables, by_id), "created_at": min(times), "only_in_artifact_links": True})
    runs.sort(key=lambda run: (run["created_at"], run["id"] or run["name"]))
    values = {}
    for run in runs:
        for label, series in run["metrics"].items():
            values.setdefault(label, []).extend(series["values"])
    return {
        "project": name,
        "file": file,
        "runs": runs,
        "integer_metrics": sorted(label for label, all_of in values.items() if all(isinstance(v, int) for v in all_of)),
        "beyond_safe": {label: n for label, all_of in values.items() if (n := sum(isinstance(v, int) and abs(v) >= 2**53 for v in all_of))},
    }


def projects_of(path):
    """One for a database, or one for each project_name in files older than 0.0.20."""
    tables = read_tables(path)
    if "project_name" not in tables.get("metrics", ([], []))[0]:
        return [project(path.stem, path.name, tables)]
    found = []
    for name in dict.fromkeys(row["project_name"] for row in rows_of(tables, "metrics")):
        part = {t: (c, [row for row in rows if row["project_name"] == name]) for t, (c, rows) in tables.items() if "project_name" in c}
        counted = {}
        if "step" not in part["metrics"][0]:
            for row in part["metrics"][1]:
                row["step"] = counted[row["run_name"]] = counted.get(row["run_name"], -1) + 1
        found.append({**project(name, path.name, part), "named_by_column": True})
    return found


STRUCTURAL = ["id", "run_id", "timestamp", "run_name", "step", "log_id", "space_id"]
SIDES = ["external_run_artifact_links", "run_artifact_links", "artifact_versions", "artifact_aliases", "artifacts", "system", "configs", "traces"]


def plain(value):
    """What pyarrow gives, as JSON has it: a member without a value was not set."""
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items() if member is not None}
    if isinstance(value, list):
        return [plain(member) for member in value]
    if isinstance(value, str) and value[:1] in ("{", "["):
        return decode_any(value)
    return float(value) if isinstance(value, decimal.Decimal) else value.isoformat() if isinstance(value, datetime.date) else value


def decode_any(text):
    """A foreign exporter's JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def unflatten(path, column, structural):
    """Rows as SQLite has them; a column of numbers is a key, also where it is called as trackio's own are called today."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    named = [field.name for field in table.schema if field.name in structural]
    own = [name for name in named if name not in ("run_id", "log_id", "space_id") or table.schema.field(name).type in (pa.string(), pa.null())]
    rows = []
    for row in table.to_pylist():
        rest = {key: value for key, value in row.items() if key not in own and value is not None}
        whole = rest[column] if list(rest) == [column] else json.dumps({key: plain(value) for key, value in rest.items()})
        rows.append({**{key: row[key] for key in own}, column: whole})
    return own, rows


def parquet_project(name, files):
    import pyarrow.parquet as pq

    tables = {}
    if "metrics" in files:
        columns, rows = unflatten(files["metrics"], "metrics", STRUCTURAL)
        rows.sort(key=lambda row: (row["timestamp"] or "", row.get("id") or 0))
        tables["metrics"] = columns, rows
    if "configs" in files:
        tables["configs"] = unflatten(files["configs"], "config", ["id", "run_id", "run_name", "created_at"])
    for table in ("run_artifact_links", "external_run_artifact_links"):
        if table in files:
            tables[table] = [], pq.read_table(files[table]).to_pylist()
    canonical = "".join(c for c in name if c.isalnum() or c in "-_") or "default"
    found = project(canonical, None, tables)
    del found["file"]
    return {**found, "project": name, "files": {table: path.name for table, path in files.items()}}


def parquet_projects(data):
    """One of a static export, or those of a scheduler Dataset."""
    space = data / "space" / "config.json"
    if space.exists():
        files = {"metrics" if path.parent.name != "aux" else path.stem: path for path in data.rglob("*.parquet")}
        return [parquet_project(json.loads(space.read_text())["project"], files)]
    found = {}
    for path in sorted(data.rglob("*.parquet")):
        side = next((side for side in SIDES if path.stem.endswith(f"_{side}")), None)
        found.setdefault(path.stem.removesuffix(f"_{side}"), {})[side or "metrics"] = path
    projects = []
    for name, files in found.items():
        one = parquet_project(name, files)
        twin = next((other for other in projects if other.get("runs") == one["runs"] != []), None)
        same = {"project": name, "files": one["files"], "same_as": twin["project"]} if twin else one
        projects.append(same)
    return projects


def expect(folder):
    target = Path(folder, "expected.json")
    said = json.loads(target.read_text()) if target.exists() else {}
    files = sorted({Path(str(file).removesuffix(".gz")) for file in Path(folder, "data").rglob("*.db*") if str(file).removesuffix(".gz").endswith(".db")})
    found = [one for file in files for one in projects_of(file)] or parquet_projects(Path(folder, "data"))
    if not found:
        raise SystemExit(f"{folder}: no project found")
    head = {"source": said.get("source", {}), **found[0]}
    if found[1:]:
        head["other_projects"] = found[1:]
    write(target, head)


def write(target, value):
    """One line for each run, so that a change shows as a change of that run."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text.replace(',"runs":[', ',"runs":[\n').replace(',{"name":', ',\n{"name":') + "\n")


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        expect(folder)
