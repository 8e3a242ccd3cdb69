package dev.panamax.jmh;

import dev.panamax.FloatMatrix;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The input of an operation and where its result goes: gaussian logits of standard deviation 3 and uniform labels, the
 * same numbers for everyone.
 *
 * <p>The arrays are larger than needed, so that the garbage collector gives each memory of its own, aligned in one way:
 * in every fork and for every engine the data start 16 bytes past a multiple of 64, as a Java array does that starts on
 * a cache line. An output is moved by another half page, because stores and loads at the same distance from a page's
 * start are taken for dependent by the processor.
 */
final class Problem {
    private static final int LEAST_LENGTH = 1 << 21;
    private static final int OUT_OFFSET = 528;
    private static final long SEED = 42;
    private static final double DEVIATION = 3;

    final Shape shape;
    final float[] logits;
    final int[] labels;
    final FloatMatrix x;
    final FloatMatrix out;

    /** Where an operation with one result per row writes it. */
    final float[] perRow;

    private Problem(Shape shape, float[] logits, int[] labels, FloatMatrix x, FloatMatrix out) {
        this.shape = shape;
        this.logits = logits;
        this.labels = labels;
        this.x = x;
        this.out = out;
        perRow = new float[shape.rows()];
        restore();
    }

    /** The problem of a call that may be repeated as it is. */
    static Problem repeatable(Operation operation, Shape shape) {
        if (operation == Operation.SCALE) {
            return inPlace(shape, 1)[0];
        }
        FloatMatrix x = matrix(room(shape, 1), 0, shape);
        return new Problem(shape, logits(shape), labels(shape), x, matrix(room(shape, 1), OUT_OFFSET, shape));
    }

    /** Several equal problems side by side, whose output is their input. */
    static Problem[] inPlace(Shape shape, int copies) {
        float[] logits = logits(shape);
        int[] labels = labels(shape);
        float[] data = room(shape, copies);
        Problem[] problems = new Problem[copies];
        for (int i = 0; i < copies; i++) {
            FloatMatrix x = matrix(data, i * shape.elements(), shape);
            problems[i] = new Problem(shape, logits, labels, x, x);
        }
        return problems;
    }

    private static float[] room(Shape shape, int copies) {
        return new float[Math.max(LEAST_LENGTH, shape.elements() * copies + OUT_OFFSET)];
    }

    private static FloatMatrix matrix(float[] data, int offset, Shape shape) {
        return new FloatMatrix(data, offset, shape.rows(), shape.cols(), shape.cols());
    }

    private static float[] logits(Shape shape) {
        SplittableRandom random = new SplittableRandom(SEED);
        float[] logits = new float[shape.elements()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian(0, DEVIATION);
        }
        return logits;
    }

    private static int[] labels(Shape shape) {
        return new SplittableRandom(SEED).ints(shape.rows(), 0, shape.cols()).toArray();
    }

    boolean isInPlace() {
        return x == out;
    }

    /** The logits once more. */
    void restore() {
        System.arraycopy(logits, 0, x.data(), x.offset(), logits.length);
    }

    /** A copy of the output. */
    float[] output() {
        return Arrays.copyOfRange(out.data(), out.offset(), out.offset() + shape.elements());
    }
}
