"""
What CrossValidationTest expects, from scikit-learn: writes cross_validation.json beside iris.csv. Row i of iris is in fold
i % 5; features are standardised by the rows of the training. The loss of scikit-learn is a sum, so C = 1 / (l2 * rows).
Weaker penalties leave the optimum of rows that can be separated to the rounding.
"""
import json
import os

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

HERE = os.path.dirname(os.path.abspath(__file__))
STRENGTHS = [1.0, 0.1, 0.01, 0.001, 0.0003, 0.0001, 0.00001]
FOLDS = 5
BINS = 15

cells = np.loadtxt(os.path.join(HERE, "iris.csv"), delimiter=",", skiprows=1)
# As the library sees them.
features, labels = cells[:, :-1].astype(np.float32).astype(np.float64), cells[:, -1].astype(int)
fold = np.arange(len(labels)) % FOLDS


def scores(l2, train, others):
    scaler = StandardScaler().fit(features[train])
    model = LogisticRegression(C=1 / (l2 * train.sum()), tol=1e-10, max_iter=100000)
    model.fit(scaler.transform(features[train]), labels[train])
    return model.decision_function(scaler.transform(features[others]))


def loss(z, y):
    return -log_softmax(z, axis=1)[np.arange(len(y)), y].mean()


def calibration_error(z, y):
    p = softmax(z, axis=1)
    likeliest, confidence = p.argmax(axis=1), p.max(axis=1)
    bins = np.ceil(confidence * BINS) - 1
    gaps = [abs(((likeliest == y) - confidence)[bins == b].sum()) for b in range(BINS)]
    return sum(gaps) / len(y)


def temperature(z, y):
    found = minimize_scalar(lambda t: loss(z / np.exp(t), y), bounds=(-4, 4), method="bounded", options={"xatol": 1e-10})
    return float(np.exp(found.x))


def point(l2):
    folds = []
    for f in range(FOLDS):
        z, y = scores(l2, fold != f, fold == f), labels[fold == f]
        folds.append({
            "loss": loss(z, y),
            "accuracy": (z.argmax(axis=1) == y).mean(),
            "calibration_error": calibration_error(z, y),
        })
    means = {name: np.mean([f[name] for f in folds]) for name in folds[0]}
    deviations = {name: np.std([f[name] for f in folds], ddof=1) for name in folds[0]}
    return {"l2": l2, "folds": folds, "means": means, "deviations": deviations}


def held_out(l2):
    z = np.empty((len(labels), 3))
    for f in range(FOLDS):
        z[fold == f] = scores(l2, fold != f, fold == f)
    return temperature(z, labels)


points = [point(l2) for l2 in STRENGTHS]
best = min(points, key=lambda p: p["means"]["loss"])
bound = best["means"]["loss"] + best["deviations"]["loss"] / np.sqrt(FOLDS)
result = {
    "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
    "points": points,
    "best": best["l2"],
    "one_standard_error": max(p["l2"] for p in points if p["means"]["loss"] <= bound),
    "temperatures": {str(l2): held_out(l2) for l2 in STRENGTHS},
    # Trained on folds 0 and 1 with a penalty of 0.0001, calibrated on the others.
    "temperature_of_others": temperature(scores(0.0001, fold < 2, fold >= 2), labels[fold >= 2]),
}
with open(os.path.join(HERE, "cross_validation.json"), "w") as file:
    json.dump(result, file, indent=1)
    file.write("\n")
