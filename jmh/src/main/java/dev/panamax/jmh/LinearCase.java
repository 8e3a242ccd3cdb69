package dev.panamax.jmh;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Locale;

/**
 * Something that is timed with a linear layer.
 *
 * @param rows of inputs
 * @param memory the bytes that Panamax may have, or the logits of OpenBLAS; 0 for the default, and for all
 */
record LinearCase(Work work, int rows, int features, int classes, int threads, String by, long memory) {
    static final String PANAMAX = "panamax";
    static final String LIBTORCH = "libtorch";
    static final String OPENBLAS = "openblas";

    /** What is done. */
    enum Work {
        /** All logits, in memory that is there. */
        PRODUCT,
        /** The loss. */
        LOSS,
        /** The loss, and its gradients with respect to inputs, weights and bias. */
        LOSS_AND_GRADIENTS
    }

    /** In multiply-adds, as if nothing were computed twice. */
    @JsonIgnore
    double products() {
        return (work == Work.LOSS_AND_GRADIENTS ? 3.0 : 1) * rows * features * classes;
    }

    LinearCase by(String other, long itsMemory) {
        return new LinearCase(work, rows, features, classes, threads, other, itsMemory);
    }

    @JsonIgnore
    String what() {
        return work.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + rows + "x" + features + "->" + classes
                + ", " + threads + (threads == 1 ? " thread" : " threads");
    }

    @Override
    public String toString() {
        return what() + ": " + by + (memory == 0 ? "" : " in " + Markdown.number(memory / 1e6) + " MB");
    }
}
