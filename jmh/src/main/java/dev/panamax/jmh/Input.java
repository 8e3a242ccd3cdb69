package dev.panamax.jmh;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** In what the logits come, and the results go. */
public enum Input {
    /** A {@code float[]}, row after row. */
    FLOATS(Encoding.FLOAT32),
    /** An array for each row. */
    ARRAY_ROWS(Encoding.FLOAT32),
    /** Memory outside the heap. */
    NATIVE_FLOAT32(Encoding.FLOAT32),
    NATIVE_FLOAT16(Encoding.FLOAT16),
    NATIVE_BFLOAT16(Encoding.BFLOAT16),
    /** A {@code short[]}. */
    SHORTS_FLOAT16(Encoding.FLOAT16),
    SHORTS_BFLOAT16(Encoding.BFLOAT16),
    /** A {@code double[]}. */
    DOUBLES(Encoding.FLOAT64),
    /** Floats with a mask that leaves half of each row, at random. */
    MASKED(Encoding.FLOAT32),
    /** Floats with a mask that leaves row r of n the columns up to r, or so many more as there are more columns. */
    CAUSAL(Encoding.FLOAT32),
    /** Floats in rows of 1 to twice as many elements as the shape has columns; in all, as many as the shape has. */
    RAGGED(Encoding.FLOAT32),
    /** Floats where each column is a distribution. */
    COLUMNS(Encoding.FLOAT32),
    /** Floats sorted within each row, which selections find easy or hard. */
    ASCENDING(Encoding.FLOAT32),
    DESCENDING(Encoding.FLOAT32),
    /** Floats that are all the same. */
    EQUAL(Encoding.FLOAT32),
    /** Floats of which a few are far above the others, as those of a language model are. */
    HEAVY_TAILED(Encoding.FLOAT32);

    private final Encoding encoding;

    Input(Encoding encoding) {
        this.encoding = encoding;
    }

    Encoding encoding() {
        return encoding;
    }

    /** Whether it is a {@code float[]}, of logits in another order. */
    boolean isOrder() {
        return compareTo(ASCENDING) >= 0;
    }

    @Override
    @JsonValue
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
