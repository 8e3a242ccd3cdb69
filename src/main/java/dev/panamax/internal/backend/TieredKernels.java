package dev.panamax.internal.backend;

import static dev.panamax.internal.backend.Trial.fill;

import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.panama.PanamaKernels;
import dev.panamax.internal.scalar.ScalarKernels;

/**
 * The kernels of rows, each on its way from the scalar twin to the vector twin: see {@link Tier}. A trial has the numbers of
 * the call that is served next, as often as it takes to fill its length. Two methods for each kernel, as the first one is to
 * be small enough for C2 to inline it.
 */
final class TieredKernels implements Kernels {
    static final Kernels SCALAR = new ScalarKernels();

    /** The vector kernels, loaded when somebody asks for them; null if the Vector API is another one than they know. */
    static final class Vectors {
        static final Kernels KERNELS;
        static final LinkageError NEWER;

        static {
            Kernels kernels = null;
            LinkageError newer = null;
            try {
                kernels = new PanamaKernels();
            } catch (LinkageError thrown) {
                newer = thrown;
            }
            KERNELS = kernels;
            NEWER = newer;
        }
    }

    private final Tier maxOfTile = new Tier(1);
    private final Tier areWithin = new Tier(1);
    private final Tier sumExpOfSteps = new Tier(3);
    private final Tier sumUnshiftedExpOfSteps = new Tier(3);
    private final Tier sumExpOfStep = new Tier(3);
    private final Tier exp = new Tier(3);
    private final Tier sumOfTerms = new Tier(1);
    private final Tier normalizeRows = new Tier(1);
    private final Tier softmaxOfShortRows = new Tier(3);
    private final Tier normalizeUnequalRows = new Tier(1);
    private final Tier sumsOfRows = new Tier(1);
    private final Tier logsOfSums = new Tier(1);
    private final Tier subtractFromRows = new Tier(1);
    private final Tier scaleOrZero = new Tier(1);
    private final Tier subtract = new Tier(1);
    private final Tier indexOf = new Tier(1);
    private final Tier indexOfLarger = new Tier(1);
    private final Tier dotOfSteps = new Tier(1);
    private final Tier dotOfStep = new Tier(1);
    private final Tier scaleLessTargets = new Tier(1);
    private final Tier softmaxBackward = new Tier(1);
    private final Tier logSoftmaxBackward = new Tier(3);

    @Override
    public float maxOfTile(float[] x, int from, int length) {
        if (maxOfTile.serves) {
            return Vectors.KERNELS.maxOfTile(x, from, length);
        }
        if (maxOfTile.isDue(length)) {
            tryMaxOfTile(x, from, length);
        }
        return SCALAR.maxOfTile(x, from, length);
    }

    private void tryMaxOfTile(float[] x, int from, int length) {
        Trial trial = Trial.of(maxOfTile);
        if (trial == null) {
            return;
        }
        float[] cells = fill(trial.x, trial.length, x, from, length);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.maxOfTile(cells, 0, trial.length);
        }
    }

    @Override
    public boolean areWithin(float[] x, int from, int length, float limit) {
        if (areWithin.serves) {
            return Vectors.KERNELS.areWithin(x, from, length, limit);
        }
        if (areWithin.isDue(length)) {
            tryAreWithin(x, from, length, limit);
        }
        return SCALAR.areWithin(x, from, length, limit);
    }

    private void tryAreWithin(float[] x, int from, int length, float limit) {
        Trial trial = Trial.of(areWithin);
        if (trial == null) {
            return;
        }
        float[] cells = fill(trial.x, trial.length, x, from, length);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.areWithin(cells, 0, trial.length, limit);
        }
    }

    @Override
    public double sumExpOfSteps(
            float[] x, int from, int length, float base, float rounder, float smallest, float[] out, int to) {
        if (sumExpOfSteps.serves) {
            return Vectors.KERNELS.sumExpOfSteps(x, from, length, base, rounder, smallest, out, to);
        }
        if (sumExpOfSteps.isDue(length)) {
            trySumExpOfSteps(x, from, length, base, rounder, smallest, out, to);
        }
        return SCALAR.sumExpOfSteps(x, from, length, base, rounder, smallest, out, to);
    }

    private void trySumExpOfSteps(
            float[] x, int from, int length, float base, float rounder, float smallest, float[] out, int to) {
        Trial trial = Trial.of(sumExpOfSteps);
        if (trial == null) {
            return;
        }
        trial.length = Math.max(STEP, trial.length - trial.length % STEP);
        float[] cells = fill(trial.x, trial.length, x, from, length);
        float[] written = out == null ? null : out == x ? cells : trial.out;
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.sumExpOfSteps(cells, 0, trial.length, base, rounder, smallest, written, 0);
        }
    }

    @Override
    public double sumUnshiftedExpOfSteps(float[] x, int from, int length, float[] out, int to) {
        if (sumUnshiftedExpOfSteps.serves) {
            return Vectors.KERNELS.sumUnshiftedExpOfSteps(x, from, length, out, to);
        }
        if (sumUnshiftedExpOfSteps.isDue(length)) {
            trySumUnshiftedExpOfSteps(x, from, length, out, to);
        }
        return SCALAR.sumUnshiftedExpOfSteps(x, from, length, out, to);
    }

    private void trySumUnshiftedExpOfSteps(float[] x, int from, int length, float[] out, int to) {
        Trial trial = Trial.of(sumUnshiftedExpOfSteps);
        if (trial == null) {
            return;
        }
        trial.length = Math.max(STEP, trial.length - trial.length % STEP);
        float[] cells = fill(trial.x, trial.length, x, from, length);
        float[] written = out == null ? null : out == x ? cells : trial.out;
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.sumUnshiftedExpOfSteps(cells, 0, trial.length, written, 0);
        }
    }

    @Override
    public double sumExpOfStep(
            float[] x, int from, int length, int skip, float base, float rounder, float smallest, float[] out, int to) {
        if (sumExpOfStep.serves) {
            return Vectors.KERNELS.sumExpOfStep(x, from, length, skip, base, rounder, smallest, out, to);
        }
        if (sumExpOfStep.isDue(length)) {
            trySumExpOfStep(x, from, length, skip, base, rounder, smallest, out, to);
        }
        return SCALAR.sumExpOfStep(x, from, length, skip, base, rounder, smallest, out, to);
    }

    private void trySumExpOfStep(
            float[] x, int from, int length, int skip, float base, float rounder, float smallest, float[] out, int to) {
        Trial trial = Trial.of(sumExpOfStep);
        if (trial == null) {
            return;
        }
        trial.length = 1 + trial.length % STEP;
        float[] cells = fill(trial.x, trial.length, x, from, length);
        float[] written = out == null ? null : out == x ? cells : trial.out;
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.sumExpOfStep(cells, 0, trial.length, skip, base, rounder, smallest, written, 0);
        }
    }

    @Override
    public void exp(float[] x, int from, int length, float rounder, float smallest, float factor, float[] out, int to) {
        if (exp.serves) {
            Vectors.KERNELS.exp(x, from, length, rounder, smallest, factor, out, to);
            return;
        }
        if (exp.isDue(length)) {
            tryExp(x, from, length, rounder, smallest, factor, out, to);
        }
        SCALAR.exp(x, from, length, rounder, smallest, factor, out, to);
    }

    private void tryExp(
            float[] x, int from, int length, float rounder, float smallest, float factor, float[] out, int to) {
        Trial trial = Trial.of(exp);
        if (trial == null) {
            return;
        }
        float[] cells = fill(trial.x, trial.length, x, from, length);
        float[] written = out == null ? null : out == x ? cells : trial.out;
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.exp(cells, 0, trial.length, rounder, smallest, factor, written, 0);
        }
    }

    @Override
    public double sumOfTerms(float[] terms, int from, int length) {
        if (sumOfTerms.serves) {
            return Vectors.KERNELS.sumOfTerms(terms, from, length);
        }
        if (sumOfTerms.isDue(length)) {
            trySumOfTerms(terms, from, length);
        }
        return SCALAR.sumOfTerms(terms, from, length);
    }

    private void trySumOfTerms(float[] terms, int from, int length) {
        Trial trial = Trial.of(sumOfTerms);
        if (trial == null) {
            return;
        }
        float[] cells = fill(trial.x, trial.length, terms, from, length);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.sumOfTerms(cells, 0, trial.length);
        }
    }

    @Override
    public void normalizeRows(float[] terms, int from, int rows, int cols) {
        if (normalizeRows.serves) {
            Vectors.KERNELS.normalizeRows(terms, from, rows, cols);
            return;
        }
        if (normalizeRows.isDue(rows * cols)) {
            tryNormalizeRows(terms, from, rows, cols);
        }
        SCALAR.normalizeRows(terms, from, rows, cols);
    }

    private void tryNormalizeRows(float[] terms, int from, int rows, int cols) {
        Trial trial = Trial.of(normalizeRows);
        if (trial == null) {
            return;
        }
        int width = trial.setRows(cols);
        float[] cells = fill(trial.x, trial.length, terms, from, rows * cols);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.normalizeRows(cells, 0, trial.rows, width);
        }
    }

    @Override
    public int softmaxOfShortRows(float[] x, int from, int rows, int cols, float[] out, int to) {
        if (softmaxOfShortRows.serves) {
            return Vectors.KERNELS.softmaxOfShortRows(x, from, rows, cols, out, to);
        }
        if (softmaxOfShortRows.isDue(rows * cols)) {
            trySoftmaxOfShortRows(x, from, rows, cols, out, to);
        }
        return SCALAR.softmaxOfShortRows(x, from, rows, cols, out, to);
    }

    private void trySoftmaxOfShortRows(float[] x, int from, int rows, int cols, float[] out, int to) {
        Trial trial = Trial.of(softmaxOfShortRows);
        if (trial == null) {
            return;
        }
        int width = trial.setRows(cols);
        float[] cells = fill(trial.x, trial.length, x, from, rows * cols);
        float[] written = out == x ? cells : trial.out;
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.softmaxOfShortRows(cells, 0, trial.rows, width, written, 0);
        }
    }

    @Override
    public void normalizeRows(float[] terms, int[] starts, int count, float[] out, int to) {
        if (normalizeUnequalRows.serves) {
            Vectors.KERNELS.normalizeRows(terms, starts, count, out, to);
            return;
        }
        if (normalizeUnequalRows.isDue(starts[count])) {
            tryNormalizeUnequalRows(terms, starts, count, out, to);
        }
        SCALAR.normalizeRows(terms, starts, count, out, to);
    }

    private void tryNormalizeUnequalRows(float[] terms, int[] starts, int count, float[] out, int to) {
        Trial trial = Trial.of(normalizeUnequalRows);
        if (trial == null) {
            return;
        }
        trial.setRows(starts, count);
        float[] cells = fill(trial.x, trial.length, terms, 0, starts[count]);
        float[] written = out == terms ? cells : trial.out;
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.normalizeRows(cells, trial.starts, trial.rows, written, 0);
        }
    }

    @Override
    public void sumsOfRows(float[] terms, int from, int[] starts, int count, double[] sums) {
        if (sumsOfRows.serves) {
            Vectors.KERNELS.sumsOfRows(terms, from, starts, count, sums);
            return;
        }
        if (sumsOfRows.isDue(starts[count])) {
            trySumsOfRows(terms, from, starts, count, sums);
        }
        SCALAR.sumsOfRows(terms, from, starts, count, sums);
    }

    private void trySumsOfRows(float[] terms, int from, int[] starts, int count, double[] sums) {
        Trial trial = Trial.of(sumsOfRows);
        if (trial == null) {
            return;
        }
        trial.setRows(starts, count);
        float[] cells = fill(trial.x, trial.length, terms, from, starts[count]);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.sumsOfRows(cells, 0, trial.starts, trial.rows, trial.numbers);
        }
    }

    @Override
    public void logsOfSums(double[] sums, int count) {
        if (logsOfSums.serves) {
            Vectors.KERNELS.logsOfSums(sums, count);
            return;
        }
        if (logsOfSums.isDue(count)) {
            tryLogsOfSums(sums, count);
        }
        SCALAR.logsOfSums(sums, count);
    }

    private void tryLogsOfSums(double[] sums, int count) {
        Trial trial = Trial.of(logsOfSums);
        if (trial == null) {
            return;
        }
        fill(trial.numbers, trial.length, sums, count);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.logsOfSums(trial.numbers, trial.length);
        }
    }

    @Override
    public boolean subtractFromRows(
            float[] x, int from, int[] starts, int count, double[] logs, float limit, float[] out, int to) {
        if (subtractFromRows.serves) {
            return Vectors.KERNELS.subtractFromRows(x, from, starts, count, logs, limit, out, to);
        }
        if (subtractFromRows.isDue(starts[count])) {
            trySubtractFromRows(x, from, starts, count, logs, limit, out, to);
        }
        return SCALAR.subtractFromRows(x, from, starts, count, logs, limit, out, to);
    }

    private void trySubtractFromRows(
            float[] x, int from, int[] starts, int count, double[] logs, float limit, float[] out, int to) {
        Trial trial = Trial.of(subtractFromRows);
        if (trial == null) {
            return;
        }
        trial.setRows(starts, count);
        float[] cells = fill(trial.x, trial.length, x, from, starts[count]);
        fill(trial.numbers, trial.rows, logs, count);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.subtractFromRows(cells, 0, trial.starts, trial.rows, trial.numbers, limit, trial.out, 0);
        }
    }

    @Override
    public void scaleOrZero(float[] x, int from, int length, float factor) {
        if (scaleOrZero.serves) {
            Vectors.KERNELS.scaleOrZero(x, from, length, factor);
            return;
        }
        if (scaleOrZero.isDue(length)) {
            tryScaleOrZero(x, from, length, factor);
        }
        SCALAR.scaleOrZero(x, from, length, factor);
    }

    private void tryScaleOrZero(float[] x, int from, int length, float factor) {
        Trial trial = Trial.of(scaleOrZero);
        if (trial == null) {
            return;
        }
        float[] cells = fill(trial.x, trial.length, x, from, length);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.scaleOrZero(cells, 0, trial.length, factor);
        }
    }

    @Override
    public boolean subtract(float[] x, int from, int length, float high, float low, float limit, float[] out, int to) {
        if (subtract.serves) {
            return Vectors.KERNELS.subtract(x, from, length, high, low, limit, out, to);
        }
        if (subtract.isDue(length)) {
            trySubtract(x, from, length, high, low, limit, out, to);
        }
        return SCALAR.subtract(x, from, length, high, low, limit, out, to);
    }

    private void trySubtract(float[] x, int from, int length, float high, float low, float limit, float[] out, int to) {
        Trial trial = Trial.of(subtract);
        if (trial == null) {
            return;
        }
        float[] cells = fill(trial.x, trial.length, x, from, length);
        float[] written = out == x ? cells : trial.out;
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.subtract(cells, 0, trial.length, high, low, limit, written, 0);
        }
    }

    @Override
    public int indexOf(float[] x, int from, int length, float value) {
        if (indexOf.serves) {
            return Vectors.KERNELS.indexOf(x, from, length, value);
        }
        if (indexOf.isDue(length)) {
            tryIndexOf(x, from, length, value);
        }
        return SCALAR.indexOf(x, from, length, value);
    }

    private void tryIndexOf(float[] x, int from, int length, float value) {
        Trial trial = Trial.of(indexOf);
        if (trial == null) {
            return;
        }
        float[] cells = fill(trial.x, trial.length, x, from, length);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.indexOf(cells, 0, trial.length, value);
        }
    }

    @Override
    public int indexOfLarger(float[] x, int from, int length, float limit) {
        if (indexOfLarger.serves) {
            return Vectors.KERNELS.indexOfLarger(x, from, length, limit);
        }
        if (indexOfLarger.isDue(length)) {
            tryIndexOfLarger(x, from, length, limit);
        }
        return SCALAR.indexOfLarger(x, from, length, limit);
    }

    private void tryIndexOfLarger(float[] x, int from, int length, float limit) {
        Trial trial = Trial.of(indexOfLarger);
        if (trial == null) {
            return;
        }
        float[] cells = fill(trial.x, trial.length, x, from, length);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.indexOfLarger(cells, 0, trial.length, limit);
        }
    }

    @Override
    public float dotOfSteps(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        if (dotOfSteps.serves) {
            return Vectors.KERNELS.dotOfSteps(x, from, shift, y, yFrom, z, zFrom, length);
        }
        if (dotOfSteps.isDue(length)) {
            tryDotOfSteps(x, from, shift, y, yFrom, z, zFrom, length);
        }
        return SCALAR.dotOfSteps(x, from, shift, y, yFrom, z, zFrom, length);
    }

    private void tryDotOfSteps(
            float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        Trial trial = Trial.of(dotOfSteps);
        if (trial == null) {
            return;
        }
        trial.length = Math.max(STEP, trial.length - trial.length % STEP);
        float[] cells = fill(trial.x, trial.length, x, from, length);
        float[] ys = y == null ? null : fill(trial.y, trial.length, y, yFrom, length);
        float[] zs = z == null ? null : fill(trial.z, trial.length, z, zFrom, length);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.dotOfSteps(cells, 0, shift, ys, 0, zs, 0, trial.length);
        }
    }

    @Override
    public float dotOfStep(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        if (dotOfStep.serves) {
            return Vectors.KERNELS.dotOfStep(x, from, shift, y, yFrom, z, zFrom, length);
        }
        if (dotOfStep.isDue(length)) {
            tryDotOfStep(x, from, shift, y, yFrom, z, zFrom, length);
        }
        return SCALAR.dotOfStep(x, from, shift, y, yFrom, z, zFrom, length);
    }

    private void tryDotOfStep(
            float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        Trial trial = Trial.of(dotOfStep);
        if (trial == null) {
            return;
        }
        trial.length = 1 + trial.length % STEP;
        float[] cells = fill(trial.x, trial.length, x, from, length);
        float[] ys = y == null ? null : fill(trial.y, trial.length, y, yFrom, length);
        float[] zs = z == null ? null : fill(trial.z, trial.length, z, zFrom, length);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.dotOfStep(cells, 0, shift, ys, 0, zs, 0, trial.length);
        }
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
        if (scaleLessTargets.serves) {
            Vectors.KERNELS.scaleLessTargets(
                    e, from, length, factor, targets, targetsFrom, targetScale, offset, weights, weightsFrom);
            return;
        }
        if (scaleLessTargets.isDue(length)) {
            tryScaleLessTargets(
                    e, from, length, factor, targets, targetsFrom, targetScale, offset, weights, weightsFrom);
        }
        SCALAR.scaleLessTargets(
                e, from, length, factor, targets, targetsFrom, targetScale, offset, weights, weightsFrom);
    }

    private void tryScaleLessTargets(
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
        Trial trial = Trial.of(scaleLessTargets);
        if (trial == null) {
            return;
        }
        float[] cells = fill(trial.x, trial.length, e, from, length);
        float[] ys = targets == null ? null : fill(trial.y, trial.length, targets, targetsFrom, length);
        float[] zs = weights == null ? null : fill(trial.z, trial.length, weights, weightsFrom, length);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.scaleLessTargets(cells, 0, trial.length, factor, ys, 0, targetScale, offset, zs, 0);
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
        if (softmaxBackward.serves) {
            Vectors.KERNELS.softmaxBackward(y, yFrom, gradient, gradientFrom, length, shift, mean, out, to);
            return;
        }
        if (softmaxBackward.isDue(length)) {
            trySoftmaxBackward(y, yFrom, gradient, gradientFrom, length, shift, mean, out, to);
        }
        SCALAR.softmaxBackward(y, yFrom, gradient, gradientFrom, length, shift, mean, out, to);
    }

    private void trySoftmaxBackward(
            float[] y,
            int yFrom,
            float[] gradient,
            int gradientFrom,
            int length,
            float shift,
            float mean,
            float[] out,
            int to) {
        Trial trial = Trial.of(softmaxBackward);
        if (trial == null) {
            return;
        }
        float[] cells = fill(trial.x, trial.length, y, yFrom, length);
        float[] gradients = fill(trial.y, trial.length, gradient, gradientFrom, length);
        float[] written = out == y ? cells : out == gradient ? gradients : trial.out;
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.softmaxBackward(cells, 0, gradients, 0, trial.length, shift, mean, written, 0);
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
        if (logSoftmaxBackward.serves) {
            Vectors.KERNELS.logSoftmaxBackward(logY, logYFrom, gradient, gradientFrom, length, sum, out, to);
            return;
        }
        if (logSoftmaxBackward.isDue(length)) {
            tryLogSoftmaxBackward(logY, logYFrom, gradient, gradientFrom, length, sum, out, to);
        }
        SCALAR.logSoftmaxBackward(logY, logYFrom, gradient, gradientFrom, length, sum, out, to);
    }

    private void tryLogSoftmaxBackward(
            float[] logY,
            int logYFrom,
            float[] gradient,
            int gradientFrom,
            int length,
            float sum,
            float[] out,
            int to) {
        Trial trial = Trial.of(logSoftmaxBackward);
        if (trial == null) {
            return;
        }
        float[] cells = fill(trial.x, trial.length, logY, logYFrom, length);
        float[] gradients = fill(trial.y, trial.length, gradient, gradientFrom, length);
        float[] written = out == logY ? cells : out == gradient ? gradients : trial.out;
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.logSoftmaxBackward(cells, 0, gradients, 0, trial.length, sum, written, 0);
        }
    }

    /** The vector kernels serve from now on, compiled or not. */
    void serveVectors() {
        for (Tier tier : Tier.ALL) {
            tier.serves = Vectors.KERNELS != null;
        }
    }
}
