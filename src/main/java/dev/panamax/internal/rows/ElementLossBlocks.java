package dev.panamax.internal.rows;

import java.util.Arrays;

/**
 * A loss of elements that are yes-or-no questions, block by block: x are the scores, y the targets, out the losses of the elements or
 * their gradient, and the results of rows are the sums of their losses. What a kind of it does with a row is an {@link ElementLoss}.
 *
 * @param loss of the elements of a row
 * @param writesLosses whether out are the losses
 */
public record ElementLossBlocks(ElementLoss loss, boolean writesLosses) implements BlockOperation {
    /** The losses of the elements of a row, and their derivatives. */
    public interface ElementLoss {
        /**
         * A row of floats.
         *
         * @param scale what the derivatives are multiplied by
         * @param writesLosses whether the losses are written, instead of the derivatives
         * @param out where they are written; null if they are not wanted
         * @return the sum of the losses
         */
        double row(
                float[] x,
                int from,
                float[] targets,
                int targetsFrom,
                int length,
                double scale,
                boolean writesLosses,
                float[] out,
                int to);

        /** A row of doubles. */
        double row(
                double[] x,
                int from,
                double[] targets,
                int targetsFrom,
                int length,
                double scale,
                boolean writesLosses,
                double[] out,
                int to);
    }

    @Override
    public void block(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int row = stage.first + i;
            int from = stage.start(stage.xSpan, i);
            int targetsFrom = stage.start(stage.ySpan, i);
            int cols = stage.cols(i);
            float[] out = stage.out == null ? null : stage.outSpan.cells;
            int to = out == null ? 0 : stage.start(stage.outSpan, i);
            double upstream = stage.upstream(row);
            if (upstream == 0) {
                Arrays.fill(out, to, to + cols, 0);
                continue;
            }
            double scale = upstream / stage.divisor;
            double value = loss.row(
                    stage.xSpan.cells, from, stage.ySpan.cells, targetsFrom, cols, scale, writesLosses, out, to);
            stage.result(row, value);
            stage.sum += value;
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int row = stage.first + i;
            int from = stage.start(stage.xSpan, i);
            int targetsFrom = stage.start(stage.ySpan, i);
            int cols = stage.cols(i);
            double[] out = stage.out == null ? null : stage.outSpan.doubles;
            int to = out == null ? 0 : stage.start(stage.outSpan, i);
            double upstream = stage.upstream(row);
            if (upstream == 0) {
                Arrays.fill(out, to, to + cols, 0);
                continue;
            }
            double scale = upstream / stage.divisor;
            double value = loss.row(
                    stage.xSpan.doubles, from, stage.ySpan.doubles, targetsFrom, cols, scale, writesLosses, out, to);
            stage.result(row, value);
            stage.sum += value;
        }
    }
}
