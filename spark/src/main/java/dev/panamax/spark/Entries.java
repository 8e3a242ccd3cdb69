package dev.panamax.spark;

import java.util.Optional;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;

/** The entries of a vector that are stored, without an object for each. */
final class Entries {
    private Entries() {}

    interface Consumer {
        void accept(int feature, double value);
    }

    static void forEach(Vector vector, Consumer consumer) {
        double[] values = values(vector);
        if (vector instanceof SparseVector sparse) {
            int[] indices = sparse.indices();
            for (int i = 0; i < values.length; i++) {
                consumer.accept(indices[i], values[i]);
            }
        } else {
            for (int f = 0; f < values.length; f++) {
                consumer.accept(f, values[f]);
            }
        }
    }

    /** The first NaN or infinity, in words. */
    static Optional<String> firstNotFinite(Vector vector) {
        double[] values = values(vector);
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                int feature = vector instanceof SparseVector sparse ? sparse.indices()[i] : i;
                return Optional.of(values[i] + " at index " + feature);
            }
        }
        return Optional.empty();
    }

    private static double[] values(Vector vector) {
        return vector instanceof SparseVector sparse ? sparse.values() : ((DenseVector) vector).values();
    }
}
