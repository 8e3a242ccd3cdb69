"""What StandardErrorsTest expects: maximum likelihood by Newton's method in float64, and the inverse of the observed information.

Writes standard_errors.json. The derivatives are those of the log-likelihood of the classes but the reference, from its
definition: entry ((a, i), (b, j)) of the information is the sum over the rows of weight * p_a * ((a == b) - p_b) * x_i * x_j.
"""
import json
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS, FEATURES, CLASSES = 90, 3, 4
random = np.random.default_rng(23)
# As the library sees them; the second one is far from 0 and the third one large.
x = (random.normal(size=(ROWS, FEATURES)) * [1, 0.1, 50] + [0, 3, 10]).astype(np.float32).astype(np.float64)
weights = random.integers(1, 4, ROWS).astype(np.float64)
truth = random.normal(size=(CLASSES, FEATURES)) * [1, 5, 0.02]
s = (x - [0, 3, 10]) @ truth.T
labels = np.array([random.choice(CLASSES, p=np.exp(r) / np.exp(r).sum()) for r in s])


def estimate(reference, intercept):
    z = np.hstack([x, np.ones((ROWS, 1))]) if intercept else x
    others = [c for c in range(CLASSES) if c != reference]
    d = z.shape[1]
    beta = np.zeros((CLASSES, d))
    for _ in range(100):
        scores = z @ beta.T
        p = np.exp(scores - scores.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        gradient = np.concatenate([((labels == a) - p[:, a]) * weights @ z for a in others])
        information = np.block([[
            (z * (weights * p[:, a] * ((a == b) - p[:, b]))[:, None]).T @ z for b in others] for a in others])
        step = np.linalg.solve(information, gradient)
        beta[others] += step.reshape(len(others), d)
        if abs(step).max() < 1e-13:
            break
    covariance = np.linalg.inv(information)
    errors = np.zeros((CLASSES, d))
    errors[others] = np.sqrt(np.diag(covariance)).reshape(len(others), d)
    return {"reference": reference, "intercept": intercept, "coefficients": beta.tolist(), "errors": errors.tolist(),
            "covariance": covariance.tolist()}


with open(os.path.join(HERE, "standard_errors.json"), "w") as out:
    json.dump({"features": x.tolist(), "labels": labels.tolist(), "weights": weights.tolist(),
               "cases": [estimate(r, i) for r in (0, 2) for i in (True, False)]}, out)
    out.write("\n")
