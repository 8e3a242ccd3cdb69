package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * A loss of rows with several labels each, block by block: x are the logits, y is 1 for a label, out the gradient.
 *
 * @param ofMargins whether each label is held against each other class, instead of each class being a question
 * @param classWeights one for each class; null for ones
 * @param rowWeights one for each row; null for ones
 */
public record MultiLabelBlocks(boolean ofMargins, float[] classWeights, float[] rowWeights)
        implements BlockOperation, WideRow.Algorithm {
    private static final float HARMLESS = BinaryCrossEntropyRows.largestHarmless(null);

    /** The same with weights for the classes. */
    public MultiLabelBlocks withClassWeights(float[] weights) {
        return new MultiLabelBlocks(ofMargins, weights, rowWeights);
    }

    /** The same with weights for the rows. */
    public MultiLabelBlocks withRowWeights(float[] weights) {
        return new MultiLabelBlocks(ofMargins, classWeights, weights);
    }

    @Override
    public void block(Stage stage) {
        if (ofMargins) {
            stage.wideRow().ofFloats(stage, this);
            return;
        }
        float[] out = stage.out == null ? null : stage.outSpan.cells;
        for (int i = 0; i < stage.count; i++) {
            double weight = weight(stage, i);
            int cols = stage.cols(i);
            int to = out == null ? 0 : stage.start(stage.outSpan, i);
            double loss = 0;
            if (weight != 0 && cols > 0) {
                loss = weight * (softMargin(stage, i, (float) (weight / stage.divisor / cols), out, to) / cols);
            } else if (out != null) {
                Arrays.fill(out, to, to + cols, 0);
            }
            stage.result(stage.first + i, loss);
            stage.sum += loss;
        }
    }

    /** The sum of what the classes cost, and its gradient times a number. */
    private double softMargin(Stage stage, int i, float scale, float[] out, int to) {
        float[] x = stage.xSpan.cells;
        int from = stage.start(stage.xSpan, i);
        float[] targets = stage.ySpan.cells;
        int targetsFrom = stage.start(stage.ySpan, i);
        int cols = stage.cols(i);
        if (classWeights != null) {
            int room = MaskBits.room(classWeights.length);
            float[] terms = stage.scratch(room + Kernels.TILE);
            return BinaryCrossEntropyRows.weightedLoss(
                    KernelLookup.set().logs(),
                    x,
                    from,
                    targets,
                    targetsFrom,
                    null,
                    weights(stage, i),
                    0,
                    null,
                    0,
                    cols,
                    scale,
                    null,
                    out,
                    to,
                    terms,
                    room);
        }
        return BinaryCrossEntropyRows.loss(
                KernelLookup.set().kernels(),
                KernelLookup.set().logs(),
                x,
                from,
                targets,
                targetsFrom,
                null,
                cols,
                HARMLESS,
                scale,
                null,
                out,
                to);
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        stage.wideRow().ofDoubles(stage, this);
    }

    @Override
    public void row(WideRow row, Stage stage, int i) {
        double weight = weight(stage, i);
        double loss = 0;
        if (weight != 0 && row.length > 0) {
            double scale = weight / stage.divisor / row.length;
            float[] weights = weights(stage, i);
            loss = weight
                    * ((ofMargins ? margin(row, stage, weights, scale) : softMargin(row, weights, scale)) / row.length);
        } else if (row.out != null) {
            Arrays.fill(row.out, row.to, row.to + row.length, 0);
        }
        stage.result(stage.first + i, loss);
        stage.sum += loss;
    }

    private static double softMargin(WideRow row, float[] weights, double scale) {
        double sum = 0;
        for (int c = 0; c < row.length; c++) {
            double logit = row.x[row.xFrom + c];
            double below = row.y[row.yFrom + c];
            double weight = weights == null ? 1 : weights[c];
            sum += CrossEntropyRows.product(weight, BinaryCrossEntropyBlocks.ofLogit(logit, 1 - below, below));
            if (row.out != null) {
                double slope = BinaryCrossEntropyBlocks.slope(logit, 1 - below, below);
                row.out[row.to + c] = CrossEntropyRows.product(weight, scale * slope);
            }
        }
        return sum;
    }

    /** How far the other classes come within 1 of each label, and how often one does. */
    private static double margin(WideRow row, Stage stage, float[] weights, double scale) {
        double[] pulls = stage.doubleScratch(row.length);
        Arrays.fill(pulls, 0, row.length, 0);
        double sum = 0;
        for (int label = 0; label < row.length; label++) {
            double weight = weights == null ? 1 : weights[label];
            if (row.y[row.yFrom + label] == 0 || weight == 0) {
                continue;
            }
            double score = row.x[row.xFrom + label];
            for (int c = 0; c < row.length; c++) {
                double excess = row.y[row.yFrom + c] == 0 ? row.x[row.xFrom + c] - score + 1 : 0;
                if (!(excess <= 0)) {
                    sum += weight * excess;
                    pulls[c] += weight;
                    pulls[label] -= weight;
                }
            }
        }
        for (int c = 0; row.out != null && c < row.length; c++) {
            row.out[row.to + c] = Double.isNaN(sum) ? Double.NaN : scale * pulls[c];
        }
        return sum;
    }

    /** What a row counts, times what comes from upstream: for a row without a weight that may be NaN. */
    private double weight(Stage stage, int i) {
        int row = stage.first + i;
        float weight = rowWeights == null ? 1 : rowWeights[row];
        return weight == 0 ? 0 : weight * stage.upstream(row);
    }

    private float[] weights(Stage stage, int i) {
        if (classWeights == null || stage.places == null) {
            return classWeights;
        }
        float[] some = stage.scratch(MaskBits.room(classWeights.length));
        stage.places.compressRow(i, classWeights, some, 0);
        return some;
    }
}
