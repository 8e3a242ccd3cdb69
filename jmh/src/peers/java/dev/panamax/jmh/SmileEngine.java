package dev.panamax.jmh;

import smile.math.MathEx;

/** Smile's softmax, which works in place on a {@code double[]} per row. */
public final class SmileEngine implements Engine {
    @Override
    public boolean supports(Case what) {
        return what.operation() == Operation.SOFTMAX && what.inPlace();
    }

    /** Computed in double, compared in float. */
    @Override
    public double tolerance(Case what) {
        return 1e-7;
    }

    @Override
    public Prepared prepare(Operation operation, Problem problem) {
        DoubleRows rows = new DoubleRows(problem);
        return new Prepared(
                () -> {
                    for (double[] row : rows.rows()) {
                        MathEx.softmax(row);
                    }
                    return 0;
                },
                rows::flat,
                rows::restore);
    }
}
