"""What OneVersusRestTest expects, from scikit-learn: writes one_versus_rest.json beside iris.csv.

OneVsRestClassifier(LogisticRegression) on standardised iris; the loss of scikit-learn is a sum, so C = 1 / (strength * rows).
"""
import json
import os

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import StandardScaler

HERE = os.path.dirname(os.path.abspath(__file__))
cells = np.loadtxt(os.path.join(HERE, "iris.csv"), delimiter=",", skiprows=1)
# As the library sees them.
features, labels = cells[:, :-1].astype(np.float32).astype(np.float64), cells[:, -1].astype(int)
x = StandardScaler().fit_transform(features)


def case(strength, ratio):
    model = OneVsRestClassifier(LogisticRegression(
        penalty="elasticnet", solver="saga", C=1 / (strength * len(labels)), l1_ratio=ratio, tol=1e-13, max_iter=1000000,
        random_state=0))
    model.fit(x, labels)
    objectives = []
    for c, one in enumerate(model.estimators_):
        w = one.coef_[0]
        s = x @ w + one.intercept_[0]
        loss = np.mean(np.logaddexp(0, -np.where(labels == c, s, -s)))
        objectives.append(loss + strength * (ratio * abs(w).sum() + (1 - ratio) / 2 * w @ w))
    p = model.predict_proba(x)
    sigmoids = expit(model.decision_function(x))
    assert np.allclose(p, sigmoids / sigmoids.sum(1, keepdims=True), rtol=0, atol=1e-12)
    return {"strength": strength, "l1_ratio": ratio, "objectives": objectives, "probabilities": p.tolist(),
            "labels": model.predict(x).tolist(), "loss": float(np.mean(-np.log(p[np.arange(len(p)), labels]))),
            "nonzero_weights": int(sum((one.coef_ != 0).sum() for one in model.estimators_))}


with open(os.path.join(HERE, "one_versus_rest.json"), "w") as out:
    json.dump([case(0.1, 0), case(0.01, 0), case(0.02, 1), case(0.02, 0.5)], out)
    out.write("\n")
