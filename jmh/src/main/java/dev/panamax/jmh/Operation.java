package dev.panamax.jmh;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What is timed. */
public enum Operation {
    SOFTMAX(8),
    LOG_SOFTMAX(8),
    LOG_SUM_EXP(4),
    /** The mean loss of labels. */
    CROSS_ENTROPY(4),
    /** The mean loss of labels and its gradient. */
    CROSS_ENTROPY_AND_GRADIENT(8),

    /** The limits: the sum of all elements, */
    READ(4),
    /** a copy, */
    COPY(8),
    /** out = -x, */
    SCALE_AND_COPY(8),
    /** x = -x. */
    SCALE(8),

    /** Panamax's passes: the maximum, */
    PASS_MAX(4),
    /** the sum of shifted exponentials, */
    PASS_EXP_SUM(4),
    /** the same, with the terms written, */
    PASS_EXP_STORE_SUM(8),
    /** the product with a factor, in place. */
    PASS_SCALE(8),

    /** What Panamax alone has among the engines: softmax at the temperature {@link #TEMPERATURE}, */
    TEMPERED_SOFTMAX(8),
    /** the likeliest {@link #BEST} classes with their log-probabilities. */
    TOP_40(4),

    /** From logits to a token: the largest one, */
    GREEDY(4),
    /** one drawn at the temperature {@link #COOL} from the best {@link #BEST} and of those from the nucleus {@link #NUCLEUS}, */
    SAMPLE(4),
    /** the log-probabilities of the label and of the best {@link #RETURNED}. */
    LOG_PROBABILITIES(4);

    static final double TEMPERATURE = 0.7;

    static final int BEST = 40;

    static final float COOL = 0.8f;

    static final float NUCLEUS = 0.95f;

    static final int RETURNED = 20;

    private final int bytesPerElement;

    Operation(int bytesPerElement) {
        this.bytesPerElement = bytesPerElement;
    }

    /** Bytes that must be read from and written to memory for each element, if nothing is in a cache. */
    int bytesPerElement() {
        return bytesPerElement;
    }

    /** Whether it is something that users call, rather than a limit or a part. */
    boolean isForUsers() {
        return compareTo(CROSS_ENTROPY_AND_GRADIENT) <= 0;
    }

    /** Whether it turns a row of logits into a token, or says how likely it is. */
    boolean isOfDecoding() {
        return compareTo(GREEDY) >= 0;
    }

    /** Whether only Panamax offers it to users. */
    boolean isOfPanamaxAlone() {
        return this == TEMPERED_SOFTMAX || this == TOP_40;
    }

    /** Whether it writes a whole matrix, and so can be done in place. */
    boolean hasInPlaceForm() {
        return isForUsers() && bytesPerElement == 8;
    }

    /** Whether its output is one number per row. */
    boolean isPerRow() {
        return this == LOG_SUM_EXP || this == PASS_MAX || this == PASS_EXP_SUM;
    }

    @Override
    @JsonValue
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @JsonCreator
    static Operation of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
