"""Writes the small pickles in tests/vectors/pickles: what Python programs leave as min_max_values.pkl.

    pip install numpy
    python3 scripts/make_pickles.py tests/vectors/pickles

NAME.N.pkl is of protocol N. Each holds the files a.wav.npy (minimum -50, maximum 10) and b.wav.npy (-51.5, 11.25),
or says in its name what else it holds.
"""

import collections
import pathlib
import pickle
import sys

import numpy as np

NAMES = ["a.wav.npy", "b.wav.npy"]
VALUES = [(-50.0, 10.0), (-51.5, 11.25)]


def table(key, number, kind=dict):
    """One entry a file."""
    return kind((key(name), kind([("min", number(low)), ("max", number(high))])) for name, (low, high) in zip(NAMES, VALUES))


def default_dict(pairs):
    made = collections.defaultdict(dict)
    made.update(pairs)
    return made


def main(folder):
    text = lambda name: "spectrograms/" + name
    shared = {"min": -50.0, "max": 10.0}
    tables = {
        "plain": table(text, float),
        "whole_numbers": table(text, lambda number: int(number * 4)),
        "float16": table(text, np.float16),
        "float32": table(text, np.float32),
        "float64": table(text, np.float64),
        "big_endian": table(text, lambda number: np.array(number, dtype=">f4")),
        "array_of_one": table(text, lambda number: np.array([number], dtype=np.float32)),
        "posix_paths": table(lambda name: pathlib.PurePosixPath("/home/x/spectrograms") / name, float),
        "windows_paths": table(lambda name: pathlib.PureWindowsPath("C:\\x\\spectrograms") / name, float),
        "numpy_texts": table(lambda name: np.str_(text(name)), float),
        "numpy_bytes": table(lambda name: np.bytes_(text(name).encode()), float),
        "bytes": table(lambda name: text(name).encode(), float),
        "ordered_dict": table(text, np.float32, collections.OrderedDict),
        "default_dict": table(text, np.float32, default_dict),
        "shared_entry": {text(name): shared for name in NAMES},
        "number_keys": {0: shared, text(NAMES[1]): shared},
        "one_nan": {text(NAMES[0]): {"min": float("nan"), "max": 1.0}, text(NAMES[1]): shared},
        "one_complex": {text(NAMES[0]): {"min": 1j, "max": 1.0}, text(NAMES[1]): shared},
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in tables.items():
        for protocol in range(6):
            (folder / f"{name}.{protocol}.pkl").write_bytes(pickle.dumps(made, protocol))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
