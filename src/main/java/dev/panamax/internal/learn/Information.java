package dev.panamax.internal.learn;

import java.util.Arrays;

/**
 * The observed information of the parameters of all classes but one, whose scores are 0, and its inverse: the covariance of a
 * maximum likelihood estimate. Of each class, the weights come first and the intercept, if there is one, last.
 *
 * <p>Features are taken to mean 0 and deviation 1 meanwhile, without an intercept to a mean square of 1: what remains of the
 * pivots then tells how far a parameter is from being a combination of others, whatever its unit.
 */
public final class Information {
    /** A pivot that is a smaller part of its diagonal element is rounding. */
    private static final double SINGULAR = 1e-11;

    private final Coefficients model;
    private final int reference;
    private final int features;
    /** Parameters of a class. */
    private final int size;

    private final double[] shifts;
    private final double[] scales;

    /**
     * That of a model.
     *
     * @param moments of the features, weighted as the rows are
     */
    private Information(Coefficients model, int reference, boolean intercept, ColumnMoments moments) {
        this.model = model;
        this.reference = reference;
        features = model.features();
        size = features + (intercept ? 1 : 0);
        shifts = new double[features];
        scales = new double[features];
        for (int f = 0; f < features; f++) {
            double mean = moments.means()[f];
            double deviation = moments.deviations()[f];
            shifts[f] = intercept ? mean : 0;
            double length = intercept ? deviation : Math.sqrt(mean * mean + deviation * deviation);
            scales[f] = length == 0 ? 1 : 1 / length;
        }
    }

    /** How many parameters there are. */
    public static long parameters(int features, int classes, boolean intercept) {
        return (classes - 1L) * (features + (intercept ? 1 : 0));
    }

    /**
     * The covariance, row after row.
     *
     * @param reference the class whose scores are 0
     * @param intercept whether there are biases
     * @throws Singular if there is none
     */
    public static double[] covariance(Coefficients model, Examples data, int reference, boolean intercept)
            throws Singular {
        Information information = new Information(model, reference, intercept, data.moments());
        int parameters = (int) parameters(model.features(), model.classes(), intercept);
        double[] matrix = new double[Math.multiplyExact(parameters, parameters)];
        for (int row = 0; row < data.rows(); row++) {
            information.add(data.features(), row, data.rowWeight(row), matrix, parameters);
        }
        information.invert(matrix, parameters);
        information.unscale(matrix, parameters);
        return matrix;
    }

    /** No inverse, as a parameter is a combination of the ones before it. */
    public static final class Singular extends Exception {
        private static final long serialVersionUID = 1;

        private final int parameter;

        Singular(int parameter) {
            super("parameter " + parameter, null, false, false);
            this.parameter = parameter;
        }

        /** Its place among the parameters of all classes. */
        public int parameter() {
            return parameter;
        }
    }

    /** Adds what a row says, to the lower half. */
    private void add(FeatureStore store, int row, double weight, double[] matrix, int parameters) {
        double[] p = probabilities(store, row);
        double[] x = new double[size];
        Arrays.fill(x, features, size, 1);
        for (int f = 0; f < features; f++) {
            x[f] = -shifts[f] * scales[f];
        }
        store.forEachEntry(row, (f, value) -> x[f] = (value - shifts[f]) * scales[f]);
        for (int a = 0; a < parameters / size; a++) {
            for (int b = 0; b <= a; b++) {
                double share = weight * p[classOf(a)] * ((a == b ? 1 : 0) - p[classOf(b)]);
                for (int i = 0; i < size; i++) {
                    int from = (a * size + i) * parameters + b * size;
                    for (int j = 0; j < size; j++) {
                        matrix[from + j] += share * x[i] * x[j];
                    }
                }
            }
        }
    }

    private int classOf(int block) {
        return block < reference ? block : block + 1;
    }

    private double[] probabilities(FeatureStore store, int row) {
        double[] p = model.exactScores(store, row);
        double largest = Arrays.stream(p).max().orElseThrow();
        double sum = 0;
        for (int c = 0; c < p.length; c++) {
            p[c] = StrictMath.exp(p[c] - largest);
            sum += p[c];
        }
        for (int c = 0; c < p.length; c++) {
            p[c] /= sum;
        }
        return p;
    }

    /** By way of its Cholesky factor, in place; reads the lower half and writes all. */
    private void invert(double[] m, int n) throws Singular {
        for (int i = 0; i < n; i++) {
            double diagonal = m[i * n + i];
            for (int j = 0; j <= i; j++) {
                double rest = m[i * n + j];
                for (int k = 0; k < j; k++) {
                    rest -= m[i * n + k] * m[j * n + k];
                }
                // Negated, so that NaN is refused.
                if (i == j && !(rest > SINGULAR * diagonal)) {
                    throw new Singular(i);
                }
                m[i * n + j] = i == j ? Math.sqrt(rest) : rest / m[j * n + j];
            }
        }
        double[] columns = new double[n * n];
        for (int col = 0; col < n; col++) {
            for (int i = col; i < n; i++) {
                double rest = i == col ? 1 : 0;
                for (int k = col; k < i; k++) {
                    rest -= m[i * n + k] * columns[col * n + k];
                }
                columns[col * n + i] = rest / m[i * n + i];
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = i; k < n; k++) {
                    sum += columns[i * n + k] * columns[j * n + k];
                }
                m[i * n + j] = sum;
                m[j * n + i] = sum;
            }
        }
    }

    /** Back to the features as they are: both sides are multiplied by what turns parameters of scaled features into theirs. */
    private void unscale(double[] matrix, int parameters) {
        for (int line = 0; line < parameters; line++) {
            unscale(matrix, line * parameters, 1, parameters);
        }
        for (int line = 0; line < parameters; line++) {
            unscale(matrix, line, parameters, parameters);
        }
        // The two sides round in different orders.
        for (int i = 0; i < parameters; i++) {
            for (int j = 0; j < i; j++) {
                matrix[j * parameters + i] = matrix[i * parameters + j];
            }
        }
    }

    private void unscale(double[] matrix, int from, int stride, int parameters) {
        for (int block = 0; block < parameters; block += size) {
            double shift = 0;
            for (int f = 0; f < features; f++) {
                int i = from + (block + f) * stride;
                matrix[i] *= scales[f];
                shift += matrix[i] * shifts[f];
            }
            if (size > features) {
                matrix[from + (block + features) * stride] -= shift;
            }
        }
    }
}
