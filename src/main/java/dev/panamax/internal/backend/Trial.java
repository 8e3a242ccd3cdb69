package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.Kernels;
import java.util.concurrent.atomic.AtomicBoolean;

/** The memory of trials, and their clock. There is one at a time. */
final class Trial {
    private static final int ROOM = Kernels.TILE + 2 * Kernels.STEP;
    private static final int[] COLS = {10, 33, 64, 20, 50};
    private static final AtomicBoolean IS_TAKEN = new AtomicBoolean();
    private static final Trial ONLY = new Trial();

    final float[] x = new float[ROOM];
    final float[] y = new float[ROOM];
    final float[] z = new float[ROOM];
    final float[] out = new float[ROOM];
    final double[] numbers = new double[ROOM];
    final int[] starts = new int[ROOM];

    /** Elements, and rows where a kernel is given some. */
    int length;

    int rows;

    private Tier tier;
    private int turn;
    private int elements;
    private int callsWithoutElements;
    private boolean isTimed;
    private boolean isOfScalar;
    private long start;
    private long vectorNanos;

    private Trial() {}

    /** Begins a trial; null if another thread is at one, or there are no vectors. */
    static Trial of(Tier tier) {
        if (IS_TAKEN.get() || TieredKernels.Vectors.KERNELS == null || !IS_TAKEN.compareAndSet(false, true)) {
            return null;
        }
        ONLY.tier = tier;
        ONLY.length = tier.begin();
        ONLY.turn++;
        return ONLY;
    }

    /** Elements of the caller's, again and again; if it has none, whatever is there. */
    static float[] fill(float[] cells, int length, float[] array, int from, int given) {
        int filled = Math.min(length, given);
        System.arraycopy(array, from, cells, 0, filled);
        for (int part; filled > 0 && filled < length; filled += part) {
            part = Math.min(filled, length - filled);
            System.arraycopy(cells, 0, cells, filled, part);
        }
        return cells;
    }

    /** Numbers of the caller's, again and again. */
    static void fill(double[] numbers, int length, double[] array, int given) {
        for (int i = 0; i < length && given > 0; i++) {
            numbers[i] = array[i % given];
        }
    }

    /** Rows of one length, which is returned: that of the caller's rows every other time. */
    int setRows(int cols) {
        int width = turn % 2 == 0 || cols == 0 ? COLS[turn / 2 % COLS.length] : cols;
        rows = Math.max(1, length / width);
        length = rows * width;
        return width;
    }

    /** As many of the caller's rows as have the length, or one if there is one. */
    void setRows(int[] ofCaller, int count) {
        rows = Math.min(1, count);
        while (rows < count && ofCaller[rows + 1] <= length) {
            rows++;
        }
        System.arraycopy(ofCaller, 0, starts, 0, rows + 1);
        length = starts[rows];
    }

    /** Starts the clock for the vector kernels. */
    Kernels first() {
        elements = length;
        isTimed = true;
        isOfScalar = false;
        callsWithoutElements = tier.callsWithoutElements();
        start = System.nanoTime();
        return TieredKernels.Vectors.KERNELS;
    }

    /** The kernels for the next call, which may have no elements; null at the end. */
    Kernels next() {
        if (isTimed) {
            long nanos = System.nanoTime() - start;
            if (isOfScalar) {
                return end(vectorNanos, nanos);
            }
            vectorNanos = nanos;
        }
        if (callsWithoutElements-- > 0) {
            isTimed = false;
            length = 0;
            rows = 0;
            return TieredKernels.Vectors.KERNELS;
        }
        if (!tier.isCompared()) {
            return end(vectorNanos, 0);
        }
        isTimed = true;
        isOfScalar = true;
        start = System.nanoTime();
        return TieredKernels.SCALAR;
    }

    private Kernels end(long nanos, long ofScalar) {
        tier.note(elements, nanos, ofScalar);
        IS_TAKEN.set(false);
        return null;
    }
}
