"""NumPy as an expert writes it: no temporaries of full size, chunks that stay in the cache; the whole-array form beside it."""

import numpy as np
from data import load
from numpy_files import file_programs

CHUNK = 1 << 16


def programs(case):
    if case["kind"] == "npy":
        return file_programs(case)
    if case["kind"] == "parquet":
        return {"missing": [{"name": "NumPy", "why": "reads no Parquet"}]}
    a, b = load(case)
    if case["kind"] == "classes":
        return {"NumPy, chunked": (case["elements"], lambda: cross_entropy(a, b))}
    make = {"mse": mse, "mae": mae, "huber": huber, "bce": bce}[case["loss"]]
    n = case["elements"]
    return {
        "NumPy": (n, make(a, b, n, case)),
        "NumPy, chunked": (n, make(a, b, min(n, CHUNK), case)),
    }


def chunks(n, size):
    for start in range(0, n, size):
        yield slice(start, min(n, start + size))


def mse(p, y, size, _):
    buffer = np.empty(size, np.float32)

    def run():
        total = 0.0
        for part in chunks(len(p), size):
            e = np.subtract(p[part], y[part], out=buffer[: part.stop - part.start])
            total += float(np.dot(e, e))
        return total / len(p)

    return run


def mae(p, y, size, _):
    buffer = np.empty(size, np.float32)

    def run():
        total = 0.0
        for part in chunks(len(p), size):
            e = np.subtract(p[part], y[part], out=buffer[: part.stop - part.start])
            total += float(np.abs(e, out=e).sum())
        return total / len(p)

    return run


def huber(p, y, size, case):
    """0.5 q^2 + delta (|e| - q) with q = min(|e|, delta): the same value without a branch."""
    delta = np.float32(case["delta"])
    buffers = np.empty((2, size), np.float32)

    def run():
        total = 0.0
        for part in chunks(len(p), size):
            e, q = buffers[:, : part.stop - part.start]
            np.abs(np.subtract(p[part], y[part], out=e), out=e)
            np.minimum(e, delta, out=q)
            total += 0.5 * float(np.dot(q, q)) + float(delta) * float(np.subtract(e, q, out=e).sum())
        return total / len(p)

    return run


def bce(z, y, size, _):
    """max(z, 0) - z y + log(1 + exp(-|z|)); log instead of log1p, which NumPy has no SIMD for: faster, worse on confident rows."""
    buffers = np.empty((2, size), np.float32)

    def run():
        total = 0.0
        for part in chunks(len(z), size):
            e, q = buffers[:, : part.stop - part.start]
            np.abs(z[part], out=e)
            np.exp(np.negative(e, out=e), out=e)
            np.log(np.add(e, np.float32(1), out=e), out=e)
            total += float(e.sum()) + float(np.maximum(z[part], np.float32(0), out=q).sum()) - float(np.dot(z[part], y[part]))
        return total / len(z)

    return run


def cross_entropy(z, t):
    rows, classes = z.shape
    size = max(1, CHUNK // classes)
    total = 0.0
    for part in chunks(rows, size):
        x = z[part]
        top = x.max(axis=1)
        e = x - top[:, None]
        picked = e[np.arange(len(e)), t[part]]
        total += float((np.log(np.exp(e, out=e).sum(axis=1)) - picked).sum())
    return total / rows
