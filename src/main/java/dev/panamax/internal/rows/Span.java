package dev.panamax.internal.rows;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;

/**
 * Where a block of rows of one container is used: in their own array, or in one of the stage's, to which they are moved. Rows
 * of floats are in {@link #cells}, those of doubles in {@link #doubles}.
 */
final class Span {
    float[] cells;
    double[] doubles;

    /** Where the block starts. */
    int from;

    /** From one row to the next, if all are of one length. */
    int stride;

    private boolean isMoved;
    private float[] own = new float[0];
    private double[] ownDoubles = new double[0];

    /** Uses a block of {@code length} elements where it lies, or makes room for it. */
    void place(Rows rows, Stage stage, int cols, int length) {
        int first = stage.first;
        int count = stage.count;
        stride = cols;
        isMoved = false;
        if (rows instanceof FloatMatrix matrix && isStretch(count, cols, matrix.cols(), matrix.stride())) {
            use(matrix.data(), matrix.rowStart(first));
            stride = matrix.stride();
        } else if (rows instanceof RaggedRows ragged) {
            use(ragged.data(), ragged.offsets()[first]);
        } else if (rows instanceof ArrayRows arrays && count == 1) {
            use(arrays.row(first), 0);
        } else if (rows instanceof DoubleMatrix matrix && isStretch(count, cols, matrix.cols(), matrix.stride())) {
            doubles = matrix.data();
            from = matrix.rowStart(first);
            stride = matrix.stride();
        } else {
            isMoved = true;
            from = 0;
            if (stage.areDoubles) {
                doubles = ownDoubles(length);
            } else {
                cells = own(length);
            }
        }
    }

    /** Rows that are not short need not be contiguous: there, the stride counts. */
    private static boolean isStretch(int count, int cols, int ownCols, int stride) {
        return count == 1 || stride == ownCols || Stage.isLong(cols);
    }

    private void use(float[] array, int start) {
        cells = array;
        from = start;
    }

    /** The stage's array, with room for a number of elements. */
    float[] own(int length) {
        if (own.length < length) {
            own = new float[Math.max(length, Stage.ROOM)];
        }
        return own;
    }

    double[] ownDoubles(int length) {
        if (ownDoubles.length < length) {
            ownDoubles = new double[Math.max(length, Stage.ROOM)];
        }
        return ownDoubles;
    }

    /** Moves the rows to the stage, if they are not used where they are. */
    void load(Rows rows, Stage stage) {
        if (isMoved && stage.areDoubles) {
            DoubleMover.load(rows, stage.first, stage.count, doubles, from);
        } else if (isMoved) {
            stage.mover().load(rows, stage.first, stage.count, cells, from);
        }
    }

    /** Moves the rows from the stage to where they belong, if they were not written there. */
    void store(Rows rows, Stage stage) {
        if (isMoved && stage.areDoubles) {
            DoubleMover.store(rows, stage.first, stage.count, doubles, from);
        } else if (isMoved) {
            stage.mover().store(rows, stage.first, stage.count, cells, from);
        }
    }

    /** The cells of another span, from its start on. */
    void use(Span other) {
        cells = other.cells;
        doubles = other.doubles;
        from = other.from;
        stride = other.stride;
    }

    /** Forgets arrays that are not its own. */
    void clear() {
        cells = null;
        doubles = null;
    }

    long elements() {
        return own.length + 2L * ownDoubles.length;
    }
}
