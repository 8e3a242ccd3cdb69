package dev.panamax.internal.panama;

import dev.panamax.internal.scalar.ScalarHalfKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The conversions of bfloat16 on the Vector API, which C2 leaves element by element; those of float16 are the processor's own
 * anyway. What does not fill a vector is left to the specification.
 */
final class PanamaHalfKernels extends ScalarHalfKernels {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
    private static final int WIDTH = FLOATS.length();

    @Override
    public void fromBfloat16(short[] halves, float[] out, int to, int length) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            IntVector bits =
                    (IntVector) ShortVector.fromArray(SHORTS, halves, i).convertShape(VectorOperators.S2I, INTS, 0);
            bits.lanewise(VectorOperators.LSHL, BFLOAT16_SHIFT)
                    .reinterpretAsFloats()
                    .intoArray(out, to + i);
        }
        fromBfloat16(halves, i, out, to, length);
    }

    @Override
    public void toBfloat16(float[] x, int from, short[] halves, int length) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector values = FloatVector.fromArray(FLOATS, x, from + i);
            IntVector bits = values.reinterpretAsInts();
            IntVector odd = bits.lanewise(VectorOperators.LSHR, BFLOAT16_SHIFT).and(1);
            bits.add(odd)
                    .add(JUST_BELOW_TIE)
                    .blend(
                            bits.or(QUIET),
                            values.compare(VectorOperators.NE, values).cast(INTS))
                    .lanewise(VectorOperators.LSHR, BFLOAT16_SHIFT)
                    .convertShape(VectorOperators.I2S, SHORTS, 0)
                    .reinterpretAsShorts()
                    .intoArray(halves, i);
        }
        toBfloat16(x, from, halves, i, length);
    }
}
