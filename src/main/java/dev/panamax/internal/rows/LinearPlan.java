package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.kernel.Kernels;

/**
 * How many rows of logits there are at a time, and the room that this takes. The bits of a result do not depend on it.
 *
 * @param rows rows of a chunk, at least one
 * @param features of a row of inputs
 * @param classes of a row of logits
 * @param capped whether gradients need the logits under a soft cap once more, and have room of their own
 * @param ofTargets whether there are soft targets
 * @param ofInputs whether the gradient of the inputs is wanted
 * @param ofWeights whether that of the weights is
 * @param loadsWeights whether the weights are moved before they are used
 * @param loadsGradients whether the gradient of the weights is
 * @param workers threads that share the work
 */
record LinearPlan(
        int rows,
        int features,
        int classes,
        boolean capped,
        boolean ofTargets,
        boolean ofInputs,
        boolean ofWeights,
        boolean loadsWeights,
        boolean loadsGradients,
        int workers) {
    /** The columns of a panel: four vectors of 512 bits, side by side in registers. */
    static final int PANEL = 64;

    /** Rows of inputs, or of logits of a class, that are turned together. */
    static final int TURNED = 8;

    /** Weights that are multiplied with a panel of rows before the next panel is: 384 KiB, which stay in the L2 cache. */
    private static final int WEIGHTS = 96 << 10;

    /** Rows of a block of the kernel. */
    private static final int BLOCK = 6;

    /** Products of a class or a feature that go through the kernel in one call: 64 KiB of a panel. */
    static final int DEPTH = 256;

    /** Numbers of a row that belong to the call: its place, its label, its weight, its loss and its statistics. */
    private static final int BYTES_OF_ROW = 32;

    /** Numbers of a row that is not in the chunk. */
    private static final int BYTES_OF_PLACE = Integer.BYTES;

    /** A {@link Mover}, and headers of arrays. */
    private static final int BYTES_OF_WORKER = 16 << 10;

    /** What the JVM lets an array be. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    /**
     * As many rows as the memory holds.
     *
     * @param rows of the call
     * @throws IllegalArgumentException if it holds none
     */
    static LinearPlan of(
            LinearLayer layer, LinearGradients gradients, boolean ofTargets, int rows, int workers, long memory) {
        int features = layer.features();
        boolean loadsGradients = gradients.weights() != null
                && !(gradients.weights() instanceof FloatMatrix && features % Kernels.LANES == 0);
        LinearPlan one = new LinearPlan(
                1,
                features,
                layer.classes(),
                layer.softcap() > 0 && gradients.areWanted(),
                ofTargets,
                gradients.inputs() != null,
                gradients.weights() != null,
                !(layer.weights() instanceof FloatMatrix),
                loadsGradients,
                workers);
        long places = (long) BYTES_OF_PLACE * rows;
        long least = one.bytes() + places;
        if (least > memory) {
            throw new IllegalArgumentException("memory is " + memory + " bytes, but " + rows + " rows of " + features
                    + " features and " + layer.classes() + " classes need at least " + least);
        }
        int fewest = 1;
        int most = Math.min(Math.max(1, rows), LONGEST / Math.max(one.stride(), one.wholeFeatures()) - PANEL);
        while (fewest < most) {
            int middle = fewest + (most - fewest + 1) / 2;
            if (one.with(middle).bytes() + places <= memory) {
                fewest = middle;
            } else {
                most = middle - 1;
            }
        }
        return one.with(wholePanels(fewest, rows));
    }

    /** Rows that fill panels, or at least vectors, and chunks of one size rather than a small last one. */
    private static int wholePanels(int fitting, int rows) {
        if (fitting >= rows) {
            return Math.max(1, rows);
        }
        int unit = fitting >= PANEL ? PANEL : fitting >= Kernels.LANES ? Kernels.LANES : 1;
        int most = fitting - fitting % unit;
        int chunks = Math.ceilDiv(rows, most);
        return Math.min(most, Math.ceilDiv(Math.ceilDiv(rows, chunks), unit) * unit);
    }

    private LinearPlan with(int count) {
        return new LinearPlan(
                count,
                features,
                classes,
                capped,
                ofTargets,
                ofInputs,
                ofWeights,
                loadsWeights,
                loadsGradients,
                workers);
    }

    /** From one row of logits to the next: not a multiple of 1 KiB, or those of a class would share few sets of a cache. */
    int stride() {
        int whole = inVectors(classes);
        return whole % 256 == 0 ? whole + Kernels.LANES : whole;
    }

    int wholeFeatures() {
        return inVectors(features);
    }

    static int inVectors(int count) {
        return Math.ceilDiv(count, Kernels.LANES) * Kernels.LANES;
    }

    /** Classes whose weights are that many: a multiple of a block, and 96 at most. */
    int classesAtOnce() {
        return Math.max(1, Math.min(16, WEIGHTS / BLOCK / features)) * BLOCK;
    }

    /** The logits of a chunk, and as much for their gradient or for soft targets. */
    int logits() {
        return rows * stride();
    }

    /** The features of the chunk, in panels of which the rows are the columns. */
    int panelsOfRows() {
        return features * inVectors(rows);
    }

    /** The same with features as the columns, for the gradient of the weights. */
    int panelsOfFeatures() {
        return ofWeights ? rows * wholeFeatures() : 0;
    }

    /**
     * Classes whose gradients are updated together. Few rows leave room for their panels in the L2 cache; then the gradients
     * go by as streams, a block at a time.
     */
    int classesOfGradient() {
        return rows < 2 * PANEL ? BLOCK : classesAtOnce();
    }

    /** Panels of the gradient of the inputs that one worker takes. */
    int panelsOfTask() {
        return Math.ceilDiv(Math.ceilDiv(features, PANEL), workers);
    }

    /** A tile of a worker's: logits of some classes, gradients of their weights, or their weights in panels. */
    int tile() {
        int ofPanels = ofInputs ? classesAtOnce() * columnsOfTask() : 0;
        int ofGradients = loadsGradients ? classesOfGradient() * wholeFeatures() : 0;
        int turned = TURNED * features;
        return Math.max(Math.max(classesAtOnce() * PANEL, turned), Math.max(ofPanels, ofGradients));
    }

    private int columnsOfTask() {
        return Math.min(panelsOfTask() * PANEL, wholeFeatures());
    }

    /** Weights of some classes that a worker moved. */
    int movedWeights() {
        return loadsWeights ? classesAtOnce() * features : 0;
    }

    /** What a worker takes of the gradient of the inputs: the sums, and as much for the part that is added up. */
    int inputGradient() {
        return ofInputs ? rows * columnsOfTask() : 0;
    }

    private long bytes() {
        long copies = 1 + (capped ? 1 : 0) + (ofTargets ? 1 : 0);
        long ofChunk = copies * rows * stride()
                + (long) features * inVectors(rows)
                + (ofWeights ? (long) rows * wholeFeatures() : 0);
        long ofWorker = (long) tile() + movedWeights() + wholeFeatures() + (ofInputs ? 2L * rows * columnsOfTask() : 0);
        return Float.BYTES * (ofChunk + workers * ofWorker)
                + (long) BYTES_OF_ROW * rows
                + (long) BYTES_OF_WORKER * workers;
    }
}
