"""
What the tests of losses of probabilities expect: writes probability_losses.jsonl beside this file. Each kind is the formula of
the function that it names, in float64; inputs are float32, but for what is said to be a softmax.
"""
import json
import os

import numpy as np
from scipy.spatial import distance
from scipy.special import rel_entr

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(23)
cases = []


def normal(*shape):
    return random.normal(0, 3, shape).astype(np.float32).astype(np.float64)


def log_softmax(x):
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def rounded(x):
    return x.astype(np.float32).astype(np.float64)


def add(kind, **fields):
    cases.append({"kind": kind, **{k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in fields.items()}})


def nll_loss():
    """torch.nn.functional.nll_loss, with ignore_index; ONNX's NegativeLogLikelihoodLoss."""
    for rows, cols in (1, 2), (4, 3), (5, 7):
        for weighted in False, True:
            for ignore_index in -100, 1:
                x = rounded(log_softmax(normal(rows, cols)))
                labels = random.integers(0, cols, rows)
                labels[0] = 0
                if rows > 1:
                    labels[1] = ignore_index
                weights = rounded(random.uniform(0.1, 3, cols)) if weighted else None
                own = [0 if y == ignore_index else 1 if weights is None else weights[y] for y in labels]
                losses = np.array([0 if w == 0 else -w * x[r, y] for r, (w, y) in enumerate(zip(own, labels))])
                upstream = normal(rows)
                gradient = np.zeros((rows, cols))
                for r, (w, y) in enumerate(zip(own, labels)):
                    if w != 0:
                        gradient[r, y] = -w
                add("nll_loss", x=x, labels=labels, weights=weights if weights is None else weights.tolist(),
                    ignore_index=ignore_index, losses=losses, sum=losses.sum(), mean=losses.sum() / sum(own),
                    mean_gradient=gradient / sum(own), upstream=upstream, gradient=gradient * upstream[:, None])


def log_sigmoid(x):
    return -np.logaddexp(0, -x)


def sigmoid(x):
    tail = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, tail) / (1 + tail)


SHAPES = [(1, 1), (2, 3), (3, 7), (1, 20)]


def binary_cross_entropy_with_logits():
    """torch.nn.functional.binary_cross_entropy_with_logits, with weight and pos_weight."""
    for shape in SHAPES:
        x, upstream = normal(*shape), normal(*shape)
        t = rounded(random.uniform(0, 1, shape) if shape[0] > 1 else random.integers(0, 2, shape).astype(float))
        w, p = rounded(random.uniform(0, 2, shape)), rounded(random.uniform(0, 3, shape[1]))
        losses = -w * (p * t * log_sigmoid(x) + (1 - t) * log_sigmoid(-x))
        slopes = w * ((1 - t) * sigmoid(x) - p * t * sigmoid(-x))
        add("binary_cross_entropy_with_logits", x=x, targets=t, weights=w, positive_weights=p, losses=losses,
            mean=losses.mean(), mean_gradient=slopes / losses.size, upstream=upstream, gradient=slopes * upstream)


def binary_cross_entropy():
    """torch.nn.functional.binary_cross_entropy: logarithms of -100 at least; its backward divides by 1e-12 at least."""
    for shape in SHAPES:
        x = rounded(sigmoid(normal(*shape)))
        x.flat[0] = 0
        x.flat[-1] = 1
        t = rounded(random.uniform(0, 1, shape))
        t.flat[0] = 1
        w, upstream = rounded(random.uniform(0, 2, shape)), normal(*shape)
        with np.errstate(divide="ignore"):
            losses = w * ((t - 1) * np.maximum(np.log1p(-x), -100) - t * np.maximum(np.log(x), -100))
        slopes = w * (x - t) / np.maximum((1 - x) * x, 1e-12)
        add("binary_cross_entropy", x=x, targets=t, weights=w, losses=losses, mean=losses.mean(),
            mean_gradient=slopes / losses.size, upstream=upstream, gradient=slopes * upstream)


def logsigmoid():
    """torch.nn.functional.logsigmoid."""
    for shape in SHAPES:
        x, upstream = rounded(normal(*shape) * 5), normal(*shape)
        add("logsigmoid", x=x, output=log_sigmoid(x), upstream=upstream, gradient=upstream * sigmoid(-x))


def multilabel_soft_margin_loss():
    """torch.nn.functional.multilabel_soft_margin_loss, with weight."""
    for shape in SHAPES:
        x, t = normal(*shape), random.integers(0, 2, shape).astype(float)
        w, upstream = rounded(random.uniform(0, 2, shape[1])), normal(shape[0])
        losses = (-w * (t * log_sigmoid(x) + (1 - t) * log_sigmoid(-x))).mean(axis=1)
        slopes = w * (sigmoid(x) - t) / shape[1]
        add("multilabel_soft_margin_loss", x=x, targets=t, weights=w, losses=losses, mean=losses.mean(),
            sum=losses.sum(), mean_gradient=slopes / shape[0], upstream=upstream, gradient=slopes * upstream[:, None])


def multilabel_margin_loss():
    """torch.nn.functional.multilabel_margin_loss: a row's target are its labels up to the first -1."""
    for shape in SHAPES:
        x, upstream = normal(*shape), normal(shape[0])
        hot = random.integers(0, 2, shape)
        lists = [list(np.flatnonzero(row)) + [-1] * (shape[1] - row.sum()) for row in hot]
        losses, slopes = np.zeros(shape[0]), np.zeros(shape)
        for r, row in enumerate(lists):
            for j in row[:row.index(-1)] if -1 in row else row:
                for i in range(shape[1]):
                    z = 1 - x[r, j] + x[r, i]
                    if i not in row and z > 0:
                        losses[r] += z / shape[1]
                        slopes[r, j] -= 1 / shape[1]
                        slopes[r, i] += 1 / shape[1]
        add("multilabel_margin_loss", x=x, targets=hot.astype(float), losses=losses, mean=losses.mean(),
            sum=losses.sum(), mean_gradient=slopes / shape[0], upstream=upstream, gradient=slopes * upstream[:, None])


def kl_div():
    """torch.nn.functional.kl_div, with log_target and without."""
    for shape in SHAPES[1:]:
        logits = normal(*shape)
        log_q, log_p = rounded(log_softmax(logits)), rounded(log_softmax(normal(*shape)))
        upstream, upstreams = normal(shape[0]), normal(*shape)
        p = rounded(np.exp(log_p))
        for log_target in False, True:
            own = np.exp(log_p) if log_target else p
            terms = own * ((log_p if log_target else np.log(p)) - log_q)
            exact = own * ((log_p if log_target else np.log(p)) - log_softmax(logits))
            of_logits = np.exp(log_softmax(logits)) * own.sum(axis=1, keepdims=True) - own
            add("kl_div", logits=logits, log_q=log_q, p=log_p if log_target else p, log_target=log_target, terms=terms,
                losses=terms.sum(axis=1), batchmean=terms.sum() / shape[0], batchmean_gradient=-own / shape[0],
                upstreams=upstreams, terms_gradient=-own * upstreams, upstream=upstream,
                gradient=-own * upstream[:, None], logits_losses=exact.sum(axis=1),
                logits_gradient=of_logits * upstream[:, None])


def jensenshannon():
    """scipy.spatial.distance.jensenshannon, squared; the gradients through the Jacobian of what q is given as."""
    for shape in SHAPES[1:]:
        logits = normal(*shape)
        q = np.exp(log_softmax(logits))
        p = rounded(np.exp(log_softmax(normal(*shape))))
        p[0, 0] = 0
        losses = []
        for r in range(shape[0]):
            m = (p[r] + q[r]) / 2
            losses.append((rel_entr(p[r], m).sum() + rel_entr(q[r], m).sum()) / 2)
        unit = p / p.sum(axis=1, keepdims=True)
        upstream = normal(shape[0])
        slopes = np.log(2 * q / (p + q)) / 2
        of_logits = [(np.diag(row) - np.outer(row, row)) @ slope for row, slope in zip(q, slopes)]
        add("jensenshannon", logits=logits, q=q, log_q=np.log(q), p=p, losses=np.array(losses),
            batchmean=np.mean(losses), distances=distance.jensenshannon(unit, q, axis=1), unit=unit, upstream=upstream,
            gradient=slopes * upstream[:, None], log_gradient=q * slopes * upstream[:, None],
            logits_gradient=np.array(of_logits) * upstream[:, None])


for kind in (nll_loss, binary_cross_entropy_with_logits, binary_cross_entropy, logsigmoid, multilabel_soft_margin_loss,
             multilabel_margin_loss, kl_div, jensenshannon):
    kind()
with open(os.path.join(HERE, "probability_losses.jsonl"), "w") as file:
    for case in cases:
        file.write(json.dumps(case) + "\n")
