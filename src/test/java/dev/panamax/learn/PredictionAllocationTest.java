package dev.panamax.learn;

import dev.panamax.Allocations;
import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
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

    /** Scores that are added up in double, and scores that float does not hold. */
    private static final SoftmaxRegression FAR_MODEL = SoftmaxRegression.of(
            FloatMatrix.of(MODEL.weights(), 10, 64), new float[] {1e6f, 0, 0, 0, 0, 0, 0, 0, 0, 0}, DATA.classNames());

    private static final float[] HUGE_X = new float[64];

    static {
        Arrays.fill(HUGE_X, 3e38f);
    }

    enum Operation {
        FAR(() -> FAR_MODEL.probabilities(X, OUT)),
        HUGE(() -> MODEL.predict(HUGE_X, OUT)),
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
