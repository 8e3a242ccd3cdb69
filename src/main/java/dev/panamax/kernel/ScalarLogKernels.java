package dev.panamax.kernel;

/** The specification of {@link LogKernels}, in the order of operations that {@link dev.panamax.kernel} lays down. */
public final class ScalarLogKernels implements LogKernels {
    @Override
    public float binaryCrossEntropyOfSteps(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float[] out,
            int to) {
        return binaryCrossEntropyOfStep(x, from, targets, targetsFrom, weights, weightsFrom, length, out, to);
    }

    @Override
    public float binaryCrossEntropyOfStep(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float[] out,
            int to) {
        float sum = 0;
        for (int four = 0; four < Kernels.LANES; four += 4) {
            float lane0 = lane(x, from, targets, targetsFrom, weights, weightsFrom, four, length, out, to);
            float lane1 = lane(x, from, targets, targetsFrom, weights, weightsFrom, four + 1, length, out, to);
            float lane2 = lane(x, from, targets, targetsFrom, weights, weightsFrom, four + 2, length, out, to);
            float lane3 = lane(x, from, targets, targetsFrom, weights, weightsFrom, four + 3, length, out, to);
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
            float[] out,
            int to) {
        float sum = 0;
        for (int i = lane; i < length; i += Kernels.STEP) {
            float pair = 0;
            for (int j = i; j < Math.min(i + Kernels.STEP, length); j += Kernels.LANES) {
                float weight = weights == null ? 1 : weights[weightsFrom + j];
                float term = binaryCrossEntropy(x[from + j], targets[targetsFrom + j], weight);
                if (out != null) {
                    out[to + j] = term;
                }
                pair += term;
            }
            sum += pair;
        }
        return sum;
    }

    /**
     * For x of 0 or more, softplus(-x) is {@code rest} = log(1 + e^-|x|) and softplus(x) is |x| + rest; below 0 the other
     * way about. So a term is the weight of both times rest, and |x| times the weight of the side that x is on: numbers
     * that are not negative.
     */
    private static float binaryCrossEntropy(float x, float target, float weight) {
        float rest = FloatLog.onePlus(Exp.minusOrZero(-Math.abs(x)));
        float above = 1 - target;
        float below = target * weight;
        float side = x >= 0 ? above : below;
        return Math.fma(above + below, rest, side == 0 ? 0 : Math.abs(x) * side);
    }

    @Override
    public void binaryCrossEntropyGradient(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float scale,
            float[] out,
            int to) {
        for (int i = 0; i < length; i++) {
            float e = Exp.minusOrZero(-Math.abs(x[from + i]));
            float above = 1 - targets[targetsFrom + i];
            float below = targets[targetsFrom + i] * (weights == null ? 1 : weights[weightsFrom + i]);
            float numerator = x[from + i] >= 0 ? Math.fma(e, -below, above) : Math.fma(e, above, -below);
            float derivative = numerator / (e + 1) * scale;
            out[to + i] = Math.abs(derivative) < Float.MIN_NORMAL ? 0 : derivative;
        }
    }

    @Override
    public void sigmoid(float[] x, int from, int length, float[] out, int to) {
        for (int i = 0; i < length; i++) {
            float e = Exp.minusOrZero(-Math.abs(x[from + i]));
            out[to + i] = (x[from + i] >= 0 ? 1 : e) / (e + 1);
        }
    }

    @Override
    public float weightedLogsOfSteps(
            float[] p, int pFrom, float[] q, int qFrom, float[] x, int from, int length, float high, float low) {
        return weightedLogsOfStep(p, pFrom, q, qFrom, x, from, length, high, low);
    }

    @Override
    public float weightedLogsOfStep(
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
