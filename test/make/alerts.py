"""
Writes test/fixtures/alerts.json: the alerts of every database of test/fixtures as Python's sqlite3 reads them, newest first, and of the inboxes beside them what trackio
would put into the database.
"""

import glob
import gzip
import json
import os
import sqlite3
import tempfile

ROOT = os.path.join(os.path.dirname(__file__), "..", "fixtures")
COLUMNS = ["timestamp", "run_name", "run_id", "level", "title", "text", "step", "alert_id"]


def read(path):
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "a.db")
        for end in ("", "-wal"):
            for name, opener in ((path + end, open), (path + end + ".gz", gzip.open)):
                if os.path.exists(name):
                    with opener(name, "rb") as file, open(copy + end, "wb") as to:
                        to.write(file.read())
        connection = sqlite3.connect(copy)
        try:
            there = [row[1] for row in connection.execute("PRAGMA table_info(alerts)")]
            if not there:
                return []
            wanted = ", ".join(name if name in there else "NULL" for name in COLUMNS)
            rows = connection.execute(f"SELECT {wanted} FROM alerts ORDER BY timestamp DESC, id DESC").fetchall()
        except sqlite3.Error:
            return None
        finally:
            connection.close()
    return [dict(zip(COLUMNS, row)) for row in rows]


def waiting(folder, stem):
    alerts = []
    for path in sorted(glob.glob(os.path.join(folder, "**", "inbox", "*", "*.jsonl"), recursive=True)):
        for line in open(path, "rb"):
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict) and record.get("kind") == "alert":
                alerts.append({name: record.get(name) for name in COLUMNS} | {"run_name": record["run"]})
    return alerts


found = {}
for folder in sorted(os.listdir(ROOT)):
    data = os.path.join(ROOT, folder, "data")
    for path in sorted({p.removesuffix(".gz") for p in glob.glob(os.path.join(data, "**", "*.db*"), recursive=True) if p.removesuffix(".gz").endswith(".db")}):
        alerts = read(path)
        if alerts is None:
            continue
        stem = os.path.basename(path).removesuffix(".db")
        known = {alert["alert_id"] for alert in alerts}
        alerts += [alert for alert in waiting(data, stem) if alert["alert_id"] not in known]
        alerts.sort(key=lambda alert: alert["timestamp"], reverse=True)
        if alerts:
            found.setdefault(folder, {})[os.path.relpath(path, data)] = alerts
with open(os.path.join(ROOT, "alerts.json"), "w") as file:
    json.dump(found, file, indent=1, ensure_ascii=False)
    file.write("\n")
