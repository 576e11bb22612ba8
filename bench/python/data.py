"""The files of a kernel case as NumPy arrays."""

import numpy as np


def load(case):
    if case["kind"] == "classes":
        z = np.fromfile(case["files"]["z"], dtype=np.float32).reshape(case["rows"], case["classes"])
        return z, np.fromfile(case["files"]["t"], dtype=np.int32)
    return tuple(np.fromfile(case["files"][name], dtype=np.float32) for name in ("p", "y"))
