package dev.panamax.internal.scalar;

import dev.panamax.internal.kernel.BlockKernels;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.Log;

/** The specification: each row of a block by itself. */
public final class ScalarBlockKernels implements BlockKernels {
    private static final Kernels ROWS = new ScalarKernels();

    private static final float HARMLESS = 0x1p-72f;

    @Override
    public void sumsOfRows(float[] terms, int from, int[] starts, int count, boolean byStep, double[] sums) {
        for (int r = 0; r < count; r++) {
            int at = from + starts[r];
            int length = starts[r + 1] - starts[r];
            sums[r] = length == 0
                    ? 1
                    : byStep ? ROWS.sumOfOtherTerms(terms, at, length) : ROWS.sumOfTerms(terms, at, length);
        }
    }

    @Override
    public void logsOfSums(double[] sums, int count) {
        for (int r = 0; r < count; r++) {
            sums[r] = ExpTerm.logOfSum(sums[r], 0);
        }
    }

    @Override
    public void logsOfOnePlus(double[] parts, double[] wholes, int count, double[] logs) {
        for (int r = 0; r < count; r++) {
            logs[r] = Log.onePlus(parts[r] / wholes[r]);
        }
    }

    @Override
    public void logsAbove(ExpTerm term, double[] sums, float[] maxima, int count, double[] logs) {
        logsAbove(term, sums, maxima, 0, count, logs);
    }

    /** From one row up to another. */
    public static void logsAbove(ExpTerm term, double[] sums, float[] maxima, int first, int end, double[] logs) {
        for (int r = first; r < end; r++) {
            logs[r] = Log.onePlus(term.sumAbove(sums[r], 0, 0, maxima[r]));
        }
    }

    @Override
    public boolean subtractFromRows(
            float[] x,
            int from,
            int[] starts,
            int count,
            double[] logs,
            float factor,
            float limit,
            float[] out,
            int to,
            int[] places) {
        return subtractFromRows(x, from, starts, 0, count, logs, factor, limit, out, to, places);
    }

    /** From one row up to another. */
    public static boolean subtractFromRows(
            float[] x,
            int from,
            int[] starts,
            int first,
            int end,
            double[] logs,
            float factor,
            float limit,
            float[] out,
            int to,
            int[] places) {
        boolean above = false;
        for (int r = first; r < end; r++) {
            float high = (float) logs[r];
            float low = (float) (logs[r] - high);
            places[r] = Kernels.NONE;
            for (int i = starts[r]; i < starts[r + 1]; i++) {
                float difference = ((x[from + i] - high) - low) * factor;
                out[to + i] = difference;
                if (difference > limit) {
                    places[r] = i - starts[r];
                    above = true;
                }
            }
        }
        return above;
    }

    @Override
    public void scaleRows(
            float[] terms, int from, int[] starts, int count, float[] factors, float[] offsets, float[] out, int to) {
        scaleRows(terms, from, starts, 0, count, factors, offsets, out, to);
    }

    /** From one row up to another. */
    public static void scaleRows(
            float[] terms,
            int from,
            int[] starts,
            int first,
            int end,
            float[] factors,
            float[] offsets,
            float[] out,
            int to) {
        for (int r = first; r < end; r++) {
            float factor = factors[r];
            float smallest = isHarmless(factor) ? 0 : ScalarKernels.smallestWorthScaling(factor);
            for (int i = starts[r]; i < starts[r + 1]; i++) {
                float product = terms[from + i] < smallest ? 0 : terms[from + i] * factor;
                out[to + i] = product - offsets[r];
            }
        }
    }

    /** Whether a factor makes no term of k = 0, which is 2<sup>-54</sup> or more, denormal; few do. */
    public static boolean isHarmless(float factor) {
        return Math.abs(factor) >= HARMLESS || factor == 0;
    }

    @Override
    public void maximaOfRows(float[] x, int from, int[] starts, int count, float[] maxima, int[] places) {
        maximaOfRows(x, from, starts, 0, count, maxima, places);
    }

    /** From one row up to another. */
    public static void maximaOfRows(
            float[] x, int from, int[] starts, int first, int end, float[] maxima, int[] places) {
        for (int r = first; r < end; r++) {
            int at = from + starts[r];
            int length = starts[r + 1] - starts[r];
            maxima[r] = ROWS.maxOfTile(x, at, length);
            if (places != null) {
                places[r] = ROWS.indexOf(x, at, length, maxima[r]);
            }
        }
    }

    @Override
    public void sumsOfDifferences(float[] x, int from, int[] starts, int count, float[] shifts, double[] sums) {
        sumsOfDifferences(x, from, starts, 0, count, shifts, sums);
    }

    /** From one row up to another. */
    public static void sumsOfDifferences(
            float[] x, int from, int[] starts, int first, int end, float[] shifts, double[] sums) {
        for (int r = first; r < end; r++) {
            int at = from + starts[r];
            int length = starts[r + 1] - starts[r];
            int whole = length - length % Kernels.STEP;
            float ofSteps = ROWS.dotOfSteps(x, at, shifts[r], null, 0, null, 0, whole);
            float ofRest = ROWS.dotOfStep(x, at + whole, shifts[r], null, 0, null, 0, length - whole);
            sums[r] = (double) ofSteps + ofRest;
        }
    }
}
