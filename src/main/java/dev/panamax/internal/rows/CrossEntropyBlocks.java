package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * Cross-entropy, block by block: x are the logits, y soft targets if there are no labels, out the gradient.
 *
 * @param rows the loss of a row of floats
 * @param doubleRows the loss of a row of doubles
 * @param ignoreIndex the label of rows that are left out
 * @param zLoss the factor of the squared log-sum-exp
 * @param tempering what logits are divided by
 * @param rowWeights one for each row; null for ones
 * @param logSumExps where the log-sum-exp of each row is written; null if it is not wanted
 * @param predictions where the class with the largest logit is written; null if it is not wanted
 */
public record CrossEntropyBlocks(
        CrossEntropyRows rows,
        DoubleCrossEntropyRows doubleRows,
        int ignoreIndex,
        double zLoss,
        Tempering tempering,
        float[] rowWeights,
        float[] logSumExps,
        int[] predictions)
        implements BlockOperation {

    /** The same with weights for the rows. */
    public CrossEntropyBlocks withRowWeights(float[] weights) {
        return new CrossEntropyBlocks(
                rows, doubleRows, ignoreIndex, zLoss, tempering, weights, logSumExps, predictions);
    }

    /** The same for logits over a temperature. */
    public CrossEntropyBlocks withTempering(Tempering other) {
        return new CrossEntropyBlocks(rows, doubleRows, ignoreIndex, zLoss, other, rowWeights, logSumExps, predictions);
    }

    /** The same with statistics. */
    public CrossEntropyBlocks withStatistics(float[] newLogSumExps, int[] newPredictions) {
        return new CrossEntropyBlocks(
                rows, doubleRows, ignoreIndex, zLoss, tempering, rowWeights, newLogSumExps, newPredictions);
    }

    /** The weights of the classes, in {@code float}; null for ones. */
    public float[] classWeights() {
        return rows.classWeights();
    }

    /** The weights of the classes, as precise as they are for such logits. */
    public RowWeights weights(Rows logits) {
        return Shape.isDouble(logits) ? doubleRows : rows;
    }

    /** A single row in an array, with the bits that it has among others; of labels or of targets. */
    public double row(
            FloatMatrix x, FloatMatrix targets, int[] labels, FloatMatrix gradient, double divisor, double zDivisor) {
        float[] e = gradient == null ? null : gradient.data();
        int to = gradient == null ? 0 : gradient.offset();
        double weight = rowWeights == null ? 1 : rowWeights[0];
        if (isSkipped(labels, 0, weight, divisor)) {
            if (e != null) {
                Arrays.fill(e, to, to + x.cols(), 0);
            }
            skip(0);
            return 0;
        }
        Kernels kernels = tempering.kernels();
        float[] logits = x.data();
        int from = x.offset();
        int cols = x.cols();
        double scale = weight / divisor;
        double zScale = zLoss == 0 ? 0 : zLoss * weight / zDivisor;
        if (labels == null) {
            float[] t = targets.data();
            int tFrom = targets.offset();
            float[] weights = rows.classWeights();
            return rows.lossOfTargets(
                    kernels, logits, from, cols, 0, t, tFrom, weights, scale, zScale, e, to, logSumExps, predictions);
        }
        int label = labels[0];
        boolean isShort = e != null && !Stage.isLong(cols) && isExpAlone();
        return isShort && SoftmaxRows.unshiftedTerms(kernels, logits, from, cols, e, to)
                ? rows.lossOfTerms(kernels, e, to, cols, label, scale, true)
                : rows.loss(kernels, logits, from, cols, 0, label, scale, zScale, e, to, logSumExps, predictions);
    }

    @Override
    public void block(Stage stage) {
        boolean isShort = !stage.isLong() && stage.count > 1 && stage.labels != null && !rows.spreadsByClass();
        Kernels kernels = tempering.kernels();
        if (isShort && stage.shortRows().crossEntropy(kernels, this, stage)) {
            return;
        }
        for (int i = 0; i < stage.count; i++) {
            int row = stage.first + i;
            double weight = weight(stage, row);
            double loss = 0;
            if (isSkipped(stage, row, weight)) {
                skip(stage, i);
            } else {
                loss = row(kernels, stage, i, weight);
            }
            stage.result(row, loss);
            stage.sum += loss;
        }
    }

    /** Whether nothing but exp and a label is asked of a row. */
    private boolean isExpAlone() {
        return logSumExps == null && zLoss == 0 && rows.smoothing() == 0;
    }

    /** Whether labels without a weight make a row one that is skipped. */
    boolean skipsWeightless() {
        return zLoss == 0 && rows.skipsWeightless();
    }

    /** What the losses of the rows of a block are multiplied by, before they are divided. */
    void weights(Stage stage, double[] weights) {
        Arrays.fill(weights, 0, stage.count, 1);
        for (int r = 0; rowWeights != null && r < stage.count; r++) {
            weights[r] = rowWeights[stage.first + r];
        }
        stage.multiplyByUpstream(weights);
    }

    private double weight(Stage stage, int row) {
        return (rowWeights == null ? 1 : rowWeights[row]) * stage.upstream(row);
    }

    /** Whether a row is not even read: it is ignored, or nothing of it has a weight. */
    private boolean isSkipped(Stage stage, int row, double weight) {
        return isSkipped(stage.labels, row, weight, stage.divisor);
    }

    /** The same for labels, if there are any, the weight of the row and what its loss is divided by. */
    boolean isSkipped(int[] labels, int row, double weight, double divisor) {
        return Double.isInfinite(divisor) || weight == 0 || labels != null && isSkipped(labels[row]);
    }

    private boolean isSkipped(int label) {
        return label == ignoreIndex || zLoss == 0 && rows.isWeightless(label);
    }

    private void skip(Stage stage, int i) {
        if (stage.out != null) {
            int to = stage.start(stage.outSpan, i);
            if (Shape.isDouble(stage.out)) {
                Arrays.fill(stage.outSpan.doubles, to, to + stage.cols(i), 0);
            } else {
                Arrays.fill(stage.outSpan.cells, to, to + stage.cols(i), 0);
            }
        }
        skip(stage.first + i);
    }

    /** The statistics of a row that is skipped. */
    void skip(int row) {
        if (logSumExps != null) {
            logSumExps[row] = Float.NaN;
            predictions[row] = -1;
        }
    }

    private double row(Kernels kernels, Stage stage, int i, double weight) {
        int row = stage.first + i;
        int cols = stage.cols(i);
        float[] x = stage.xSpan.cells;
        int from = stage.start(stage.xSpan, i);
        float[] e = stage.out == null ? null : stage.outSpan.cells;
        int to = stage.out == null ? 0 : stage.start(stage.outSpan, i);
        double scale = weight / stage.divisor;
        double zScale = zLoss == 0 ? 0 : zLoss * weight / stage.zDivisor;
        double loss;
        if (stage.labels == null) {
            float[] weights = rows.classWeights() == null ? null : weightsOfSome(stage, i);
            int targetsFrom = stage.start(stage.ySpan, i);
            float[] t = stage.ySpan.cells;
            loss = rows.lossOfTargets(
                    kernels,
                    x,
                    from,
                    cols,
                    row,
                    t,
                    targetsFrom,
                    weights,
                    scale,
                    zScale,
                    e,
                    to,
                    logSumExps,
                    predictions);
        } else if (stage.isMasked) {
            float[] weights = rows.spreadsByClass() ? weightsOfSome(stage, i) : null;
            int label = stage.labels[row];
            int place = stage.place(i);
            loss = rows.lossOfSome(
                    kernels,
                    x,
                    from,
                    cols,
                    row,
                    place,
                    label,
                    weights,
                    0,
                    scale,
                    zScale,
                    e,
                    to,
                    logSumExps,
                    predictions);
        } else {
            int label = stage.labels[row];
            float[] terms = e == null ? stage.scratch(Kernels.SHORT) : e;
            int termsTo = e == null ? 0 : to;
            loss = !Stage.isLong(cols)
                            && isExpAlone()
                            && SoftmaxRows.unshiftedTerms(kernels, x, from, cols, terms, termsTo)
                    ? rows.lossOfTerms(kernels, terms, termsTo, cols, label, scale, e != null)
                    : rows.loss(kernels, x, from, cols, row, label, scale, zScale, e, to, logSumExps, predictions);
        }
        if (predictions != null && stage.places != null && predictions[row] >= 0) {
            predictions[row] = stage.places.column(i, predictions[row]);
        }
        return loss;
    }

    private float[] weightsOfSome(Stage stage, int i) {
        float[] weights = rows.classWeights();
        if (stage.places == null) {
            return weights;
        }
        float[] some = stage.scratch(MaskBits.room(weights.length));
        stage.places.compressRow(i, weights, some, 0);
        return some;
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        DoubleKernels kernels = KernelLookup.set().doubles();
        for (int i = 0; i < stage.count; i++) {
            int row = stage.first + i;
            double weight = weight(stage, row);
            double loss = 0;
            if (isSkipped(stage, row, weight)) {
                skip(stage, i);
            } else {
                loss = rowOfDoubles(kernels, stage, i, weight);
            }
            stage.result(row, loss);
            stage.sum += loss;
        }
    }

    private double rowOfDoubles(DoubleKernels kernels, Stage stage, int i, double weight) {
        int row = stage.first + i;
        int cols = stage.cols(i);
        double[] x = stage.xSpan.doubles;
        int from = stage.start(stage.xSpan, i);
        boolean needsMax = logSumExps != null || !tempering.isNone();
        double max = needsMax ? kernels.max(x, from, cols) : 0;
        int likeliest = logSumExps == null ? 0 : kernels.indexOf(x, from, cols, max);
        boolean hasLikeliest = logSumExps != null && Double.isFinite(max) && x[from + likeliest] == max;
        // The z-loss is one of log-sum-exp itself, all else one of differences.
        double shift = !tempering.isNone() && zLoss == 0 && Double.isFinite(max) ? max : 0;
        if (!tempering.isNone()) {
            x = tempering.divided(x, from, cols, shift, stage);
            from = 0;
        }
        double[] e = stage.out == null ? null : stage.outSpan.doubles;
        int to = stage.out == null ? 0 : stage.start(stage.outSpan, i);
        double scale = weight / stage.divisor;
        double zScale = zLoss == 0 ? 0 : zLoss * weight / stage.zDivisor;
        double[] weights = doubleRows.classWeights();
        if (weights != null && stage.places != null) {
            double[] some = stage.doubleScratch(weights.length);
            stage.places.compressRow(i, weights, 0, some, 0);
            weights = some;
        }
        if (logSumExps != null) {
            double logSumExp = DoubleLogSoftmaxRows.logSumExp(kernels, x, from, cols);
            logSumExps[row] = (float) (logSumExp + shift / tempering.temperature());
            predictions[row] =
                    !hasLikeliest ? -1 : stage.places == null ? likeliest : stage.places.column(i, likeliest);
        }
        double loss;
        if (stage.labels == null) {
            int targetsFrom = stage.start(stage.ySpan, i);
            double[] t = stage.ySpan.doubles;
            loss = doubleRows.lossOfTargets(kernels, x, from, cols, t, targetsFrom, weights, scale, zScale, e, to);
        } else {
            double ofLabel = doubleRows.weight(stage.labels[row]);
            loss = doubleRows.loss(kernels, x, from, cols, stage.place(i), ofLabel, weights, scale, zScale, e, to);
        }
        for (int c = to; e != null && !tempering.isNone() && c < to + cols; c++) {
            e[c] /= tempering.temperature();
        }
        return loss;
    }
}
