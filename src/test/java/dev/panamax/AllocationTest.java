package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Once the compiler is done, no operation allocates. Until then it may, so each is called until it stops or time is up. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private static final FloatMatrix X = matrix();
    private static final FloatMatrix TARGETS = matrix();
    private static final FloatMatrix OUT = matrix();
    private static final int[] LABELS = {3, 70, 0};
    private static final float[] PER_ROW = {1, 2, 3};
    private static final float[] PER_COLUMN = new float[X.cols()];
    private static final float[] WEIGHTS = TARGETS.data().clone();
    private static final CrossEntropy FULL = CrossEntropy.builder()
            .classWeights(java.util.Arrays.copyOf(WEIGHTS, X.cols()))
            .labelSmoothing(0.1)
            .zLoss(0.01)
            .build();
    private static final int[] CLASSES = new int[15];
    private static final float[] PROBABILITIES = new float[15];
    private static final double[] GAPS = new double[10];
    private static final MulticlassHinge CRAMMER_SINGER =
            MulticlassHinge.builder().kind(MulticlassHinge.Kind.CRAMMER_SINGER).build();
    private static final FocalLoss FOCAL = FocalLoss.builder().build();
    private static final LogSumExp PIECES = new LogSumExp();
    private static final RowStatistics STATISTICS = new RowStatistics(3);

    private static final FloatMatrix NARROW = matrix(40, 10);
    private static final FloatMatrix NARROW_OUT = matrix(40, 10);
    private static final FloatMatrix SHORT = matrix(20, 50);
    private static final FloatMatrix SHORT_OUT = matrix(20, 50);
    private static final int[] CLASS_ZERO = new int[40];
    private static final FloatMatrix LONG = matrix(1, 70_000);
    private static final FloatMatrix LONG_OUT = matrix(1, 70_000);

    private static FloatMatrix matrix() {
        return matrix(3, 100);
    }

    private static FloatMatrix matrix(int rows, int cols) {
        float[] data = new float[rows * cols];
        for (int i = 0; i < data.length; i++) {
            data[i] = i % 7 / 7f;
        }
        return FloatMatrix.of(data, rows, cols);
    }

    enum Operations implements Runnable {
        SOFTMAX(() -> Softmax.softmax(X, OUT)),
        SOFTMAX_OF_NARROW_ROWS(() -> Softmax.softmax(NARROW, NARROW_OUT)),
        SOFTMAX_OF_SHORT_ROWS(() -> Softmax.softmax(SHORT, SHORT_OUT)),
        SOFTMAX_OF_A_LONG_ROW(LONG.cols(), () -> Softmax.softmax(LONG, LONG_OUT)),
        CROSS_ENTROPY_GRADIENT_OF_NARROW_ROWS(
                () -> CrossEntropy.mean().lossAndGradient(NARROW, CLASS_ZERO, NARROW_OUT)),
        CROSS_ENTROPY_GRADIENT_OF_SHORT_ROWS(() -> CrossEntropy.mean().lossAndGradient(SHORT, CLASS_ZERO, SHORT_OUT)),
        CROSS_ENTROPY_GRADIENT_OF_A_LONG_ROW(
                LONG.cols(), () -> CrossEntropy.mean().lossAndGradient(LONG, CLASS_ZERO, LONG_OUT)),
        LOG_SOFTMAX(() -> Softmax.logSoftmax(X, OUT)),
        LOG_SUM_EXP(() -> Softmax.logSumExp(X, PER_ROW)),
        SOFTMAX_OF_COLUMNS(() -> ColumnSoftmax.softmax(X, OUT)),
        SOFTMAX_OF_COLUMNS_IN_PLACE(() -> ColumnSoftmax.softmax(OUT, OUT)),
        LOG_SOFTMAX_OF_COLUMNS(() -> ColumnSoftmax.logSoftmax(X, OUT)),
        LOG_SUM_EXP_OF_COLUMNS(() -> ColumnSoftmax.logSumExp(X, PER_COLUMN)),
        LOG_SUM_EXP_IN_PIECES(() -> {
            PIECES.clear();
            PIECES.add(X.data(), 0, 170);
            PIECES.add(1.5f);
            PIECES.merge(PIECES);
            PER_ROW[0] = PIECES.value();
        }),
        SOFTMAX_BACKWARD(() -> Softmax.softmaxBackward(X, TARGETS, OUT)),
        LOG_SOFTMAX_BACKWARD(() -> Softmax.logSoftmaxBackward(X, TARGETS, OUT)),
        CROSS_ENTROPY(() -> CrossEntropy.mean().loss(X, LABELS)),
        CROSS_ENTROPY_GRADIENT(() -> CrossEntropy.mean().lossAndGradient(X, LABELS, OUT)),
        CROSS_ENTROPY_WITH_ALL_OPTIONS(() -> FULL.lossAndGradient(X, LABELS, PER_ROW, OUT, STATISTICS)),
        CROSS_ENTROPY_OF_TARGETS(() -> FULL.lossAndGradient(X, TARGETS, PER_ROW, OUT, STATISTICS)),
        LOSSES(() -> FULL.losses(X, LABELS, PER_ROW)),
        GRADIENT(() -> FULL.gradient(X, TARGETS, PER_ROW, OUT)),
        BINARY_CROSS_ENTROPY(() -> BinaryCrossEntropy.mean().loss(X, TARGETS)),
        BINARY_CROSS_ENTROPY_GRADIENT(() -> BinaryCrossEntropy.mean().lossAndGradient(X, TARGETS, OUT)),
        BINARY_LOSSES(() -> BinaryCrossEntropy.mean().losses(X, TARGETS, OUT)),
        SIGMOID(() -> BinaryCrossEntropy.sigmoid(X, OUT)),
        DIVERGENCE(() -> Divergence.batchMean().lossAndGradient(X, TARGETS, OUT)),
        DIVERGENCE_FROM_LOGITS(() -> Divergence.batchMean().lossAndGradientFromLogits(X, TARGETS, OUT)),
        ENTROPY(() -> Divergence.entropy(TARGETS, PER_ROW)),
        WESTON_WATKINS(() -> MulticlassHinge.mean().loss(X, LABELS)),
        WESTON_WATKINS_GRADIENT(() -> MulticlassHinge.mean().lossAndGradient(X, LABELS, OUT)),
        CRAMMER_SINGER_LOSS(() -> CRAMMER_SINGER.loss(X, LABELS)),
        CRAMMER_SINGER_GRADIENT(() -> CRAMMER_SINGER.lossAndGradient(X, LABELS, OUT)),
        FOCAL_LOSS(() -> FOCAL.loss(X, LABELS)),
        FOCAL_GRADIENT(() -> FOCAL.lossAndGradient(X, LABELS, OUT)),
        TEMPERATURE(() -> Temperature.softmax(X, 1.5f, OUT)),
        FIT(() -> Temperature.fit(X, LABELS)),
        TOP_K(() -> Probabilities.topK(X, 5, CLASSES, PROBABILITIES)),
        LIKELIHOOD(() -> Probabilities.negativeLogLikelihood(X, LABELS)),
        BRIER(() -> Probabilities.brierScore(X, LABELS)),
        CALIBRATION(() -> Probabilities.expectedCalibrationError(X, LABELS, GAPS));

        private final int elements;
        private final Runnable operation;

        Operations(Runnable operation) {
            this(300, operation);
        }

        Operations(int elements, Runnable operation) {
            this.elements = elements;
            this.operation = operation;
        }

        @Override
        public void run() {
            operation.run();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsAllocatedPerCall(Operations operation) {
        int calls = Math.min(5000, 10_000_000 / operation.elements);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        long allocated;
        do {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int call = 0; call < calls; call++) {
                operation.run();
            }
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        } while (allocated > 0 && System.nanoTime() < deadline);
        assertEquals(0, allocated, "bytes in " + calls + " calls of " + operation);
    }
}
