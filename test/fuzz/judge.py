"""
Reads files as Python's sqlite3, pyarrow and json do, for the fuzz tests to compare with. A line of JSON asks, a line answers; numbers that JSON has no word for
are their names. It ends with its input.
"""

import decimal
import json
import math
import os
import sqlite3
import sys

try:
    import pyarrow
    import pyarrow.parquet as parquet
except ImportError:
    pyarrow = None

STRUCTURE = ("id", "run_id", "timestamp", "run_name", "step")
# trackio's own marks for what was uploaded: nothing reads them but its server, so that damage in them changes nothing that is shown
UNREAD = ("log_id", "space_id")


class Refused(Exception):
    pass


def number(value):
    """A value of a payload as the double that it stands for; None for what is no number."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        return value if value in ("NaN", "Infinity", "-Infinity") else None
    if not isinstance(value, (int, float, decimal.Decimal)):
        return None
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def strict(text):
    """JSON as the standard has it, and the three bare words that old releases wrote. None for what is no object."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        if not isinstance(text, str):
            return None
        payload = json.loads(text, parse_int=float)
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def values(payload):
    found = ((key, number(value)) for key, value in payload.items())
    return [[key, value] for key, value in found if value is not None]


def word(value, what):
    if value is None:
        return None
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refused(f"{what} is no UTF-8: {error}") from error
    return str(value)


def database(ask):
    """The rows of metrics by the columns that are wanted, in trackio's order, and what the integrity check says."""
    connection = sqlite3.connect(ask["path"])
    connection.text_factory = bytes
    steps = [0]

    def tick():
        steps[0] += 1
        return steps[0] > 2000

    connection.set_progress_handler(tick, 10000)
    try:
        columns = ", ".join(ask["columns"])
        found = connection.execute(f"SELECT rowid, {columns} FROM metrics NOT INDEXED ORDER BY +timestamp, +id, rowid").fetchall()
        for table in ask.get("tables", []):
            connection.execute(f"SELECT * FROM {table} NOT INDEXED").fetchall()
        names = ["rowid", *ask["columns"]]
        rows = []
        for row in found:
            cells = dict(zip(names, row))
            payload = strict(cells["metrics"])
            step = cells.get("step")
            rows.append(
                {
                    "rowid": cells["rowid"],
                    "id": word(cells.get("run_id"), "run_id"),
                    "name": word(cells["run_name"], "run_name") if isinstance(cells["run_name"], bytes) else None,
                    "time": word(cells["timestamp"], "timestamp") if isinstance(cells["timestamp"], bytes) else None,
                    "step": number(step) if isinstance(step, (int, float)) else "NaN",
                    "values": None if payload is None else values(payload),
                }
            )
        try:
            check = [row[0].decode("utf-8", "replace") for row in connection.execute("PRAGMA integrity_check(3)")]
        except sqlite3.Error as error:
            # the rows were read: it is something else that is damaged
            check = [f"no integrity check: {error}"]
        return {"rows": rows, "check": check}
    except (sqlite3.Error, Refused, OverflowError) as error:
        return {"refused": str(error)}
    finally:
        connection.close()


def table(ask):
    """The columns of a Parquet file, each by itself: one that is refused does not keep the others from being read."""
    try:
        file = parquet.ParquetFile(ask["path"])
        names = file.schema_arrow.names
        types = file.schema_arrow.types
    except Exception as error:
        return {"refused": str(error)[:300]}
    answer = {"columns": {}, "refusedColumns": {}}
    for name, kind in zip(names, types):
        numeric = pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind) or pyarrow.types.is_decimal(kind)
        if name in UNREAD or (name not in STRUCTURE and not numeric):
            continue
        try:
            cells = file.read([name]).column(name).to_pylist()
        except Exception as error:
            answer["refusedColumns"][name] = str(error)[:300]
            continue
        if len(cells) != file.metadata.num_rows:
            # pyarrow passes over a page of a kind that it does not know, and what it reads of the column moves up
            answer["refusedColumns"][name] = f"{len(cells)} values in {file.metadata.num_rows} rows"
            continue
        if name in STRUCTURE and not numeric:
            answer["columns"][name] = {"texts": [cell if isinstance(cell, str) else None if cell is None else str(cell) for cell in cells]}
        else:
            answer["columns"][name] = {"numbers": [number(cell) for cell in cells]}
    return answer


def fragments(ask):
    """What trackio's importer takes of lines of JSON: the log calls, in their order."""
    with open(ask["path"], "rb") as file:
        data = file.read()
    calls, skipped = [], 0
    lines = data.splitlines()
    for at, line in enumerate(lines):
        line = line.strip()
        if not line:
            continue
        try:
            record = json.loads(line.decode("utf-8"), parse_int=float, parse_constant=refuse)
        except (ValueError, RecursionError):
            # the last line may be one that is being written
            skipped += at < len(lines) - 1 or data[-1:] in b"\r\n"
            continue
        if not isinstance(record, dict) or record.get("kind") != "metric":
            continue
        project, run = record.get("project"), record.get("run")
        if not isinstance(project, str) or not project or not isinstance(run, str) or not run:
            continue
        metrics = record.get("metrics")
        identity = record.get("run_id")
        calls.append(
            {
                "project": project,
                "name": run,
                "time": record["timestamp"] if isinstance(record.get("timestamp"), str) else "",
                "id": identity if isinstance(identity, str) and identity else run,
                "step": number(record["step"]) if isinstance(record.get("step"), float) else None,
                "log": record.get("log_id") if isinstance(record.get("log_id"), str) else None,
                "values": values(metrics) if isinstance(metrics, dict) else [],
            }
        )
    return {"calls": calls, "skipped": skipped}


def refuse(name):
    raise ValueError(name)


def make_tables(ask):
    """Small Parquet files of every way to write one, for the mutations to start from."""
    import random

    pick = random.Random(ask["seed"])
    made = []
    for at, (codec, page, dictionary, checksum, statistics) in enumerate(
        [
            ("snappy", "1.0", True, False, True),
            ("snappy", "2.0", True, True, True),
            ("gzip", "1.0", True, False, True),
            ("zstd", "1.0", False, True, True),
            ("none", "2.0", False, False, True),
            ("none", "1.0", True, True, False),
            ("lz4", "1.0", True, False, True),
            ("brotli", "1.0", False, False, True),
        ]
    ):
        rows = 30 + pick.randrange(40)
        base = [f"2026-08-21T10:{i // 60:02d}:{i % 60:02d}.5+00:00" for i in range(rows)]
        columns = {
            "id": list(range(1, rows + 1)),
            "run_id": [f"id{i % 3}" for i in range(rows)],
            "timestamp": base,
            "run_name": [f"run {i % 3}" for i in range(rows)],
            "step": [i // 3 for i in range(rows)],
            "loss": [pick.random() for _ in range(rows)],
            "rare": [pick.random() if pick.random() < 0.2 else None for _ in range(rows)],
            "whole": [pick.randrange(1000) if pick.random() < 0.8 else None for _ in range(rows)],
            "few": [float(pick.randrange(3)) for _ in range(rows)],
            "flag": [pick.random() < 0.5 for _ in range(rows)],
            "note": [pick.choice(["a", "bb", None]) for _ in range(rows)],
        }
        path = os.path.join(ask["folder"], f"base{at}.parquet")
        parquet.write_table(
            pyarrow.table(columns),
            path,
            compression=codec,
            data_page_version=page,
            use_dictionary=dictionary,
            write_page_checksum=checksum,
            write_statistics=statistics,
            row_group_size=pick.choice([17, 1000]),
            data_page_size=pick.choice([100, 1 << 20]),
        )
        made.append(path)
    return {"made": made}


ANSWERS = {"database": database, "table": table, "fragments": fragments, "make_tables": make_tables}

if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    print(json.dumps({"sqlite": sqlite3.sqlite_version, "pyarrow": pyarrow and pyarrow.__version__}), file=answers, flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        print(json.dumps(ANSWERS[ask["do"]](ask)), file=answers, flush=True)
