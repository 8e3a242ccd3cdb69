package dev.panamax.internal.scalar;

import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.DoubleTerm;
import dev.panamax.internal.kernel.Fma;

/** The specification of the kernels for {@code double}, in plain Java. */
public final class ScalarDoubleKernels implements DoubleKernels {
    @Override
    public double max(double[] x, int from, int length) {
        long max = Long.MIN_VALUE;
        for (int i = from; i < from + length; i++) {
            max = Math.max(max, totalOrder(Double.doubleToRawLongBits(x[i])));
        }
        return Double.longBitsToDouble(totalOrder(max));
    }

    /** Makes the bits of doubles compare as integers do; its own inverse. */
    private static long totalOrder(long bits) {
        return bits < 0 ? bits ^ Long.MAX_VALUE : bits;
    }

    @Override
    public boolean areWithin(double[] x, int from, int length, double limit) {
        for (int i = from; i < from + length; i++) {
            if (!(Math.abs(x[i]) <= limit)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public double sumExpOfSteps(
            double[] x, int from, int length, double base, double rounder, double smallest, double[] out, int to) {
        return sumExpOfLanes(x, from, length, NONE, base, rounder, smallest, out, to);
    }

    @Override
    public double sumExpOfStep(
            double[] x,
            int from,
            int length,
            int skip,
            double base,
            double rounder,
            double smallest,
            double[] out,
            int to) {
        return sumExpOfLanes(x, from, length, skip, base, rounder, smallest, out, to);
    }

    private static double sumExpOfLanes(
            double[] x,
            int from,
            int length,
            int skip,
            double base,
            double rounder,
            double smallest,
            double[] out,
            int to) {
        double pair0 = sumExpOfLane(x, from, 0, length, skip, base, rounder, smallest, out, to)
                + sumExpOfLane(x, from, 4, length, skip, base, rounder, smallest, out, to);
        double pair1 = sumExpOfLane(x, from, 1, length, skip, base, rounder, smallest, out, to)
                + sumExpOfLane(x, from, 5, length, skip, base, rounder, smallest, out, to);
        double pair2 = sumExpOfLane(x, from, 2, length, skip, base, rounder, smallest, out, to)
                + sumExpOfLane(x, from, 6, length, skip, base, rounder, smallest, out, to);
        double pair3 = sumExpOfLane(x, from, 3, length, skip, base, rounder, smallest, out, to)
                + sumExpOfLane(x, from, 7, length, skip, base, rounder, smallest, out, to);
        return (pair0 + pair2) + (pair1 + pair3);
    }

    private static double sumExpOfLane(
            double[] x,
            int from,
            int lane,
            int length,
            int skip,
            double base,
            double rounder,
            double smallest,
            double[] out,
            int to) {
        double sum = 0;
        double lost = 0;
        for (int i = lane; i < length; i += STEP) {
            double four = 0;
            for (int j = i; j < Math.min(i + STEP, length); j += LANES) {
                double e = j == skip ? 0 : DoubleTerm.of(x[from + j] - base, rounder, smallest);
                if (out != null) {
                    out[to + j] = e;
                }
                four += e;
            }
            double next = sum + four;
            lost += four - (next - sum);
            sum = next;
        }
        return sum + lost;
    }

    @Override
    public void normalizeRows(double[] terms, int from, int rows, int cols) {
        for (int start = from; start < from + rows * cols; start += cols) {
            int end = start + cols;
            double pair0 = sumOfLane(terms, start, end) + sumOfLane(terms, start + 4, end);
            double pair1 = sumOfLane(terms, start + 1, end) + sumOfLane(terms, start + 5, end);
            double pair2 = sumOfLane(terms, start + 2, end) + sumOfLane(terms, start + 6, end);
            double pair3 = sumOfLane(terms, start + 3, end) + sumOfLane(terms, start + 7, end);
            double factor = 1 / ((pair0 + pair2) + (pair1 + pair3));
            for (int i = start; i < end; i++) {
                terms[i] *= factor;
            }
        }
    }

    private static double sumOfLane(double[] terms, int first, int end) {
        double sum = 0;
        for (int i = first; i < end; i += LANES) {
            sum += terms[i];
        }
        return sum;
    }

    @Override
    public void scaleOrZero(double[] x, int from, int length, double factor) {
        double smallest = smallestWorthScaling(factor);
        for (int i = from; i < from + length; i++) {
            x[i] = x[i] < smallest ? 0 : x[i] * factor;
        }
    }

    /** The smallest double whose product with the factor is certain to be a normal number. */
    public static double smallestWorthScaling(double factor) {
        return Math.nextUp(Double.MIN_NORMAL / Math.abs(factor));
    }

    @Override
    public boolean subtract(
            double[] x, int from, int length, double high, double low, double limit, double[] out, int to) {
        boolean above = false;
        for (int i = 0; i < length; i++) {
            double difference = (x[from + i] - high) - low;
            above |= difference > limit;
            out[to + i] = difference;
        }
        return above;
    }

    @Override
    public int indexOf(double[] x, int from, int length, double value) {
        for (int i = 0; i < length; i++) {
            if (x[from + i] == value) {
                return i;
            }
        }
        return 0;
    }

    @Override
    public double dotOfSteps(
            double[] x, int from, double shift, double[] y, int yFrom, double[] z, int zFrom, int length) {
        double pair0 = dotOfLane(x, from, shift, y, yFrom, z, zFrom, 0, length)
                + dotOfLane(x, from, shift, y, yFrom, z, zFrom, 4, length);
        double pair1 = dotOfLane(x, from, shift, y, yFrom, z, zFrom, 1, length)
                + dotOfLane(x, from, shift, y, yFrom, z, zFrom, 5, length);
        double pair2 = dotOfLane(x, from, shift, y, yFrom, z, zFrom, 2, length)
                + dotOfLane(x, from, shift, y, yFrom, z, zFrom, 6, length);
        double pair3 = dotOfLane(x, from, shift, y, yFrom, z, zFrom, 3, length)
                + dotOfLane(x, from, shift, y, yFrom, z, zFrom, 7, length);
        return (pair0 + pair2) + (pair1 + pair3);
    }

    private static double dotOfLane(
            double[] x, int from, double shift, double[] y, int yFrom, double[] z, int zFrom, int lane, int length) {
        double sum = 0;
        for (int i = lane; i < length; i += LANES) {
            double weight = (y == null ? 1 : y[yFrom + i]) * (z == null ? 1 : z[zFrom + i]);
            sum += weight == 0 ? 0 : (x[from + i] - shift) * weight;
        }
        return sum;
    }

    @Override
    public double dotOfStep(
            double[] x, int from, double shift, double[] y, int yFrom, double[] z, int zFrom, int length) {
        return dotOfSteps(x, from, shift, y, yFrom, z, zFrom, length);
    }

    @Override
    public void scaleLessTargets(
            double[] e,
            int from,
            int length,
            double factor,
            double[] targets,
            int targetsFrom,
            double targetScale,
            double offset,
            double[] weights,
            int weightsFrom) {
        double smallest = smallestWorthScaling(factor);
        for (int i = 0; i < length; i++) {
            double target = targets == null ? offset : Fma.of(targets[targetsFrom + i], targetScale, offset);
            double weighted = weights == null ? target : target * weights[weightsFrom + i];
            double probability = e[from + i] < smallest ? 0 : e[from + i] * factor;
            e[from + i] = probability - weighted;
        }
    }
}
