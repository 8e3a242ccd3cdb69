package dev.panamax;

/** How a number is stored. Panamax computes in {@code float} whichever it is, and rounds to nearest, ties to even. */
public enum ElementType {
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
