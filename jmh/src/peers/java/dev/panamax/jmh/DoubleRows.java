package dev.panamax.jmh;

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

    float[] toFloats() {
        float[] floats = new float[problem.shape.elements()];
        int i = 0;
        for (double[] row : rows) {
            for (double value : row) {
                floats[i++] = (float) value;
            }
        }
        return floats;
    }
}
