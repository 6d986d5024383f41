#!/usr/bin/env python3
"""Holds what Timbrespace writes for other programs against what it computes itself.

    pip install numpy onnx onnxruntime tensorboard
    python3 scripts/check-onnx.py BUNDLE RECORDINGS [--program target/debug/timbrespace]
    python3 scripts/check-onnx.py BUNDLE --events DIR

The first exports BUNDLE, checks both files with the onnx package, encodes the images of RECORDINGS with onnxruntime beside `timbrespace
encode`, decodes their vectors beside `timbrespace reconstruct`, and decodes new vectors beside scripts/decode_with_python.py. The second reads
the event files that `train --tensorboard DIR` wrote, with the tensorboard package, beside the table of `timbrespace scalars`. A difference
of more than 1e-5 (of the largest value where that is above 1) ends it with exit code 1.
"""

import argparse
import csv
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

TOLERANCE = 1e-5
BATCHES = (1, 7, 32)  # the files take any
RECONSTRUCTED = 6  # recordings that go through `reconstruct`, which also finds their phases


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=pathlib.Path)
    parser.add_argument("recordings", type=pathlib.Path, nargs="?")
    parser.add_argument("--events", type=pathlib.Path, metavar="DIR")
    parser.add_argument("--program", default="target/debug/timbrespace")
    arguments = parser.parse_args()
    if not arguments.recordings and not arguments.events:
        parser.error("give RECORDINGS, --events DIR, or both")
    with tempfile.TemporaryDirectory() as place:
        check = Check(arguments, pathlib.Path(place))
        if arguments.recordings:
            check.models()
        if arguments.events:
            check.events()
    sys.exit(1 if check.failed else 0)


class Check:
    def __init__(self, arguments, place):
        self.arguments, self.place, self.failed = arguments, place, False
        self.config = json.loads((arguments.bundle / "config.json").read_text())

    def run(self, *words):
        done = subprocess.run([self.arguments.program, *map(str, words)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{words}: {done.stderr}")

    def compare(self, what, found, expected, rounded=0.0):
        assert found.shape == expected.shape, f"{what}: {found.shape} and {expected.shape}"
        difference = float(np.abs(found.astype(np.float64) - expected).max())
        allowed = TOLERANCE * max(1.0, float(np.abs(expected).max())) + rounded
        self.failed |= not difference <= allowed
        verdict = "ok" if difference <= allowed else "TOO FAR"
        print(f"{self.arguments.bundle.name:16} {what:46} {difference:.2e} of {np.abs(expected).max():9.3f}  {verdict}")

    def models(self):
        import onnx
        import onnxruntime

        bundle, place = self.arguments.bundle, self.place
        self.run("export", bundle, "--onnx", place)
        paths = [place / name for name in ("encoder.onnx", "decoder.onnx")]
        for path in paths:
            onnx.checker.check_model(str(path), full_check=True)
        encoder, decoder = (onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]) for path in paths)
        said = encoder.get_modelmeta().custom_metadata_map
        model, preprocessing = self.config["model"], self.config["preprocessing"]
        for key in ("feature", "sample_rate_hz", "frame_size", "hop_length"):
            assert said[key] == str(preprocessing[key]), (key, said[key])
        assert (said["bins"], said["frames"]) == (str(model["bins"]), str(model["frames"]))

        names, images = self.images()
        self.run("encode", bundle, self.place / "P", "--out", place / "encoded")
        with open(place / "encoded/names.csv", newline="") as table:
            order = [row["name"] for row in csv.DictReader(table)]
        images = np.stack([images[names.index(name)] for name in order])[:, None]
        expected = [np.load(place / f"encoded/{name}.npy") for name in ("mu", "log_variance")]
        for size in BATCHES:
            parts = [encoder.run(None, {"image": images[k : k + size]}) for k in range(0, len(images), size)]
            for name, found, wanted in zip(("mu", "log_variance"), map(np.concatenate, zip(*parts)), expected):
                self.compare(f"encoder, {name}, {len(images)} images by {size}", found, wanted)

        chosen = order[:: max(1, len(order) // RECONSTRUCTED)][:RECONSTRUCTED]
        files = [self.arguments.recordings / name for name in chosen]
        self.run("reconstruct", bundle, *files, "--out", place / "rebuilt")
        stored = [np.load(place / "rebuilt" / f"{pathlib.Path(name).stem}.npy") for name in chosen]
        low, high = preprocessing["range_min"], preprocessing["range_max"]
        mu = expected[0][[order.index(name) for name in chosen]]
        (found,) = decoder.run(None, {"z": mu})
        self.compare(f"decoder, {len(chosen)} recordings", found[:, 0], (np.stack(stored) - low) / (high - low))

        vectors = np.random.default_rng(0).normal(size=(5, model["latent_size"])).astype(np.float32)
        (found,) = decoder.run(None, {"z": vectors})
        self.compare("decoder, 5 random vectors, beside NumPy", found[:, 0], decoded_with_python(bundle, vectors, "precise"))
        self.run("export", bundle, "--onnx", place, "--running-statistics")
        decoder = onnxruntime.InferenceSession(str(paths[1]), providers=["CPUExecutionProvider"])
        (found,) = decoder.run(None, {"z": vectors})
        self.compare("the same with running statistics", found[:, 0], decoded_with_python(bundle, vectors, "running"))

    def images(self):
        """Names of all recordings and their images in 0..1, made with the model's settings."""
        settings, folder = self.config["preprocessing"], self.place / "P"
        ((unit, length),) = settings["duration"].items() if isinstance(settings["duration"], dict) else [("full", "")]
        words = ["--duration", {"seconds": f"{length}", "full": "full"}.get(unit, f"{length}{unit}")]
        for flag, key in [
            ("--feature", "feature"), ("--sample-rate", "sample_rate_hz"), ("--frame-size", "frame_size"),
            ("--hop-length", "hop_length"), ("--top-db", "top_db"), ("--min", "range_min"), ("--max", "range_max"),
        ]:  # fmt: skip
            words += [flag, settings[key]]
        words += ["--resample"] if settings["resample"] else []
        self.run("preprocess", self.arguments.recordings, "--out", folder, *words)
        root = folder / "spectrograms"
        paths = sorted(root.rglob("*.npy"))
        low, high = settings["range_min"], settings["range_max"]
        images = [(np.load(path) - np.float32(low)) / np.float32(high - low) for path in paths]
        return [path.relative_to(root).as_posix().removesuffix(".npy") for path in paths], images

    def events(self):
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

        self.run("scalars", self.arguments.bundle, "--out", self.place)
        with open(self.place / "scalars.csv", newline="") as table:
            rows = list(csv.DictReader(table))
        for run in ("train", "validation"):
            folder = self.arguments.events / run
            if not folder.is_dir():
                continue
            events = EventAccumulator(str(folder), size_guidance={"scalars": 0}).Reload()
            for tag in sorted(events.Tags()["scalars"]):
                name = tag if tag.startswith("step/") else tag.replace("loss", run) if tag.startswith("loss/") else f"epoch/{tag}"
                expected = [(int(row["step"]), float(row["value"])) for row in rows if row["name"] == name]
                found = [(event.step, event.value) for event in events.Scalars(tag)]
                assert [step for step, _ in found] == [step for step, _ in expected], f"{run} {tag}: {found} and {expected}"
                values = (np.array([value for _, value in pairs]) for pairs in (found, expected))
                # Speeds have two digits behind the point in the table.
                rounded = 0.005 if tag.endswith("samples_per_second") else 0.0
                self.compare(f"events, {run}, {tag}, {len(found)}", *values, rounded)


def decoded_with_python(bundle, vectors, statistics):
    path = pathlib.Path(__file__).with_name("decode_with_python.py")
    spec = importlib.util.spec_from_file_location("decode_with_python", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    reader = module.Bundle(bundle)
    chosen = {name.replace(statistics, "precise"): values for name, values in reader.tensors.items() if statistics in name}
    reader.tensors.update(chosen)
    return np.stack([reader.decode(vector) for vector in vectors])


if __name__ == "__main__":
    main()
