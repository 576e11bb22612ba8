"""NumPy as an expert writes it: no temporaries of full size, chunks that stay in the cache; the whole-array form of some beside it."""

import numpy as np
from data import load
from numpy_catalogue import LOSSES
from numpy_files import file_programs
from numpy_gradients import GRADIENTS
from numpy_sums import SUMS

CHUNK = 1 << 16


def programs(case):
    if case["kind"] in ("npy", "npy classes"):
        return file_programs(case)
    if case["kind"] == "parquet":
        return {"missing": [{"name": "NumPy", "why": "reads no Parquet"}]}
    p, y, v = load(case)
    n = case["elements"]
    rows = case["rows"]
    classes = case.get("classes", 1)
    size = min(rows, max(1, CHUNK // classes))
    if case["pass"] == "gradient":
        return {"NumPy, chunked": (n, with_gradient(GRADIENTS[case["loss"]], p, y, size, case))}
    if case["loss"] in SUMS and case["input"] != "probabilities":
        sums = SUMS[case["loss"]]
        found = {"NumPy, chunked": (n, sums(p, y, size, case))}
        if classes == 1:
            found["NumPy"] = (n, sums(p, y, rows, case))
        return found
    name = case["loss"] + (" of " + case["input"] if case["input"] in ("mean", "probabilities") else "")
    return {"NumPy, chunked": (n, by_row(LOSSES[name], p, y, v, size, case["parameters"]))}


def chunks(n, size):
    for start in range(0, n, size):
        yield slice(start, min(n, start + size))


def by_row(loss, p, y, v, size, parameters):
    def run():
        total = 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            for part in chunks(len(p), size):
                values = loss(p[part], y[part], None if v is None else v[part], **parameters)
                total += float(values.sum(dtype=np.float64))
        return total / len(p)

    return run


def with_gradient(step, p, y, size, case):
    """`step(p, y, out, buffers, case)` writes the gradient of a chunk to `out` and returns the sum of its row losses."""
    gradient = np.empty_like(p)
    buffers = [np.empty((size, *p.shape[1:]), p.dtype) for _ in range(2)]

    def run():
        total = 0.0
        for part in chunks(len(p), size):
            count = part.stop - part.start
            total += step(p[part], y[part], gradient[part], [b[:count] for b in buffers], case)
        return total / len(p)

    return run
