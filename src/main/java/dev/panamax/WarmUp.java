package dev.panamax;

import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LinearKernels;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Kernels and calls, repeated until the compiler has nothing left to do: until they have not become faster for a while. */
final class WarmUp {
    /** Rows and columns: beside each way in which a row is cut, small ones, as the calls are many. */
    private static final int[][] SHAPES = {
        {1, 1}, {3, 10}, {2, 37}, {5, 64}, {2, 100}, {1, 128}, {1, 1000}, {2, 2100}, {30, 10}, {20, 50}
    };

    /** A row that takes another way, too long for every sweep. */
    private static final int[] LONG_SHAPE = {1, 1 << 17};

    private static final int SWEEPS_PER_LONG = 20;

    /** C2 compiles a method after some 5000 calls, or 15 000 with the turns of its loops. */
    private static final int FEWEST_SWEEPS = 600;

    private static final int FEWEST_CALLS = 6000;

    /** Long calls are compiled for the turns of their loops. */
    private static final long LONGEST_NANOS_OF_CALLS = 500_000_000;

    private static final double FASTER = 0.9;

    /** What is compiled meanwhile takes C2 less. */
    private static final long QUIET_NANOS = 200_000_000;

    private static final long NANOS_OF_BLOCK = 20_000;

    private WarmUp() {}

    /** Until the deadline, in the time of {@link System#nanoTime}, or until all is done. */
    static void run(long deadline, Runnable[] calls) {
        if (calls.length == 0) {
            KernelLookup.warmUp(true, deadline);
            repeat(new Sweep(), FEWEST_SWEEPS, deadline);
            return;
        }
        for (Runnable call : calls) {
            call.run();
        }
        KernelLookup.warmUp(false, deadline);
        for (Runnable call : calls) {
            repeat(call, FEWEST_CALLS, deadline);
        }
    }

    /** Repeats a call until it has not become faster for a while. */
    private static void repeat(Runnable call, int fewest, long deadline) {
        long start = System.nanoTime();
        long faster = start;
        double fastest = Double.MAX_VALUE;
        int block = 1;
        for (long done = 0; ; done += block) {
            long before = System.nanoTime();
            boolean isEnough = done >= fewest || before - start > LONGEST_NANOS_OF_CALLS;
            if (before - deadline >= 0 || isEnough && before - faster > QUIET_NANOS) {
                return;
            }
            for (int i = 0; i < block; i++) {
                call.run();
            }
            long now = System.nanoTime();
            double nanos = (double) (now - before) / block;
            if (nanos < FASTER * fastest) {
                fastest = nanos;
                faster = now;
            }
            block = now - before < NANOS_OF_BLOCK ? 2 * block : block;
        }
    }

    /** Every operation on batches of all shapes. */
    private static final class Sweep implements Runnable {
        private final Batch[] batches = new Batch[SHAPES.length];
        private final Batch longBatch;
        private int sweeps;

        Sweep() {
            SplittableRandom random = new SplittableRandom(0);
            for (int i = 0; i < SHAPES.length; i++) {
                batches[i] = new Batch(SHAPES[i][0], SHAPES[i][1], random);
            }
            longBatch = new Batch(LONG_SHAPE[0], LONG_SHAPE[1], random);
        }

        @Override
        public void run() {
            for (Batch batch : batches) {
                batch.run();
            }
            if (sweeps++ % SWEEPS_PER_LONG == 0) {
                longBatch.run();
            }
        }
    }

    private static final class Batch {
        private static final int BINS = 10;
        private static final int CLASSES = 10;
        private static final CrossEntropy FULL =
                CrossEntropy.builder().labelSmoothing(0.1).zLoss(0.01).build();
        private static final RowSoftmax WARM = Softmax.temperature(1.5);
        private static final BinaryCrossEntropy OF_PROBABILITIES =
                BinaryCrossEntropy.mean().ofProbabilities();
        private static final Divergence JENSEN_SHANNON = Divergence.batchMean().jensenShannon();
        private static final LabelLoss FOCAL = FocalLoss.mean();
        private static final LabelLoss CRAMMER_SINGER =
                MulticlassHinge.mean().kind(MulticlassHinge.Kind.CRAMMER_SINGER);
        private static final LabelLoss SQUARED_HINGE = MulticlassHinge.mean().squared();

        private final FloatMatrix x;
        private final FloatMatrix p;
        private final FloatMatrix out;
        private final int[] labels;
        private final float[] perRow;
        private final int k;
        private final int[] likeliest;
        private final float[] probabilities;
        private final double[] gaps = new double[BINS];
        private final int[] starts;
        private final int[] columns;
        private final float[] weights;
        private final float[] scores;
        private final byte[] cells;
        private final Rows[] containers;
        private final RowSoftmax masked;
        private final CrossEntropy recording;
        private final LogSumExp pieces = new LogSumExp();
        private final float[] perColumn;
        private final DoubleMatrix wide;
        private final DoubleMatrix wideOut;
        private final double[] widePerRow;

        Batch(int rows, int cols, SplittableRandom random) {
            x = matrix(rows, cols);
            p = matrix(rows, cols);
            out = matrix(rows, cols);
            for (int i = 0; i < x.data().length; i++) {
                x.data()[i] = (float) random.nextGaussian(0, 3);
            }
            labels = random.ints(rows, 0, cols).toArray();
            perRow = new float[rows];
            recording = FULL.weighted(perRow).recording(new RowStatistics(rows));
            k = Math.min(5, cols);
            likeliest = new int[rows * k];
            probabilities = new float[rows * k];
            starts = IntStream.range(0, rows).map(x::rowStart).toArray();
            columns = IntStream.range(0, cols).toArray();
            weights = new float[cols * CLASSES + Kernels.LANES];
            scores = new float[rows * CLASSES];
            cells = new byte[cols];
            containers = new Rows[] {
                new RaggedRows(
                        p.data(),
                        IntStream.rangeClosed(0, rows).map(r -> r * cols).toArray()),
                SegmentMatrix.of(MemorySegment.ofArray(p.data()), ElementType.FLOAT32, rows, cols),
                SegmentMatrix.of(new short[rows * cols], ElementType.FLOAT16, rows, cols),
                SegmentMatrix.of(new short[rows * cols], ElementType.BFLOAT16, rows, cols)
            };
            boolean[] allowed = new boolean[cols];
            for (int i = 0; i < cols; i++) {
                allowed[i] = i % 3 < 2;
            }
            masked = Softmax.masked(Mask.of(allowed, cols));
            perColumn = new float[cols];
            wide = DoubleMatrix.of(random.doubles((long) rows * cols).toArray(), rows, cols);
            wideOut = DoubleMatrix.of(new double[rows * cols], rows, cols);
            widePerRow = new double[rows];
        }

        private static FloatMatrix matrix(int rows, int cols) {
            return FloatMatrix.of(new float[rows * cols], rows, cols);
        }

        void run() {
            softmax();
            crossEntropy();
            otherLosses();
            evaluation();
            linear();
            for (Rows rows : containers) {
                inAnyContainer(rows);
            }
            masksAndColumns();
            doubles();
        }

        private void softmax() {
            Softmax.softmax(x, p);
            Softmax.logSoftmax(x, out);
            Softmax.logSumExp(x, perRow);
            Softmax.logSoftmaxBackward(out, p, out);
            Softmax.softmaxBackward(p, x, out);
            Softmax.sparsemax(x, p);
            Softmax.sparsemaxBackward(p, x, out);
            Softmax.argmax(x, Ties.FIRST, likeliest);
            Softmax.hardmax(x, out);
            Softmax.softmax(x, p);
            WARM.softmax(x, out);
            WARM.logSoftmax(x, out);
            if (x.rows() == 1) {
                Softmax.softmax(x.data(), out.data());
                Softmax.logSoftmax(x.data(), out.data());
                Softmax.logSumExp(x.data());
            }
        }

        private void crossEntropy() {
            CrossEntropy.mean().loss(x, labels);
            CrossEntropy.mean().lossAndGradient(x, labels, out);
            CrossEntropy.mean().loss(x, p);
            CrossEntropy.mean().lossAndGradient(x, p, out);
            CrossEntropy.mean().lossAndLogProbabilities(x, labels, out);
            CrossEntropy.mean().losses(x, labels, perRow);
            CrossEntropy.mean().gradient(x, labels, perRow, out);
            recording.lossAndGradient(x, labels, out);
            recording.lossAndGradient(x, p, out);
        }

        private void otherLosses() {
            BinaryCrossEntropy.mean().loss(x, p);
            BinaryCrossEntropy.mean().lossAndGradient(x, p, out);
            BinaryCrossEntropy.mean().losses(x, p, out);
            BinaryCrossEntropy.mean().gradient(x, p, p, out);
            OF_PROBABILITIES.lossAndGradient(p, p, out);
            MultiLabelLoss.softMargin().lossAndGradient(x, p, out);
            BinaryCrossEntropy.sigmoid(x, out);
            BinaryCrossEntropy.logSigmoid(x, out);
            BinaryCrossEntropy.logSigmoidBackward(x, out, out);
            SigmoidFocal.mean().loss(x, p);
            SigmoidFocal.mean().lossAndGradient(x, p, out);
            Softmax.hardmax(x, out);
            BinaryHinge.mean().loss(x, out);
            BinaryHinge.mean().lossAndGradient(x, out, out);
            Divergence.batchMean().loss(x, p);
            Divergence.batchMean().lossAndGradient(x, p, out);
            Divergence.batchMean().lossAndGradientFromLogits(x, p, out);
            JENSEN_SHANNON.lossAndGradientFromLogits(x, p, out);
            Divergence.entropy(p, perRow);
            Divergence.crossEntropy(p, p, perRow);
            NegativeLogLikelihood.mean().loss(x, labels);
            NegativeLogLikelihood.mean().lossAndGradient(x, labels, out);
            FOCAL.loss(x, labels);
            FOCAL.lossAndGradient(x, labels, out);
            MulticlassHinge.mean().loss(x, labels);
            MulticlassHinge.mean().lossAndGradient(x, labels, out);
            CRAMMER_SINGER.lossAndGradient(x, labels, out);
            SQUARED_HINGE.lossAndGradient(x, labels, out);
            PolyLoss.mean().loss(x, labels);
            PolyLoss.mean().lossAndGradient(x, labels, out);
            SparsemaxLoss.mean().loss(x, labels);
            SparsemaxLoss.mean().lossAndGradient(x, labels, out);
        }

        private void evaluation() {
            Softmax.topK(x, k, likeliest, probabilities);
            Softmax.logTopK(x, k, likeliest, probabilities);
            Temperature.fit(x, labels);
            Probabilities.negativeLogLikelihood(p, labels);
            Probabilities.brierScore(p, labels);
            Probabilities.expectedCalibrationError(p, labels, gaps);
        }

        private void inAnyContainer(Rows rows) {
            Softmax.softmax(x, rows);
            Softmax.logSoftmax(rows, out);
            Softmax.logSumExp(rows, perRow);
            CrossEntropy.mean().loss(rows, labels);
            CrossEntropy.mean().lossAndGradient(rows, labels, out);
            CrossEntropy.mean().lossAndGradient(rows, p, out);
        }

        private void masksAndColumns() {
            masked.softmax(x, out);
            masked.logSoftmax(x, out);
            masked.logSumExp(x, perRow);
            masked.softmaxBackward(out, x, out);
            masked.logSoftmaxBackward(out, x, out);
            ClassAxis axis = ClassAxis.columns(x);
            ClassAxis outAxis = ClassAxis.columns(out);
            Softmax.softmax(axis, outAxis);
            Softmax.logSoftmax(axis, outAxis);
            Softmax.logSumExp(axis, perColumn);
            pieces.clear();
            pieces.add(x.data());
            pieces.add(wide);
            pieces.add(x, p);
            pieces.value();
        }

        private void doubles() {
            Softmax.softmax(wide, wideOut);
            Softmax.logSoftmax(wide, wideOut);
            Softmax.logSumExp(wide, widePerRow);
            CrossEntropy.mean().loss(wide, labels);
            CrossEntropy.mean().lossAndGradient(wide, labels, wideOut);
            FULL.lossAndGradient(wide, labels, wideOut);
        }

        /** What the predictions of a model take. */
        private void linear() {
            LinearKernels kernels = KernelLookup.set().linear();
            kernels.addScores(x.data(), starts, x.rows(), x.cols(), weights, CLASSES, scores);
            kernels.addSparseScores(x.data(), columns, 0, columns.length, weights, CLASSES, scores, 0);
            kernels.decode(cells, 0, cells.length, 1, out.data(), 0);
        }
    }
}
