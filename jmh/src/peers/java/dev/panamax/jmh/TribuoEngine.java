package dev.panamax.jmh;

import org.tribuo.math.la.DenseVector;
import org.tribuo.math.util.ExpNormalizer;

/** What Tribuo's classifiers do with their scores: {@link ExpNormalizer} in place on a {@code double[]} per row. */
public final class TribuoEngine implements Engine {
    @Override
    public boolean supports(Case what) {
        return what.inPlace()
                ? what.operation() == Operation.SOFTMAX
                : what.operation() == Operation.LOG_SUM_EXP && what.input() == Input.FLOATS;
    }

    /** Computed in double, compared in float. */
    @Override
    public double tolerance(Case what) {
        return 1e-7;
    }

    @Override
    public Prepared prepare(Operation operation, Problem problem) {
        DoubleRows rows = new DoubleRows(problem);
        if (operation == Operation.LOG_SUM_EXP) {
            DenseVector[] vectors = new DenseVector[problem.shape.rows()];
            for (int r = 0; r < vectors.length; r++) {
                vectors[r] = DenseVector.createDenseVector(rows.rows()[r]);
            }
            return Prepared.onArrays(operation, problem, () -> {
                for (int r = 0; r < vectors.length; r++) {
                    problem.perRow[r] = (float) vectors[r].logSumExp();
                }
                return 0;
            });
        }
        ExpNormalizer normalizer = new ExpNormalizer();
        return new Prepared(
                () -> {
                    for (double[] row : rows.rows()) {
                        normalizer.normalizeInPlace(row);
                    }
                    return 0;
                },
                rows::flat,
                rows::restore);
    }
}
