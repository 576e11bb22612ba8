"""torch: the eager loss, the eager loss in chunks that stay in the cache, and the compiled loss; with the gradient, its backward pass."""

import numpy as np
import torch
from data import load
from torch_losses import of_case

CHUNK = 1 << 17


def programs(case):
    if case["kind"] == "npy classes":
        return file_programs(case)
    if case["kind"] != "kernel":
        return {}
    p, y, v = (None if x is None else torch.from_numpy(x) for x in load(case))
    if y.dtype == torch.int32:
        y = y.long()
    loss = of_case(case)
    columns = [x for x in (p, y, v) if x is not None]
    n = case["elements"]
    whole, chunked = (backward, backward_chunked) if case["pass"] == "gradient" else (forward, forward_chunked)
    size = max(1, CHUNK // case.get("classes", 1))
    found = {
        "torch": (n, whole(loss, columns)),
        "torch, chunked": (n, chunked(loss, columns, size)),
    }
    if case.get("brief"):
        return found
    torch._dynamo.reset()
    run = whole(torch.compile(loss, dynamic=False), columns)
    try:
        run()
        found["torch.compile"] = (n, run)
    except Exception as error:
        first = str(error).strip().splitlines()[0]
        found["missing"] = [{"name": "torch.compile", "why": f"does not work here: {first}"}]
    return found


def forward(loss, columns):
    def run():
        with torch.no_grad():
            return loss(*columns, "mean").item()

    return run


def forward_chunked(loss, columns, size):
    rows = len(columns[0])

    def run():
        total = 0.0
        with torch.no_grad():
            for start in range(0, rows, size):
                total += loss(*(x[start : start + size] for x in columns), "sum").item()
        return total / rows

    return run


def backward(loss, columns):
    p = columns[0].clone().requires_grad_()

    def run():
        p.grad = None
        value = loss(p, *columns[1:], "mean")
        value.backward()
        return value.item()

    return run


def backward_chunked(loss, columns, size):
    """The gradient of each chunk is written to its part of one array."""
    rows = len(columns[0])
    gradient = torch.empty_like(columns[0])

    def run():
        total = 0.0
        for start in range(0, rows, size):
            p = columns[0][start : start + size].detach().requires_grad_()
            value = loss(p, *(x[start : start + size] for x in columns[1:]), "sum")
            value.backward()
            gradient[start : start + size] = p.grad
            total += value.item()
        return total / rows

    return run


def file_programs(case):
    """Rows of logits from mapped files, in chunks; 1 and 2 threads of torch, and the reduction compiled."""
    n = case["elements"]
    rows = case["rows"]
    step = max(1, (CHUNK * 8) // case["classes"])

    def mean(threads):
        torch.set_num_threads(threads)
        try:
            z, t = (np.load(case["files"][name]["file"], mmap_mode="r") for name in ("p", "y"))
            z, t = np.asarray(z), np.asarray(t)
            total = 0.0
            with torch.no_grad():
                for i in range(0, rows, step):
                    x, y = torch.from_numpy(z[i : i + step]), torch.from_numpy(t[i : i + step]).long()
                    total += torch.nn.functional.cross_entropy(x, y, reduction="sum").item()
            return total / rows
        finally:
            torch.set_num_threads(1)

    return {f"torch mean only, {k}": (n, lambda threads=v: mean(threads)) for k, v in {"1 thread": 1, "2 threads": 2}.items()}
