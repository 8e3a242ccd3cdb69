package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.LogKernels;
import dev.panamax.internal.scalar.ScalarLogKernels;

/** The kernels of losses with a logarithm or a sigmoid per element. */
final class TieredLogs extends TieredFamily implements LogKernels {
    private static final LogKernels SCALAR = new ScalarLogKernels();

    private final Tier minusScaled = tier("logs.minusScaled", 1);
    private final Tier binaryCrossEntropyOfTile = tier("logs.binaryCrossEntropyOfTile", 8);
    private final Tier sigmoid = tier("logs.sigmoid", 4);
    private final Tier weightedLogsOfTile = tier("logs.weightedLogsOfTile", 4);
    private final Tier indexOfNoProbability = tier("logs.indexOfNoProbability", 1);

    private Exercises exercises;

    private static LogKernels vectors() {
        return TieredSet.Vectors.SET.logs();
    }

    @Override
    public float binaryCrossEntropyOfTile(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            float[] weights,
            int weightsFrom,
            int length,
            float scale,
            float[] losses,
            float[] gradient,
            int to) {
        return binaryCrossEntropyOfTile.serves(length)
                ? vectors()
                        .binaryCrossEntropyOfTile(
                                x,
                                from,
                                targets,
                                targetsFrom,
                                weights,
                                weightsFrom,
                                length,
                                scale,
                                losses,
                                gradient,
                                to)
                : SCALAR.binaryCrossEntropyOfTile(
                        x, from, targets, targetsFrom, weights, weightsFrom, length, scale, losses, gradient, to);
    }

    @Override
    public void sigmoid(float[] x, int from, int length, float[] out, int to) {
        if (sigmoid.serves(length)) {
            vectors().sigmoid(x, from, length, out, to);
        } else {
            SCALAR.sigmoid(x, from, length, out, to);
        }
    }

    @Override
    public float weightedLogsOfTile(
            float[] p, int pFrom, float[] q, int qFrom, float[] x, int from, int length, float high, float low) {
        return weightedLogsOfTile.serves(length)
                ? vectors().weightedLogsOfTile(p, pFrom, q, qFrom, x, from, length, high, low)
                : SCALAR.weightedLogsOfTile(p, pFrom, q, qFrom, x, from, length, high, low);
    }

    @Override
    public void minusScaled(float[] p, int pFrom, int length, float scale, float[] out, int to) {
        if (minusScaled.serves(length)) {
            vectors().minusScaled(p, pFrom, length, scale, out, to);
        } else {
            SCALAR.minusScaled(p, pFrom, length, scale, out, to);
        }
    }

    @Override
    public int indexOfNoProbability(float[] p, int from, int length) {
        return indexOfNoProbability.serves(length)
                ? vectors().indexOfNoProbability(p, from, length)
                : SCALAR.indexOfNoProbability(p, from, length);
    }

    @Override
    Exercise exercise() {
        return exercises == null ? exercises = new Exercises() : exercises;
    }

    private final class Exercises extends Exercise {
        private final float[] logits = Numbers.floats(8);
        private final float[] shares = Numbers.shares();
        private final float[] out = Numbers.shares();

        @Override
        void call(Tier tier, boolean isVector, int length, int turn) {
            LogKernels kernels = isVector ? vectors() : SCALAR;
            int tile = Numbers.tile(length, turn);
            if (tier == binaryCrossEntropyOfTile) {
                float[] weights = turn % 2 == 0 ? null : shares;
                float[] losses = turn % 3 == 0 ? out : null;
                float[] gradient = turn % 3 == 1 ? out : null;
                use(kernels.binaryCrossEntropyOfTile(
                        logits, 0, shares, 0, weights, 0, tile, 0.5f, losses, gradient, 0));
            } else if (tier == weightedLogsOfTile) {
                float[] x = turn % 2 == 0 ? logits : null;
                use(kernels.weightedLogsOfTile(shares, 0, shares, 0, x, 0, tile, 0.5f, 0.1f));
            } else if (tier == indexOfNoProbability) {
                use(kernels.indexOfNoProbability(turn % 4 == 0 ? logits : shares, 0, length));
            } else if (tier == minusScaled) {
                kernels.minusScaled(shares, 0, length, 0.5f, out, 0);
            } else if (tier == sigmoid) {
                kernels.sigmoid(logits, 0, length, out, 0);
            } else {
                throw new AssertionError(tier);
            }
        }
    }
}
