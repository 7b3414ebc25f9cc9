"""Makes test/engine/files/made: tensor files, archives and texts as the programs write them that people use, and
files.json, which says what those programs read in them.

    python3 -m venv .cache/files && .cache/files/bin/pip install numpy safetensors gguf
    .cache/files/bin/python test/make/files.py
"""

import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter
from safetensors import safe_open
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parent.parent / "engine" / "files" / "made"
ROOT.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(7)


def tensor(name, dtype, shape, size):
    return {"name": name, "dtype": dtype, "shape": list(shape), "bytes": int(size)}


def safetensors():
    path = ROOT / "adapter.safetensors"
    layers = {}
    for i in range(3):
        layers[f"layers.{i}.attn.q.weight"] = random.standard_normal((8, 16), dtype=np.float32)
        layers[f"layers.{i}.attn.q.bias"] = np.zeros(16, np.float16)
    layers["step"] = np.array(1200, np.int64)
    layers["mask"] = np.zeros((0, 4), np.bool_)
    save_file(layers, path, metadata={"format": "pt", "note": "r=8, α=16"})
    names = {"float32": "F32", "float16": "F16", "int64": "I64", "bool": "BOOL"}
    with safe_open(path, "np") as file:
        found = []
        for name in file.keys():
            value = file.get_tensor(name)
            found.append(tensor(name, names[str(value.dtype)], value.shape, value.nbytes))
        return {"tensors": sorted(found, key=lambda one: one["name"]), "metadata": dict(file.metadata())}


def numpy_files():
    found = {}
    arrays = {
        "floats": random.standard_normal((3, 4, 5)),
        "columns": np.asfortranarray(random.integers(0, 9, (6, 2)).astype(np.int32)),
        "scalar": np.float16(1.5),
        "words": np.array(["one", "three"]),
        "records": np.array([(1, 2.5)], dtype=[("a", "<i4"), ("b", "<f8")]),
    }
    for name, value in arrays.items():
        np.save(ROOT / f"{name}.npy", value)
        read = np.load(ROOT / f"{name}.npy")
        order = "Fortran" if read.flags.f_contiguous and not read.flags.c_contiguous else "C"
        found[f"{name}.npy"] = {"dtype": read.dtype.str, "shape": list(read.shape), "bytes": read.nbytes, "order": order}
    for name, save in (("arrays.npz", np.savez), ("packed.npz", np.savez_compressed)):
        save(ROOT / name, weights=arrays["floats"], steps=np.arange(100, dtype=np.uint8))
        with np.load(ROOT / name) as file:
            found[name] = [tensor(key, file[key].dtype.str, file[key].shape, file[key].nbytes) for key in file.files]
    return found


def gguf():
    path = ROOT / "tiny.gguf"
    writer = GGUFWriter(path, "llama")
    writer.add_block_count(2)
    writer.add_context_length(2048)
    writer.add_rope_freq_base(10000.0)
    writer.add_token_list([f"word{i}" for i in range(5000)])
    writer.add_bool("tokenizer.ggml.add_bos_token", True)
    writer.add_tensor("token_embd.weight", random.standard_normal((16, 32), dtype=np.float32))
    writer.add_tensor("output_norm.weight", np.ones(32, np.float16))
    writer.add_tensor("blk.0.ffn.weight", np.zeros((4, 34), np.uint8), raw_dtype=GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    reader = GGUFReader(path)
    return [
        tensor(one.name, one.tensor_type.name, [int(n) for n in reversed(one.shape)], one.n_bytes)
        for one in reader.tensors
    ]


def archives():
    path = ROOT / "checkpoint.pt"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("checkpoint/data.pkl", b"\x80\x02}q\x00.")
        file.writestr("checkpoint/data/0", bytes(256))
        file.writestr("checkpoint/version", "3\n")
    path = ROOT / "notes.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("ä/été.txt", "words " * 200)
        file.writestr("../outside.txt", "a name that leads out")
        file.comment = b"PK in a comment"
    found = {}
    for name in ("checkpoint.pt", "notes.zip"):
        with zipfile.ZipFile(ROOT / name) as file:
            found[name] = [[one.filename, one.file_size, one.compress_size] for one in file.infolist()]
    return found


expected = {
    "adapter.safetensors": safetensors(),
    "numpy": numpy_files(),
    "tiny.gguf": gguf(),
    "zip": archives(),
}
expected["sha256"] = {
    path.name: hashlib.sha256(path.read_bytes()).hexdigest()
    for path in sorted(ROOT.iterdir())
    if path.suffix != ".json"
}
(ROOT / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
print(f"{len(expected['sha256'])} files in {ROOT.name}")
