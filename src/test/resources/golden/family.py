"""
What the losses and projections without a golden case of PyTorch's own expect: writes family.jsonl beside it. Each case names the
function whose float64 formula it is. Inputs are floats; gradients come from the definitions by another way than the library
takes: through the Jacobian of softmax, by sorting, by a one-hot.
"""
import json
import os

import numpy as np
from scipy.special import logsumexp

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(22)
cases = []


def rows(n, c, spread=3.0):
    return (random.normal(0, spread, (n, c))).astype(np.float32).astype(np.float64)


def add(kind, source, **fields):
    cases.append({"kind": kind, "source": source}
                 | {k: v.tolist() if isinstance(v, (np.ndarray, np.generic)) else v for k, v in fields.items()})


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def poly():
    for epsilon, n, c in [(2.0, 5, 4), (-1.0, 3, 7), (0.5, 2, 40), (10.0, 4, 2)]:
        x, y = rows(n, c), random.integers(0, c, n)
        p = softmax(x)
        one_hot = np.eye(c)[y]
        loss = -np.sum(one_hot * np.log(p), axis=1) + epsilon * np.sum(one_hot * (1 - p), axis=1)
        of_p = one_hot * (-1 / p - epsilon)  # d loss / d p
        gradient = p * (of_p - np.sum(p * of_p, axis=1, keepdims=True))
        add("poly", "optax.losses.poly_loss_cross_entropy", x=x, labels=y, epsilon=epsilon, losses=loss, gradient=gradient)


def sparsemax(x):
    """By sorting, as in algorithm 1 of Martins and Astudillo."""
    out = np.zeros_like(x)
    for r, z in enumerate(x):
        s = np.sort(z)[::-1]
        k = np.nonzero(1 + np.arange(1, len(z) + 1) * s > np.cumsum(s))[0].max() + 1
        out[r] = np.maximum(z - (np.cumsum(s)[k - 1] - 1) / k, 0)
    return out


def sparse():
    for n, c, spread in [(5, 4, 1.0), (3, 30, 0.3), (2, 50, 0.05), (4, 2, 2.0), (2, 9, 30.0)]:
        x, y, g = rows(n, c, spread), random.integers(0, c, n), rows(n, c)
        p = sparsemax(x)
        support = (p > 0).astype(float)
        backward = support * (g - np.sum(support * g, axis=1, keepdims=True) / support.sum(axis=1, keepdims=True))
        one_hot = np.eye(c)[y]
        # The Fenchel-Young form: half of ||p - x||^2 is the smallest distance of x from the simplex.
        loss = (np.sum((one_hot - x) ** 2, axis=1) - np.sum((p - x) ** 2, axis=1)) / 2
        add("sparsemax", "jaxopt.projection.projection_simplex; Martins and Astudillo 2016", x=x, p=p, upstream=g, backward=backward)
        add("sparsemax loss", "jaxopt.loss.multiclass_sparsemax_loss", x=x, labels=y, losses=loss, gradient=p - one_hot)


def margin():
    for power, margin, n, c in [(1, 1.0, 5, 4), (2, 1.0, 5, 4), (2, 0.5, 3, 20), (2, 2.0, 4, 2)]:
        x, y, w = rows(n, c), random.integers(0, c, n), random.uniform(0.1, 2, c).astype(np.float32).astype(np.float64)
        one_hot = np.eye(c)[y]
        excess = margin - np.sum(one_hot * x, axis=1, keepdims=True) + x
        v = np.where(one_hot == 1, 0, np.maximum(excess, 0))
        scale = w[y][:, None] / c
        slope = scale * power * np.where(v > 0, v, 0) ** (power - 1) * (v > 0)
        add("multi margin", "torch.nn.functional.multi_margin_loss, reduction none", x=x, labels=y, power=power, margin=margin,
            weights=w, losses=np.sum(scale * v ** power, axis=1), gradient=slope - one_hot * slope.sum(axis=1, keepdims=True))
    for n, c in [(6, 5), (3, 20)]:
        x, y = rows(n, c), random.integers(0, c, n)
        add("perceptron", "optax.losses.multiclass_perceptron_loss", x=x, labels=y,
            losses=x.max(axis=1) - x[np.arange(n), y], gradient=np.eye(c)[x.argmax(axis=1)] - np.eye(c)[y])


def binary():
    x = rows(4, 9, 2.0)
    t = random.integers(0, 2, x.shape).astype(float)
    sign = 2 * t - 1
    score = sign * x
    v = np.maximum(0, 1 - score)
    add("binary hinge", "optax.losses.hinge_loss; sklearn.metrics.hinge_loss", x=x, targets=t, losses=v,
        gradient=-sign * (v > 0))
    add("binary squared hinge", "sklearn.linear_model.SGDClassifier, squared_hinge", x=x, targets=t, losses=v ** 2,
        gradient=-2 * sign * v)
    add("binary perceptron", "optax.losses.perceptron_loss", x=x, targets=t, losses=np.maximum(0, -score),
        gradient=-sign * (score < 0))
    plus = np.where(-score <= -1, 0, np.where(-score >= 1, -score, (1 - score) ** 2 / 4))
    add("binary sparsemax", "optax.losses.sparsemax_loss", x=x, targets=t, losses=plus,
        gradient=-sign * np.clip((1 - score) / 2, 0, 1))
    for alpha, gamma in [(0.25, 2.0), (None, 2.0), (0.9, 0.5), (0.25, 0.0), (0.0, 1.0)]:
        x = rows(3, 7, 3.0)
        t = random.integers(0, 2, x.shape).astype(float) if gamma != 0.5 else random.uniform(0, 1, x.shape).astype(np.float32).astype(np.float64)
        p = 1 / (1 + np.exp(-x))
        ce = np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0) - x * t
        p_t = p * t + (1 - p) * (1 - t)
        factor = 1 if alpha is None else alpha * t + (1 - alpha) * (1 - t)
        loss = factor * ce * (1 - p_t) ** gamma
        # d p_t / d x = (2 t - 1) p (1 - p); d ce / d x = p - t
        of_p_t = gamma * (1 - p_t) ** (gamma - 1) if gamma else np.zeros_like(p)
        gradient = factor * ((p - t) * (1 - p_t) ** gamma - ce * of_p_t * (2 * t - 1) * p * (1 - p))
        add("sigmoid focal", "torchvision.ops.sigmoid_focal_loss; optax.losses.sigmoid_focal_loss", x=x, targets=t, alpha=alpha,
            gamma=gamma, losses=loss, gradient=gradient)


def log_sum_exp():
    for n, spread in [(1, 1.0), (5, 3.0), (40, 10.0), (300, 1.0), (12, 300.0)]:
        x = rows(1, n, spread)[0]
        w = random.uniform(0, 3, n)
        w[random.integers(0, n)] = 0 if n > 1 else 1.5
        add("log-sum-exp", "scipy.special.logsumexp(x, b=weights)", x=x, weights=w, sign=1.0, value=logsumexp(x, b=w))
        b = random.normal(0, 2, n)
        value, sign = logsumexp(x, b=b, return_sign=True)
        add("log-sum-exp", "scipy.special.logsumexp(x, b=weights, return_sign=True)", x=x, weights=b, sign=sign, value=value)


for each in [poly, sparse, margin, binary, log_sum_exp]:
    each()
with open(os.path.join(HERE, "family.jsonl"), "w") as out:
    for case in cases:
        out.write(json.dumps(case) + "\n")
