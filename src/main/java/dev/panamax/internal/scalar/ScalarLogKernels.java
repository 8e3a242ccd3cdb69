package dev.panamax.internal.scalar;

import dev.panamax.internal.kernel.Exp;
import dev.panamax.internal.kernel.FloatLog;
import dev.panamax.internal.kernel.Fma;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LogKernels;

/** The specification of {@link LogKernels}, in the order of operations that {@link dev.panamax.internal.kernel} lays down. */
public final class ScalarLogKernels implements LogKernels {
    @Override
    public float binaryCrossEntropyOfTile(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float scale,
            float[] losses,
            float[] gradient,
            int to) {
        float sum = 0;
        for (int four = 0; four < Kernels.LANES; four += 4) {
            float lane0 = lane(
                    x, from, targets, targetsFrom, weights, weightsFrom, four, length, scale, losses, gradient, to);
            float lane1 = lane(
                    x, from, targets, targetsFrom, weights, weightsFrom, four + 1, length, scale, losses, gradient, to);
            float lane2 = lane(
                    x, from, targets, targetsFrom, weights, weightsFrom, four + 2, length, scale, losses, gradient, to);
            float lane3 = lane(
                    x, from, targets, targetsFrom, weights, weightsFrom, four + 3, length, scale, losses, gradient, to);
            sum += (lane0 + lane2) + (lane1 + lane3);
        }
        return sum;
    }

    private static float lane(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int lane,
            int length,
            float scale,
            float[] losses,
            float[] gradient,
            int to) {
        float sum = 0;
        for (int i = lane; i < length; i += Kernels.STEP) {
            float pair = 0;
            for (int j = i; j < Math.min(i + Kernels.STEP, length); j += Kernels.LANES) {
                float logit = x[from + j];
                float e = Exp.minusOrZero(-Math.abs(logit));
                float above = 1 - targets[targetsFrom + j];
                float below = targets[targetsFrom + j] * (weights == null ? 1 : weights[weightsFrom + j]);
                float term = binaryCrossEntropy(logit, e, above, below);
                pair += term;
                if (losses != null) {
                    losses[to + j] = term;
                }
                if (gradient != null) {
                    gradient[to + j] = derivative(logit, e, above, below, scale);
                }
            }
            sum += pair;
        }
        return sum;
    }

    /**
     * For x of 0 or more, softplus(-x) is {@code rest} = log(1 + e), e = e^-|x|, and softplus(x) is |x| + rest; below 0 the
     * other way about. So a term is the weight of both times rest, and |x| times the weight of the side that x is on:
     * numbers that are not negative.
     */
    private static float binaryCrossEntropy(float x, float e, float above, float below) {
        float side = x >= 0 ? above : below;
        return Fma.of(above + below, FloatLog.onePlus(e), side == 0 ? 0 : Math.abs(x) * side);
    }

    private static float derivative(float x, float e, float above, float below, float scale) {
        float numerator = x >= 0 ? Fma.of(e, -below, above) : Fma.of(e, above, -below);
        float derivative = numerator / (e + 1) * scale;
        return Math.abs(derivative) < Float.MIN_NORMAL ? 0 : derivative;
    }

    @Override
    public void sigmoid(float[] x, int from, int length, float[] out, int to) {
        for (int i = 0; i < length; i++) {
            float e = Exp.minusOrZero(-Math.abs(x[from + i]));
            out[to + i] = (x[from + i] >= 0 ? 1 : e) / (e + 1);
        }
    }

    @Override
    public float weightedLogsOfTile(
            float[] p, int pFrom, float[] q, int qFrom, float[] x, int from, int length, float high, float low) {
        float sum = 0;
        for (int four = 0; four < Kernels.LANES; four += 4) {
            float lane0 = lane(p, pFrom, q, qFrom, x, from, four, length, high, low);
            float lane1 = lane(p, pFrom, q, qFrom, x, from, four + 1, length, high, low);
            float lane2 = lane(p, pFrom, q, qFrom, x, from, four + 2, length, high, low);
            float lane3 = lane(p, pFrom, q, qFrom, x, from, four + 3, length, high, low);
            sum += (lane0 + lane2) + (lane1 + lane3);
        }
        return sum;
    }

    private static float lane(
            float[] p,
            int pFrom,
            float[] q,
            int qFrom,
            float[] x,
            int from,
            int lane,
            int length,
            float high,
            float low) {
        float sum = 0;
        for (int i = lane; i < length; i += Kernels.STEP) {
            float pair = 0;
            for (int j = i; j < Math.min(i + Kernels.STEP, length); j += Kernels.LANES) {
                float shifted = x == null ? 0 : (x[from + j] - high) - low;
                float weight = p[pFrom + j];
                pair += weight == 0 ? 0 : (FloatLog.log(q[qFrom + j]) - shifted) * weight;
            }
            sum += pair;
        }
        return sum;
    }

    @Override
    public void minusScaled(float[] p, int pFrom, int length, float scale, float[] out, int to) {
        for (int i = 0; i < length; i++) {
            out[to + i] = 0 - p[pFrom + i] * scale;
        }
    }

    @Override
    public int indexOfNoProbability(float[] p, int from, int length) {
        for (int i = 0; i < length; i++) {
            if (!(p[from + i] >= 0 && p[from + i] <= Float.MAX_VALUE)) {
                return i;
            }
        }
        return -1;
    }
}
