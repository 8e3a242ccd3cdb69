package dev.panamax.internal.scalar;

import dev.panamax.internal.kernel.HingeKernels;
import dev.panamax.internal.kernel.Kernels;

/** The specification of {@link HingeKernels}, in the order of operations that {@link dev.panamax.internal.kernel} lays down. */
public final class ScalarHingeKernels implements HingeKernels {
    @Override
    public float sumOfTile(float[] x, int from, int length, int skip, float score, float margin) {
        float sum = 0;
        for (int lane = 0; lane < Kernels.LANES; lane += 4) {
            float lane0 = sumOfLane(x, from, lane, length, skip, score, margin);
            float lane1 = sumOfLane(x, from, lane + 1, length, skip, score, margin);
            float lane2 = sumOfLane(x, from, lane + 2, length, skip, score, margin);
            float lane3 = sumOfLane(x, from, lane + 3, length, skip, score, margin);
            sum += (lane0 + lane2) + (lane1 + lane3);
        }
        return sum;
    }

    private static float sumOfLane(float[] x, int from, int lane, int length, int skip, float score, float margin) {
        float sum = 0;
        for (int i = lane; i < length; i += Kernels.STEP) {
            float pair = 0;
            for (int j = i; j < Math.min(i + Kernels.STEP, length); j += Kernels.LANES) {
                pair += j == skip ? 0 : HingeKernels.violation(x[from + j], score, margin);
            }
            sum += pair;
        }
        return sum;
    }

    @Override
    public int gradient(float[] x, int from, int length, float score, float margin, float scale, float[] out, int to) {
        int count = 0;
        for (int i = 0; i < length; i++) {
            boolean positive = HingeKernels.violation(x[from + i], score, margin) > 0;
            out[to + i] = positive ? scale : 0;
            count += positive ? 1 : 0;
        }
        return count;
    }

    @Override
    public float max(float[] x, int from, int length) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + length; i++) {
            max = Math.max(max, x[i]);
        }
        return max;
    }
}
