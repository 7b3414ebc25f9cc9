"""
Writes test/fixtures/artifacts.json: the artifacts of every database of test/fixtures as Python's sqlite3 and json read them, by type and name, versions newest first
(trackio's list_artifacts), each with its manifest, whether its digest is that of the manifest, and the links between runs and versions with the run as trackio finds it: by
an id that is known, else by the name that one run alone has; of another project by its id alone; by the name where the metrics have no ids.
"""

import glob
import gzip
import hashlib
import json
import os
import sqlite3
import tempfile

ROOT = os.path.join(os.path.dirname(__file__), "..", "fixtures")


def canonical(name):
    return "".join(letter for letter in name if letter.isalnum() or letter in "-_") or "default"


def digest_of(manifest):
    entries = sorted(manifest, key=lambda entry: entry["path"])
    text = json.dumps(entries, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Database:
    def __init__(self, connection):
        self.connection = connection

    def columns(self, table):
        return [row[1] for row in self.connection.execute(f"PRAGMA table_info({table})")]

    def rows(self, table):
        there = self.columns(table)
        if not there:
            return []
        cursor = self.connection.execute(f"SELECT * FROM {table} ORDER BY rowid")
        names = [one[0] for one in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]


def runs_of(database):
    """Runs as trackio lists them: of the metrics, and those that only links name."""
    has_ids = "run_id" in database.columns("metrics")
    if database.columns("metrics"):
        wanted = "run_id, run_name" if has_ids else "NULL, run_name"
        runs = set(database.connection.execute(f"SELECT DISTINCT {wanted} FROM metrics").fetchall())
    else:
        runs = set()
    return has_ids, runs


def links_only(database, has_ids, runs, project):
    names = {name for _, name in runs}
    ids = {id for id, _ in runs}
    own = [row for row in database.rows("run_artifact_links") if row.get("run_project") in (None, project) and row["run_name"] is not None]
    found = set()
    for row in own:
        if row["run_name"] in names:
            continue
        if has_ids and row["run_id"] is not None and row["run_id"] in ids:
            continue
        if has_ids and row["run_id"] is None and any(other["run_name"] == row["run_name"] and other["run_id"] for other in own):
            continue
        found.add((row["run_id"] if has_ids else None, row["run_name"]))
    for row in database.rows("external_run_artifact_links"):
        id = row["run_id"] or row["run_name"]
        if row["run_name"] in names or id in ids or any(one[0] == id or one[1] == row["run_name"] for one in found):
            continue
        found.add((id, row["run_name"]))
    return runs | found


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
            return describe(Database(connection), canonical(os.path.basename(path).removesuffix(".db")))
        except sqlite3.Error:
            return None
        finally:
            connection.close()


def describe(database, project):
    artifacts = database.rows("artifacts")
    versions = database.rows("artifact_versions")
    aliases = database.rows("artifact_aliases")
    has_ids, runs = runs_of(database)
    runs = links_only(database, has_ids, runs, project)

    def find(row, foreign=None):
        if foreign is not None and foreign != project:
            return {"run": None, "name": row["run_name"], "project": foreign}
        if has_ids:
            for id, name in runs:
                if id is not None and id == row["run_id"]:
                    return {"run": id, "name": name, "project": None}
        named = [one for one in runs if one[1] == row["run_name"]]
        if len(named) == 1:
            return {"run": named[0][0] or named[0][1], "name": row["run_name"], "project": None}
        return {"run": None, "name": row["run_name"], "project": None}

    found = []
    label = {}
    for artifact in sorted(artifacts, key=lambda one: (one["type"], one["name"])):
        own = [version for version in versions if version["artifact_id"] == artifact["id"]]
        own.sort(key=lambda one: -one["version"])
        for version in own:
            label[version["id"]] = f'{artifact["name"]}:v{version["version"]}'
        found.append(
            {
                "name": artifact["name"],
                "type": artifact["type"],
                "description": artifact["description"],
                "created_at": artifact["created_at"],
                "versions": [
                    {
                        "version": version["version"],
                        "aliases": sorted(one["alias"] for one in aliases if one["artifact_version_id"] == version["id"]),
                        "digest": version["manifest_digest"],
                        "digest_agrees": digest_of(json.loads(version["manifest"])) == version["manifest_digest"],
                        "manifest": json.loads(version["manifest"]),
                        "metadata": None if version["metadata"] is None else json.loads(version["metadata"]),
                        "size_bytes": version["size_bytes"],
                        "created_at": version["created_at"],
                        "producer": find({"run_id": version["producer_run_id"], "run_name": version["producer_run_name"]})
                        if version["producer_run_name"] is not None or version["producer_run_id"] is not None
                        else None,
                    }
                    for version in own
                ],
            }
        )
    links = {}
    for row in database.rows("run_artifact_links"):
        if row["artifact_version_id"] not in label:
            continue
        one = {"version": label[row["artifact_version_id"]], "direction": row["direction"], **find(row, row.get("run_project"))}
        links.setdefault(json.dumps(one), {**one, "created_at": row["created_at"]})
    foreign = [
        {
            "artifact": f'{row["source_project"]}/{row["source_artifact"]}:v{row["source_version"]}',
            "type": row["source_type"],
            "size_bytes": row["source_size_bytes"],
            "direction": row["direction"],
            "created_at": row["created_at"],
            **find(row),
        }
        for row in database.rows("external_run_artifact_links")
    ]
    return {"artifacts": found, "links": list(links.values()), "foreign": foreign}


golden = {}
for folder in sorted(os.listdir(ROOT)):
    data = os.path.join(ROOT, folder, "data")
    for path in sorted({p.removesuffix(".gz") for p in glob.glob(os.path.join(data, "**", "*.db*"), recursive=True) if p.removesuffix(".gz").endswith(".db")}):
        described = read(path)
        if described and any(described.values()):
            golden.setdefault(folder, {})[os.path.relpath(path, data)] = described
with open(os.path.join(ROOT, "artifacts.json"), "w") as file:
    json.dump(golden, file, indent=1, ensure_ascii=False)
    file.write("\n")
