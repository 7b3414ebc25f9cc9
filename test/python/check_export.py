"""Compares exports of a project with what trackio and pyarrow make of the same database.

Each line of the input is a JSON object {original, folder, project}: a database, which may have its -wal beside it, and the folder
of what was exported: folded.db, static/, dataset/. Each is answered with a line {checked, differs, upstream_cannot}: how many things were
compared, every difference, and what trackio itself cannot export or import of this database.
"""

import json
import math
import os
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from trackio.sqlite_storage import SQLiteStorage
from trackio.utils import canonical_project_name

STATIC = {
    "metrics": ("metrics.parquet", "metrics"),
    "system_metrics": ("aux/system_metrics.parquet", "metrics"),
    "configs": ("aux/configs.parquet", "config"),
    "traces": ("aux/traces.parquet", None),
    "alerts": ("aux/alerts.parquet", None),
    **{table: (f"aux/{table}.parquet", None) for table in SQLiteStorage._ARTIFACT_PARQUET_TABLES},
}
DATASET = {"metrics": "", "system_metrics": "_system", "configs": "_configs", "traces": "_traces"}

work = Path()
differs = []
upstream_cannot = []
checked = 0


def check(what, ok, detail=""):
    global checked
    checked += 1
    if not ok:
        differs.append(f"{what}: {detail}")


def same(a, b):
    """Equal with types: 1 is not 1.0, True is not 1, NaN is NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(v, b[k]) for k, v in a.items())
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def loads(value):
    """A payload, bare NaN included, with the strings that stand for numbers at its top level."""
    words = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
    payload = json.loads(value)
    if not isinstance(payload, dict):
        return {}
    return {k: words[v] if isinstance(v, str) and v in words else v for k, v in payload.items()}


def fits(got, logged, json_part=False):
    """Whether a cell says what was logged: as an equal value, as a double in place of an integer, with null for members that were not there, or as JSON text."""
    if got is None:
        return logged is None
    if isinstance(got, str) and (not isinstance(logged, str) or json_part):
        try:
            return close(json.loads(got), logged)
        except ValueError:
            return False
    if isinstance(logged, bool) or isinstance(got, bool):
        return got is logged
    if isinstance(logged, int) and isinstance(got, float):
        return got == float(logged)
    if isinstance(logged, dict) and isinstance(got, dict):
        return all(k in got for k in logged) and all(fits(v, logged.get(k)) or (isinstance(v, str) and fits(v, logged.get(k), True)) for k, v in got.items())
    if isinstance(logged, list) and isinstance(got, list):
        return len(got) == len(logged) and all(fits(a, b) or fits(a, b, True) for a, b in zip(got, logged))
    return same(got, logged)


def close(got, logged):
    """JSON text: numbers may have lost what JavaScript cannot hold, non-finite ones are spelled."""
    if isinstance(logged, bool):
        return got is logged
    if isinstance(logged, float) and not math.isfinite(logged):
        return got == {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(logged)]
    if isinstance(logged, (int, float)):
        return isinstance(got, (int, float)) and float(got) == float(logged)
    if isinstance(logged, dict):
        return isinstance(got, dict) and got.keys() == logged.keys() and all(close(got[k], v) for k, v in logged.items())
    if isinstance(logged, list):
        return isinstance(got, list) and len(got) == len(logged) and all(map(close, got, logged))
    return got == logged


def rows_of(db, table, project=None):
    """Rows as they stand. Of a file with several projects (before 0.0.20) those of the one, without its name."""
    conn = sqlite3.connect(db)
    conn.row_factory = sqlite3.Row
    try:
        rows = [dict(row) for row in conn.execute(f'SELECT * FROM "{table}"')]
        if project is None or not rows or "project_name" not in rows[0]:
            return rows
        return [{k: v for k, v in row.items() if k != "project_name"} for row in rows if row["project_name"] == project]
    except sqlite3.OperationalError:
        return []
    finally:
        conn.close()


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def check_database(original, folded):
    check("folded.db", not Path(f"{folded}-wal").exists(), "has a log")
    head = Path(folded).read_bytes()[:100]
    check("folded.db header", not head or head[18:20] == b"\1\1", str(head[18:20]))
    a, b = sqlite3.connect(original), sqlite3.connect(folded)
    try:
        check("integrity", b.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "not ok")
        schema = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"
        check("schema", a.execute(schema).fetchall() == b.execute(schema).fetchall(), "differs")
        for pragma in ("user_version", "page_size", "page_count", "application_id"):
            check(pragma, a.execute(f"PRAGMA {pragma}").fetchall() == b.execute(f"PRAGMA {pragma}").fetchall(), "differs")
        for (name,) in a.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            query = f'SELECT rowid, * FROM "{name}" ORDER BY rowid'
            check(f"rows of {name}", a.execute(query).fetchall() == b.execute(query).fetchall(), "differ")
    finally:
        a.close()
        b.close()


def check_table(db, table, path, json_column, project):
    rows = rows_of(db, table, project)
    if not rows:
        check(path.name, not path.exists(), "a file for a table without rows")
        return
    if not path.exists():
        differs.append(f"{path.name}: no file, but {len(rows)} rows")
        return
    got = pq.read_table(path)
    listed = got.to_pylist()
    logged = []
    for row in rows:
        flat = {k: text(v) for k, v in row.items() if k != json_column}
        if json_column:
            flat |= {k: v for k, v in loads(row[json_column] or "{}").items() if k not in flat}
        logged.append(flat)
    names = list(dict.fromkeys(key for row in logged for key in row))
    extra = [name for name in got.column_names if name not in names]
    check(f"{path.name} columns", [n for n in got.column_names if n in names] == names and extra in ([], ["step"]), f"{got.column_names} instead of {names}")
    check(f"{path.name} rows", len(listed) == len(logged), f"{len(listed)} instead of {len(logged)}")
    for i, (have, want) in enumerate(zip(listed, logged)):
        wrong = [n for n in names if not fits(have.get(n), want.get(n)) and not fits(have.get(n), want.get(n), True)]
        if wrong:
            differs.append(f"{path.name} row {i}, {wrong[0]}: {have.get(wrong[0])!r} instead of {want.get(wrong[0])!r}")
            break
    check_statistics(path, got)
    # trackio's own export of the same rows
    theirs = work / "theirs.parquet"
    try:
        own = SQLiteStorage._read_table_rows(db, table)
        if own and "project_name" in own[0]:
            raise ValueError("several projects in one file")
        own = SQLiteStorage._flatten_json_rows(own, json_column) if json_column else SQLiteStorage._normalize_trace_rows_for_parquet(own)
        SQLiteStorage._write_parquet_rows(theirs, own)
    except Exception as error:
        upstream_cannot.append(f"{path.name}: {type(error).__name__}: {error}")
        return
    if extra:
        return
    want = pq.read_table(theirs)
    # a read gives `list<element: T>` for both; the order of members is pyarrow's as they were first seen, as is ours
    check(f"{path.name} types", got.schema.remove_metadata().equals(want.schema.remove_metadata()), f"\n{got.schema.remove_metadata()}\ninstead of\n{want.schema.remove_metadata()}")
    check(f"{path.name} values as trackio's", same(listed, want.to_pylist()), "differ")


def check_statistics(path, table):
    """Counts of nulls stand in the footer, so that a reader knows how often a metric was logged."""
    meta = pq.ParquetFile(path).metadata
    for g in range(meta.num_row_groups):
        group = meta.row_group(g)
        for c in range(group.num_columns):
            column = group.column(c)
            if "." in column.path_in_schema or column.path_in_schema not in table.column_names:
                continue
            if table.schema.field(column.path_in_schema).type not in ("int64", "double"):
                continue
            nulls = column.statistics.null_count if column.statistics else None
            part = table.column(column.path_in_schema)
            if meta.num_row_groups == 1:
                check(f"{path.name} statistics", nulls == part.null_count, f"{column.path_in_schema}: {nulls} nulls instead of {part.null_count}")


def check_static(db, folder, project):
    for table, (path, json_column) in STATIC.items():
        check_table(db, table, folder / path, json_column, project)
    if any("project_name" in row for row in rows_of(db, "metrics")[:1]):
        return
    out = work / "static"
    kept = SQLiteStorage._write_parquet_rows
    SQLiteStorage._write_parquet_rows = staticmethod(lambda *_: None)
    try:
        SQLiteStorage.export_for_static_space(project, out, db_path_override=Path(db))
    except Exception as error:
        upstream_cannot.append(f"runs.json: {type(error).__name__}: {error}")
        return
    finally:
        SQLiteStorage._write_parquet_rows = staticmethod(kept)
    for name in ("runs.json", "settings.json"):
        want, have = (json.loads((place / name).read_text()) for place in (out, folder))
        if want or name == "settings.json":
            check(name, have == want, f"{have} instead of {want}")


def check_import(db, folder, project):
    """trackio reads the files into a database again."""
    if project != canonical_project_name(project) or not (folder / f"{project}.parquet").exists():
        return
    home = Path(os.environ["TRACKIO_DIR"])
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for path in folder.iterdir():
        shutil.copy(path, home / path.name)
    try:
        SQLiteStorage.import_from_parquet()
    except Exception as error:
        if any("run_id" in row for row in rows_of(db, "metrics")[:1]):
            differs.append(f"import: {type(error).__name__}: {error}")
        else:
            upstream_cannot.append(f"import: {type(error).__name__}: {error}")
        return
    imported = SQLiteStorage.get_project_db_path(project)
    for table, suffix in DATASET.items():
        path = folder / f"{project}{suffix}.parquet"
        if not path.exists():
            continue
        json_column = STATIC[table][1]
        want, have = rows_of(db, table), rows_of(imported, table)
        check(f"imported {table}", len(have) == len(want), f"{len(have)} rows instead of {len(want)}")
        for a, b in zip(have, want):
            fixed = [c for c in b if c != json_column and c in a]
            wrong = [c for c in fixed if text(a[c]) != text(b[c])]
            if wrong:
                differs.append(f"imported {table}, {wrong[0]}: {a[wrong[0]]!r} instead of {b[wrong[0]]!r}")
                break
            if json_column:
                # Parquet cannot tell null from absent: every key is there, most with null
                back = loads(a[json_column])
                first = {k: v for k, v in loads(b[json_column] or "{}").items() if k not in b and v is not None}
                lost = [k for k, v in first.items() if not fits(back.get(k), v) and not fits(back.get(k), v, True)]
                if lost:
                    differs.append(f"imported {table}, {lost[0]}: {back.get(lost[0])!r} instead of {first[lost[0]]!r}")
                    break


def check_all(original, folder, project):
    global work, checked
    differs.clear()
    upstream_cannot.clear()
    checked = 0
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        # copies: SQLite would fold the log of the original in
        source, folded = work / "original.db", work / "folded.db"
        shutil.copy(original, source)
        if Path(f"{original}-wal").exists():
            shutil.copy(f"{original}-wal", f"{source}-wal")
        shutil.copy(Path(folder) / "folded.db", folded)
        check_database(source, folded)
        check_static(folded, Path(folder) / "static", project)
        check_import(folded, Path(folder) / "dataset", project)
    return {"checked": checked, "differs": differs, "upstream_cannot": upstream_cannot}


for line in sys.stdin:
    print(json.dumps(check_all(**json.loads(line))), flush=True)
