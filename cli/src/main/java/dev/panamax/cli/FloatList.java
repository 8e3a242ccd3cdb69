package dev.panamax.cli;

import java.util.Arrays;

/** Floats of a number that is not known beforehand. */
final class FloatList {
    /** The largest array that every JVM can hold. */
    private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

    private float[] values = new float[1024];
    private int size;

    void add(float value) {
        if (size == values.length) {
            if (size == MAX_SIZE) {
                throw new InputException(
                        "the data has more than " + MAX_SIZE + " feature values, too many for an array");
            }
            values = Arrays.copyOf(values, (int) Math.min(2L * size, MAX_SIZE));
        }
        values[size++] = value;
    }

    float get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }

    float[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
