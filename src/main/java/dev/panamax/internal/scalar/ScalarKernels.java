package dev.panamax.internal.scalar;

import dev.panamax.internal.kernel.Exp;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Fma;
import dev.panamax.internal.kernel.Kernels;

/** The specification: each kernel in plain Java, in the order of operations that {@link dev.panamax.internal.kernel} lays down. */
public final class ScalarKernels implements Kernels {
    @Override
    public float maxOfTile(float[] x, int from, int length) {
        int max = Integer.MIN_VALUE;
        for (int i = from; i < from + length; i++) {
            max = Math.max(max, totalOrder(Float.floatToRawIntBits(x[i])));
        }
        return Float.intBitsToFloat(totalOrder(max));
    }

    /** Makes the bits of floats compare as integers do; its own inverse. */
    private static int totalOrder(int bits) {
        return bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
    }

    @Override
    public boolean areWithin(float[] x, int from, int length, float limit) {
        for (int i = from; i < from + length; i++) {
            if (!(Math.abs(x[i]) <= limit)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public double sumExpOfSteps(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            float base,
            float rounder,
            float smallest,
            float[] out,
            int to) {
        double sum0 = sumExpOfFour(term, x, from, 0, length, base, rounder, smallest, out, to);
        double sum1 = sumExpOfFour(term, x, from, 1, length, base, rounder, smallest, out, to);
        double sum2 = sumExpOfFour(term, x, from, 2, length, base, rounder, smallest, out, to);
        double sum3 = sumExpOfFour(term, x, from, 3, length, base, rounder, smallest, out, to);
        return (sum0 + sum2) + (sum1 + sum3);
    }

    /** Every fourth lane. */
    private static double sumExpOfFour(
            ExpTerm term,
            float[] x,
            int from,
            int lane,
            int length,
            float base,
            float rounder,
            float smallest,
            float[] out,
            int to) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        float lost0 = 0;
        float lost1 = 0;
        float lost2 = 0;
        float lost3 = 0;
        for (int i = lane; i < length; i += STEP) {
            float pair0 = pair(term, x, from, i, length, NONE, base, rounder, smallest, out, to);
            float pair1 = pair(term, x, from, i + 4, length, NONE, base, rounder, smallest, out, to);
            float pair2 = pair(term, x, from, i + 8, length, NONE, base, rounder, smallest, out, to);
            float pair3 = pair(term, x, from, i + 12, length, NONE, base, rounder, smallest, out, to);
            lost0 += lost(sum0, pair0);
            lost1 += lost(sum1, pair1);
            lost2 += lost(sum2, pair2);
            lost3 += lost(sum3, pair3);
            sum0 += pair0;
            sum1 += pair1;
            sum2 += pair2;
            sum3 += pair3;
        }
        return (((double) sum0 + lost0) + ((double) sum1 + lost1) + ((double) sum2 + lost2)) + ((double) sum3 + lost3);
    }

    @Override
    public double sumExpOfStep(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            int skip,
            float base,
            float rounder,
            float smallest,
            float[] out,
            int to) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        for (int i = 0; i < Math.min(LANES, length); i += 4) {
            sum0 += pair(term, x, from, i, length, skip, base, rounder, smallest, out, to);
            sum1 += pair(term, x, from, i + 1, length, skip, base, rounder, smallest, out, to);
            sum2 += pair(term, x, from, i + 2, length, skip, base, rounder, smallest, out, to);
            sum3 += pair(term, x, from, i + 3, length, skip, base, rounder, smallest, out, to);
        }
        return (sum0 + sum2) + (sum1 + sum3);
    }

    private static float pair(
            ExpTerm term,
            float[] x,
            int from,
            int i,
            int length,
            int skip,
            float base,
            float rounder,
            float smallest,
            float[] out,
            int to) {
        float pair = 0;
        for (int j = i; j < Math.min(i + STEP, length); j += LANES) {
            float e = j == skip ? 0 : term.of(x[from + j] - base, rounder, smallest);
            if (out != null) {
                out[to + j] = e;
            }
            pair += e;
        }
        return pair;
    }

    /** What sum + pair loses to rounding where sum is the larger (Dekker's fast two-sum). */
    private static float lost(float sum, float pair) {
        return pair - ((sum + pair) - sum);
    }

    @Override
    public void exp(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            float rounder,
            float smallest,
            float factor,
            float[] out,
            int to) {
        for (int i = 0; i < length; i++) {
            out[to + i] = x[from + i] < smallest ? 0 : term.of(x[from + i], rounder, smallest) * factor;
        }
    }

    @Override
    public void normalizeRows(float[] terms, int from, int rows, int cols) {
        for (int start = from; start < from + rows * cols; start += cols) {
            float factor = (float) (1 / sumOfTerms(terms, start, cols));
            for (int i = start; i < start + cols; i++) {
                terms[i] *= factor;
            }
        }
    }

    @Override
    public double sumOfTerms(float[] terms, int from, int length) {
        int whole = length - length % STEP;
        double sum = whole == 0 ? 0 : sumOfSteps(terms, from, whole);
        return whole == length ? sum : sum + sumOfStep(terms, from + whole, length - whole);
    }

    /** A single step, which may be short. */
    private static double sumOfStep(float[] terms, int from, int length) {
        int end = from + length;
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        for (int i = from; i < Math.min(from + LANES, end); i += 4) {
            sum0 += pair(terms, i, end);
            sum1 += pair(terms, i + 1, end);
            sum2 += pair(terms, i + 2, end);
            sum3 += pair(terms, i + 3, end);
        }
        return (sum0 + sum2) + (sum1 + sum3);
    }

    private static float pair(float[] terms, int i, int end) {
        if (i + LANES < end) {
            return terms[i] + terms[i + LANES];
        }
        return i < end ? terms[i] : 0;
    }

    private static double sumOfSteps(float[] terms, int from, int length) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        for (int i = 0; i < Math.min(LANES, length); i += 4) {
            sum0 += lane(terms, from + i, from + length);
            sum1 += lane(terms, from + i + 1, from + length);
            sum2 += lane(terms, from + i + 2, from + length);
            sum3 += lane(terms, from + i + 3, from + length);
        }
        return (sum0 + sum2) + (sum1 + sum3);
    }

    private static double lane(float[] terms, int first, int end) {
        float sum = 0;
        float lost = 0;
        for (int i = first; i < end; i += STEP) {
            float pair = terms[i] + terms[i + LANES];
            lost += lost(sum, pair);
            sum += pair;
        }
        return (double) sum + lost;
    }

    @Override
    public void scaleOrZero(float[] x, int from, int length, float factor) {
        float smallest = smallestWorthScaling(factor);
        for (int i = from; i < from + length; i++) {
            x[i] = x[i] < smallest ? 0 : x[i] * factor;
        }
    }

    /** The smallest float whose product with the factor is certain to be a normal number. */
    public static float smallestWorthScaling(float factor) {
        return Math.nextUp((float) (Float.MIN_NORMAL / Math.abs((double) factor)));
    }

    @Override
    public void scaleLessTargets(
            float[] e,
            int from,
            int length,
            float factor,
            float[] targets,
            int targetsFrom,
            float targetScale,
            float offset,
            float[] weights,
            int weightsFrom) {
        float smallest = smallestWorthScaling(factor);
        for (int i = 0; i < length; i++) {
            float target = targets == null ? offset : Fma.of(targets[targetsFrom + i], targetScale, offset);
            float weighted = weights == null ? target : target * weights[weightsFrom + i];
            float probability = e[from + i] < smallest ? 0 : e[from + i] * factor;
            e[from + i] = probability - weighted;
        }
    }

    @Override
    public boolean subtract(
            float[] x, int from, int length, float high, float low, float factor, float limit, float[] out, int to) {
        boolean above = false;
        for (int i = 0; i < length; i++) {
            float difference = ((x[from + i] - high) - low) * factor;
            above |= difference > limit;
            out[to + i] = difference;
        }
        return above;
    }

    @Override
    public int indexOf(float[] x, int from, int length, float value) {
        for (int i = 0; i < length; i++) {
            if (x[from + i] == value) {
                return i;
            }
        }
        return 0;
    }

    @Override
    public int indexOfLarger(float[] x, int from, int length, float limit) {
        for (int i = 0; i < length; i++) {
            if (x[from + i] > limit) {
                return i;
            }
        }
        return NONE;
    }

    @Override
    public float dotOfSteps(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        return dotOfStep(x, from, shift, y, yFrom, z, zFrom, length);
    }

    @Override
    public float dotOfStep(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        float sum = 0;
        for (int lane = 0; lane < LANES; lane += 4) {
            float lane0 = dotOfLane(x, from, shift, y, yFrom, z, zFrom, lane, length);
            float lane1 = dotOfLane(x, from, shift, y, yFrom, z, zFrom, lane + 1, length);
            float lane2 = dotOfLane(x, from, shift, y, yFrom, z, zFrom, lane + 2, length);
            float lane3 = dotOfLane(x, from, shift, y, yFrom, z, zFrom, lane + 3, length);
            sum += (lane0 + lane2) + (lane1 + lane3);
        }
        return sum;
    }

    private static float dotOfLane(
            float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int lane, int length) {
        float sum = 0;
        for (int i = lane; i < length; i += STEP) {
            float pair = 0;
            for (int j = i; j < Math.min(i + STEP, length); j += LANES) {
                float weight = (y == null ? 1 : y[yFrom + j]) * (z == null ? 1 : z[zFrom + j]);
                pair += weight == 0 ? 0 : (x[from + j] - shift) * weight;
            }
            sum += pair;
        }
        return sum;
    }

    @Override
    public void softmaxBackward(
            float[] y,
            int yFrom,
            float[] gradient,
            int gradientFrom,
            int length,
            float shift,
            float mean,
            float[] out,
            int to) {
        for (int i = 0; i < length; i++) {
            out[to + i] = y[yFrom + i] * ((gradient[gradientFrom + i] - shift) - mean);
        }
    }

    @Override
    public void logSoftmaxBackward(
            float[] logY,
            int logYFrom,
            float[] gradient,
            int gradientFrom,
            int length,
            float sum,
            float[] out,
            int to) {
        for (int i = 0; i < length; i++) {
            out[to + i] = Fma.of(Exp.minusOrZero(logY[logYFrom + i]), -sum, gradient[gradientFrom + i]);
        }
    }
}
