"""Publishes a project as `trackio sync --sdk static` does, into folders instead of the Hub: export_static.py PROJECT OUT [FRONTEND]

OUT/bucket gets what the bucket would hold, OUT/space what the Space would. trackio's own code does it all; only the calls
that would reach the Hub are replaced, by plain copies.
"""

import shutil
import sys
from pathlib import Path

import httpx
import huggingface_hub as hf
from huggingface_hub.errors import RepositoryNotFoundError

project, out, *frontend = sys.argv[1:]
OUT = Path(out)
SPACE, BUCKET = "me/demo", "me/demo-bucket"


def place(folder, source, path):
    target = OUT / folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, bytes):
        target.write_bytes(source)
    elif hasattr(source, "read"):
        target.write_bytes(source.read())
    else:
        shutil.copyfile(source, target)


def create_bucket(bucket_id, **_):
    (OUT / "bucket").mkdir(parents=True, exist_ok=True)


def batch_bucket_files(bucket_id, add=None, delete=None, **_):
    for source, path in add or []:
        place("bucket", source, path)
    for path in delete or []:
        (OUT / "bucket" / path).unlink(missing_ok=True)


def upload_file(self, *, path_or_fileobj, path_in_repo, **_):
    place("space", path_or_fileobj, path_in_repo)


def upload_folder(self, *, folder_path, path_in_repo="", **_):
    for file in sorted(Path(folder_path).rglob("*")):
        if file.is_file():
            place("space", file, f"{path_in_repo or ''}/{file.relative_to(folder_path).as_posix()}".lstrip("/"))


def no_space_yet(self, *_, **__):
    raise RepositoryNotFoundError("none", response=httpx.Response(404, request=httpx.Request("GET", "http://localhost")))


hf.create_bucket, hf.batch_bucket_files = create_bucket, batch_bucket_files
hf.list_bucket_tree = lambda *_, **__: []
hf.download_bucket_files = lambda *_, **__: None
hf.create_repo = lambda *_, **__: None
hf.HfApi.space_info, hf.HfApi.upload_file, hf.HfApi.upload_folder = no_space_yet, upload_file, upload_folder

import trackio

trackio.sync(project=project, space_id=SPACE, sdk="static", bucket_id=BUCKET, frontend_dir=frontend[0] if frontend else None)
