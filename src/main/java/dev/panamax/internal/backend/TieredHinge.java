package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.HingeKernels;
import dev.panamax.internal.scalar.ScalarHingeKernels;

/** The kernels of hinge losses. */
final class TieredHinge extends TieredFamily implements HingeKernels {
    private static final HingeKernels SCALAR = new ScalarHingeKernels();

    private final Tier max = tier("hinge.max", 1);
    private final Tier sumOfTile = tier("hinge.sumOfTile", 1);
    private final Tier gradient = tier("hinge.gradient", 1);

    private Exercises exercises;

    private static HingeKernels vectors() {
        return TieredSet.Vectors.SET.hinge();
    }

    @Override
    public float sumOfTile(float[] x, int from, int length, int skip, float score, float margin) {
        return sumOfTile.serves(length)
                ? vectors().sumOfTile(x, from, length, skip, score, margin)
                : SCALAR.sumOfTile(x, from, length, skip, score, margin);
    }

    @Override
    public int gradient(float[] x, int from, int length, float score, float margin, float scale, float[] out, int to) {
        return gradient.serves(length)
                ? vectors().gradient(x, from, length, score, margin, scale, out, to)
                : SCALAR.gradient(x, from, length, score, margin, scale, out, to);
    }

    @Override
    public float max(float[] x, int from, int length) {
        return max.serves(length) ? vectors().max(x, from, length) : SCALAR.max(x, from, length);
    }

    @Override
    Exercise exercise() {
        return exercises == null ? exercises = new Exercises() : exercises;
    }

    private final class Exercises extends Exercise {
        private final float[] scores = Numbers.floats(2);
        private final float[] out = Numbers.shares();

        @Override
        void call(Tier tier, boolean isVector, int length, int turn) {
            HingeKernels kernels = isVector ? vectors() : SCALAR;
            int tile = Numbers.tile(length, turn);
            if (tier == max) {
                use(kernels.max(scores, 0, length));
            } else if (tier == sumOfTile) {
                use(kernels.sumOfTile(scores, 0, tile, turn * 7 % (2 * length + 1) - 1, 0.5f, 1));
            } else if (tier == gradient) {
                use(kernels.gradient(scores, 0, length, 0.5f, 1, 0.5f, out, 0));
            } else {
                throw new AssertionError(tier);
            }
        }
    }
}
