package dev.panamax.internal.rows;

import dev.panamax.data.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A call of a cross-entropy over a linear layer: chunk by chunk the logits, their loss and gradient, and the way back. */
public final class LinearLoss {
    private final LinearLayer layer;
    private final LinearGradients gradients;
    private final Chunks chunks;
    private final long memory;
    private CrossEntropyBlocks blocks;
    private int @Nullable [] labels;
    private @Nullable Rows targets;
    private float @Nullable [] upstream;
    private double divisor = 1;
    private double zDivisor = 1;

    /** A call without labels, targets and divisors as yet. */
    public LinearLoss(
            LinearLayer layer, LinearGradients gradients, CrossEntropyBlocks blocks, Chunks chunks, long memory) {
        this.layer = layer;
        this.gradients = gradients;
        this.blocks = blocks;
        this.chunks = chunks;
        this.memory = memory;
    }

    public LinearLayer layer() {
        return layer;
    }

    public LinearLoss labels(int[] values) {
        labels = values;
        return this;
    }

    public LinearLoss targets(Rows rows) {
        targets = rows;
        return this;
    }

    public LinearLoss upstream(float[] values) {
        upstream = values;
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
     * @throws IllegalArgumentException if the memory holds no row; then nothing has been written
     */
    public double run(@Nullable Object out) {
        int rows = Shape.rows(layer.inputs());
        int[] places = new int[rows];
        int count = 0;
        for (int r = 0; r < rows; r++) {
            if (!blocks.isSkipped(labels, r, weight(r), divisor)) {
                places[count++] = r;
            }
        }
        try (LinearPass pass = new LinearPass(layer, gradients, targets != null, chunks, places, count, memory)) {
            skipOthers(pass, places, count, out);
            return sum(pass, out);
        }
    }

    private double weight(int row) {
        return (blocks.rowWeights() == null ? 1 : blocks.rowWeights()[row]) * (upstream == null ? 1.0 : upstream[row]);
    }

    /** What is said of rows that do not count. */
    private void skipOthers(LinearPass pass, int[] places, int count, @Nullable Object out) {
        for (int r = 0, next = 0; r < Shape.rows(layer.inputs()); r++) {
            if (next < count && places[next] == r) {
                next++;
                continue;
            }
            set(out, r, 0);
            blocks.skip(r);
            if (gradients.inputs() != null && !gradients.areAdded()) {
                pass.clear(gradients.inputs(), r);
            }
        }
    }

    private double sum(LinearPass pass, @Nullable Object out) {
        int most = pass.mostRows();
        int[] ofLabels = labels == null ? null : new int[most];
        double[] weights = new double[most];
        double[] losses = new double[most];
        boolean hasStatistics = blocks.logSumExps() != null;
        float[] logSumExps = hasStatistics ? new float[most] : null;
        int[] predictions = hasStatistics ? new int[most] : null;
        CrossEntropyBlocks ofChunk = blocks.withRowWeights(null).withStatistics(logSumExps, predictions);
        Batch batch = Batch.PLAIN.with(chunks);
        double sum = 0;
        while (pass.next()) {
            for (int i = 0; i < pass.rows(); i++) {
                weights[i] = weight(pass.place(i));
                if (ofLabels != null) {
                    ofLabels[i] = labels[pass.place(i)];
                }
            }
            Rows ofTargets = targets == null ? null : pass.targets(targets);
            Rows gradient = gradients.areWanted() ? pass.gradient() : null;
            if (hasStatistics) {
                // What a row without a largest logit keeps.
                Arrays.fill(predictions, -1);
            }
            try (Stage stage = Stage.take(pass.logits(), ofTargets, gradient)) {
                batch.run(
                        ofChunk,
                        stage.labels(ofLabels)
                                .divisors(divisor, zDivisor)
                                .upstream(weights)
                                .results((Object) losses));
            }
            for (int i = 0; i < pass.rows(); i++) {
                int row = pass.place(i);
                sum += losses[i];
                set(out, row, losses[i]);
                if (hasStatistics) {
                    blocks.logSumExps()[row] = logSumExps[i];
                    blocks.predictions()[row] = predictions[i];
                }
            }
            if (gradients.areWanted()) {
                pass.addGradients();
            }
        }
        return sum;
    }

    private static void set(@Nullable Object out, int row, double value) {
        if (out instanceof float[] floats) {
            floats[row] = (float) value;
        } else if (out != null) {
            ((double[]) out)[row] = value;
        }
    }
}
