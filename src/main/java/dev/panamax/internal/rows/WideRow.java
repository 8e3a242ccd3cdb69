package dev.panamax.internal.rows;

/**
 * A row as doubles, for operations whose formula is one of doubles whatever the container: that of doubles is used where it is,
 * that of floats is widened, and its output is rounded once.
 */
final class WideRow {
    /** What an operation does with a row. */
    interface Algorithm {
        void row(WideRow row, Stage stage, int i);
    }

    int length;
    double[] x;
    int xFrom;
    double[] y;
    int yFrom;
    double[] weights;
    int weightsFrom;
    double[] upstreams;
    int upstreamsFrom;

    /** Null if nothing is written; of doubles it may be one of the inputs. */
    double[] out;

    int to;
    private double[] ownX = new double[0];
    private double[] ownY = new double[0];
    private double[] ownWeights = new double[0];
    private double[] ownUpstreams = new double[0];
    private double[] ownOut = new double[0];

    /** Goes through the rows of a block of floats. */
    void ofFloats(Stage stage, Algorithm algorithm) {
        Factors factors = stage.factors;
        xFrom = 0;
        yFrom = 0;
        weightsFrom = 0;
        upstreamsFrom = 0;
        to = 0;
        for (int i = 0; i < stage.count; i++) {
            length = stage.cols(i);
            x = ownX = widened(stage, stage.xSpan, i, ownX);
            if (stage.y != null) {
                y = ownY = widened(stage, stage.ySpan, i, ownY);
            }
            if (factors != null && factors.weights != null) {
                weights = ownWeights = widened(stage, factors.weightSpan, i, ownWeights);
            }
            if (factors != null && factors.upstreams != null) {
                upstreams = ownUpstreams = widened(stage, factors.upstreamSpan, i, ownUpstreams);
            }
            if (stage.out != null) {
                out = ownOut = ownOut.length < length ? new double[length] : ownOut;
            }
            algorithm.row(this, stage, i);
            int start = stage.out == null ? 0 : stage.start(stage.outSpan, i);
            for (int c = 0; out != null && c < length; c++) {
                stage.outSpan.cells[start + c] = (float) out[c];
            }
        }
    }

    private double[] widened(Stage stage, Span span, int i, double[] own) {
        double[] wide = own.length < length ? new double[length] : own;
        int from = stage.start(span, i);
        for (int c = 0; c < length; c++) {
            wide[c] = span.cells[from + c];
        }
        return wide;
    }

    /** Goes through the rows of a block of doubles. */
    void ofDoubles(Stage stage, Algorithm algorithm) {
        Factors factors = stage.factors;
        x = stage.xSpan.doubles;
        y = stage.y == null ? null : stage.ySpan.doubles;
        weights = factors == null || factors.weights == null ? null : factors.weightSpan.doubles;
        upstreams = factors == null || factors.upstreams == null ? null : factors.upstreamSpan.doubles;
        out = stage.out == null ? null : stage.outSpan.doubles;
        for (int i = 0; i < stage.count; i++) {
            length = stage.cols(i);
            xFrom = stage.start(stage.xSpan, i);
            yFrom = y == null ? 0 : stage.start(stage.ySpan, i);
            weightsFrom = weights == null ? 0 : stage.start(factors.weightSpan, i);
            upstreamsFrom = upstreams == null ? 0 : stage.start(factors.upstreamSpan, i);
            to = out == null ? 0 : stage.start(stage.outSpan, i);
            algorithm.row(this, stage, i);
        }
    }

    double weight(int c) {
        return weights == null ? 1 : weights[weightsFrom + c];
    }

    double upstream(int c) {
        return upstreams == null ? 1 : upstreams[upstreamsFrom + c];
    }

    /** Forgets arrays that are not its own. */
    void clear() {
        x = null;
        y = null;
        weights = null;
        upstreams = null;
        out = null;
    }

    /** The room that it has, in floats. */
    long elements() {
        return 2 * ((long) ownX.length + ownY.length + ownWeights.length + ownUpstreams.length + ownOut.length);
    }
}
