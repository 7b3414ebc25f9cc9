"""Says what the real trackio reads of the runs of its folder (TRACKIO_DIR), without the files of artifacts, as one line of JSON. With `plain`, as `trackio list` does, without bringing databases up to date first."""

import json
import os
import sys

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # trackio's own words go with the errors

from trackio.sqlite_storage import SQLiteStorage


def plain(value):
    """JSON has no NaN and no infinities."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"$float": str(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def run_of(project, record):
    run_id, name = record["id"], record["name"]
    return {
        **record,
        "config": SQLiteStorage.get_run_config(project, name, run_id=run_id),
        "max_step": SQLiteStorage.get_max_step_for_run(project, name, run_id=run_id),
        "logs": SQLiteStorage.get_logs(project, name, run_id=run_id),
        "system": SQLiteStorage.get_system_logs(project, name, run_id=run_id),
        "traces": SQLiteStorage.get_traces(project, name, run_id=run_id, sort="step_asc"),
        "artifacts": SQLiteStorage.get_run_artifacts(project, name, run_id),
        "alerts": SQLiteStorage.get_alerts(project, run_name=name, run_id=run_id),
    }


projects = {}
for project in SQLiteStorage.get_projects():
    if "plain" not in sys.argv:
        SQLiteStorage.init_db(project)  # what every write and `trackio show` do first
    projects[project] = {
        "runs": [run_of(project, record) for record in SQLiteStorage.get_run_records(project)],
        "alerts": SQLiteStorage.get_alerts(project),
        "artifacts": SQLiteStorage.list_artifacts(project),
    }
print(json.dumps(plain(projects), default=str, allow_nan=False), file=answers, flush=True)
for _ in sys.stdin:
    pass
