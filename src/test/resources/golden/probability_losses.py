"""
What the tests of losses of probabilities expect: writes probability_losses.jsonl beside this file. Each kind is the formula of
the function that it names, in float64; inputs are float32.
"""
import json
import os

import numpy as np

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
    for rows, cols in (1, 2), (4, 3), (5, 17), (6, 40):
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


nll_loss()
with open(os.path.join(HERE, "probability_losses.jsonl"), "w") as file:
    for case in cases:
        file.write(json.dumps(case) + "\n")
