"""torch: the eager loss, the eager loss in chunks that stay in the cache, and the compiled loss."""

import torch
import torch.nn.functional as F
from data import load

CHUNK = 1 << 17


def programs(case):
    if case["kind"] not in ("pairs", "classes"):
        return {}
    a, b = (torch.from_numpy(x) for x in load(case))
    if case["kind"] == "classes":
        b = b.long()
    loss = losses(case)
    rows = a.shape[0]
    size = min(rows, CHUNK // case.get("classes", 1))
    n = case["elements"]

    def chunked():
        total = 0.0
        for start in range(0, rows, size):
            total += loss(a[start : start + size], b[start : start + size], "sum").item()
        return total / rows

    torch._dynamo.reset()
    compiled = torch.compile(lambda x, y: loss(x, y, "mean"), dynamic=False)
    found = {
        "torch": (n, no_grad(lambda: loss(a, b, "mean").item())),
        "torch, chunked": (n, no_grad(chunked)),
    }
    try:
        compiled_run = no_grad(lambda: compiled(a, b).item())
        compiled_run()
        found["torch.compile"] = (n, compiled_run)
    except Exception as error:
        first = str(error).strip().splitlines()[0]
        found["missing"] = [{"name": "torch.compile", "why": f"does not work here: {first}"}]
    return found


def no_grad(run):
    def wrapped():
        with torch.no_grad():
            return run()

    return wrapped


def losses(case):
    return {
        "mse": lambda p, y, reduction: F.mse_loss(p, y, reduction=reduction),
        "mae": lambda p, y, reduction: F.l1_loss(p, y, reduction=reduction),
        "huber": lambda p, y, reduction: F.huber_loss(p, y, reduction=reduction, delta=case["delta"]),
        "bce": lambda p, y, reduction: F.binary_cross_entropy_with_logits(p, y, reduction=reduction),
        "cross_entropy": lambda p, y, reduction: F.cross_entropy(p, y, reduction=reduction),
    }[case["loss"]]
