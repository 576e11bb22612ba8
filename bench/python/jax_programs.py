"""jax: the loss as one jitted function on the CPU, with its gradient where the case wants it. float32 only, its default."""

import jax
import jax.numpy as jnp
from data import load


def programs(case):
    if case["kind"] != "kernel" or case["type"] != "f32" or case["input"] == "probabilities":
        return {}
    loss = losses(case).get(case["loss"])
    if loss is None:
        return {}
    p, y, _ = load(case)
    p, y = jax.device_put(p), jax.device_put(y)
    if case["pass"] == "value":
        run = jax.jit(loss)
        return {"jax.jit": (case["elements"], lambda: float(run(p, y)))}
    both = jax.jit(jax.value_and_grad(loss))

    def with_gradient():
        value, gradient = both(p, y)
        gradient.block_until_ready()
        return float(value)

    return {"jax.jit": (case["elements"], with_gradient)}


def losses(case):
    delta = case["parameters"].get("delta")

    def huber(p, y):
        e = jnp.abs(p - y)
        return jnp.mean(jnp.where(e <= delta, 0.5 * e * e, delta * (e - 0.5 * delta)))

    def cross_entropy(z, t):
        picked = jnp.take_along_axis(z, t[:, None], axis=1)[:, 0]
        return jnp.mean(jax.nn.logsumexp(z, axis=1) - picked)

    return {
        "mse": lambda p, y: jnp.mean((p - y) ** 2),
        "mae": lambda p, y: jnp.mean(jnp.abs(p - y)),
        "huber": huber,
        "bce": lambda z, y: jnp.mean(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z)))),
        "cross_entropy": cross_entropy,
    }
