package dev.panamax.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The conversions of bfloat16 on the Vector API. The last vector overlaps the one before. */
final class PanamaHalfKernels extends HalfKernels {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
    private static final int WIDTH = FLOATS.length();

    @Override
    void fromBfloat16(short[] halves, float[] out, int to, int length) {
        if (length < WIDTH) {
            super.fromBfloat16(halves, out, to, length);
            return;
        }
        for (int i = 0; i < length; i += WIDTH) {
            int at = Math.min(i, length - WIDTH);
            IntVector bits =
                    (IntVector) ShortVector.fromArray(SHORTS, halves, at).convertShape(VectorOperators.S2I, INTS, 0);
            bits.lanewise(VectorOperators.LSHL, BFLOAT16_SHIFT)
                    .reinterpretAsFloats()
                    .intoArray(out, to + at);
        }
    }

    @Override
    void toBfloat16(float[] x, int from, short[] halves, int length) {
        if (length < WIDTH) {
            super.toBfloat16(x, from, halves, length);
            return;
        }
        for (int i = 0; i < length; i += WIDTH) {
            int at = Math.min(i, length - WIDTH);
            IntVector bits = FloatVector.fromArray(FLOATS, x, from + at).reinterpretAsInts();
            IntVector odd = bits.lanewise(VectorOperators.LSHR, BFLOAT16_SHIFT).and(1);
            IntVector rounded = bits.add(JUST_BELOW_TIE).add(odd).lanewise(VectorOperators.ASHR, BFLOAT16_SHIFT);
            IntVector cut = bits.lanewise(VectorOperators.ASHR, BFLOAT16_SHIFT).or(QUIET);
            rounded.blend(cut, bits.and(Integer.MAX_VALUE).compare(VectorOperators.GT, INFINITY))
                    .convertShape(VectorOperators.I2S, SHORTS, 0)
                    .reinterpretAsShorts()
                    .intoArray(halves, at);
        }
    }
}
