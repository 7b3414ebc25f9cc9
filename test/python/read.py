"""Says what the real trackio reads of its folder (TRACKIO_DIR), as one line of JSON: every project with its runs, rows, alerts, traces and artifacts."""

import json
import os
import sys

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # trackio's own words go with the errors

import trackio
from trackio import utils
from trackio.sqlite_storage import SQLiteStorage


def plain(value):
    """JSON has no NaN and no infinities."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"$float": str(value)}
    if isinstance(value, float) and value.is_integer():
        return {"$float": repr(value)} if value == 0 and str(value)[0] == "-" else value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def details(file):
    """What other programs see in a file."""
    if file.suffix in (".png", ".gif"):
        from PIL import Image

        with Image.open(file) as image:
            frames = []
            for frame in range(getattr(image, "n_frames", 1)):
                image.seek(frame)
                frames.append([list(pixel) for pixel in image.convert("RGBA").getdata()][:8])
            return {"size": list(image.size), "frames": frames, "duration": image.info.get("duration")}
    if file.suffix == ".wav":
        import wave

        with wave.open(str(file)) as sound:
            data = sound.readframes(sound.getnframes())
            return {"sound": [sound.getnchannels(), sound.getsampwidth(), sound.getframerate(), sound.getnframes()], "data": data[:16].hex()}
    return {}


def media_of(value, found):
    if isinstance(value, dict):
        path = value.get("file_path")
        if path:
            file = utils.MEDIA_DIR / path
            found[path] = {"bytes": file.stat().st_size, **details(file)} if file.is_file() else None
        for item in value.values():
            media_of(item, found)
    elif isinstance(value, list):
        for item in value:
            media_of(item, found)


def run_of(project, record):
    run_id = record["id"]
    logs = SQLiteStorage.get_logs(project, record["name"], run_id=run_id)
    traces = SQLiteStorage.get_traces(project, record["name"], run_id=run_id, sort="step_asc")
    media = {}
    media_of(logs, media)
    media_of(traces, media)
    return {
        **record,
        "config": SQLiteStorage.get_run_config(project, record["name"], run_id=run_id),
        "max_step": SQLiteStorage.get_max_step_for_run(project, record["name"], run_id=run_id),
        "logs": logs,
        "system": SQLiteStorage.get_system_logs(project, record["name"], run_id=run_id),
        "traces": traces,
        "found": len(SQLiteStorage.get_traces(project, record["name"], search="needle", run_id=run_id)),
        "media": media,
        "artifacts": SQLiteStorage.get_run_artifacts(project, record["name"], run_id),
    }


def artifact_of(project, artifact):
    versions = []
    for version in artifact["versions"]:
        record = SQLiteStorage.get_artifact_manifest(project, artifact["name"], f"v{version['version']}")
        files = trackio.Artifact(name=artifact["name"], type=artifact["type"])
        files._hydrate_from_db(
            project=project,
            version=record["version"],
            aliases=record["aliases"],
            manifest=record["manifest"],
            manifest_digest=record["manifest_digest"],
            size_bytes=record["size_bytes"],
        )
        # what trackio works out from the manifest itself
        _, digest, size = SQLiteStorage._canonical_manifest(record["manifest"])
        folder = files.download(os.path.join(os.environ["TRACKIO_DIR"], "..", "downloads", f"{artifact['name']}-{record['version']}"))
        contents = {}
        for path, _, names in os.walk(folder):
            for name in names:
                full = os.path.join(path, name)
                contents[os.path.relpath(full, folder)] = os.path.getsize(full)
        versions.append({**record, "same_digest": digest == record["manifest_digest"], "same_size": size == record["size_bytes"], "files": contents})
    return {**artifact, "versions": versions}


projects = {}
for project in SQLiteStorage.get_projects():
    SQLiteStorage.init_db(project)  # what every write and `trackio show` do first
    projects[project] = {
        "runs": [run_of(project, record) for record in SQLiteStorage.get_run_records(project)],
        "alerts": SQLiteStorage.get_alerts(project),
        "artifacts": [artifact_of(project, artifact) for artifact in SQLiteStorage.list_artifacts(project)],
        "flags": SQLiteStorage.get_tab_availability_flags(project),
        "pending": SQLiteStorage.has_pending_data(project),
        "space": SQLiteStorage.get_space_id(project),
    }
print(json.dumps(plain(projects), default=str, allow_nan=False), file=answers, flush=True)
for _ in sys.stdin:
    pass
