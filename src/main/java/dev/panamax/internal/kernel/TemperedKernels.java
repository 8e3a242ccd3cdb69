package dev.panamax.internal.kernel;

/**
 * Kernels for logits over a temperature: the passes are those of others, the terms of rows their own.
 *
 * @param passes the kernels
 * @param term the terms
 */
public record TemperedKernels(Kernels passes, ExpTerm term) implements Kernels {
    @Override
    public float maxOfTile(float[] x, int from, int length) {
        return passes.maxOfTile(x, from, length);
    }

    @Override
    public boolean areWithin(float[] x, int from, int length, float limit) {
        return passes.areWithin(x, from, length, limit);
    }

    @Override
    public double sumExpOfSteps(
            ExpTerm ofPass,
            float[] x,
            int from,
            int length,
            float base,
            float rounder,
            float smallest,
            float[] out,
            int to) {
        return passes.sumExpOfSteps(ofPass, x, from, length, base, rounder, smallest, out, to);
    }

    @Override
    public double sumUnshiftedExpOfSteps(ExpTerm ofPass, float[] x, int from, int length, float[] out, int to) {
        return passes.sumUnshiftedExpOfSteps(ofPass, x, from, length, out, to);
    }

    @Override
    public double sumExpOfStep(
            ExpTerm ofPass,
            float[] x,
            int from,
            int length,
            int skip,
            float base,
            float rounder,
            float smallest,
            float[] out,
            int to) {
        return passes.sumExpOfStep(ofPass, x, from, length, skip, base, rounder, smallest, out, to);
    }

    @Override
    public void exp(
            ExpTerm ofPass,
            float[] x,
            int from,
            int length,
            float rounder,
            float smallest,
            float factor,
            float[] out,
            int to) {
        passes.exp(ofPass, x, from, length, rounder, smallest, factor, out, to);
    }

    @Override
    public void normalizeRows(float[] terms, int from, int rows, int cols) {
        passes.normalizeRows(terms, from, rows, cols);
    }

    @Override
    public int softmaxOfShortRows(ExpTerm ofPass, float[] x, int from, int rows, int cols, float[] out, int to) {
        return passes.softmaxOfShortRows(ofPass, x, from, rows, cols, out, to);
    }

    @Override
    public double sumExpOfShortRow(ExpTerm ofPass, float[] x, int from, int length, int skip) {
        return passes.sumExpOfShortRow(ofPass, x, from, length, skip);
    }

    @Override
    public void normalizeUnequalRows(float[] terms, int[] starts, int count, float[] out, int to) {
        passes.normalizeUnequalRows(terms, starts, count, out, to);
    }

    @Override
    public double sumOfTerms(float[] terms, int from, int length) {
        return passes.sumOfTerms(terms, from, length);
    }

    @Override
    public void scaleOrZero(float[] x, int from, int length, float factor) {
        passes.scaleOrZero(x, from, length, factor);
    }

    @Override
    public boolean subtract(
            float[] x, int from, int length, float high, float low, float factor, float limit, float[] out, int to) {
        return passes.subtract(x, from, length, high, low, factor, limit, out, to);
    }

    @Override
    public int indexOf(float[] x, int from, int length, float value) {
        return passes.indexOf(x, from, length, value);
    }

    @Override
    public int indexOfLarger(float[] x, int from, int length, float limit) {
        return passes.indexOfLarger(x, from, length, limit);
    }

    @Override
    public float dotOfSteps(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        return passes.dotOfSteps(x, from, shift, y, yFrom, z, zFrom, length);
    }

    @Override
    public float dotOfStep(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        return passes.dotOfStep(x, from, shift, y, yFrom, z, zFrom, length);
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
        passes.scaleLessTargets(
                e, from, length, factor, targets, targetsFrom, targetScale, offset, weights, weightsFrom);
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
        passes.softmaxBackward(y, yFrom, gradient, gradientFrom, length, shift, mean, out, to);
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
        passes.logSoftmaxBackward(logY, logYFrom, gradient, gradientFrom, length, sum, out, to);
    }
}
