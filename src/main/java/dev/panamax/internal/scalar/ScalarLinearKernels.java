package dev.panamax.internal.scalar;

import dev.panamax.internal.kernel.Fma;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LinearKernels;

/** The specification of {@link LinearKernels}. */
public final class ScalarLinearKernels implements LinearKernels {
    @Override
    public void addScoresOfSteps(
            float[] x, int[] starts, int rows, int features, float[] weights, int classes, float[] scores) {
        int whole = features - features % Kernels.LANES;
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < classes; c++) {
                float score = scores[r * classes + c];
                for (int lane = 0; lane < Kernels.LANES; lane += 4) {
                    score += sumOfFour(x, starts[r] + lane, weights, c * features + lane, whole);
                }
                scores[r * classes + c] = score;
            }
        }
    }

    /** Four neighbouring lanes side by side. */
    private static float sumOfFour(float[] x, int from, float[] weights, int weightsFrom, int length) {
        float lane0 = 0;
        float lane1 = 0;
        float lane2 = 0;
        float lane3 = 0;
        for (int f = 0; f < length; f += Kernels.LANES) {
            lane0 = Fma.of(x[from + f], weights[weightsFrom + f], lane0);
            lane1 = Fma.of(x[from + f + 1], weights[weightsFrom + f + 1], lane1);
            lane2 = Fma.of(x[from + f + 2], weights[weightsFrom + f + 2], lane2);
            lane3 = Fma.of(x[from + f + 3], weights[weightsFrom + f + 3], lane3);
        }
        return (lane0 + lane2) + (lane1 + lane3);
    }

    @Override
    public void addGradientOfSteps(
            float[] x, int[] starts, int rows, int features, float[] scoreGradient, int classes, float[] gradient) {
        int whole = features - features % Kernels.LANES;
        for (int f = 0; f < whole; f += 4) {
            for (int c = 0; c < classes; c++) {
                float sum0 = 0;
                float sum1 = 0;
                float sum2 = 0;
                float sum3 = 0;
                for (int r = 0; r < rows; r++) {
                    float pull = scoreGradient[r * classes + c];
                    int from = starts[r] + f;
                    sum0 = Fma.of(x[from], pull, sum0);
                    sum1 = Fma.of(x[from + 1], pull, sum1);
                    sum2 = Fma.of(x[from + 2], pull, sum2);
                    sum3 = Fma.of(x[from + 3], pull, sum3);
                }
                int to = c * features + f;
                gradient[to] += sum0;
                gradient[to + 1] += sum1;
                gradient[to + 2] += sum2;
                gradient[to + 3] += sum3;
            }
        }
    }

    @Override
    public void addSparseScores(
            float[] values, int[] columns, int from, int end, float[] weights, int classes, float[] scores, int to) {
        for (int i = from; i < end; i++) {
            int weight = columns[i] * classes;
            for (int c = 0; c < classes; c++) {
                scores[to + c] = Fma.of(values[i], weights[weight + c], scores[to + c]);
            }
        }
    }

    @Override
    public void addSparseGradient(
            float[] values,
            int[] columns,
            int from,
            int end,
            float[] scoreGradient,
            int scoresFrom,
            int classes,
            float[] gradient) {
        for (int i = from; i < end; i++) {
            int weight = columns[i] * classes;
            for (int c = 0; c < classes; c++) {
                gradient[weight + c] = Fma.of(values[i], scoreGradient[scoresFrom + c], gradient[weight + c]);
            }
        }
    }

    @Override
    public void addProduct(
            float[] x,
            int from,
            int rowStride,
            int step,
            int rows,
            float[] panel,
            int panelFrom,
            int cols,
            int depth,
            float[] sums,
            int to,
            int stride) {
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < depth; k++) {
                float factor = x[from + r * rowStride + k * step];
                for (int c = 0; c < cols; c++) {
                    int sum = to + r * stride + c;
                    sums[sum] = Fma.of(factor, panel[panelFrom + k * cols + c], sums[sum]);
                }
            }
        }
    }

    @Override
    public void decode(byte[] cells, int from, int length, float scale, float[] out, int to) {
        for (int i = 0; i < length; i++) {
            out[to + i] = (cells[from + i] & 255) * scale;
        }
    }
}
