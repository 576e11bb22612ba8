"""Row losses of one chunk in NumPy: the short forms that people write, log instead of log1p where NumPy is faster with it."""

import numpy as np

F = np.float32


def error(p, y, _):
    return p - y


def smooth_l1(p, y, _, beta):
    a = np.abs(p - y)
    return np.where(a < F(beta), a * a * F(0.5 / beta), a - F(beta / 2))


def pseudo_huber(p, y, _, delta):
    r = (p - y) * F(1 / delta)
    return F(delta * delta) * (np.sqrt(F(1) + r * r) - F(1))


def log_cosh(p, y, _):
    a = np.abs(p - y)
    return a + np.log(F(1) + np.exp(F(-2) * a)) - F(np.log(2))


def quantile(p, y, _, q):
    e = y - p
    return np.maximum(F(q) * e, F(q - 1) * e)


def expectile(p, y, _, tau):
    e = p - y
    return np.where(e > 0, F(1 - tau), F(tau)) * e * e


def msle(p, y, _):
    e = np.log(F(1) + p) - np.log(F(1) + y)
    return e * e


def mape(p, y, _, epsilon=2.220446049250313e-16):
    return np.abs(p - y) / np.maximum(np.abs(y), F(epsilon))


def smape(p, y, _):
    return F(2) * np.abs(p - y) / (np.abs(p) + np.abs(y))


def poisson_nll(z, y, _):
    return np.exp(z) - y * z


def poisson_nll_mean(m, y, _):
    return m - y * np.log(m)


def gamma_nll(z, y, _):
    return z + y * np.exp(-z)


def tweedie(z, y, _, power):
    return np.exp(z * F(2 - power)) * F(1 / (2 - power)) - y * np.exp(z * F(1 - power)) * F(1 / (1 - power))


def gaussian_nll(p, y, v):
    e = p - y
    return F(0.5) * (np.log(v) + e * e / v)


def bce_probabilities(p, y, _):
    return -(y * np.log(p) + (F(1) - y) * np.log(F(1) - p))


def focal(z, y, _, gamma, alpha):
    u = np.where(y > 0, z, -z)
    e = np.exp(-np.abs(u))
    loss = np.log(F(1) + e) + np.maximum(-u, F(0))
    wrong = np.where(u < 0, F(1), e) / (F(1) + e)
    weight = np.where(y > 0, F(alpha), F(1 - alpha))
    return weight * (wrong * wrong if gamma == 2 else wrong ** F(gamma)) * loss


def hinge(z, y, _):
    return np.maximum(F(1) - (F(2) * y - F(1)) * z, F(0))


def squared_hinge(z, y, _):
    short = hinge(z, y, None)
    return short * short


def exponential(z, y, _):
    return np.exp(-(F(2) * y - F(1)) * z)


def soft_margin(z, y, _):
    u = -(F(2) * y - F(1)) * z
    return np.maximum(u, F(0)) + np.log(F(1) + np.exp(-np.abs(u)))


def brier(p, y, _):
    e = p - y
    return e * e


def zero_one(z, y, _):
    return (z > 0) != (y > 0)


def nll(lp, t, _):
    return -lp[np.arange(len(lp)), t]


def kl_div(lp, q, _):
    return (q * (np.log(q) - lp)).sum(axis=1)


def multi_margin(s, t, _):
    rows = np.arange(len(s))
    short = np.maximum(F(1) - s[rows, t][:, None] + s, F(0))
    short[rows, t] = 0
    return short.sum(axis=1) * F(1 / s.shape[1])


def crammer_singer(s, t, _):
    rows = np.arange(len(s))
    own = s[rows, t]
    others = s.copy()
    others[rows, t] = -np.inf
    return np.maximum(F(1) + others.max(axis=1) - own, F(0))


def cosine(a, b, _):
    ab = np.einsum("ij,ij->i", a, b)
    return F(1) - ab / np.sqrt(np.einsum("ij,ij->i", a, a) * np.einsum("ij,ij->i", b, b))


LOSSES = {
    **{f.__name__: f for f in (error, smooth_l1, pseudo_huber, log_cosh, quantile, expectile, msle, mape, smape)},
    **{f.__name__: f for f in (poisson_nll, gamma_nll, tweedie, gaussian_nll, focal, hinge, squared_hinge, exponential)},
    **{f.__name__: f for f in (soft_margin, brier, zero_one, nll, kl_div, multi_margin, crammer_singer, cosine)},
    "poisson_nll of mean": poisson_nll_mean,
    "bce of probabilities": bce_probabilities,
    "brier of probabilities": brier,
}
