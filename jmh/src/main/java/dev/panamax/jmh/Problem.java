package dev.panamax.jmh;

import dev.panamax.data.FloatMatrix;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The input of an operation and where its result goes: gaussian logits of standard deviation 3 and uniform labels, the
 * same numbers for everyone, but for what an {@link Input} has to round or to leave out.
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

    /** Of heavy tails. */
    private static final double LARGEST = 60;

    final Shape shape;
    final Input input;

    /** Row after row; also where each column is a distribution. */
    final float[] logits;

    /** Where each row starts, and the last one ends. */
    final int[] offsets;

    /** For each logit whether the mask leaves it; null without a mask. */
    final boolean[] allowed;

    final int[] labels;
    final FloatMatrix x;
    final FloatMatrix out;

    /** Where an operation with one result per row writes it. */
    final float[] perRow;

    private Problem(Shape shape, Input input, float[] data, int at, FloatMatrix out) {
        this.shape = shape;
        this.input = input;
        SplittableRandom random = new SplittableRandom(SEED);
        logits = logits(random);
        offsets = offsets(random);
        allowed = allowed(random);
        labels = labels(random);
        x = matrix(data, at, shape);
        this.out = out == null ? x : out;
        perRow = new float[shape.rows()];
        restore();
    }

    /** The problem of a call that may be repeated as it is. */
    static Problem repeatable(Operation operation, Shape shape, Input input) {
        if (operation == Operation.SCALE) {
            return inPlace(shape, 1)[0];
        }
        return new Problem(shape, input, room(shape, 1), 0, matrix(room(shape, 1), OUT_OFFSET, shape));
    }

    /** One that nobody times: without room to spare. */
    static Problem small(Shape shape, Input input) {
        float[] data = new float[shape.elements()];
        return new Problem(shape, input, data, 0, matrix(new float[data.length + OUT_OFFSET], OUT_OFFSET, shape));
    }

    /** Several equal problems side by side, whose output is their input. */
    static Problem[] inPlace(Shape shape, int copies) {
        float[] data = room(shape, copies);
        Problem[] problems = new Problem[copies];
        for (int i = 0; i < copies; i++) {
            problems[i] = new Problem(shape, Input.FLOATS, data, i * shape.elements(), null);
        }
        return problems;
    }

    private static float[] room(Shape shape, int copies) {
        return new float[Math.max(LEAST_LENGTH, shape.elements() * copies + OUT_OFFSET)];
    }

    private static FloatMatrix matrix(float[] data, int offset, Shape shape) {
        return new FloatMatrix(data, offset, shape.rows(), shape.cols(), shape.cols());
    }

    private float[] logits(SplittableRandom random) {
        float[] values = new float[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = input.encoding().truncate((float) random.nextGaussian(0, DEVIATION));
        }
        for (int r = 0; r < shape.rows() && input.isOrder(); r++) {
            order(values, r * shape.cols(), (r + 1) * shape.cols());
        }
        return values;
    }

    private void order(float[] values, int from, int end) {
        if (input == Input.ASCENDING || input == Input.DESCENDING) {
            Arrays.sort(values, from, end);
        }
        for (int i = from; i < end; i++) {
            switch (input) {
                case EQUAL -> values[i] = values[from];
                // As Cauchy variates are: one in n is above n / 3, up to a limit.
                case HEAVY_TAILED -> values[i] = (float) Math.min(LARGEST, Math.abs(Math.tan(values[i])));
                default -> {}
            }
        }
        for (int i = from, j = end - 1; input == Input.DESCENDING && i < j; i++, j--) {
            float value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }

    private int[] offsets(SplittableRandom random) {
        int[] lengths = new int[shape.rows()];
        Arrays.fill(lengths, shape.cols());
        if (input == Input.RAGGED) {
            int longest = 2 * shape.cols();
            Arrays.setAll(lengths, r -> random.nextInt(1, longest + 1));
            // Half an element too many per row, and what chance adds: some rows are made shorter, or longer.
            int excess = Arrays.stream(lengths).sum() - shape.elements();
            while (excess != 0) {
                int row = random.nextInt(lengths.length);
                int step = Integer.signum(excess);
                int length = lengths[row] - step;
                if (length >= 1 && length <= longest) {
                    lengths[row] = length;
                    excess -= step;
                }
            }
        }
        int[] starts = new int[lengths.length + 1];
        for (int r = 0; r < lengths.length; r++) {
            starts[r + 1] = starts[r] + lengths[r];
        }
        return starts;
    }

    private boolean[] allowed(SplittableRandom random) {
        if (input != Input.MASKED && input != Input.CAUSAL) {
            return null;
        }
        int cols = shape.cols();
        boolean[] cells = new boolean[shape.elements()];
        for (int r = 0; r < shape.rows(); r++) {
            int left = cols - cols / 2;
            for (int c = 0; c < cols; c++) {
                // Of those that are left to choose from, as many as are still to be chosen.
                boolean chosen = random.nextInt(cols - c) < left;
                left -= chosen ? 1 : 0;
                cells[r * cols + c] = input == Input.MASKED ? chosen : c <= cols - shape.rows() + r;
            }
        }
        return cells;
    }

    private int[] labels(SplittableRandom random) {
        int[] columns = new int[shape.rows()];
        for (int r = 0; r < columns.length; r++) {
            int length = offsets[r + 1] - offsets[r];
            int column = random.nextInt(length);
            for (int tried = 1; !isAllowed(offsets[r] + column) && tried < length; tried++) {
                column = (column + 1) % length;
            }
            columns[r] = column;
        }
        return columns;
    }

    boolean isInPlace() {
        return x == out;
    }

    /** How many softmaxes there are. */
    int distributions() {
        return input == Input.COLUMNS ? shape.cols() : shape.rows();
    }

    int length(int distribution) {
        return input == Input.COLUMNS ? shape.rows() : offsets[distribution + 1] - offsets[distribution];
    }

    /** The place of a distribution's element among the logits. */
    int index(int distribution, int element) {
        return input == Input.COLUMNS ? element * shape.cols() + distribution : offsets[distribution] + element;
    }

    boolean isAllowed(int index) {
        return allowed == null || allowed[index];
    }

    /** The logit that counts: -infinity under a mask. */
    double logit(int index) {
        return isAllowed(index) ? logits[index] : Double.NEGATIVE_INFINITY;
    }

    /** The logits once more. */
    void restore() {
        System.arraycopy(logits, 0, x.data(), x.offset(), logits.length);
    }

    /** A copy of the output. */
    double[] output() {
        return widened(out.data(), out.offset(), shape.elements());
    }

    /** A copy of the output of one number per row. */
    double[] perRowOutput() {
        return widened(perRow, 0, perRow.length);
    }

    private static double[] widened(float[] data, int offset, int length) {
        double[] values = new double[length];
        Arrays.setAll(values, i -> data[offset + i]);
        return values;
    }
}
