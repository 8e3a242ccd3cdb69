package dev.panamax.data;

/** How a number is stored. What is shorter than a {@code float} is computed in {@code float}, and rounded to nearest, ties to even. */
public enum ElementType {
    /** IEEE 754 binary64, the {@code double} of Java. */
    FLOAT64(Double.BYTES),
    /** IEEE 754 binary32, the {@code float} of Java. */
    FLOAT32(Float.BYTES),
    /** IEEE 754 binary16, half precision: 11 bits of significand, from 6e-8 (denormal) to 65504. */
    FLOAT16(Short.BYTES),
    /** The upper half of a binary32: 8 bits of significand, the range of {@code float}. */
    BFLOAT16(Short.BYTES);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /**
     * The size of a number.
     *
     * @return in bytes
     */
    public int bytes() {
        return bytes;
    }
}
