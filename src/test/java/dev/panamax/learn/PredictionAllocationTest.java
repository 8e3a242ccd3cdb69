package dev.panamax.learn;

import dev.panamax.Allocations;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Once the compiler is done, whatever a model says of one row leaves the garbage collector alone. */
class PredictionAllocationTest {
    private static final Dataset DATA = RandomData.random(50, 64, 10, 1);
    private static final SoftmaxRegression MODEL =
            SoftmaxRegression.trainer().l2(0.1).fit(DATA).model();
    private static final float[] X = RandomData.row(DATA.features(), 0);
    private static final float[] OUT = new float[10];
    private static final int[] CLASSES = new int[3];
    private static final float[] TOP = new float[3];

    /** With features that fill whole vectors, and with some left over. */
    private static final SoftmaxRegression ODD_MODEL = SoftmaxRegression.zero(71, DATA.classNames());

    private static final float[] ODD_X = new float[71];

    enum Operation {
        SCORES(() -> MODEL.scores(X, OUT)),
        ODD_SCORES(() -> ODD_MODEL.scores(ODD_X, OUT)),
        PROBABILITIES(() -> MODEL.probabilities(X, OUT)),
        LOG_PROBABILITIES(() -> MODEL.logProbabilities(X, OUT)),
        PREDICT(() -> MODEL.predict(X, OUT)),
        TOP_K(() -> MODEL.topK(X, OUT, 3, CLASSES, TOP));

        private final Runnable call;

        Operation(Runnable call) {
            this.call = call;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowAllocatesNothing(Operation operation) {
        Allocations.assertEnd("250 calls of " + operation, () -> {
            for (int call = 0; call < 250; call++) {
                operation.call.run();
            }
        });
    }
}
