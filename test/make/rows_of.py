"""Rows of a database of test/fixtures in the order that counts, by Python's sqlite3."""

import gzip
import os
import sqlite3
import tempfile


def read(path):
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "a.db")
        for end in ("", "-wal"):
            for name, opener in ((path + end, open), (path + end + ".gz", gzip.open)):
                if os.path.exists(name):
                    with opener(name, "rb") as file, open(copy + end, "wb") as to:
                        to.write(file.read())
        connection = sqlite3.connect(copy)
        connection.row_factory = sqlite3.Row
        connection.text_factory = bytes
        try:
            columns = [row[1].decode().lower() for row in connection.execute("PRAGMA table_info(metrics)")]
            if not {"run_name", "metrics"} <= set(columns):
                return None
            order = "timestamp, id, rowid" if {"timestamp", "id"} <= set(columns) else "rowid"
            rows = [{key.lower(): row[key] for key in row.keys()} for row in connection.execute(f"SELECT * FROM metrics ORDER BY {order}")]
        except sqlite3.Error:
            return None
        finally:
            connection.close()
    return "step" in columns, rows


def text(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)


def traces(path):
    """The table of traces, in the order of its rows; [] without one, None where it cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "a.db")
        for end in ("", "-wal"):
            for name, opener in ((path + end, open), (path + end + ".gz", gzip.open)):
                if os.path.exists(name):
                    with opener(name, "rb") as file, open(copy + end, "wb") as to:
                        to.write(file.read())
        connection = sqlite3.connect(copy)
        connection.row_factory = sqlite3.Row
        try:
            if not connection.execute("PRAGMA table_info(traces)").fetchall():
                return []
            return [dict(row) for row in connection.execute("SELECT * FROM traces ORDER BY rowid")]
        except sqlite3.Error:
            return None
        finally:
            connection.close()
