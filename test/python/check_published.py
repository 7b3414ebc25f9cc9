"""Compares two published buckets of one project, both as folders.

Each line of the input is a JSON object {ours, theirs, project}; it is answered with {checked, differs}. Tables are read by pyarrow, and both
exports are taken into databases by trackio's own importer, which must then hold the same.
"""

import json
import math
import os
import shutil
import sqlite3
import sys
from pathlib import Path

import pyarrow.parquet as pq
from trackio.sqlite_storage import SQLiteStorage

# tables that trackio leaves out
OWN = {"aux/alerts.parquet", "aux/project_metadata.parquet"}
# what the importer calls the tables of a static export
NAMES = {"metrics.parquet": "", "aux/system_metrics.parquet": "_system"}


def same(a, b):
    if isinstance(a, float) and isinstance(b, float):
        return (math.isnan(a) and math.isnan(b)) or a == b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(v, b[k]) for k, v in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


def files_of(folder):
    return {p.relative_to(folder).as_posix(): p for p in Path(folder).rglob("*") if p.is_file()}


def imported(folder, project):
    """The rows of a database that trackio makes of the files."""
    home = Path(os.environ["TRACKIO_DIR"])
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for path, file in files_of(folder).items():
        if path.endswith(".parquet") and path not in OWN:
            shutil.copy(file, home / f"{project}{NAMES.get(path, '_' + Path(path).stem)}.parquet")
    SQLiteStorage.import_from_parquet()
    with sqlite3.connect(SQLiteStorage.get_project_db_path(project)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {table: db.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}


for line in sys.stdin:
    question = json.loads(line)
    ours, theirs = files_of(question["ours"]), files_of(question["theirs"])
    differs, checked = [], 0
    for path in sorted(ours.keys() | theirs.keys()):
        checked += 1
        if path not in ours or path not in theirs:
            if path not in OWN:
                differs.append(f"{path}: only {'theirs' if path in theirs else 'ours'}")
        elif path.endswith(".parquet"):
            a, b = pq.read_table(ours[path]), pq.read_table(theirs[path])
            if not a.schema.remove_metadata().equals(b.schema.remove_metadata()):
                differs.append(f"{path}: {a.schema.remove_metadata()} instead of {b.schema.remove_metadata()}")
            elif not same(a.to_pylist(), b.to_pylist()):
                differs.append(f"{path}: other values")
        elif path.endswith(".json"):
            if json.loads(ours[path].read_text()) != json.loads(theirs[path].read_text()):
                differs.append(f"{path}: other content")
        elif ours[path].read_bytes() != theirs[path].read_bytes():
            differs.append(f"{path}: other bytes")
    a, b = (imported(question[name], question["project"]) for name in ("ours", "theirs"))
    rows = sum(len(rows) for rows in a.values())
    if a != b:
        differs.append(f"imported: {[table for table in a.keys() | b.keys() if a.get(table) != b.get(table)]}")
    print(json.dumps({"checked": checked, "rows": rows, "differs": differs}), flush=True)
