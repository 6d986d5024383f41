#!/usr/bin/env python3
"""Decodes latent vectors of a Timbrespace model with nothing but NumPy: what the decoder is, in a page.

    python3 scripts/decode_with_python.py BUNDLE                     the vector of zeros
    python3 scripts/decode_with_python.py BUNDLE VECTORS.npy         [count, latent], as encode and generate write them
    python3 scripts/decode_with_python.py BUNDLE VECTORS.npy IMAGES.npy    [count, bins, frames] in 0..1

For models of convolutions (the presets clear, small and reference) and of dense layers (flat), with a linear path or without. Images are in 0..1; the normalised
range of config.json, decibels and phases are the way back to sound, which `timbrespace generate` goes.
"""

import json
import pathlib
import struct
import sys

import numpy as np

FLOATS = {"F32": "<f4", "F16": "<f2"}
EPSILON = 1e-3  # of batch norm, as in Keras


def read_safetensors(path):
    """All tensors of a file: 8 bytes with the length of a JSON header, the header, the values."""
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        assert entry["dtype"] in FLOATS, f"{name} is {entry['dtype']}"
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[start:end], dtype=FLOATS[entry["dtype"]]).reshape(entry["shape"]).astype(np.float64)
    return tensors


class Bundle:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.config = json.loads((folder / "config.json").read_text())
        self.model = self.config["model"]
        self.tensors = read_safetensors(folder / "model.safetensors")

    def dense(self, name, values):
        return values @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"]

    def batch_norm(self, name, image):
        """With the statistics that were re-estimated from training batches ("precise"), not Keras's running ones."""
        scale, offset, mean, variance = (
            self.tensors[f"{name}.{part}"][:, None, None]
            for part in ("weight", "bias", "precise_mean", "precise_variance")
        )
        return (image - mean) / np.sqrt(variance + EPSILON) * scale + offset

    def decode(self, vector):
        """One latent vector to an image [bins, frames] in 0..1."""
        model = self.model
        # Sizes inside the model are padded to what the strides divide; the image is cut out at the end.
        strides = np.array(model["strides"], dtype=int).reshape(-1, 2)
        whole = strides.prod(axis=0)
        size = -(-np.array([model["bins"], model["frames"]]) // whole) * whole
        if model.get("hidden"):
            values, layers = vector, len(model["hidden"]) + 1
            for number in range(1, layers + 1):
                values = self.dense(f"decoder.dense_{number}", values)
                values = np.maximum(values, 0) if number < layers else values
            image = values.reshape(1, *size)
        else:
            small = size // whole
            image = self.dense("decoder.dense", vector).reshape(model["filters"][-1], *small)
            for number, stride in enumerate(reversed(strides), start=1):
                name = f"decoder.conv_{number}"
                image = transposed_convolution(image, self.tensors[f"{name}.weight"], stride)
                image += self.tensors[f"{name}.bias"][:, None, None]
                if number < len(strides):
                    image = self.batch_norm(f"decoder.norm_{number}", np.maximum(image, 0))
        image = image[0, : model["bins"], : model["frames"]]
        if model.get("linear_path"):
            return np.clip(image + self.dense("decoder.linear", vector).reshape(image.shape), 0, 1)
        return 1 / (1 + np.exp(-image))


def transposed_convolution(image, weight, stride):
    """TensorFlow's Conv2DTranspose with "same" padding: [in, h, w] to [out, h * stride, w * stride].

    Every input value adds its kernel, weight[in, out], to the output at stride times its place; what "same" padding would
    have put before the output (the smaller half of what the kernel has beyond the stride) is cut off.
    """
    channels, height, width = image.shape
    _, outputs, kernel, _ = weight.shape
    tall, wide = height * stride[0], width * stride[1]
    full = np.zeros((outputs, tall + kernel, wide + kernel))
    for y in range(kernel):
        for x in range(kernel):
            part = np.tensordot(weight[:, :, y, x], image, axes=(0, 0))
            full[:, y : y + tall : stride[0], x : x + wide : stride[1]] += part
    top, left = (max(kernel - step, 0) // 2 for step in stride)
    return full[:, top : top + tall, left : left + wide]


def main():
    if len(sys.argv) not in (2, 3, 4):
        sys.exit(__doc__)
    bundle = Bundle(sys.argv[1])
    vectors = np.load(sys.argv[2]) if len(sys.argv) > 2 else np.zeros((1, bundle.model["latent_size"]))
    images = np.stack([bundle.decode(vector) for vector in np.atleast_2d(vectors)])
    print(f"{len(images)} images of {images.shape[1]} x {images.shape[2]}, mean {images.mean():.6f}")
    if len(sys.argv) > 3:
        np.save(sys.argv[3], images.astype(np.float32))


if __name__ == "__main__":
    main()
