"""Writes rows as trackio does (a database with a write-ahead log), a commit every so many milliseconds, until its input ends.

    write_fast.py DATABASE MILLISECONDS WORKER

Every commit has three rows and its number among all commits of all processes, so that whoever reads the database can tell whether what it read is a
state that it ever had: the numbers 0 to n, each three times. A line says that the first commit is in.
"""

import json
import sqlite3
import sys
import threading
import time

path, every, worker = sys.argv[1], float(sys.argv[2]) / 1000, sys.argv[3]
db = sqlite3.connect(path, timeout=30, isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.execute("PRAGMA synchronous = NORMAL")
db.execute(
    "CREATE TABLE IF NOT EXISTS metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL,"
    " run_id TEXT, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL)"
)
db.execute("CREATE INDEX IF NOT EXISTS idx_metrics_run_step ON metrics(run_id, step)")

ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()

step = 0
while not ended.is_set():
    db.execute("BEGIN IMMEDIATE")
    number = db.execute("SELECT coalesce(max(id), 0) FROM metrics").fetchone()[0] // 3
    for _ in range(3):
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1e6):06d}+00:00"
        payload = json.dumps({"number": number, "text": "x" * 300})
        db.execute(
            "INSERT INTO metrics (timestamp, run_id, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)",
            (stamp, worker, worker, step, payload),
        )
        step += 1
    db.execute("COMMIT")
    if step == 3:
        print("begun", flush=True)
    ended.wait(every)
