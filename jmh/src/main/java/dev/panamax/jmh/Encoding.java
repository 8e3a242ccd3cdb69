package dev.panamax.jmh;

import dev.panamax.data.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** How numbers are stored, and how exactly. */
enum Encoding {
    FLOAT32(Float.BYTES, 0, Float.MIN_NORMAL),
    /** Of 11 bits; half of its smallest denormal is lost. */
    FLOAT16(Short.BYTES, 0x1p-11, 0x1p-25),
    /** Of 8 bits. */
    BFLOAT16(Short.BYTES, 0x1p-8, Float.MIN_NORMAL),
    FLOAT64(Double.BYTES, 0, Double.MIN_NORMAL);

    private final int bytes;
    private final double rounding;
    private final double tiny;

    Encoding(int bytes, double rounding, double tiny) {
        this.bytes = bytes;
        this.rounding = rounding;
        this.tiny = tiny;
    }

    int bytes() {
        return bytes;
    }

    /** The relative error of storing a number, where the arithmetic has more digits. */
    double rounding() {
        return rounding;
    }

    /** Of a probability less than this nothing may be left. */
    double tiny() {
        return tiny;
    }

    /** As Panamax calls it; for those that fit a {@link dev.panamax.data.SegmentMatrix}. */
    ElementType type() {
        return ElementType.valueOf(name());
    }

    /** The closest number towards 0 that it can store. */
    float truncate(float value) {
        return switch (this) {
            case FLOAT32, FLOAT64 -> value;
            // Of normal numbers, which logits are.
            case FLOAT16 -> Float.intBitsToFloat(Float.floatToRawIntBits(value) & ~0x1fff);
            case BFLOAT16 -> Float.intBitsToFloat(Float.floatToRawIntBits(value) & ~0xffff);
        };
    }

    void put(MemorySegment memory, float[] values) {
        for (int i = 0; i < values.length; i++) {
            put(memory, i, values[i]);
        }
    }

    /** A value that it can store. */
    private void put(MemorySegment memory, long index, float value) {
        switch (this) {
            case FLOAT32 -> memory.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
            case FLOAT16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16(value));
            case BFLOAT16 ->
                memory.setAtIndex(ValueLayout.JAVA_SHORT, index, (short) (Float.floatToRawIntBits(value) >> 16));
            case FLOAT64 -> memory.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
        }
    }

    double[] get(MemorySegment memory, int length) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = at(memory, i);
        }
        return values;
    }

    double at(MemorySegment memory, int index) {
        return switch (this) {
            case FLOAT32 -> memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
            case FLOAT16 -> Float.float16ToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index));
            case BFLOAT16 -> Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index) << 16);
            case FLOAT64 -> memory.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
        };
    }
}
