"""The files of a kernel case as NumPy arrays."""

import numpy as np

TYPES = {"f32": np.float32, "f64": np.float64, "i32": np.int32}


def load(case):
    """Prediction, target and variance (None where there is none); rows of several numbers are two-dimensional."""
    return tuple(column(case, name) for name in ("p", "y", "v"))


def column(case, name):
    if name not in case["files"]:
        return None
    found = case["files"][name]
    values = np.fromfile(found["file"], dtype=TYPES[found["type"]])
    return values if len(values) == case["rows"] else values.reshape(case["rows"], -1)
