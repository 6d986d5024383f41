#!/usr/bin/env python3
"""Writes the weights of a bundle in half precision, for a model that is embedded in the program; needs NumPy.

    python3 scripts/halve_model.py BUNDLE

Tensors of a thousand values and more become F16, statistics and biases stay F32. The density names the weights that it was
fitted to by their SHA-256, so its name for them is renewed; detail has to be made anew (timbrespace detail BUNDLE SOUNDS).
"""

import hashlib
import json
import pathlib
import struct
import sys

import numpy as np

LARGE = 1000


def read(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def write(path, header, values):
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    data = struct.pack("<Q", len(text)) + text + values
    path.write_bytes(data)
    return data


def halve(path):
    header, values = read(path)
    halved, parts, place = {}, [], 0
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        part, dtype = values[start:end], entry["dtype"]
        if dtype == "F32" and (end - start) // 4 >= LARGE:
            part, dtype = np.frombuffer(part, dtype="<f4").astype("<f2").tobytes(), "F16"
        parts.append(part)
        halved[name] = {"dtype": dtype, "shape": entry["shape"], "data_offsets": [place, place + len(part)]}
        place += len(part)
    return write(path, halved, b"".join(parts))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    weights = halve(folder / "model.safetensors")
    density = folder / "density.safetensors"
    header, values = read(density)
    header["__metadata__"]["weights"] = hashlib.sha256(weights).hexdigest()
    write(density, header, values)
    print(f"{folder}: {len(weights):,} bytes of weights")


if __name__ == "__main__":
    main()
