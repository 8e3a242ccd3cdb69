package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.scalar.ScalarKernels;
import java.util.Arrays;

/** The kernels of rows of floats. */
final class TieredKernels extends TieredFamily implements Kernels {
    private static final Kernels SCALAR = new ScalarKernels();
    private static final float ROUNDER = ExpTerm.UNSHIFTED_ROUNDER;
    private static final float SMALLEST = ExpTerm.UNSHIFTED_SMALLEST;

    private final Tier maxOfTile = tier("rows.maxOfTile", 1);
    private final Tier areWithin = tier("rows.areWithin", 1);
    private final Tier sumExpOfSteps = tier("rows.sumExpOfSteps", 3);
    private final Tier sumUnshiftedExpOfSteps = tier("rows.sumUnshiftedExpOfSteps", 3);
    private final Tier sumExpOfStep = tier("rows.sumExpOfStep", 3);
    private final Tier exp = tier("rows.exp", 3);
    private final Tier sumOfTerms = tier("rows.sumOfTerms", 1);
    private final Tier normalizeRows = tier("rows.normalizeRows", 1);
    private final Tier softmaxOfShortRows = tier("rows.softmaxOfShortRows", 3);
    private final Tier normalizeUnequalRows = tier("rows.normalizeUnequalRows", 1);
    private final Tier scaleOrZero = tier("rows.scaleOrZero", 1);
    private final Tier subtract = tier("rows.subtract", 1);
    private final Tier sumsOfRows = tier("rows.sumsOfRows", 1);
    private final Tier logsOfSums = tier("rows.logsOfSums", 1);
    private final Tier subtractFromRows = tier("rows.subtractFromRows", 1);
    private final Tier indexOf = tier("rows.indexOf", 1);
    private final Tier indexOfLarger = tier("rows.indexOfLarger", 1);
    private final Tier dotOfSteps = tier("rows.dotOfSteps", 1);
    private final Tier dotOfStep = tier("rows.dotOfStep", 1);
    private final Tier scaleLessTargets = tier("rows.scaleLessTargets", 1);
    private final Tier softmaxBackward = tier("rows.softmaxBackward", 1);
    private final Tier logSoftmaxBackward = tier("rows.logSoftmaxBackward", 3);

    private Exercises exercises;

    private static Kernels vectors() {
        return TieredSet.Vectors.SET.kernels();
    }

    @Override
    public float maxOfTile(float[] x, int from, int length) {
        return maxOfTile.serves(length) ? vectors().maxOfTile(x, from, length) : SCALAR.maxOfTile(x, from, length);
    }

    @Override
    public boolean areWithin(float[] x, int from, int length, float limit) {
        return areWithin.serves(length)
                ? vectors().areWithin(x, from, length, limit)
                : SCALAR.areWithin(x, from, length, limit);
    }

    @Override
    public double sumExpOfSteps(
            float[] x, int from, int length, float base, float rounder, float smallest, float[] out, int to) {
        return sumExpOfSteps.serves(length)
                ? vectors().sumExpOfSteps(x, from, length, base, rounder, smallest, out, to)
                : SCALAR.sumExpOfSteps(x, from, length, base, rounder, smallest, out, to);
    }

    @Override
    public double sumUnshiftedExpOfSteps(float[] x, int from, int length, float[] out, int to) {
        return sumUnshiftedExpOfSteps.serves(length)
                ? vectors().sumUnshiftedExpOfSteps(x, from, length, out, to)
                : SCALAR.sumUnshiftedExpOfSteps(x, from, length, out, to);
    }

    @Override
    public double sumExpOfStep(
            float[] x, int from, int length, int skip, float base, float rounder, float smallest, float[] out, int to) {
        return sumExpOfStep.serves(length)
                ? vectors().sumExpOfStep(x, from, length, skip, base, rounder, smallest, out, to)
                : SCALAR.sumExpOfStep(x, from, length, skip, base, rounder, smallest, out, to);
    }

    @Override
    public void exp(float[] x, int from, int length, float rounder, float smallest, float factor, float[] out, int to) {
        if (exp.serves(length)) {
            vectors().exp(x, from, length, rounder, smallest, factor, out, to);
        } else {
            SCALAR.exp(x, from, length, rounder, smallest, factor, out, to);
        }
    }

    @Override
    public double sumOfTerms(float[] terms, int from, int length) {
        return sumOfTerms.serves(length)
                ? vectors().sumOfTerms(terms, from, length)
                : SCALAR.sumOfTerms(terms, from, length);
    }

    @Override
    public void normalizeRows(float[] terms, int from, int rows, int cols) {
        if (normalizeRows.serves((long) rows * cols)) {
            vectors().normalizeRows(terms, from, rows, cols);
        } else {
            SCALAR.normalizeRows(terms, from, rows, cols);
        }
    }

    @Override
    public int softmaxOfShortRows(float[] x, int from, int rows, int cols, float[] out, int to) {
        return softmaxOfShortRows.serves((long) rows * cols)
                ? vectors().softmaxOfShortRows(x, from, rows, cols, out, to)
                : SCALAR.softmaxOfShortRows(x, from, rows, cols, out, to);
    }

    @Override
    public void normalizeRows(float[] terms, int[] starts, int count, float[] out, int to) {
        if (normalizeUnequalRows.serves(starts[count])) {
            vectors().normalizeRows(terms, starts, count, out, to);
        } else {
            SCALAR.normalizeRows(terms, starts, count, out, to);
        }
    }

    @Override
    public void scaleOrZero(float[] x, int from, int length, float factor) {
        if (scaleOrZero.serves(length)) {
            vectors().scaleOrZero(x, from, length, factor);
        } else {
            SCALAR.scaleOrZero(x, from, length, factor);
        }
    }

    @Override
    public boolean subtract(float[] x, int from, int length, float high, float low, float limit, float[] out, int to) {
        return subtract.serves(length)
                ? vectors().subtract(x, from, length, high, low, limit, out, to)
                : SCALAR.subtract(x, from, length, high, low, limit, out, to);
    }

    @Override
    public void sumsOfRows(float[] terms, int from, int[] starts, int count, double[] sums) {
        if (sumsOfRows.serves(starts[count])) {
            vectors().sumsOfRows(terms, from, starts, count, sums);
        } else {
            SCALAR.sumsOfRows(terms, from, starts, count, sums);
        }
    }

    @Override
    public void logsOfSums(double[] sums, int count) {
        if (logsOfSums.serves(count)) {
            vectors().logsOfSums(sums, count);
        } else {
            SCALAR.logsOfSums(sums, count);
        }
    }

    @Override
    public boolean subtractFromRows(
            float[] x, int from, int[] starts, int count, double[] logs, float limit, float[] out, int to) {
        return subtractFromRows.serves(starts[count])
                ? vectors().subtractFromRows(x, from, starts, count, logs, limit, out, to)
                : SCALAR.subtractFromRows(x, from, starts, count, logs, limit, out, to);
    }

    @Override
    public int indexOf(float[] x, int from, int length, float value) {
        return indexOf.serves(length)
                ? vectors().indexOf(x, from, length, value)
                : SCALAR.indexOf(x, from, length, value);
    }

    @Override
    public int indexOfLarger(float[] x, int from, int length, float limit) {
        return indexOfLarger.serves(length)
                ? vectors().indexOfLarger(x, from, length, limit)
                : SCALAR.indexOfLarger(x, from, length, limit);
    }

    @Override
    public float dotOfSteps(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        return dotOfSteps.serves(length)
                ? vectors().dotOfSteps(x, from, shift, y, yFrom, z, zFrom, length)
                : SCALAR.dotOfSteps(x, from, shift, y, yFrom, z, zFrom, length);
    }

    @Override
    public float dotOfStep(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        return dotOfStep.serves(length)
                ? vectors().dotOfStep(x, from, shift, y, yFrom, z, zFrom, length)
                : SCALAR.dotOfStep(x, from, shift, y, yFrom, z, zFrom, length);
    }

    @Override
    public void scaleLessTargets(
            float[] e,
            int from,
            int length,
            float factor,
            float[] targets,
            int targetsFrom,
            float targetScale,
            float offset,
            float[] weights,
            int weightsFrom) {
        if (scaleLessTargets.serves(length)) {
            vectors()
                    .scaleLessTargets(
                            e, from, length, factor, targets, targetsFrom, targetScale, offset, weights, weightsFrom);
        } else {
            SCALAR.scaleLessTargets(
                    e, from, length, factor, targets, targetsFrom, targetScale, offset, weights, weightsFrom);
        }
    }

    @Override
    public void softmaxBackward(
            float[] y,
            int yFrom,
            float[] gradient,
            int gradientFrom,
            int length,
            float shift,
            float mean,
            float[] out,
            int to) {
        if (softmaxBackward.serves(length)) {
            vectors().softmaxBackward(y, yFrom, gradient, gradientFrom, length, shift, mean, out, to);
        } else {
            SCALAR.softmaxBackward(y, yFrom, gradient, gradientFrom, length, shift, mean, out, to);
        }
    }

    @Override
    public void logSoftmaxBackward(
            float[] logY,
            int logYFrom,
            float[] gradient,
            int gradientFrom,
            int length,
            float sum,
            float[] out,
            int to) {
        if (logSoftmaxBackward.serves(length)) {
            vectors().logSoftmaxBackward(logY, logYFrom, gradient, gradientFrom, length, sum, out, to);
        } else {
            SCALAR.logSoftmaxBackward(logY, logYFrom, gradient, gradientFrom, length, sum, out, to);
        }
    }

    @Override
    Exercise exercise() {
        return exercises == null ? exercises = new Exercises() : exercises;
    }

    private final class Exercises extends Exercise {
        private final float[] logits = Numbers.floats(8);
        private final float[] withLarge = logits.clone();
        private final float[] shares = Numbers.shares();
        private final float[] weights = Numbers.shares();
        private final float[] out = Numbers.shares();
        private final double[] sums = new double[Numbers.ROOM];
        private final int[] starts = Numbers.starts();

        Exercises() {
            withLarge[300] = 2 * ExpTerm.LARGEST_UNSHIFTED;
        }

        @Override
        void call(Tier tier, boolean isVector, int length, int turn) {
            Kernels kernels = isVector ? vectors() : SCALAR;
            float[] x = turn % 8 == 7 ? withLarge : logits;
            float[] terms = turn % 2 == 0 ? out : null;
            int tile = length - length % STEP;
            int step = length == 0 ? 0 : 1 + length % STEP;
            if (tier == maxOfTile) {
                use(kernels.maxOfTile(x, 0, length));
            } else if (tier == areWithin) {
                use(kernels.areWithin(x, 0, length, ExpTerm.LARGEST_UNSHIFTED));
            } else if (tier == sumExpOfSteps) {
                use(kernels.sumExpOfSteps(logits, 0, tile, 0, ROUNDER, SMALLEST, terms, 0));
            } else if (tier == sumUnshiftedExpOfSteps) {
                use(kernels.sumUnshiftedExpOfSteps(x, 0, tile, terms, 0));
            } else if (tier == sumExpOfStep) {
                use(kernels.sumExpOfStep(logits, 0, step, turn % 40, 0, ROUNDER, SMALLEST, terms, 0));
            } else if (tier == exp) {
                kernels.exp(logits, 0, length, ROUNDER, SMALLEST, turn % 2 == 0 ? 1 : 0.5f, out, 0);
            } else if (tier == sumOfTerms) {
                use(kernels.sumOfTerms(shares, 0, length));
            } else if (tier == scaleOrZero) {
                kernels.scaleOrZero(copyOfShares(length), 0, length, 0.5f);
            } else if (tier == subtract) {
                use(kernels.subtract(x, 0, length, 5, 0.1f, turn % 2 == 0 ? -0.5f : -4, out, 0));
            } else if (tier == indexOf) {
                use(kernels.indexOf(logits, 0, length, turn % 2 == 0 ? 1000 : logits[length / 2]));
            } else if (tier == indexOfLarger) {
                use(kernels.indexOfLarger(x, 0, length, 9));
            } else if (tier == dotOfSteps) {
                use(kernels.dotOfSteps(
                        logits, 0, 0.1f, ofThree(shares, turn, 1), 0, ofThree(weights, turn, 2), 0, tile));
            } else if (tier == dotOfStep) {
                use(kernels.dotOfStep(
                        logits, 0, 0.1f, ofThree(shares, turn, 1), 0, ofThree(weights, turn, 2), 0, step));
            } else if (tier == scaleLessTargets) {
                float[] e = copyOfShares(length);
                float[] targets = ofThree(shares, turn, 1);
                kernels.scaleLessTargets(e, 0, length, 0.5f, targets, 0, 0.9f, 0.1f, ofThree(weights, turn, 2), 0);
            } else if (tier == softmaxBackward) {
                kernels.softmaxBackward(shares, 0, logits, 0, length, 0.1f, 0.2f, out, 0);
            } else if (tier == logSoftmaxBackward) {
                kernels.logSoftmaxBackward(logits, 0, weights, 0, length, 0.3f, out, 0);
            } else {
                callOfRows(tier, kernels, length, turn);
            }
        }

        private void callOfRows(Tier tier, Kernels kernels, int length, int turn) {
            int cols = Numbers.cols(turn);
            int rows = Numbers.rows(length, cols);
            int count = Numbers.rowsWithin(starts, length);
            if (tier == normalizeRows) {
                kernels.normalizeRows(copyOfShares(rows * cols), 0, rows, cols);
            } else if (tier == softmaxOfShortRows) {
                use(kernels.softmaxOfShortRows(turn % 8 == 7 ? withLarge : logits, 0, rows, cols, out, 0));
            } else if (tier == normalizeUnequalRows) {
                kernels.normalizeRows(shares, starts, count, out, 0);
            } else if (tier == sumsOfRows) {
                kernels.sumsOfRows(shares, 0, starts, count, sums);
            } else if (tier == logsOfSums) {
                for (int r = 0; r < length; r++) {
                    sums[r] = 1 + shares[r];
                }
                kernels.logsOfSums(sums, length);
            } else if (tier == subtractFromRows) {
                Arrays.fill(sums, 0, count, turn % 2 == 0 ? 20 : 5);
                use(kernels.subtractFromRows(logits, 0, starts, count, sums, -0.3f, out, 0));
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
}
