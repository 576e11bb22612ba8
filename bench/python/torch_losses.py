"""torch's own losses where it has them, else the short form of them: `loss(prediction, target[, variance], reduction)`."""

import torch
import torch.nn.functional as F


def reduced(rows):
    """A loss of row values: `rows(p, y, ...)` summed or averaged over the rows."""

    def loss(*given):
        *columns, reduction = given
        values = rows(*columns)
        return values.mean() if reduction == "mean" else values.sum()

    return loss


def own(function, **options):
    return lambda p, y, reduction: function(p, y, reduction=reduction, **options)


def soft_margin(z, y, reduction):
    return F.soft_margin_loss(z, 2 * y - 1, reduction=reduction)


def kl_div(lp, q, reduction):
    return F.kl_div(lp, q, reduction="batchmean" if reduction == "mean" else "sum")


def focal(z, y, gamma, alpha):
    loss = F.binary_cross_entropy_with_logits(z, y, reduction="none")
    s = torch.sigmoid(z)
    wrong = 1 - (s * y + (1 - s) * (1 - y))
    return (alpha * y + (1 - alpha) * (1 - y)) * wrong**gamma * loss


def hinge(z, y):
    return torch.relu(1 - (2 * y - 1) * z)


def crammer_singer(s, t):
    own_score = s.gather(1, t[:, None])
    others = s.scatter(1, t[:, None], float("-inf")).amax(1)
    return torch.relu(1 + others - own_score[:, 0])


def quantile(p, y, q):
    e = y - p
    return torch.maximum(q * e, (q - 1) * e)


def expectile(p, y, tau):
    e = p - y
    return torch.where(e > 0, 1 - tau, tau) * e * e


def tweedie(z, y, power):
    return torch.exp(z * (2 - power)) / (2 - power) - y * torch.exp(z * (1 - power)) / (1 - power)


def of_case(case):
    """The loss of a case."""
    name, given = case["loss"], case["parameters"]
    if case["input"] in ("mean", "probabilities"):
        name += " of " + case["input"]
    rows = {
        "error": lambda p, y: p - y,
        "pseudo_huber": lambda p, y: given["delta"] ** 2 * (torch.sqrt(1 + ((p - y) / given["delta"]) ** 2) - 1),
        "log_cosh": lambda p, y: (p - y) + F.softplus(-2 * (p - y)) - 0.6931471805599453,
        "quantile": lambda p, y: quantile(p, y, **given),
        "expectile": lambda p, y: expectile(p, y, **given),
        "msle": lambda p, y: (torch.log1p(p) - torch.log1p(y)) ** 2,
        "mape": lambda p, y: (p - y).abs() / y.abs().clamp_min(2.220446049250313e-16),
        "smape": lambda p, y: 2 * (p - y).abs() / (p.abs() + y.abs()),
        "poisson_nll of mean": lambda m, y: m - y * torch.log(m),
        "gamma_nll": lambda z, y: z + y * torch.exp(-z),
        "tweedie": lambda z, y: tweedie(z, y, **given),
        "focal": lambda z, y: focal(z, y, **given),
        "hinge": hinge,
        "squared_hinge": lambda z, y: hinge(z, y) ** 2,
        "exponential": lambda z, y: torch.exp(-(2 * y - 1) * z),
        "brier of probabilities": lambda p, y: (p - y) ** 2,
        "zero_one": lambda z, y: ((z > 0) != (y > 0)).float(),
        "crammer_singer": crammer_singer,
        "cosine": lambda a, b: 1 - F.cosine_similarity(a, b, dim=1),
    }
    libraries = {
        "mse": own(F.mse_loss),
        "mae": own(F.l1_loss),
        "huber": own(F.huber_loss, **given),
        "smooth_l1": own(F.smooth_l1_loss, **given),
        "bce": own(F.binary_cross_entropy_with_logits),
        "bce of probabilities": own(F.binary_cross_entropy),
        "poisson_nll": own(F.poisson_nll_loss),
        "cross_entropy": own(F.cross_entropy),
        "nll": own(F.nll_loss),
        "kl_div": kl_div,
        "multi_margin": own(F.multi_margin_loss),
        "soft_margin": soft_margin,
        "gaussian_nll": lambda p, y, v, reduction: F.gaussian_nll_loss(p, y, v, reduction=reduction),
    }
    return libraries.get(name) or reduced(rows[name])
