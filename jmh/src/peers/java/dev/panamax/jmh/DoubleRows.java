package dev.panamax.jmh;

import java.util.Arrays;

/** A problem's logits as the libraries in plain Java have them: an array of {@code double} per row. */
record DoubleRows(Problem problem, double[][] rows) {
    DoubleRows(Problem problem) {
        this(problem, new double[problem.shape.rows()][problem.shape.cols()]);
        restore();
    }

    void restore() {
        int i = 0;
        for (double[] row : rows) {
            for (int c = 0; c < row.length; c++) {
                row[c] = problem.logits[i++];
            }
        }
    }

    double[] flat() {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }
}
