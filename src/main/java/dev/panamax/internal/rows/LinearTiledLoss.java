package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * The losses of labels, and their gradients, of a chunk whose logits come a tile of classes after the other, with the bits of
 * {@link CrossEntropyRows#loss}: a tile is what is summed in {@code float} there. For the gradients, and for rows whose terms
 * need an anchor, the logits are computed once more.
 */
final class LinearTiledLoss {
    /** Rows that are a task: to start one costs as much as some hundred terms. */
    private static final int ROWS_OF_TASK = 8;

    private final LinearPass pass;
    private final LinearPlan plan;
    private final LinearRoom room;
    private final CrossEntropyBlocks blocks;
    private final Kernels kernels;
    private final ExpTerm term;
    private final double divisor;
    private final double zDivisor;

    /** Whether the terms of a row are written and scaled, as they are with a gradient of rows that are not too long. */
    private final boolean hasTerms;

    LinearTiledLoss(LinearPass pass, CrossEntropyBlocks blocks, double divisor, double zDivisor, boolean hasGradient) {
        this.pass = pass;
        this.blocks = blocks;
        this.divisor = divisor;
        this.zDivisor = zDivisor;
        plan = pass.plan();
        room = pass.room();
        kernels = blocks.tempering().kernels();
        term = kernels.term();
        hasTerms = hasGradient && plan.classes() <= Kernels.LONG;
    }

    /** Whether a loss can be computed by tiles: what needs the maximum of a row before its other sums cannot. */
    static boolean canCompute(CrossEntropyBlocks blocks, boolean hasLabels) {
        return hasLabels && blocks.rows().smoothing() == 0 && blocks.logSumExps() == null;
    }

    /** What is done with the logits of one row that there are. */
    private interface RowOfTile {
        /**
         * Does it.
         *
         * @param row of the chunk
         * @param x the logits, from index {@code from}
         * @param label counted from the first of them, which may not be among them
         */
        void run(int row, float[] x, int from, int length, int label);
    }

    /** Computes the losses of the chunk. */
    void computeLosses() {
        int rows = pass.rows();
        Arrays.fill(room.others, 0, rows, 0);
        Arrays.fill(room.maxima, 0, rows, Float.NaN);
        overAllTiles((row, x, from, length, label) -> {
            room.others[row] += hasTerms
                    ? kernels.sumUnshiftedExp(x, from, length, label, null, 0)
                    : kernels.sumExpOfNextTile(x, from, length, label, room.maxima, row);
            if (label >= 0 && label < length) {
                room.labelLogits[row] = x[from + label];
            }
        });
        boolean arePlain = true;
        for (int r = 0; r < rows; r++) {
            room.labelTerms[r] = term.wide(room.labelLogits[r], 0, 0);
            boolean isPlain = ExpTerm.isPlainSum(room.others[r] + room.labelTerms[r]);
            room.maxima[r] = isPlain ? Float.NaN : Float.NEGATIVE_INFINITY;
            room.others[r] = isPlain ? room.others[r] : 0;
            arePlain &= isPlain;
        }
        if (!arePlain) {
            sumUnderAnchors();
        }
        for (int r = 0; r < rows; r++) {
            room.losses[r] = loss(r);
        }
    }

    /** The sums of the rows that need an anchor, which is their maximum; infinite for NaN. */
    private void sumUnderAnchors() {
        overAllTiles((row, x, from, length, label) -> {
            if (!isPlain(row)) {
                float max = kernels.max(x, from, length);
                room.maxima[row] = Float.isNaN(max) ? Float.POSITIVE_INFINITY : Math.max(room.maxima[row], max);
            }
        });
        overAllTiles((row, x, from, length, label) -> {
            if (Float.isFinite(room.maxima[row])) {
                room.others[row] += kernels.sumExp(x, from, length, label, room.maxima[row], null, 0);
            }
        });
        for (int r = 0; r < pass.rows(); r++) {
            float max = room.maxima[r];
            if (Float.isFinite(max)) {
                room.labelTerms[r] = term.wide(room.labelLogits[r], term.base(max), term.exponent(max));
            }
        }
    }

    private boolean isPlain(int row) {
        return Float.isNaN(room.maxima[row]);
    }

    private double loss(int row) {
        float max = isPlain(row) ? 0 : room.maxima[row];
        if (!Float.isFinite(max)) {
            return Double.NaN;
        }
        float base = isPlain(row) ? 0 : term.base(max);
        int exponent = isPlain(row) ? 0 : term.exponent(max);
        double others = room.others[row];
        double labelTerm = room.labelTerms[row];
        double own = blocks.rows().weight(room.labels[row]);
        double loss = CrossEntropyRows.loss(term, others, labelTerm, room.labelLogits[row], base, exponent);
        double logSumExp = logSumExp(row);
        return scale(row) * CrossEntropyRows.product(own, loss)
                + CrossEntropyRows.product(zScale(row), logSumExp * logSumExp);
    }

    /** What the square of is asked for, if it is. */
    private double logSumExp(int row) {
        if (blocks.zLoss() == 0) {
            return 0;
        }
        float max = isPlain(row) ? 0 : room.maxima[row];
        double sum = room.others[row] + room.labelTerms[row];
        return isPlain(row)
                ? ExpTerm.logOfSum(sum, 0)
                : term.base(max) * term.inverse() + ExpTerm.logOfSum(sum, term.exponent(max));
    }

    private double scale(int row) {
        return room.weights[row] / divisor;
    }

    private double zScale(int row) {
        return blocks.zLoss() == 0 ? 0 : blocks.zLoss() * room.weights[row] / zDivisor;
    }

    /** Adds the gradients of the chunk, once its losses are there. */
    void addGradients() {
        for (int first = 0; first < plan.classes(); first += plan.classTile()) {
            pass.computeTile(first);
            float[] slopes = pass.gradient().data();
            overTile(first, (row, x, from, length, label) -> setSlopes(row, x, from, length, label, slopes));
            pass.addGradients();
        }
    }

    private void setSlopes(int row, float[] x, int from, int length, int label, float[] slopes) {
        float max = isPlain(row) ? 0 : room.maxima[row];
        if (!Float.isFinite(max)) {
            Arrays.fill(slopes, from, from + length, Float.NaN);
            return;
        }
        double others = room.others[row];
        double labelTerm = room.labelTerms[row];
        double sum = others + labelTerm;
        double slope = scale(row) * term.inverse() * blocks.rows().weight(room.labels[row]);
        double pull = CrossEntropyRows.product(zScale(row) * term.inverse(), 2 * logSumExp(row));
        if (isPlain(row) && !hasTerms) {
            SoftmaxRows.quotients(kernels, x, from, length, slope + pull, sum, slopes, from);
        } else {
            if (isPlain(row)) {
                kernels.sumUnshiftedExp(x, from, length, label, slopes, from);
            } else {
                kernels.sumExp(x, from, length, label, max, slopes, from);
            }
            kernels.scaleOrZero(slopes, from, length, (float) ((slope + pull) / sum));
        }
        if (label >= 0 && label < length) {
            slopes[from + label] = (float) (0 - (slope * others - pull * labelTerm) / sum);
        }
    }

    private void overAllTiles(RowOfTile work) {
        for (int first = 0; first < plan.classes(); first += plan.classTile()) {
            pass.computeTile(first);
            overTile(first, work);
        }
    }

    private void overTile(int first, RowOfTile work) {
        int rows = pass.rows();
        int length = Math.min(plan.classTile(), plan.classes() - first);
        pass.share(Math.ceilDiv(rows, ROWS_OF_TASK), (task, worker) -> {
            int end = Math.min((task + 1) * ROWS_OF_TASK, rows);
            for (int r = task * ROWS_OF_TASK; r < end; r++) {
                work.run(r, room.logits, r * plan.stride(), length, room.labels[r] - first);
            }
        });
    }
}
