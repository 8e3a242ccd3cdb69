"""
scikit-learn's LogisticRegression on MNIST, which is in memory before the clock starts: folder, type of float, threads,
loss to reach. The time is that of the first evaluation of its objective whose mean loss, without the penalty, is as low
as asked; what comes after it, and more iterations, are not counted. Prints a line of JSON.
"""
import gzip
import json
import sys
import time
import warnings

import numpy as np
import scipy
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.linear_model import _linear_loss
from threadpoolctl import threadpool_info, threadpool_limits

PIXELS, LABELS = "mnist-train-images-idx3-ubyte.gz", "mnist-train-labels-idx1-ubyte.gz"
# A penalty of l2 / 2 * |W|^2 beside the mean loss, with l2 = 1 / rows: C = 1 / (l2 * rows).
C = 1.0
MOST_ITERATIONS = 300


def values(name, header):
    with gzip.open(f"{folder}/{name}") as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


folder, dtype, threads, target = sys.argv[1], np.dtype(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
labels = values(LABELS, 8).astype(np.int64)
rows = len(labels)
pixels = values(PIXELS, 16).reshape(rows, -1)
x = np.ascontiguousarray(pixels.astype(dtype) / dtype.type(255))

evaluations = []
loss_gradient = _linear_loss.LinearModelLoss.loss_gradient


def recorded(self, coef, *args, **kwargs):
    value, gradient = loss_gradient(self, coef, *args, **kwargs)
    weights, _ = self.weight_intercept(coef)
    l2 = kwargs["l2_reg_strength"] if "l2_reg_strength" in kwargs else args[3]
    loss = (value - 0.5 * l2 * np.square(weights).sum(dtype=np.float64)) / rows
    evaluations.append((time.perf_counter(), loss))
    if loss <= target:
        raise Reached
    return value, gradient


class Reached(Exception):
    pass


_linear_loss.LinearModelLoss.loss_gradient = recorded
warnings.simplefilter("ignore")
# tol = 0: the loss alone ends it, as on the other side.
model = LogisticRegression(C=C, tol=0, max_iter=MOST_ITERATIONS)
with threadpool_limits(threads):
    start = time.perf_counter()
    try:
        model.fit(x, labels)
    except Reached:
        pass
seconds = evaluations[-1][0] - start
reached = evaluations[-1][1]

# The objective of the solver, at weights that the suite knows the loss of.
i = np.arange(5 * x.shape[1])
half = ((i * 7919 % 201 - 100) / 1024).reshape(5, -1)
weights = np.concatenate([half, -half[::-1]])
coefficients = np.hstack([weights, np.zeros((10, 1))]).astype(dtype).ravel(order="F")
objective = _linear_loss.LinearModelLoss(
    base_loss=sklearn.linear_model._logistic.HalfMultinomialLoss(n_classes=10), fit_intercept=True
)
at_weights = objective.loss(coefficients, x, labels.astype(dtype), None, 0.0) / rows

blas = ", ".join(f"{b['internal_api']} {b['version']} {b.get('architecture', '')}" for b in threadpool_info()
                 if b["user_api"] == "blas") or "BLAS unknown"
print(json.dumps({
    "seconds": [seconds],
    "loss": float(reached),
    "note": f"{len(evaluations)} evaluations, scikit-learn {sklearn.__version__}, {blas}",
    "lossAtWeights": float(at_weights),
}))
