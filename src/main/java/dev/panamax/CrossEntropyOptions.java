package dev.panamax;

import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.CrossEntropyBlocks;
import dev.panamax.internal.rows.CrossEntropyRows;
import dev.panamax.internal.rows.DoubleCrossEntropyRows;
import dev.panamax.internal.rows.Tempering;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options of a cross-entropy, at PyTorch's defaults. Each method returns the builder; each refuses what it cannot use at
 * once.
 *
 * @param <B> the builder
 */
public abstract sealed class CrossEntropyOptions<B extends CrossEntropyOptions<B>>
        permits CrossEntropy.Builder, LinearCrossEntropy.Builder {
    private Reduction reduction = Reduction.MEAN;
    private Normalizer normalizer = Normalizer.SUM_OF_WEIGHTS;
    private double divisor;
    private AllIgnored whenAllIgnored = AllIgnored.NAN;
    private int ignoreIndex = -100;
    private double @Nullable [] classWeights;
    private double labelSmoothing;
    private SmoothingWeights smoothingWeights = SmoothingWeights.EACH_CLASS;
    private double zLoss;

    CrossEntropyOptions() {}

    abstract B self();

    /**
     * Mean (the default) or sum.
     *
     * @param reduction how the rows become one number
     * @return this
     */
    public B reduction(Reduction reduction) {
        this.reduction = Objects.requireNonNull(reduction, "reduction");
        return self();
    }

    /**
     * What the mean divides by; by default the sum of weights.
     *
     * @param normalizer the divisor
     * @return this
     */
    public B normalizer(Normalizer normalizer) {
        this.normalizer = Objects.requireNonNull(normalizer, "normalizer");
        divisor = 0;
        return self();
    }

    /**
     * A number that the mean divides by, z-loss included. With the divisor of the whole batch, the losses and the
     * gradients of its micro-batches add up to those of the batch.
     *
     * @param divisor above 0 and finite
     * @return this
     */
    public B divisor(double divisor) {
        this.divisor = inside(divisor, Double.MIN_VALUE, Double.MAX_VALUE, "divisor");
        return self();
    }

    /**
     * What the mean is when its divisor is 0; by default NaN.
     *
     * @param whenAllIgnored the result
     * @return this
     */
    public B whenAllIgnored(AllIgnored whenAllIgnored) {
        this.whenAllIgnored = Objects.requireNonNull(whenAllIgnored, "whenAllIgnored");
        return self();
    }

    /**
     * The label of rows that do not count; by default -100. It may be a class; soft targets are refused then.
     *
     * @param ignoreIndex any number
     * @return this
     */
    public B ignoreIndex(int ignoreIndex) {
        this.ignoreIndex = ignoreIndex;
        return self();
    }

    /**
     * A weight for each class.
     *
     * @param classWeights as many as the logits have columns, 0 or more and finite; copied
     * @return this
     */
    public B classWeights(float... classWeights) {
        Objects.requireNonNull(classWeights, "classWeights");
        double[] wide = new double[classWeights.length];
        for (int c = 0; c < classWeights.length; c++) {
            wide[c] = classWeights[c];
        }
        return classWeights(wide);
    }

    /**
     * A weight for each class, in {@code double}; the losses of floats round it to a float.
     *
     * @param classWeights as many as the logits have columns, 0 or more and at most {@link Float#MAX_VALUE}; copied
     * @return this
     */
    public B classWeights(double... classWeights) {
        Objects.requireNonNull(classWeights, "classWeights");
        for (int c = 0; c < classWeights.length; c++) {
            inside(classWeights[c], 0, Float.MAX_VALUE, "classWeights[" + c + "]");
        }
        this.classWeights = classWeights.clone();
        return self();
    }

    /**
     * The part of the target that is spread evenly over all classes, the true one included; by default 0.
     *
     * @param labelSmoothing from 0 to 1
     * @return this
     */
    public B labelSmoothing(double labelSmoothing) {
        this.labelSmoothing = inside(labelSmoothing, 0, 1, "labelSmoothing");
        return self();
    }

    /**
     * How class weights act on the smoothed part of a label's target; by default each class by its own weight.
     *
     * @param smoothingWeights by class or by label
     * @return this
     */
    public B smoothingWeights(SmoothingWeights smoothingWeights) {
        this.smoothingWeights = Objects.requireNonNull(smoothingWeights, "smoothingWeights");
        return self();
    }

    /**
     * The factor of log-sum-exp squared, added to each row's loss to keep log-sum-exp near 0; by default 0. Row
     * weights apply to it, class weights and smoothing do not.
     *
     * @param zLoss 0 or more and finite
     * @return this
     */
    public B zLoss(double zLoss) {
        this.zLoss = inside(zLoss, 0, Double.MAX_VALUE, "zLoss");
        return self();
    }

    /** The loss of logits with these options. */
    final CrossEntropy loss() {
        boolean smoothedByLabel = smoothingWeights == SmoothingWeights.LABEL;
        float[] floatWeights = classWeights == null ? null : narrow(classWeights);
        CrossEntropyRows rows = new CrossEntropyRows(floatWeights, labelSmoothing, smoothedByLabel);
        DoubleCrossEntropyRows doubleRows = new DoubleCrossEntropyRows(classWeights, labelSmoothing, smoothedByLabel);
        return new CrossEntropy(
                new Averaging(reduction, normalizer, divisor, whenAllIgnored, ignoreIndex),
                new CrossEntropyBlocks(rows, doubleRows, ignoreIndex, zLoss, Tempering.NONE, null, null, null),
                Batch.PLAIN,
                null);
    }

    private static float[] narrow(double[] values) {
        float[] floats = new float[values.length];
        for (int c = 0; c < floats.length; c++) {
            floats[c] = (float) values[c];
        }
        return floats;
    }

    static double inside(double value, double least, double most, String name) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + " is " + value + ", not from " + least + " to " + most);
        }
        return value;
    }
}
