"""Appends to a database as a training process does: `writer.py <db> <run> <closing|open> <metric,metric,...>`.

For each line on stdin it logs four steps of the run and answers with the step after them; `-` for a run goes on with the one that logged last. `closing` opens and closes the
database for each flush, as trackio does, so that its log is folded in each time; `open` keeps a second connection, as
another process would, so that the log grows beside it.
"""

import json
import math
import sqlite3
import sys
import uuid
from datetime import datetime, timedelta, timezone

path, run, how, names = sys.argv[1:5]
run_id = uuid.UUID(int=7).hex
start = datetime(2026, 11, 1, tzinfo=timezone.utc)
step = 0
if run == "-":
    last = sqlite3.connect(path)
    run_id, run, step = last.execute("SELECT run_id, run_name, step + 1 FROM metrics ORDER BY id DESC LIMIT 1").fetchone()
    last.close()
first = step


def connect():
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    return db


def flush(step):
    at = (start + timedelta(milliseconds=250 * (step - first))).isoformat()
    rows = []
    for i in range(step, step + 4):
        values = {name: 0.4 + 2 * math.exp(-i / 400) + 0.01 * math.sin(i * (k + 1)) for k, name in enumerate(names.split(","))}
        rows.append((at, run_id, run, i, json.dumps(values).encode(), uuid.uuid4().hex))
    db = connect()
    with db:
        db.executemany("INSERT INTO metrics (timestamp, run_id, run_name, step, metrics, log_id) VALUES (?,?,?,?,?,?)", rows)
    db.close()


other = connect() if how == "open" else None
if other:
    # the log of a database that nobody reads is never opened
    other.execute("SELECT count(*) FROM configs").fetchall()
config = connect()
with config:
    config.execute(
        "INSERT OR REPLACE INTO configs (run_id, run_name, config, created_at) VALUES (?,?,?,?)",
        (run_id, run, json.dumps({"lr": 1e-3}).encode(), start.isoformat()),
    )
config.close()
for _ in sys.stdin:
    flush(step)
    step += 4
    print(step, flush=True)
