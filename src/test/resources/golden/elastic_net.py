"""The exact optimum of softmax regression under an elastic net, with and without intercept, in float64.

Writes elastic_net.json: minima of mean(cross-entropy) + l2 / 2 * ||W||^2 + l1 * ||W||_1 by FISTA (Beck and Teboulle 2009) with
restarts (O'Donoghue and Candes 2015), until the largest entry of the minimum-norm subgradient is below 1e-9. Where
scikit-learn's LogisticRegression(solver='saga') ends in reasonable time, its optimum is asserted to be the same within 1e-7.

    python3 elastic_net.py FOLDER

where FOLDER has iris.csv, wine_data.csv, breast_cancer.csv and digits.csv.gz.
"""
import json
import sys
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression

FOLDER = sys.argv[1]
FILES = {"iris": "iris.csv", "wine": "wine_data.csv", "breast_cancer": "breast_cancer.csv", "digits": "digits.csv.gz"}


def load(name, intercept):
    data = np.loadtxt(FOLDER + "/" + FILES[name], delimiter=",", skiprows=0 if name == "digits" else 1)
    x, y = data[:, :-1], data[:, -1].astype(int)
    if name == "digits":
        return x / 16, y
    return ((x - x.mean(0)) if intercept else x) / x.std(0), y


def solve(x, y, l1, l2, intercept):
    n, f = x.shape
    k = y.max() + 1
    onehot = np.eye(k)[y]
    z = np.hstack([x, np.full((n, 1), 1.0 if intercept else 0.0)])
    smooth = np.array([l2] * f + [0.0])
    edge = np.array([l1] * f + [0.0])

    def value(w):
        s = z @ w.T
        m = s.max(1, keepdims=True)
        lse = m[:, 0] + np.log(np.exp(s - m).sum(1))
        loss = np.mean(lse - s[np.arange(n), y])
        p = np.exp(s - lse[:, None])
        return loss, (p - onehot).T @ z / n + smooth * w

    def whole(w, loss):
        return loss + (smooth / 2 * w * w).sum() + (edge * abs(w)).sum()

    def certificate(w, g):
        held = np.sign(g) * np.minimum(abs(g), edge)
        return np.max(abs(np.where(w == 0, g - held, g + np.sign(w) * edge)))

    step = 1 / (np.linalg.norm(z, 2) ** 2 / (2 * n) + l2)
    w = np.zeros((k, f + 1))
    v, t = w, 1.0
    for i in range(2_000_000):
        _, g = value(v)
        u = v - step * g
        new = np.sign(u) * np.maximum(abs(u) - step * edge, 0)
        if ((v - new) * (new - w)).sum() > 0:
            t = 1.0
        nt = (1 + np.sqrt(1 + 4 * t * t)) / 2
        v, w, t = new + (t - 1) / nt * (new - w), new, nt
        if i % 100 == 0:
            loss, g = value(w)
            worst = certificate(w, g)
            if worst < 1e-9:
                break
    return w, loss, whole(w, loss), worst


def saga(x, y, l1, l2, intercept):
    model = LogisticRegression(
        penalty="elasticnet", solver="saga", C=1 / ((l1 + l2) * len(y)), l1_ratio=l1 / (l1 + l2), tol=1e-12,
        max_iter=200_000, fit_intercept=intercept, multi_class="multinomial", random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(x, y)
    w = model.coef_
    b = model.intercept_
    if len(w) == 1:
        # Half of the difference for each of two classes, in a model that calls itself multinomial.
        w, b = np.vstack([-w, w]), np.concatenate([-b, b])
    s = x @ w.T + b
    m = s.max(1, keepdims=True)
    loss = np.mean(m[:, 0] + np.log(np.exp(s - m).sum(1)) - s[np.arange(len(y)), y])
    return loss + l2 / 2 * (w * w).sum() + l1 * abs(w).sum()


CASES = [(name, l1, l2, intercept)
         for name in FILES
         for l1, l2, intercept in [(0.1, 0, True), (0.01, 0, True), (0.001, 0, True), (0.005, 0.005, True),
                                   (0.01, 0, False), (0, 0.01, False)]]
results = []
for name, l1, l2, intercept in CASES:
    x, y = load(name, intercept)
    w, loss, objective, worst = solve(x, y, l1, l2, intercept)
    theirs = saga(x, y, l1, l2, intercept) if name in ("iris", "wine") else None
    print(name, l1, l2, intercept, objective, worst, (w[:, :-1] != 0).sum(), theirs, flush=True)
    assert worst < 1e-8
    assert theirs is None or abs(theirs - objective) < 1e-7 * max(1, objective), theirs - objective
    results.append({
        "dataset": name,
        "preprocessing": "divide by 16" if name == "digits" else
        "standardise each column with its mean and population standard deviation" if intercept else
        "divide each column by its population standard deviation",
        "classes": w.shape[0], "l1": l1, "l2": l2, "intercept": intercept, "mean_loss": loss, "objective": objective,
        "subgradient_max": worst, "nonzero_weights": int((w[:, :-1] != 0).sum())})
with open("elastic_net.json", "w") as out:
    json.dump(results, out, indent=1)
    out.write("\n")
