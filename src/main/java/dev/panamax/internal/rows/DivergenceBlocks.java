package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.Log;
import dev.panamax.internal.kernel.LogKernels;
import java.util.Arrays;

/**
 * The divergence of P from Q, block by block: x are what Q is given as, y what P is, out the gradient or the terms.
 *
 * @param given what x are
 * @param ofLogs whether y are log-probabilities, instead of probabilities
 * @param isJensenShannon whether it is Jensen's and Shannon's, instead of Kullback's and Leibler's
 * @param writesTerms whether out are the terms of the sum, instead of the gradient
 */
public record DivergenceBlocks(Given given, boolean ofLogs, boolean isJensenShannon, boolean writesTerms)
        implements BlockOperation, WideRow.Algorithm {
    /** What says which Q is. */
    public enum Given {
        /** What the softmax is taken of. */
        LOGITS,
        /** Their logarithms. */
        LOG_PROBABILITIES,
        /** Themselves. */
        PROBABILITIES
    }

    /** Whether there are kernels for it. */
    public boolean hasKernels() {
        return given != Given.PROBABILITIES && !ofLogs && !isJensenShannon && !writesTerms;
    }

    /** A single row in an array, without a stage and with the bits that it has in a block: of those that have kernels. */
    public double row(FloatMatrix x, FloatMatrix y, FloatMatrix out, double divisor) {
        float[] gradient = out == null ? null : out.data();
        int to = out == null ? 0 : out.offset();
        return row(x.data(), x.offset(), y.data(), y.offset(), x.cols(), (float) (1 / divisor), gradient, to);
    }

    @Override
    public void block(Stage stage) {
        if (!hasKernels() || stage.factors != null) {
            stage.wideRow().ofFloats(stage, this);
            return;
        }
        float[] out = stage.out == null ? null : stage.outSpan.cells;
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            int pFrom = stage.start(stage.ySpan, i);
            int to = out == null ? 0 : stage.start(stage.outSpan, i);
            int cols = stage.cols(i);
            double upstream = stage.upstream(stage.first + i);
            double loss = 0;
            if (upstream == 0) {
                Arrays.fill(out, to, to + cols, 0);
            } else if (cols > 0) {
                float scale = (float) (upstream / stage.divisor);
                loss = row(stage.xSpan.cells, from, stage.ySpan.cells, pFrom, cols, scale, out, to);
            }
            stage.result(stage.first + i, loss);
            stage.sum += loss;
        }
    }

    private double row(float[] x, int from, float[] p, int pFrom, int cols, float scale, float[] gradient, int to) {
        LogKernels kernels = KernelLookup.set().logs();
        if (given == Given.LOGITS) {
            return DivergenceRows.loss(
                    KernelLookup.set().kernels(), kernels, x, from, p, pFrom, cols, scale, gradient, to);
        }
        double loss = kernels.weightedLogs(p, pFrom, p, pFrom, x, from, cols, 0, 0);
        if (gradient != null) {
            kernels.minusScaled(p, pFrom, cols, scale, gradient, to);
        }
        return loss;
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        stage.wideRow().ofDoubles(stage, this);
    }

    @Override
    public void row(WideRow row, Stage stage, int i) {
        double upstream = stage.upstream(stage.first + i);
        double loss = 0;
        if (upstream == 0 && row.out != null) {
            Arrays.fill(row.out, row.to, row.to + row.length, 0);
        } else if (row.length > 0) {
            loss = row(row, upstream / stage.divisor);
        }
        stage.result(stage.first + i, loss);
        stage.sum += loss;
    }

    private double row(WideRow row, double scale) {
        boolean ofLogits = given == Given.LOGITS;
        double logSumExp = ofLogits
                ? DoubleLogSoftmaxRows.logSumExp(KernelLookup.set().doubles(), row.x, row.xFrom, row.length)
                : 0;
        double mass = 0;
        double loss = 0;
        for (int c = 0; c < row.length; c++) {
            double term = term(row, c, logSumExp);
            mass += p(row, c);
            loss += term;
            if (writesTerms) {
                row.out[row.to + c] = term;
            }
        }
        if (ofLogits && !Double.isFinite(logSumExp)) {
            loss = Double.NaN;
        }
        if (row.out == null || writesTerms) {
            return loss;
        }
        if (ofLogits && Double.isNaN(loss)) {
            Arrays.fill(row.out, row.to, row.to + row.length, Double.NaN);
            return loss;
        }
        double mean = ofLogits && isJensenShannon ? meanSlope(row, logSumExp) : 0;
        for (int c = 0; c < row.length; c++) {
            double slope = isJensenShannon
                    ? slopeOfJensenShannon(row, c, logSumExp, mean)
                    : slopeOfKullbackLeibler(row, c, logSumExp, mass);
            row.out[row.to + c] = CrossEntropyRows.product(row.upstream(c), scale * slope);
        }
        return loss;
    }

    private double p(WideRow row, int c) {
        double y = row.y[row.yFrom + c];
        return ofLogs ? StrictMath.exp(y) : y;
    }

    private double q(WideRow row, int c, double logSumExp) {
        double x = row.x[row.xFrom + c];
        return given == Given.PROBABILITIES ? x : StrictMath.exp(x - logSumExp);
    }

    private double term(WideRow row, int c, double logSumExp) {
        double p = p(row, c);
        if (isJensenShannon) {
            return jensenShannon(p, q(row, c, logSumExp));
        }
        if (p == 0) {
            return 0;
        }
        double x = row.x[row.xFrom + c];
        double logP = ofLogs ? row.y[row.yFrom + c] : StrictMath.log(p);
        return p * (logP - (given == Given.PROBABILITIES ? StrictMath.log(x) : x - logSumExp));
    }

    private double slopeOfKullbackLeibler(WideRow row, int c, double logSumExp, double mass) {
        double p = p(row, c);
        return switch (given) {
            case LOGITS -> mass * q(row, c, logSumExp) - p;
            case LOG_PROBABILITIES -> 0 - p;
            case PROBABILITIES -> p == 0 ? 0 : 0 - p / row.x[row.xFrom + c];
        };
    }

    private double slopeOfJensenShannon(WideRow row, int c, double logSumExp, double mean) {
        double q = q(row, c, logSumExp);
        double slope = slopeOfJensenShannon(p(row, c), q);
        return given == Given.PROBABILITIES ? slope : q == 0 ? 0 : q * (slope - mean);
    }

    private double meanSlope(WideRow row, double logSumExp) {
        double mean = 0;
        for (int c = 0; c < row.length; c++) {
            double q = q(row, c, logSumExp);
            mean += q == 0 ? 0 : q * slopeOfJensenShannon(p(row, c), q);
        }
        return mean;
    }

    /**
     * {@code (p log(p / m) + q log(q / m)) / 2}, where m is their mean, without cancellation where they are near each other. With
     * d = |p - q| / (p + q) it is {@code (p + q) / 4} times (1 + d) log(1 + d) + (1 - d) log(1 - d), which is d log((1 + d) / (1
     * - d)) + log(1 - d d).
     */
    static double jensenShannon(double p, double q) {
        double larger = Math.max(p, q);
        double smaller = Math.min(p, q);
        double sum = larger + smaller;
        double excess = (larger - smaller) / smaller;
        // Beside next to nothing, or beside 0, the smaller has no part in it; and nothing has none of nothing.
        if (!(excess < 0x1p1000)) {
            return Double.isNaN(sum) ? sum : sum / 2 * Log.LN2;
        }
        double d = (larger - smaller) / sum;
        return sum / 4 * (d * Log.onePlus(excess) - Log.onePlus(excess * ((larger - smaller) / larger) / 4));
    }

    /** Its derivative with respect to q: half of log(q / m). */
    private static double slopeOfJensenShannon(double p, double q) {
        if (p == 0) {
            return Log.LN2 / 2;
        }
        return (q >= p ? Log.onePlus((q - p) / (p + q)) : -Log.onePlus((p - q) / (2 * q))) / 2;
    }
}
