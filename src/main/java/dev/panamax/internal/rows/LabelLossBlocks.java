package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import java.util.Arrays;

/**
 * A loss of a label and its logits, block by block: x are the logits, out the gradient. What a kind of it does with a row is
 * a {@link RowLoss}.
 *
 * @param loss of a row
 * @param ignoreIndex the label of rows that are left out
 * @param classWeights one for each class; null for ones
 * @param rowWeights one for each row; null for ones
 */
public record LabelLossBlocks(RowLoss loss, int ignoreIndex, float[] classWeights, float[] rowWeights)
        implements BlockOperation {
    /** PyTorch's. */
    private static final int IGNORED = -100;

    /** The loss of a row that has a weight, and its gradient. */
    public interface RowLoss {
        /**
         * A row of floats.
         *
         * @param place where the label is among the elements
         * @param weight what the row counts
         * @param divisor what the reduction divides by
         * @param out where the gradient of weight times loss over divisor is written; null if it is not wanted
         * @return what the row adds to the sum
         */
        double row(float[] x, int from, int length, int place, double weight, double divisor, float[] out, int to);

        /** A row of doubles. */
        double row(double[] x, int from, int length, int place, double weight, double divisor, double[] out, int to);
    }

    /** Without weights. */
    public LabelLossBlocks(RowLoss loss) {
        this(loss, IGNORED, null, null);
    }

    /** The same of another loss of rows. */
    public LabelLossBlocks with(RowLoss newLoss) {
        return new LabelLossBlocks(newLoss, ignoreIndex, classWeights, rowWeights);
    }

    /** The same with another label for the rows that are left out. */
    public LabelLossBlocks withIgnoreIndex(int label) {
        return new LabelLossBlocks(loss, label, classWeights, rowWeights);
    }

    /** The same with weights for the classes. */
    public LabelLossBlocks withClassWeights(float[] weights) {
        return new LabelLossBlocks(loss, ignoreIndex, weights, rowWeights);
    }

    /** The same with weights for the rows. */
    public LabelLossBlocks withRowWeights(float[] weights) {
        return new LabelLossBlocks(loss, ignoreIndex, classWeights, weights);
    }

    /** Whether a row with such a label is left out. */
    public boolean isIgnored(int label) {
        return label == ignoreIndex;
    }

    /** What a row counts. */
    public double weight(int row, int label) {
        return isIgnored(label)
                ? 0
                : (classWeights == null ? 1.0 : classWeights[label]) * (rowWeights == null ? 1 : rowWeights[row]);
    }

    /** What a row counts, times what comes from upstream: for a row that is left out that may be NaN. */
    private double weight(Stage stage, int row) {
        int label = stage.labels[row];
        return isIgnored(label) ? 0 : weight(row, label) * stage.upstream(row);
    }

    /** A single row in an array, without a stage and with the bits that it has in a block. */
    public double row(FloatMatrix x, FloatMatrix out, int[] labels, double divisor) {
        double weight = weight(0, labels[0]);
        float[] gradient = out == null ? null : out.data();
        int to = out == null ? 0 : out.offset();
        if (weight != 0) {
            return loss.row(x.data(), x.offset(), x.cols(), labels[0], weight, divisor, gradient, to);
        }
        if (gradient != null) {
            Arrays.fill(gradient, to, to + x.cols(), 0);
        }
        return 0;
    }

    @Override
    public void block(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int row = stage.first + i;
            double weight = weight(stage, row);
            int cols = stage.cols(i);
            float[] out = stage.out == null ? null : stage.outSpan.cells;
            int to = stage.out == null ? 0 : stage.start(stage.outSpan, i);
            double value = 0;
            if (weight != 0) {
                int from = stage.start(stage.xSpan, i);
                value = loss.row(stage.xSpan.cells, from, cols, stage.place(i), weight, stage.divisor, out, to);
            } else if (out != null) {
                Arrays.fill(out, to, to + cols, 0);
            }
            stage.result(row, value);
            stage.sum += value;
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int row = stage.first + i;
            double weight = weight(stage, row);
            int cols = stage.cols(i);
            double[] out = stage.out == null ? null : stage.outSpan.doubles;
            int to = stage.out == null ? 0 : stage.start(stage.outSpan, i);
            double value = 0;
            if (weight != 0) {
                int from = stage.start(stage.xSpan, i);
                value = loss.row(stage.xSpan.doubles, from, cols, stage.place(i), weight, stage.divisor, out, to);
            } else if (out != null) {
                Arrays.fill(out, to, to + cols, 0);
            }
            stage.result(row, value);
            stage.sum += value;
        }
    }
}
