package dev.panamax.jmh;

import dev.panamax.data.FloatMatrix;
import java.util.function.DoubleSupplier;

/** The loops over {@link Math#exp} that people write today, and the limits as plain Java reaches them. */
public final class PlainEngine implements Engine {
    @Override
    public boolean supports(Case what) {
        return (what.input() == Input.FLOATS
                        || what.operation().isOfDecoding() && what.input().isOrder())
                && switch (what.operation()) {
                    case PASS_MAX, PASS_EXP_SUM, PASS_EXP_STORE_SUM, PASS_SCALE, TEMPERED_SOFTMAX, TOP_40 -> false;
                    case GREEDY, SAMPLE, LOG_PROBABILITIES -> what.hasTokens();
                    default -> !what.inPlace() || what.operation().hasInPlaceForm();
                };
    }

    /** x - max is rounded to float. */
    @Override
    public double tolerance(Case what) {
        return 5e-6;
    }

    @Override
    public Prepared prepare(Operation operation, Problem problem) {
        if (operation.isOfDecoding()) {
            return PlainDecoding.prepare(operation, problem);
        }
        return Prepared.onArrays(operation, problem, call(operation, problem));
    }

    private static DoubleSupplier call(Operation operation, Problem problem) {
        FloatMatrix x = problem.x;
        FloatMatrix out = problem.out;
        int elements = problem.shape.elements();
        return switch (operation) {
            case SOFTMAX -> () -> softmax(x, out);
            case LOG_SOFTMAX -> () -> logSoftmax(x, out);
            case LOG_SUM_EXP -> () -> logSumExp(x, problem.perRow);
            case CROSS_ENTROPY -> () -> crossEntropy(x, problem.labels);
            case CROSS_ENTROPY_AND_GRADIENT -> () -> crossEntropyAndGradient(x, problem.labels, out);
            case READ -> () -> read(x.data(), x.offset(), elements);
            case COPY ->
                () -> {
                    System.arraycopy(x.data(), x.offset(), out.data(), out.offset(), elements);
                    return 0;
                };
            case SCALE_AND_COPY, SCALE -> () -> scale(x.data(), x.offset(), out.data(), out.offset(), elements, -1);
            default -> throw new IllegalArgumentException("unsupported: " + operation);
        };
    }

    private static double softmax(FloatMatrix x, FloatMatrix out) {
        for (int r = 0; r < x.rows(); r++) {
            softmaxOfRow(x, out, r);
        }
        return 0;
    }

    /** Returns the maximum plus the logarithm of the sum. */
    private static double softmaxOfRow(FloatMatrix x, FloatMatrix out, int row) {
        return PlainLoop.softmax(x.data(), x.rowStart(row), out.data(), out.rowStart(row), x.cols());
    }

    private static double logSumExpOfRow(FloatMatrix x, int row) {
        int from = x.rowStart(row);
        float max = PlainLoop.max(x.data(), from, x.cols());
        double sum = 0;
        for (int i = from; i < from + x.cols(); i++) {
            sum += Math.exp(x.data()[i] - max);
        }
        return max + Math.log(sum);
    }

    private static double logSoftmax(FloatMatrix x, FloatMatrix out) {
        for (int r = 0; r < x.rows(); r++) {
            int from = x.rowStart(r);
            int to = out.rowStart(r);
            float logSumExp = (float) logSumExpOfRow(x, r);
            for (int i = 0; i < x.cols(); i++) {
                out.data()[to + i] = x.data()[from + i] - logSumExp;
            }
        }
        return 0;
    }

    private static double logSumExp(FloatMatrix x, float[] out) {
        for (int r = 0; r < x.rows(); r++) {
            out[r] = (float) logSumExpOfRow(x, r);
        }
        return 0;
    }

    private static double crossEntropy(FloatMatrix x, int[] labels) {
        double loss = 0;
        for (int r = 0; r < x.rows(); r++) {
            loss += logSumExpOfRow(x, r) - x.data()[x.rowStart(r) + labels[r]];
        }
        return loss / x.rows();
    }

    private static double crossEntropyAndGradient(FloatMatrix x, int[] labels, FloatMatrix gradient) {
        double loss = 0;
        for (int r = 0; r < x.rows(); r++) {
            float logit = x.data()[x.rowStart(r) + labels[r]];
            loss += softmaxOfRow(x, gradient, r) - logit;
            int to = gradient.rowStart(r);
            gradient.data()[to + labels[r]] -= 1;
            for (int i = to; i < to + x.cols(); i++) {
                gradient.data()[i] /= x.rows();
            }
        }
        return loss / x.rows();
    }

    private static double read(float[] x, int from, int length) {
        float sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += x[i];
        }
        return sum;
    }

    private static double scale(float[] x, int from, float[] out, int to, int length, float factor) {
        for (int i = 0; i < length; i++) {
            out[to + i] = x[from + i] * factor;
        }
        return 0;
    }
}
