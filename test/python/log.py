"""Logs with the real trackio as its standard input says: one command a line, one answer a line.

Commands are JSON: {"do": "init", "project": ..., "name": ...} (the arguments of trackio.init), {"do": "log", "values": {...}, "step": 3},
{"do": "artifact", "name": ..., "type": ..., "files": {path: text}, "aliases": [...]}, {"do": "flush"} (answers once every row logged so far stands in the database), {"do": "finish"}. Ends with its input.
Values are JSON, and {"$f64": "7ff0000000000000"} (the bits of a double), {"$int": "9007199254740993"}, {"$image": [2, 3]} (a picture of that size),
{"$array": [[0, 1]], "dtype": "uint8"} (of numpy), {"$made": "Audio", "of": [...], "with": {"caption": "a"}} (what trackio.Audio makes of these).
"""

import json
import os
import sqlite3
import struct
import sys
import tempfile
import time

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # trackio's own words go with the errors

import trackio
from trackio.sqlite_storage import SQLiteStorage

run = None
logged = {}


def value(v):
    if isinstance(v, list):
        return [value(item) for item in v]
    if not isinstance(v, dict):
        return v
    if "$f64" in v:
        return struct.unpack(">d", bytes.fromhex(v["$f64"]))[0]
    if "$int" in v:
        return int(v["$int"])
    if "$image" in v:
        import numpy

        width, height = v["$image"]
        return trackio.Image(numpy.full((height, width, 3), 128, dtype=numpy.uint8), caption="made")
    if "$array" in v:
        import numpy

        return numpy.array(v["$array"], dtype=v["dtype"])
    if "$made" in v:
        return getattr(trackio, v["$made"])(*value(v.get("of", [])), **value(v.get("with", {})))
    return {key: value(item) for key, item in v.items()}


def rows_of(project, run_id):
    with sqlite3.connect(SQLiteStorage.get_project_db_path(project), timeout=30) as db:
        return db.execute("SELECT COUNT(*) FROM metrics WHERE run_id = ?", (run_id,)).fetchone()[0]


def flush():
    end = time.monotonic() + 30
    for (project, run_id), count in logged.items():
        while True:
            try:
                found = rows_of(project, run_id)
            except sqlite3.OperationalError:
                found = 0  # the database is made with the first batch
            if found >= count:
                break
            if time.monotonic() > end:
                raise TimeoutError(f"{found} of {count} rows of {run_id} after 30 s")
            time.sleep(0.02)
    logged.clear()  # counted anew: rows may be deleted or renamed meanwhile


for line in sys.stdin:
    command = json.loads(line)
    what = command.pop("do")
    try:
        answer = {}
        if what == "init":
            run = trackio.init(embed=False, auto_log_gpu=False, auto_log_cpu=False, **value(command))
            answer = {"id": run.id, "name": run.name}
        elif what == "log":
            key = (run.project, run.id)
            if key not in logged:
                # a run that goes on has rows already
                logged[key] = rows_of(*key) if SQLiteStorage.get_project_db_path(run.project).exists() else 0
            logged[key] += 1
            trackio.log(value(command["values"]), step=command.get("step"))
        elif what == "alert":
            trackio.alert(title=command["title"], text=command.get("text"), level=trackio.AlertLevel(command["level"]))
        elif what == "artifact":
            artifact = trackio.Artifact(command["name"], type=command["type"], metadata=command.get("metadata"))
            with tempfile.TemporaryDirectory() as folder:
                for number, (path, text) in enumerate(command["files"].items()):
                    place = os.path.join(folder, str(number))
                    with open(place, "w") as file:
                        file.write(text)
                    artifact.add_file(place, name=path)
                logged_artifact = trackio.log_artifact(artifact, aliases=command.get("aliases"))
            answer = {"version": logged_artifact.version}
        elif what == "flush":
            flush()
        elif what == "finish":
            trackio.finish()
        else:
            raise ValueError(f"no command {what!r}")
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), file=answers, flush=True)
