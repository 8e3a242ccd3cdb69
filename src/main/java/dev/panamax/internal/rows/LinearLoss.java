package dev.panamax.internal.rows;

import dev.panamax.data.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A call of a cross-entropy over a linear layer: chunk by chunk the logits, their loss and gradient, and the way back. */
public final class LinearLoss {
    private final LinearLayer layer;
    private final LinearGradients gradients;
    private final Chunks chunks;
    private final LinearPlan plan;
    private final int @Nullable [] labels;
    private final @Nullable Rows targets;
    private CrossEntropyBlocks blocks;
    private @Nullable Object upstream;
    private double divisor = 1;
    private double zDivisor = 1;

    /**
     * A call that is not divided by anything as yet.
     *
     * @param labels null if there are targets
     * @throws IllegalArgumentException if the memory holds no row
     */
    public LinearLoss(
            LinearLayer layer,
            LinearGradients gradients,
            CrossEntropyBlocks blocks,
            Chunks chunks,
            int @Nullable [] labels,
            @Nullable Rows targets,
            long memory) {
        this.layer = layer;
        this.gradients = gradients;
        this.blocks = blocks;
        this.chunks = chunks;
        this.labels = labels;
        this.targets = targets;
        boolean mayTile = LinearTiledLoss.canCompute(blocks, labels != null);
        plan = LinearPlan.of(layer, gradients, targets != null, mayTile, 0, chunks.parallelism(), memory);
    }

    public LinearLayer layer() {
        return layer;
    }

    /** What the gradient of each row is multiplied by, a {@code float[]} or {@code double[]}. */
    public LinearLoss upstream(Object numbers) {
        upstream = numbers;
        return this;
    }

    public LinearLoss withoutStatistics() {
        blocks = blocks.withStatistics(null, null);
        return this;
    }

    /** What the losses of rows are divided by, and their z-losses. */
    public LinearLoss divisors(double ofLosses, double ofZLosses) {
        divisor = ofLosses;
        zDivisor = ofZLosses;
        return this;
    }

    /**
     * The sum of the losses, row by row.
     *
     * @param out where the loss of each row is written, a {@code float[]} or {@code double[]}; null if it is not wanted
     */
    public double run(@Nullable Object out) {
        try (LinearPass pass = new LinearPass(layer, gradients, chunks, plan)) {
            LinearRoom room = pass.room();
            boolean hasStatistics = blocks.logSumExps() != null;
            CrossEntropyBlocks ofChunk = blocks.withRowWeights(null)
                    .withStatistics(hasStatistics ? room.logSumExps : null, hasStatistics ? room.predictions : null);
            double sum = 0;
            LinearTiledLoss tiled =
                    plan.isWhole() ? null : new LinearTiledLoss(pass, blocks, divisor, zDivisor, gradients.areWanted());
            while (pass.next(row -> counts(row, pass, out))) {
                setRows(pass);
                if (tiled == null) {
                    computeLosses(pass, ofChunk);
                } else {
                    tiled.computeLosses();
                }
                for (int i = 0; i < pass.rows(); i++) {
                    sum += room.losses[i];
                    set(out, room.places[i], room.losses[i]);
                    if (hasStatistics) {
                        blocks.logSumExps()[room.places[i]] = room.logSumExps[i];
                        blocks.predictions()[room.places[i]] = room.predictions[i];
                    }
                }
                if (gradients.areWanted() && tiled == null) {
                    pass.addGradients();
                } else if (gradients.areWanted()) {
                    tiled.addGradients();
                }
            }
            return sum;
        }
    }

    /** Whether a row is not dropped; one that is costs nothing. */
    private boolean counts(int row, LinearPass pass, @Nullable Object out) {
        if (!blocks.isSkipped(labels, row, weight(row), divisor)) {
            return true;
        }
        set(out, row, 0);
        blocks.skip(row);
        if (gradients.inputs() != null && !gradients.areAdded()) {
            pass.clearInputGradient(row);
        }
        return false;
    }

    private double weight(int row) {
        double weight = blocks.rowWeights() == null ? 1 : blocks.rowWeights()[row];
        return upstream == null
                ? weight
                : weight * (upstream instanceof float[] floats ? floats[row] : ((double[]) upstream)[row]);
    }

    private void setRows(LinearPass pass) {
        LinearRoom room = pass.room();
        for (int i = 0; i < pass.rows(); i++) {
            room.weights[i] = weight(room.places[i]);
            room.labels[i] = labels == null ? 0 : labels[room.places[i]];
        }
    }

    private void computeLosses(LinearPass pass, CrossEntropyBlocks ofChunk) {
        LinearRoom room = pass.room();
        // What a row without a largest logit keeps.
        Arrays.fill(room.predictions, -1);
        Rows ofTargets = targets == null ? null : pass.targets(targets);
        Rows gradient = gradients.areWanted() ? pass.gradient() : null;
        try (Stage stage = Stage.take(pass.logits(), ofTargets, gradient)) {
            stage.labels(labels == null ? null : room.labels)
                    .divisors(divisor, zDivisor)
                    .upstream(room.weights)
                    .results((Object) room.losses);
            Batch.PLAIN.with(chunks).run(ofChunk, stage);
        }
    }

    private static void set(@Nullable Object out, int row, double value) {
        if (out instanceof float[] floats) {
            floats[row] = (float) value;
        } else if (out != null) {
            ((double[]) out)[row] = value;
        }
    }
}
