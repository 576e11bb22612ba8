"""Two .npy files: the mean alone, and the statistics that an evaluation gives. Memory-mapped, 64K-element chunks, 1 and 2 threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

CHUNK = 1 << 16
WORST = 10


def file_programs(case):
    """Each run opens and maps the files, as an evaluation does; mapping them once and for all was no faster to speak of."""
    n = case["elements"]
    pool = ThreadPoolExecutor(2)
    if case["kind"] == "npy classes":
        return class_programs(case, pool)
    ranges = {"1 thread": [(0, n)], "2 threads": [(0, n // 2), (n // 2, n)]}

    def over(parts, work):
        p, y = map_files(case)
        if len(parts) == 1:
            return [work(p, y, *parts[0])]
        return list(pool.map(lambda part: work(p, y, *part), parts))

    def threshold(p, y, start, end):
        return statistics(p, y, start, end, by_threshold=True)

    found = {}
    for threads, parts in ranges.items():
        found["NumPy mean only, " + threads] = lambda parts=parts: sum(over(parts, squares)) / n
        found["NumPy same statistics, " + threads] = lambda parts=parts: finish(over(parts, statistics), n)
        found["NumPy same statistics, worst by threshold, " + threads] = lambda parts=parts: finish(over(parts, threshold), n)
    return {name: (n, run) for name, run in found.items()}


def map_files(case):
    """Plain arrays over the mappings: slicing np.memmap costs microseconds."""
    return [np.asarray(np.load(case["files"][name]["file"], mmap_mode="r")) for name in ("p", "y")]


def squares(p, y, start, end):
    buffer = np.empty(CHUNK, np.float32)
    total = 0.0
    for i in range(start, end, CHUNK):
        j = min(end, i + CHUNK)
        e = np.subtract(p[i:j], y[i:j], out=buffer[: j - i])
        total += float(np.dot(e, e))
    return total


def statistics(p, y, start, end, by_threshold=False):
    """Sum, sum of squares, least, greatest, and the worst rows of the squared error.

    Plain sums of squares lose the standard deviation of 1e9 plus noise; ours do not.
    """
    buffer = np.empty(CHUNK, np.float32)
    total = second = 0.0
    low, high = np.inf, -np.inf
    worst = np.empty(0, np.float32)
    rows = np.empty(0, np.int64)
    for i in range(start, end, CHUNK):
        j = min(end, i + CHUNK)
        loss = np.subtract(p[i:j], y[i:j], out=buffer[: j - i])
        np.multiply(loss, loss, out=loss)
        total += float(loss.sum())
        second += float(np.dot(loss, loss))
        low = min(low, float(loss.min()))
        top = float(loss.max())
        high = max(high, top)
        if by_threshold and len(worst) == WORST and top <= worst.min():
            continue
        k = min(WORST, j - i)
        best = np.argpartition(loss, len(loss) - k)[-k:]
        worst = np.concatenate([worst, loss[best]])
        rows = np.concatenate([rows, best + i])
        kept = np.argsort(-worst)[:WORST]
        worst, rows = worst[kept], rows[kept]
    return total, second, low, high, worst, rows


def finish(parts, n):
    """The mean; the rest is computed as well."""
    total = sum(part[0] for part in parts)
    mean = total / n
    std = max(0.0, (sum(part[1] for part in parts) / n - mean * mean) * n / max(1, n - 1)) ** 0.5
    low, high = min(part[2] for part in parts), max(part[3] for part in parts)
    worst = np.concatenate([part[4] for part in parts])
    rows = np.concatenate([part[5] for part in parts])[np.argsort(-worst)[:WORST]]
    assert low <= mean <= high and std >= 0 and len(rows) == min(WORST, n)
    return mean


def class_programs(case, pool):
    """The mean alone."""
    n = case["rows"]
    step = max(1, CHUNK // case["classes"])
    ranges = {"1 thread": [(0, n)], "2 threads": [(0, n // 2), (n // 2, n)]}

    def work(z, t, start, end):
        total = 0.0
        for i in range(start, end, step):
            x, picked = z[i : min(end, i + step)], t[i : min(end, i + step)]
            e = x - x.max(axis=1)[:, None]
            own = e[np.arange(len(e)), picked].sum()
            total += float(np.log(np.exp(e, out=e).sum(axis=1)).sum()) - float(own)
        return total

    def over(parts):
        z, t = map_files(case)
        return sum(pool.map(lambda part: work(z, t, *part), parts)) / n

    elements = case["elements"]
    return {f"NumPy mean only, {k}": (elements, lambda parts=v: over(parts)) for k, v in ranges.items()}
