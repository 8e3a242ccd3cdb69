package dev.panamax.jmh;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** The size of a matrix. */
public record Shape(int rows, int cols) {
    @JsonCreator
    static Shape of(String text) {
        int times = text.indexOf('x');
        return new Shape(Integer.parseInt(text.substring(0, times)), Integer.parseInt(text.substring(times + 1)));
    }

    int elements() {
        return Math.multiplyExact(rows, cols);
    }

    @Override
    @JsonValue
    public String toString() {
        return rows + "x" + cols;
    }
}
