package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;

/** Calls of the kernels of {@link TieredKernels}. */
final class KernelsExercise extends TieredFamily.Exercise {
    private static final float ROUNDER = ExpTerm.UNSHIFTED_ROUNDER;
    private static final ExpTerm TERM = ExpTerm.PLAIN;
    private static final float SMALLEST = ExpTerm.UNSHIFTED_SMALLEST;

    private final TieredKernels tiers;
    private final float[] logits = Numbers.floats(8);
    private final float[] withLarge = logits.clone();
    private final float[] shares = Numbers.shares();
    private final float[] weights = Numbers.shares();
    private final float[] out = Numbers.shares();
    private final int[] starts = Numbers.starts();

    KernelsExercise(TieredKernels tiers) {
        this.tiers = tiers;
        withLarge[300] = 2 * ExpTerm.LARGEST_UNSHIFTED;
    }

    @Override
    Tier simplest() {
        return tiers.maxOfTile;
    }

    @Override
    void call(Tier tier, boolean isVector, int length, int turn) {
        Kernels kernels = isVector ? TieredKernels.vectors() : TieredKernels.SCALAR;
        float[] x = turn % 8 == 7 ? withLarge : logits;
        float[] terms = turn % 2 == 0 ? out : null;
        int tile = length - length % Kernels.STEP;
        int step = length == 0 ? 0 : 1 + (length + 7 * turn) % Kernels.STEP;
        if (tier == tiers.maxOfTile) {
            use(kernels.maxOfTile(x, 0, length));
        } else if (tier == tiers.areWithin) {
            use(kernels.areWithin(x, 0, length, ExpTerm.LARGEST_UNSHIFTED));
        } else if (tier == tiers.sumExpOfSteps) {
            use(kernels.sumExpOfSteps(TERM, logits, 0, tile, 0, ROUNDER, SMALLEST, terms, 0));
        } else if (tier == tiers.sumUnshiftedExpOfSteps) {
            use(kernels.sumUnshiftedExpOfSteps(TERM, x, 0, tile, terms, 0));
        } else if (tier == tiers.sumExpOfStep) {
            use(kernels.sumExpOfStep(TERM, logits, 0, step, turn % 40, 0, ROUNDER, SMALLEST, terms, 0));
        } else if (tier == tiers.exp) {
            kernels.exp(TERM, logits, 0, length, ROUNDER, SMALLEST, turn % 2 == 0 ? 1 : 0.5f, out, 0);
        } else if (tier == tiers.sumOfTerms) {
            use(kernels.sumOfTerms(shares, 0, length));
        } else if (tier == tiers.scaleOrZero) {
            kernels.scaleOrZero(copyOfShares(length), 0, length, 0.5f);
        } else if (tier == tiers.subtract) {
            use(kernels.subtract(x, 0, length, 5, 0.1f, 1, turn % 2 == 0 ? -0.5f : -4, out, 0));
        } else if (tier == tiers.indexOf) {
            use(kernels.indexOf(logits, 0, length, turn % 2 == 0 ? 1000 : logits[length / 2]));
        } else if (tier == tiers.indexOfLarger) {
            use(kernels.indexOfLarger(x, 0, length, 9));
        } else if (tier == tiers.dotOfSteps) {
            use(kernels.dotOfSteps(logits, 0, 0.1f, ofThree(shares, turn, 1), 0, ofThree(weights, turn, 2), 0, tile));
        } else if (tier == tiers.dotOfStep) {
            use(kernels.dotOfStep(logits, 0, 0.1f, ofThree(shares, turn, 1), 0, ofThree(weights, turn, 2), 0, step));
        } else if (tier == tiers.scaleLessTargets) {
            float[] e = copyOfShares(length);
            float[] targets = ofThree(shares, turn, 1);
            kernels.scaleLessTargets(e, 0, length, 0.5f, targets, 0, 0.9f, 0.1f, ofThree(weights, turn, 2), 0);
        } else if (tier == tiers.softmaxBackward) {
            kernels.softmaxBackward(shares, 0, logits, 0, length, 0.1f, 0.2f, out, 0);
        } else if (tier == tiers.logSoftmaxBackward) {
            kernels.logSoftmaxBackward(logits, 0, weights, 0, length, 0.3f, out, 0);
        } else {
            callOfRows(tier, kernels, length, turn);
        }
    }

    private void callOfRows(Tier tier, Kernels kernels, int length, int turn) {
        int cols = Numbers.cols(turn);
        int rows = Numbers.rows(length, cols);
        int count = Numbers.rowsWithin(starts, length);
        if (tier == tiers.normalizeRows) {
            kernels.normalizeRows(copyOfShares(rows * cols), 0, rows, cols);
        } else if (tier == tiers.softmaxOfShortRows) {
            use(kernels.softmaxOfShortRows(TERM, turn % 8 == 7 ? withLarge : logits, 0, rows, cols, out, 0));
        } else if (tier == tiers.sumExpOfShortRow) {
            int skip = turn % 3 == 0 ? Kernels.NONE : turn % cols;
            use(kernels.sumExpOfShortRow(TERM, turn % 8 == 7 ? withLarge : logits, 0, cols, skip));
        } else if (tier == tiers.normalizeUnequalRows) {
            kernels.normalizeUnequalRows(shares, starts, count, out, 0);
        } else {
            throw new AssertionError(tier);
        }
    }

    private float[] copyOfShares(int length) {
        System.arraycopy(shares, 0, out, 0, length);
        return out;
    }

    /** What is optional, in two turns of three. */
    private static float[] ofThree(float[] optional, int turn, int without) {
        return turn % 3 == without ? null : optional;
    }
}
