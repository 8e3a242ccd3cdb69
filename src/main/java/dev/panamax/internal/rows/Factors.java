package dev.panamax.internal.rows;

import dev.panamax.data.ClassAxis;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;

/** What the elements of a call are multiplied by: two more inputs of a {@link Stage}, for the operations that have them. */
final class Factors {
    /** What each element counts; null for ones. */
    Rows weights;

    /** What comes from upstream for each element; null for ones. */
    Rows upstreams;

    final Span weightSpan = new Span();
    final Span upstreamSpan = new Span();

    /** Makes those of a block ready to be read. */
    void load(Stage stage, int cols, int length) {
        load(weights, weightSpan, stage, cols, length);
        load(upstreams, upstreamSpan, stage, cols, length);
    }

    private static void load(Rows rows, Span span, Stage stage, int cols, int length) {
        if (rows != null) {
            span.place(rows, stage, cols, length);
            span.load(rows, stage);
        }
    }

    /** Uses those of a block where they are. */
    void use(Factors other) {
        weightSpan.use(other.weightSpan);
        upstreamSpan.use(other.upstreamSpan);
    }

    boolean areMatrices() {
        return (weights == null || weights instanceof FloatMatrix)
                && (upstreams == null || upstreams instanceof FloatMatrix);
    }

    boolean areArrays() {
        return (weights == null || Shape.isArray(weights)) && (upstreams == null || Shape.isArray(upstreams));
    }

    boolean haveColumns() {
        return weights instanceof ClassAxis || upstreams instanceof ClassAxis;
    }

    /** Forgets the caller's arrays. */
    void clear() {
        weights = null;
        upstreams = null;
        weightSpan.clear();
        upstreamSpan.clear();
    }

    long elements() {
        return weightSpan.elements() + upstreamSpan.elements();
    }
}
