"""Databases that no release writes in a minute, by hand, with the releases' own table layouts: old-versions-odd.py FOLDER WORK.  Prints what they are."""

import json
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

OLD = "CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL)"
NEW = "CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT)"
CONFIGS = "CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL)"


def at(second, zone="+00:00"):
    return f"2026-03-{1 + second // 86400:02d}T{second // 3600 % 24:02d}:{second // 60 % 60:02d}:{second % 60:02d}{'' if second % 3 else '.250125'}{zone}"


def blob(payload):
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def fill(base, runs=5, rows=60, seed=1):
    rng = random.Random(seed)
    base.execute(NEW)
    base.execute("CREATE INDEX idx_metrics_run_step ON metrics(run_id, step)")
    base.execute("CREATE INDEX idx_metrics_run_timestamp ON metrics(run_id, timestamp)")
    base.execute(CONFIGS)
    for step in range(rows):
        for r in range(runs):
            payload = {"loss": rng.gauss(1, 0.5), "n": step * 7, "m/x": rng.random() if step % 3 else None}
            if step == 20:
                payload["text"] = "überlang " * (300 + 700 * r)
            base.execute("INSERT INTO metrics (run_id, timestamp, run_name, step, metrics, log_id) VALUES (?, ?, ?, ?, ?, ?)", (f"{r:032x}", at(step * runs + r), f"run {r}", step, blob(payload), f"{step:016x}{r:016x}"))
    for r in range(runs):
        base.execute("INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)", (f"{r:032x}", f"run {r}", blob({"lr": 10.0**-r, "note": "x" * 900 * r, "_Group": "even" if r % 2 == 0 else None, "_Username": "é"}), at(r)))


def database(work, name, *pragmas):
    base = sqlite3.connect(work / f"{name}.db", isolation_level=None)
    for pragma in pragmas:
        base.execute(f"PRAGMA {pragma}")
    return base


def pages(work):
    for size in (512, 1024, 8192, 65536):
        base = database(work, f"page size {size}", f"page_size={size}")
        base.execute("BEGIN")
        fill(base, runs=2 if size == 65536 else 4, rows=30)
        base.execute("COMMIT")
        base.close()
    for mode in ("FULL", "INCREMENTAL"):
        base = database(work, f"auto vacuum {mode.lower()}", "page_size=1024", f"auto_vacuum={mode}")
        base.execute("BEGIN")
        fill(base, rows=40, seed=2)
        base.execute("DELETE FROM metrics WHERE step BETWEEN 5 AND 24 AND run_name IN ('run 1', 'run 3')")
        base.execute("COMMIT")
        base.close()
    for name, end in (("deleted", None), ("deleted and vacuumed", "VACUUM")):
        base = database(work, name, "page_size=1024", "secure_delete=OFF")
        base.execute("BEGIN")
        fill(base, rows=50, seed=3)
        base.execute("COMMIT")
        base.execute("DELETE FROM metrics WHERE run_name = 'run 2' OR step % 4 = 1")
        base.execute("UPDATE metrics SET run_name = 'renamed ' || run_name, metrics = replace(CAST(metrics AS TEXT), '}', ',\"later\":1}') WHERE run_name = 'run 4'")
        if end:
            base.execute(end)
        base.close()
    base = database(work, "reserved bytes", "page_size=4096")
    fill(base, rows=20, seed=4)
    base.close()
    subprocess.run(["sqlite3", work / "reserved bytes.db", "SELECT count(*) FROM metrics", ".filectrl reserve_bytes 48", "VACUUM"], check=True, capture_output=True)
    base = database(work, "scattered", "page_size=4096")  # the pages of one long payload lie in eight different megabytes
    base.execute("CREATE TABLE other (id INTEGER PRIMARY KEY, filling BLOB)")
    base.execute("BEGIN")
    fill(base, runs=2, rows=4, seed=6)
    base.executemany("INSERT INTO other (filling) VALUES (zeroblob(4000))", [()] * 1900)
    base.execute("DELETE FROM other WHERE id % 237 = 100")
    base.execute("INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('s', ?, 'scattered', 0, ?)", (at(90), blob({"loss": 0.25, "text": "long " * 6000, "after": 3})))
    base.execute("INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('s', ?, 'scattered', 1, ?)", (at(91), blob({"loss": 0.5})))
    base.execute("COMMIT")
    base.close()
    return "page sizes 512 to 65536, auto_vacuum, free pages, deleted and vacuumed rows, reserved bytes at the end of each page, a payload scattered over the file"


def keep(base, work, name):
    """Closes a database but leaves its file and its log as they stand."""
    files = {work / f"{name}.db{suffix}": (work / f"{name}.db{suffix}").read_bytes() for suffix in ("", "-wal")}
    base.close()
    for file, content in files.items():
        file.write_bytes(content)
    (work / f"{name}.db-shm").unlink(missing_ok=True)


def numbers(work):
    rng = random.Random(5)
    odd = ["5e-324", "2.4703282292062328e-324", "2.2250738585072011e-308", "2.2250738585072014e-308", "1.7976931348623157e308", "1.7976931348623158e+308", "1e23", "8.5E-20", "1E+05", "1e5", "1.0E0",
           "9007199254740993", "9007199254740993.0", "-9007199254740993", "9007199254740992", "18446744073709551615", "-9223372036854775808", "123456789012345678901234567890", "0.1", "0.10000000149011612",
           "1.00000000000000011102230246251565404236316680908203125", "1.00000000000000011102230246251565404236316680908203124", "0.1000000000000000055511151231257827021181583404541015625", "-0.0", "0", "0e0", "0.0e-999", "1e309", "-1e999",
           "1e-400", "6.02214076e23", "3.141592653589793238462643383279502884197", "179769313486231580793728971405301e276", "0.000000000000000000000000000001", "123456.789e-3", "4.35", "0.3e1", "100000000000000000000000.5",
           "72057594037927945", "72057594037927936.5", "1448997445238699", "2.5e-1", "-1.5e-5", "1234567890123456789e-19", "7.2057594037927933e16", "NaN", "Infinity", "-Infinity", '"NaN"', '"Infinity"', '"-Infinity"', '"nan"', '"1.5"', "true", "false", "null"]
    odd += [repr(rng.uniform(-1, 1) * 10.0 ** rng.randint(-300, 300)) for _ in range(150)]
    odd += [f"{rng.uniform(-1, 1) * 10.0 ** rng.randint(-20, 20):.25e}" for _ in range(60)] + [f"{rng.uniform(-1e6, 1e6):.{rng.randint(0, 20)}f}" for _ in range(60)] + [str(rng.getrandbits(rng.randint(1, 70))) for _ in range(60)]
    rows = [f'{{"each":{text},"kept":{i}}}' for i, text in enumerate(odd)]
    spelled = [
        "{}", " { } ", '{"a":1}', ' \n{ "a" :\t1 ,\r\n "b":2 } \n', '{"a":1,"a":2}', '{"a":1,"b":5,"a":3}', '{"a":1,"\\u0061":4}', '{"a":1,"a":null}', '{"a":1,"a":"text"}', '{"a":"text","a":9}',
        '{"\\ud83e\\udd8a":1,"🦊":2}', '{"q\\"\\\\\\/\\b\\f\\n\\r\\t":3}', '{"":1}', '{"__proto__":1,"constructor":2,"hasOwnProperty":3,"toString":4}', '{"a":{"a":1,"b":[1,{"c":"}"}]},"b":7}', '{"a":[],"b":{},"c":"","d":"\\"]}","e":8}',
        '{"a":[NaN,Infinity,{"x":-Infinity}],"b":1.5}', '{"a":' + "[" * 200 + "]" * 200 + ',"b":2.5}', '{"_type":3}', '{"a":{"_type":"trackio.image","file_path":"p/r/0/x.png","caption":null},"b":{"_type":"trackio.future","v":1},"c":{"_type":""}}',
        '{"a":{"typ":5}}', '{"a":{"x":{"_type":"trackio.image"}}}', '{"a":{"v":1,"_type":"trackio.histogram","bins":[],"values":[]}}', '{"A":1,"a":2,"Ａ":3,"à":4,"a\\u0300":5}', '{"a b":1,"a.b":2,"a/b":3,"/":4,"a//b":5,"//a":6}',
        '{"0":1,"1":2,"-1":3,"1.5":4,"NaN":5,"null":6,"true":7}', '{"' + "k" * 5000 + '":1}', '{"\\u0000":1,"x\\u0000y":2}', '{"line\\u2028sep":1,"\u2028":2}',
    ]
    for name, as_blob in (("text payloads", False), ("blob payloads", True)):
        base = database(work, name)
        base.execute("BEGIN")
        base.execute(OLD)
        for run, lines in (("numbers", rows), ("spelling", spelled)):
            for step, line in enumerate(lines):
                base.execute("INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?)", (at(step, ""), run, step, line.encode() if as_blob else line))
        base.execute("COMMIT")
        base.close()
    return "numbers and spellings of JSON that are easily misread, as TEXT and as BLOB"


def schema(work):
    line = blob({"loss": 0.5, "n": 1})
    base = database(work, "pandas index")  # as DataFrame.to_sql leaves it
    base.execute('CREATE TABLE "metrics" (\n"index" INTEGER,\n  "metrics" TEXT,\n  "step" REAL,\n  "run_name" TEXT,\n  "timestamp" TEXT,\n  "id" INTEGER\n)')
    base.execute('CREATE INDEX "ix_metrics_index" ON "metrics" ("index")')
    for i, ident in enumerate([3, 1, 2, None, None, 1]):
        base.execute("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", (i, json.dumps({"loss": i / 3, "n": i, "gone": None}), i * 2.0 if i != 4 else 8.5, "r", at(100), ident))
    base.close()
    base = database(work, "odd names")
    base.execute("create table [Metrics](/* a comment, ( */ [ID] integer primary key, `Timestamp` varchar(40) not null default (strftime('%s', 'now')), -- another\n 'run_name' TEXT, Step INT CHECK (step > -9 OR 'a,b)' = ''), \"metrics\" JSON NOT NULL, CONSTRAINT u UNIQUE (id, step))")
    for i in range(9):
        base.execute("INSERT INTO metrics (id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)", (-5 + i * 3 if i < 8 else 2**53 - 1, at(5), f"run {i % 2}", i, line))
    base.close()
    base = database(work, "altered")  # columns added late, rows from before have none of them
    base.execute(OLD)
    for i in range(6):
        base.execute("INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, 'early', ?, ?)", (at(i), i, line))
    base.execute("ALTER TABLE metrics ADD COLUMN log_id TEXT")
    base.execute("ALTER TABLE metrics ADD COLUMN space_id TEXT")
    base.execute("ALTER TABLE metrics ADD COLUMN note TEXT NOT NULL DEFAULT 'it''s (so), x'")
    for i in range(6):
        base.execute("INSERT INTO metrics (timestamp, run_name, step, metrics, log_id) VALUES (?, 'late', ?, ?, ?)", (at(9 + i), i, line, str(i)))
    base.execute("ALTER TABLE metrics DROP COLUMN space_id")
    base.execute("CREATE VIEW runs AS SELECT DISTINCT run_name FROM metrics")
    base.execute("CREATE TRIGGER t AFTER INSERT ON metrics BEGIN SELECT 1; END")
    base.close()
    base = database(work, "no rows yet")
    base.execute(NEW)
    base.execute(CONFIGS)
    base.execute("INSERT INTO configs (run_id, run_name, config, created_at) VALUES ('a', 'only a config', '{}', ?)", (at(1),))
    base.close()
    return "table layouts: rebuilt by pandas, quoted and commented columns, columns added and dropped later"


def utf16(work):
    base = database(work, "project", "encoding='UTF-16le'")
    base.execute(OLD)
    for i in range(20):
        base.execute("INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, 'ünï 🦊', ?, ?)", (at(i), i, json.dumps({"lößs 🦊": i / 7, "n": i}, ensure_ascii=False)))
    base.close()
    return "text stored as UTF-16, which trackio never writes: say so"


def rows(work):
    base = database(work, "late rows", "page_size=1024")  # stored in another order than (timestamp, id)
    base.execute("BEGIN")
    base.execute(NEW)
    rng = random.Random(8)
    for i in range(400):
        run = i % 3
        second = (400 - i) if run == 0 else rng.randint(0, 30) if run == 1 else i
        payload = {"every": i, **({"some": i / 9} if i % 4 == 0 else {}), **({"few": float("inf") if i % 2 else -i} if i % 50 < 3 else {})}
        base.execute("INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)", (str(run), at(second), ["backwards", "shuffled", "straight"][run], i, json.dumps(payload).encode()))
    base.execute("COMMIT")
    base.close()
    base = database(work, "times")  # every form that an import or a release left behind
    base.execute(NEW)
    forms = ["", "1700000000", "1700000000.5", "2025-01-01 10:00:00", "2025-01-01T09:00:00Z", "2025-01-01T09:00:00", "2025-01-01T09:00:00.5+00:00", "2025-01-01T10:30:00.123456+05:30", "2025-01-01T09:00:00.123456", "not a time"]
    for i, form in enumerate([*forms, *reversed(forms)]):
        base.execute("INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)", ("mixed", form, "mixed", i, blob({"loss": i, f"alone {i:02d}": 1.5})))
    base.close()
    base = database(work, "many runs", "page_size=1024")
    base.execute("BEGIN")
    base.execute(NEW)
    for i in range(900):
        run = i % 300
        base.execute("INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)", (f"{run * 7919 % 300:03d}", at(run // 3), "same name" if run % 2 else f"run {run}", i // 300, blob({"loss": i, f"g{run % 40}/x": 0.5})))
    base.execute("COMMIT")
    base.close()
    base = database(work, "renamed while logging")
    base.execute(NEW)
    base.execute(CONFIGS)
    base.execute("INSERT INTO configs (run_id, run_name, config, created_at) VALUES ('one', 'new name', ?, ?)", (blob({"lr": 1, "_Group": "g"}), at(0)))
    for i in range(12):
        base.execute("INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('one', ?, ?, ?, ?)", (at(i), "new name" if i < 7 else "old name", i, blob({"loss": i / 2})))
    base.close()
    base = database(work, "big ids")
    base.execute(NEW)
    for i in range(60):
        base.execute("INSERT INTO metrics (id, run_id, timestamp, run_name, step, metrics) VALUES (?, 'r', ?, 'r', ?, ?)", (i * 2**35 + 9 if i else 1, at(0), [i, -i, i * 10**9, 2**47 + i, 0.5 + i][i % 5], blob({"loss": i})))
    base.close()
    base = database(work, "five projects")  # one file for all, as releases before 0.0.11
    base.execute("CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, project_name TEXT NOT NULL, run_name TEXT NOT NULL, metrics TEXT NOT NULL)")
    base.execute("CREATE TABLE configs (project_name TEXT NOT NULL, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at DATETIME DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (project_name, run_name))")
    for i in range(90):
        project = ["a", "A", "a b/ü 🦊", "five projects", ""][i % 5]
        base.execute("INSERT INTO metrics (timestamp, project_name, run_name, metrics) VALUES (?, ?, ?, ?)", (f"2025-05-0{1 + i % 2} 08:{i % 60:02d}:00", project, f"run {i % 3}", f'{{"loss": {["NaN", "0.5", "Infinity", "1"][i % 4]}, "only {project}": {i}}}'))
    for project in ("a", "A"):
        base.execute("INSERT INTO configs (project_name, run_name, config) VALUES (?, 'run 1', ?)", (project, json.dumps({"of": project})))
    base.close()
    for name in ("restarted wal", "shrunk in wal"):
        base = database(work, name, "page_size=1024", "journal_mode=WAL", "wal_autocheckpoint=0")
        fill(base, runs=3, rows=40, seed=10)
        if name == "restarted wal":  # all is in the file; the log then begins anew, with frames of its first life at the end
            base.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
            for step in (40, 41):
                base.execute("INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('late', ?, 'after the restart', ?, ?)", (at(9000 + step), step, blob({"loss": step / 3})))
        else:  # the database gets smaller than its file
            base.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            base.execute("DELETE FROM metrics WHERE step > 9")
            base.execute("VACUUM")
        keep(base, work, name)
    base = database(work, "only in wal", "journal_mode=WAL", "wal_autocheckpoint=0")  # every page of it is in the log
    fill(base, runs=2, rows=15, seed=9)
    keep(base, work, "only in wal")
    return "rows stored out of time order, odd timestamps, 300 runs, large and fractional steps, large ids, one id under two names, five projects in one file; databases wholly in their -wal, with a -wal that began anew, and made smaller by it"


if __name__ == "__main__":
    folder, work = sys.argv[1], Path(sys.argv[2])
    print({"extra-odd-pages": pages, "extra-odd-numbers": numbers, "extra-odd-schema": schema, "extra-odd-rows": rows, "foreign-utf16": utf16}[folder](work))
