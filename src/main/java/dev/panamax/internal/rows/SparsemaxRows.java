package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.HingeKernels;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * Sparsemax of one row, its backward pass and its loss. With x relative to the row's maximum the entries are {@code max(0, x - t)
 * / T}, where the threshold t makes them sum to 1: the root of a convex function of t that is made of lines. Newton's method finds it
 * from the left, from t = -T, where the largest entry alone would be 1 (Michelot 1986): each step throws out what is at or below t,
 * and the last one finds nothing to throw out. The product of what is left to go and of the number of elements falls to a quarter in
 * each step, so there are few, whatever the row is. As each starts from what the last one has left, rounding errors do not add up.
 *
 * <p>Sums are in {@code double}, over the elements above the threshold alone, from the first to the last: the kernels only find
 * these, so the bits are the same on all of them. Rows of doubles are taken one element after the other.
 */
public final class SparsemaxRows implements LabelLossBlocks.RowLoss {
    /** The loss, which has no options of its own. */
    public static final SparsemaxRows LOSS = new SparsemaxRows();

    private SparsemaxRows() {}

    /** The sparsemax of x over a temperature. */
    public static void sparsemax(
            Kernels kernels,
            HingeKernels hinge,
            float[] x,
            int from,
            int length,
            double temperature,
            float[] out,
            int to) {
        float max = hinge.max(x, from, length);
        if (Float.isFinite(max)) {
            double threshold = threshold(kernels, x, from, length, max, temperature);
            AboveThreshold.write(kernels, x, from, length, max, threshold, 1 / temperature, out, to);
        } else {
            Arrays.fill(out, to, to + length, Float.NaN);
        }
    }

    /** The threshold, relative to the maximum: from -total to below 0. */
    private static double threshold(Kernels kernels, float[] x, int from, int length, float max, double total) {
        double threshold = -total;
        int before;
        int count = Integer.MAX_VALUE;
        do {
            before = count;
            count = 0;
            double sum = 0;
            float limit = AboveThreshold.limit(max, threshold);
            for (int i = AboveThreshold.next(kernels, x, from, 0, length, limit); i < length; ) {
                double above = AboveThreshold.above(x[from + i], max, threshold);
                sum += above;
                count += above > 0 ? 1 : 0;
                i = AboveThreshold.next(kernels, x, from, i + 1, length, limit);
            }
            threshold += (sum - total) / count;
        } while (count < before);
        return threshold;
    }

    /** The same in {@code double}. */
    static void sparsemax(double[] x, int from, int length, double temperature, double[] out, int to) {
        double max = max(x, from, length);
        if (Double.isFinite(max)) {
            write(x, from, length, max, threshold(x, from, length, max, temperature), 1 / temperature, out, to);
        } else {
            Arrays.fill(out, to, to + length, Double.NaN);
        }
    }

    /** The largest element; NaN if one is NaN, -infinity if there is none. */
    static double max(double[] x, int from, int length) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            max = Math.max(max, x[from + i]);
        }
        return max;
    }

    private static double threshold(double[] x, int from, int length, double max, double total) {
        double threshold = -total;
        int before;
        int count = Integer.MAX_VALUE;
        do {
            before = count;
            count = 0;
            double sum = 0;
            for (int i = 0; i < length; i++) {
                double above = above(x[from + i], max, threshold);
                sum += above;
                count += above > 0 ? 1 : 0;
            }
            threshold += (sum - total) / count;
        } while (count < before);
        return threshold;
    }

    private static double above(double x, double max, double threshold) {
        return Math.max(0, (x - max) - threshold);
    }

    private static void write(
            double[] x, int from, int length, double max, double threshold, double factor, double[] out, int to) {
        for (int i = 0; i < length; i++) {
            out[to + i] = factor * above(x[from + i], max, threshold);
        }
    }

    /** What comes from upstream less its mean, both where the result is above 0; 0 elsewhere. */
    public static void backward(
            Kernels kernels,
            HingeKernels hinge,
            float[] y,
            int yFrom,
            float[] gradY,
            int gradFrom,
            int length,
            float[] out,
            int to) {
        if (Float.isNaN(hinge.max(y, yFrom, length))) {
            Arrays.fill(out, to, to + length, Float.NaN);
            return;
        }
        double sum = 0;
        int count = 0;
        for (int i = AboveThreshold.next(kernels, y, yFrom, 0, length, 0); i < length; ) {
            sum += gradY[gradFrom + i];
            count++;
            i = AboveThreshold.next(kernels, y, yFrom, i + 1, length, 0);
        }
        int done = 0;
        for (int i = AboveThreshold.next(kernels, y, yFrom, 0, length, 0); i < length; ) {
            Arrays.fill(out, to + done, to + i, 0);
            out[to + i] = (float) (gradY[gradFrom + i] - sum / count);
            done = i + 1;
            i = AboveThreshold.next(kernels, y, yFrom, done, length, 0);
        }
        Arrays.fill(out, to + done, to + length, 0);
    }

    /** The same in {@code double}. */
    static void backward(double[] y, int yFrom, double[] gradY, int gradFrom, int length, double[] out, int to) {
        boolean isNaN = Double.isNaN(max(y, yFrom, length));
        double sum = 0;
        int count = 0;
        for (int i = 0; i < length; i++) {
            if (y[yFrom + i] > 0) {
                sum += gradY[gradFrom + i];
                count++;
            }
        }
        for (int i = 0; i < length; i++) {
            out[to + i] = isNaN ? Double.NaN : y[yFrom + i] > 0 ? gradY[gradFrom + i] - sum / count : 0;
        }
    }

    @Override
    public double row(float[] x, int from, int length, int place, double weight, double divisor, float[] out, int to) {
        Kernels kernels = KernelLookup.set().kernels();
        return loss(kernels, KernelLookup.set().hinge(), x, from, length, place, weight, divisor, out, to);
    }

    /** The loss on given kernels. */
    public static double loss(
            Kernels kernels,
            HingeKernels hinge,
            float[] x,
            int from,
            int length,
            int place,
            double weight,
            double divisor,
            float[] out,
            int to) {
        float max = hinge.max(x, from, length);
        if (!Float.isFinite(max)) {
            if (out != null) {
                Arrays.fill(out, to, to + length, Float.NaN);
            }
            return Double.NaN;
        }
        double threshold = threshold(kernels, x, from, length, max, 1);
        double beyond = threshold - ((double) x[from + place] - max);
        float limit = AboveThreshold.limit(max, threshold);
        double others = 0;
        double squares = 0;
        for (int i = AboveThreshold.next(kernels, x, from, 0, length, limit); i < length; ) {
            double p = i == place ? 0 : AboveThreshold.above(x[from + i], max, threshold);
            others += p;
            squares += p * p;
            i = AboveThreshold.next(kernels, x, from, i + 1, length, limit);
        }
        double scale = weight / divisor;
        if (out != null) {
            AboveThreshold.write(kernels, x, from, length, max, threshold, scale, out, to);
            out[to + place] = (float) (0 - scale * others);
        }
        return scale * loss(beyond, others, squares);
    }

    @Override
    public double row(
            double[] x, int from, int length, int place, double weight, double divisor, double[] out, int to) {
        double max = max(x, from, length);
        if (!Double.isFinite(max)) {
            if (out != null) {
                Arrays.fill(out, to, to + length, Double.NaN);
            }
            return Double.NaN;
        }
        double threshold = threshold(x, from, length, max, 1);
        double beyond = threshold - (x[from + place] - max);
        double others = 0;
        double squares = 0;
        for (int i = 0; i < length; i++) {
            double p = i == place ? 0 : above(x[from + i], max, threshold);
            others += p;
            squares += p * p;
        }
        double scale = weight / divisor;
        if (out != null) {
            write(x, from, length, max, threshold, scale, out, to);
            out[to + place] = 0 - scale * others;
        }
        return scale * loss(beyond, others, squares);
    }

    /**
     * Half the square of the distance between the entries and the label's one-hot, and how far the label is below the threshold: no
     * difference of large numbers.
     *
     * @param others the sum of the other entries, which is 1 less that of the label
     * @param squares the sum of their squares
     */
    private static double loss(double beyond, double others, double squares) {
        return Math.max(0, beyond) + (others * others + squares) / 2;
    }
}
