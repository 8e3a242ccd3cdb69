package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;

/** The log-sum-exp of a row, and from it what else is asked for, with the bits of {@link LogSoftmaxRows#logSoftmax}. */
public final class LogRow {
    private final float[] terms = new float[Kernels.TILE];
    private Kernels kernels;
    private float[] x;
    private int from;
    private int length;
    private float base;
    private double logSumExp;

    // Subtracted one after the other.
    private float high;
    private float low;
    private boolean isFar;

    /** Reads a row. */
    public void read(float[] row, int start, int rowLength) {
        read(KernelLookup.set().kernels(), row, start, rowLength);
    }

    /** Reads a row, in one sweep if its logits are of usual size. */
    void read(Kernels newKernels, float[] row, int start, int rowLength) {
        kernels = newKernels;
        x = row;
        from = start;
        length = rowLength;
        ExpTerm term = kernels.term();
        double sum = kernels.sumExp(x, from, length, Kernels.NONE, null, 0);
        if (ExpTerm.isPlainSum(sum)) {
            base = 0;
            logSumExp = ExpTerm.logOfSum(sum, 0);
        } else {
            float max = kernels.max(x, from, length);
            base = term.base(max);
            logSumExp =
                    Float.isFinite(max) ? LogSoftmaxRows.logSumExpLessBase(kernels, x, from, length, max) : Double.NaN;
        }
        isFar = LogSoftmaxRows.isFar(term, base);
        high = LogSoftmaxRows.high(term, base, logSumExp);
        low = LogSoftmaxRows.low(term, base, logSumExp);
    }

    /** Whether there is a NaN or an infinity in the row, or nothing but -infinity. */
    public boolean isNaN() {
        return Double.isNaN(logSumExp);
    }

    /** Whether an array is the one that the row lies in. */
    public boolean isIn(float[] array) {
        return array == x;
    }

    /** The log-sum-exp, with the bits of {@link LogSoftmaxRows#logSumExp}. */
    public float logSumExp() {
        double scaledBase = base * kernels.term().inverse();
        return (float) LogSoftmaxRows.refined(kernels, x, from, length, scaledBase + logSumExp);
    }

    /** The log-probability of an element. */
    public float at(int place) {
        ExpTerm term = kernels.term();
        float logit = x[from + place];
        if (isFar) {
            return LogSoftmaxRows.logProbability(term, logit, base, logSumExp);
        }
        return LogSoftmaxRows.outweighs(term, logit, high, low)
                ? 0 - (float) LogSoftmaxRows.logSumExpAbove(kernels, x, from, length, place)
                : ((logit - high) - low) * term.c1();
    }

    /** The k largest elements in descending order, and their log-probabilities. */
    void best(Largest largest, int k, int[] places, int placesTo, float[] logProbabilities, int to) {
        largest.begin(kernels, x, from, length, k);
        largest.find(kernels, x, from);
        for (int i = 0; i < k; i++) {
            places[placesTo + i] = largest.place(i);
            logProbabilities[to + i] = at(largest.place(i));
        }
    }

    /** The same, to the starts of arrays. */
    public void best(int k, int[] places, float[] logProbabilities) {
        try (Stage stage = Stage.take()) {
            best(stage.largest(), k, places, 0, logProbabilities, 0);
        }
    }

    /** How many elements are larger than one, or as large and before it. */
    public int before(int place) {
        float value = x[from + place];
        int count = 0;
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(Kernels.TILE, length - i);
            if (kernels.maxOfTile(x, from + i, part) < value) {
                continue;
            }
            int before = Math.clamp(place - (long) i, 0, part);
            count += notLess(value, i, i + before) + larger(value, i + before, i + part);
        }
        return count;
    }

    private int notLess(float value, int first, int end) {
        int count = 0;
        for (int i = from + first; i < from + end; i++) {
            count += x[i] >= value ? 1 : 0;
        }
        return count;
    }

    private int larger(float value, int first, int end) {
        int count = 0;
        for (int i = from + first; i < from + end; i++) {
            count += x[i] > value ? 1 : 0;
        }
        return count;
    }

    /** The entropy of the row's softmax, in nats. */
    public double entropy() {
        ExpTerm term = kernels.term();
        float max = kernels.max(x, from, length);
        double mass = 0;
        double sum = 0;
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(Kernels.TILE, length - i);
            mass += kernels.sumExp(x, from + i, part, Kernels.NONE, max, terms, 0);
            sum += kernels.dot(x, from + i, max, terms, 0, null, 0, part);
        }
        // Above the largest's own information there is what the others lack of it.
        double ofLargest = StrictMath.log(mass / term.of(max, max));
        return Math.max(0, ofLargest - sum / mass * term.inverse());
    }

    /** Forgets the row. */
    public void clear() {
        x = null;
        kernels = null;
    }
}
