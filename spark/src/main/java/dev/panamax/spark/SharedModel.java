package dev.panamax.spark;

import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.io.Serializable;

/** A model on its way to the executors, each of which reads it once. */
final class SharedModel implements Serializable {
    private static final long serialVersionUID = 1;

    private final byte[] file;
    private transient SoftmaxRegression model;

    SharedModel(byte[] file) {
        this.file = file;
    }

    synchronized SoftmaxRegression model() throws IOException {
        if (model == null) {
            model = SoftmaxRegression.load(file);
        }
        return model;
    }
}
