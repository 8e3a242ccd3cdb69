package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.DoubleTerm;
import dev.panamax.internal.scalar.ScalarDoubleKernels;

/** The kernels of rows of doubles. */
final class TieredDoubles extends TieredFamily implements DoubleKernels {
    private static final DoubleKernels SCALAR = new ScalarDoubleKernels();

    private final Tier max = tier("doubles.max", 1);
    private final Tier areWithin = tier("doubles.areWithin", 1);
    private final Tier sumExpOfSteps = tier("doubles.sumExpOfSteps", 4);
    private final Tier sumExpOfStep = tier("doubles.sumExpOfStep", 4);
    private final Tier normalizeRows = tier("doubles.normalizeRows", 1);
    private final Tier scaleOrZero = tier("doubles.scaleOrZero", 1);
    private final Tier subtract = tier("doubles.subtract", 1);
    private final Tier indexOf = tier("doubles.indexOf", 1);
    private final Tier dotOfSteps = tier("doubles.dotOfSteps", 1);
    private final Tier dotOfStep = tier("doubles.dotOfStep", 1);
    private final Tier scaleLessTargets = tier("doubles.scaleLessTargets", 1);

    private Exercises exercises;

    private static DoubleKernels vectors() {
        return TieredSet.Vectors.SET.doubles();
    }

    @Override
    public double max(double[] x, int from, int length) {
        return max.serves(length) ? vectors().max(x, from, length) : SCALAR.max(x, from, length);
    }

    @Override
    public boolean areWithin(double[] x, int from, int length, double limit) {
        return areWithin.serves(length)
                ? vectors().areWithin(x, from, length, limit)
                : SCALAR.areWithin(x, from, length, limit);
    }

    @Override
    public double sumExpOfSteps(
            double[] x, int from, int length, double base, double rounder, double smallest, double[] out, int to) {
        return sumExpOfSteps.serves(length)
                ? vectors().sumExpOfSteps(x, from, length, base, rounder, smallest, out, to)
                : SCALAR.sumExpOfSteps(x, from, length, base, rounder, smallest, out, to);
    }

    @Override
    public double sumExpOfStep(
            double[] x,
            int from,
            int length,
            int skip,
            double base,
            double rounder,
            double smallest,
            double[] out,
            int to) {
        return sumExpOfStep.serves(length)
                ? vectors().sumExpOfStep(x, from, length, skip, base, rounder, smallest, out, to)
                : SCALAR.sumExpOfStep(x, from, length, skip, base, rounder, smallest, out, to);
    }

    @Override
    public void normalizeRows(double[] terms, int from, int rows, int cols) {
        if (normalizeRows.serves((long) rows * cols)) {
            vectors().normalizeRows(terms, from, rows, cols);
        } else {
            SCALAR.normalizeRows(terms, from, rows, cols);
        }
    }

    @Override
    public void scaleOrZero(double[] x, int from, int length, double factor) {
        if (scaleOrZero.serves(length)) {
            vectors().scaleOrZero(x, from, length, factor);
        } else {
            SCALAR.scaleOrZero(x, from, length, factor);
        }
    }

    @Override
    public boolean subtract(
            double[] x, int from, int length, double high, double low, double limit, double[] out, int to) {
        return subtract.serves(length)
                ? vectors().subtract(x, from, length, high, low, limit, out, to)
                : SCALAR.subtract(x, from, length, high, low, limit, out, to);
    }

    @Override
    public int indexOf(double[] x, int from, int length, double value) {
        return indexOf.serves(length)
                ? vectors().indexOf(x, from, length, value)
                : SCALAR.indexOf(x, from, length, value);
    }

    @Override
    public double dotOfSteps(
            double[] x, int from, double shift, double[] y, int yFrom, double[] z, int zFrom, int length) {
        return dotOfSteps.serves(length)
                ? vectors().dotOfSteps(x, from, shift, y, yFrom, z, zFrom, length)
                : SCALAR.dotOfSteps(x, from, shift, y, yFrom, z, zFrom, length);
    }

    @Override
    public double dotOfStep(
            double[] x, int from, double shift, double[] y, int yFrom, double[] z, int zFrom, int length) {
        return dotOfStep.serves(length)
                ? vectors().dotOfStep(x, from, shift, y, yFrom, z, zFrom, length)
                : SCALAR.dotOfStep(x, from, shift, y, yFrom, z, zFrom, length);
    }

    @Override
    public void scaleLessTargets(
            double[] e,
            int from,
            int length,
            double factor,
            double[] targets,
            int targetsFrom,
            double targetScale,
            double offset,
            double[] weights,
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
    Exercise exercise() {
        return exercises == null ? exercises = new Exercises() : exercises;
    }

    private final class Exercises extends Exercise {
        private final double rounder = DoubleTerm.rounder(0);
        private final double smallest = DoubleTerm.smallest(0);
        private final double[] logits = Numbers.doubles(8);
        private final double[] withLarge = logits.clone();
        private final double[] shares = Numbers.doubles(0);
        private final double[] out = shares.clone();

        Exercises() {
            withLarge[300] = 2 * DoubleTerm.LARGEST_UNSHIFTED;
        }

        @Override
        void call(Tier tier, boolean isVector, int length, int turn) {
            DoubleKernels kernels = isVector ? vectors() : SCALAR;
            double[] x = turn % 8 == 7 ? withLarge : logits;
            double[] terms = turn % 2 == 0 ? out : null;
            double[] y = turn % 3 == 1 ? null : shares;
            double[] z = turn % 3 == 2 ? null : shares;
            int tile = length - length % STEP;
            int step = length == 0 ? 0 : 1 + length % STEP;
            if (tier == max) {
                use(kernels.max(x, 0, length));
            } else if (tier == areWithin) {
                use(kernels.areWithin(x, 0, length, DoubleTerm.LARGEST_UNSHIFTED));
            } else if (tier == sumExpOfSteps) {
                use(kernels.sumExpOfSteps(logits, 0, tile, 0, rounder, smallest, terms, 0));
            } else if (tier == sumExpOfStep) {
                use(kernels.sumExpOfStep(logits, 0, step, turn % 40, 0, rounder, smallest, terms, 0));
            } else if (tier == normalizeRows) {
                int cols = Math.min(STEP - 1, Numbers.cols(turn));
                int rows = Numbers.rows(length, cols);
                System.arraycopy(shares, 0, out, 0, rows * cols);
                kernels.normalizeRows(out, 0, rows, cols);
            } else if (tier == scaleOrZero) {
                System.arraycopy(shares, 0, out, 0, length);
                kernels.scaleOrZero(out, 0, length, 0.5);
            } else if (tier == subtract) {
                use(kernels.subtract(x, 0, length, 5, 0.1, turn % 2 == 0 ? -0.5 : -4, out, 0));
            } else if (tier == indexOf) {
                use(kernels.indexOf(logits, 0, length, turn % 2 == 0 ? 1000 : logits[length / 2]));
            } else if (tier == dotOfSteps) {
                use(kernels.dotOfSteps(logits, 0, 0.1, y, 0, z, 0, tile));
            } else if (tier == dotOfStep) {
                use(kernels.dotOfStep(logits, 0, 0.1, y, 0, z, 0, step));
            } else if (tier == scaleLessTargets) {
                System.arraycopy(shares, 0, out, 0, length);
                kernels.scaleLessTargets(out, 0, length, 0.5, y, 0, 0.9, 0.1, z, 0);
            } else {
                throw new AssertionError(tier);
            }
        }
    }
}
