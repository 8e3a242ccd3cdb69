package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.HalfKernels;
import dev.panamax.internal.scalar.ScalarHalfKernels;

/** The kernels of half floats; those of fp16 are scalar with any backend. */
final class TieredHalves extends TieredFamily implements HalfKernels {
    private static final HalfKernels SCALAR = new ScalarHalfKernels();

    private final Tier fromBfloat16 = tier("halves.fromBfloat16", 1);
    private final Tier toBfloat16 = tier("halves.toBfloat16", 1);

    private Exercises exercises;

    private static HalfKernels vectors() {
        return TieredSet.Vectors.SET.halves();
    }

    @Override
    public void fromFloat16(short[] halves, float[] out, int to, int length) {
        SCALAR.fromFloat16(halves, out, to, length);
    }

    @Override
    public void toFloat16(float[] x, int from, short[] halves, int length) {
        SCALAR.toFloat16(x, from, halves, length);
    }

    @Override
    public void fromBfloat16(short[] halves, float[] out, int to, int length) {
        if (fromBfloat16.serves(length)) {
            vectors().fromBfloat16(halves, out, to, length);
        } else {
            SCALAR.fromBfloat16(halves, out, to, length);
        }
    }

    @Override
    public void toBfloat16(float[] x, int from, short[] halves, int length) {
        if (toBfloat16.serves(length)) {
            vectors().toBfloat16(x, from, halves, length);
        } else {
            SCALAR.toBfloat16(x, from, halves, length);
        }
    }

    @Override
    Exercise exercise() {
        return exercises == null ? exercises = new Exercises() : exercises;
    }

    private final class Exercises extends Exercise {
        private final float[] x = Numbers.floats(8);
        private final short[] halves = new short[Numbers.ROOM];

        Exercises() {
            SCALAR.toBfloat16(x, 0, halves, halves.length);
        }

        @Override
        void call(Tier tier, boolean isVector, int length, int turn) {
            HalfKernels kernels = isVector ? vectors() : SCALAR;
            if (tier == fromBfloat16) {
                kernels.fromBfloat16(halves, x, 0, length);
            } else if (tier == toBfloat16) {
                kernels.toBfloat16(x, 0, halves, length);
            } else {
                throw new AssertionError(tier);
            }
        }
    }
}
