package dev.panamax.internal.rows;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;

/**
 * What the rows of a container are. Each question is put to the container as what it is, and not through {@link Rows}: once
 * a program has used three kinds, a call through the interface costs 2 to 3 ns, and a small call asks a dozen of them.
 */
public final class Shape {
    private Shape() {}

    /** The number of rows. */
    public static int rows(Rows x) {
        if (x instanceof FloatMatrix matrix) {
            return matrix.rows();
        }
        if (x instanceof SegmentMatrix matrix) {
            return matrix.rows();
        }
        if (x instanceof DoubleMatrix matrix) {
            return matrix.rows();
        }
        return x instanceof RaggedRows ragged ? ragged.rows() : x.rows();
    }

    /** The length of all rows; -1 if they may differ. */
    public static int equalCols(Rows x) {
        if (x instanceof FloatMatrix matrix) {
            return matrix.cols();
        }
        if (x instanceof SegmentMatrix matrix) {
            return matrix.cols();
        }
        if (x instanceof DoubleMatrix matrix) {
            return matrix.cols();
        }
        return x instanceof ClassAxis axis ? axis.classes() : -1;
    }

    /** The length of a row. */
    public static int cols(Rows x, int row) {
        int cols = equalCols(x);
        if (cols >= 0) {
            return cols;
        }
        return x instanceof RaggedRows ragged ? ragged.cols(row) : x.cols(row);
    }

    /** How many rows have to be looked at to know the lengths of all: one, where they are of one length. */
    public static int differing(Rows x) {
        return equalCols(x) >= 0 ? Math.min(1, rows(x)) : rows(x);
    }

    /** The number of elements of all rows. */
    static long elements(Rows x) {
        int cols = equalCols(x);
        if (cols >= 0) {
            return (long) rows(x) * cols;
        }
        return x instanceof RaggedRows ragged ? ragged.elements() : x.elements();
    }

    /** Whether the numbers are computed in {@code double}. */
    public static boolean isDouble(Rows x) {
        if (x instanceof SegmentMatrix matrix) {
            return matrix.type() == ElementType.FLOAT64;
        }
        return x instanceof DoubleMatrix || x instanceof ClassAxis axis && isDouble(axis.matrix());
    }

    /** Whether a container shows the columns of a matrix of floats. */
    static boolean areColumns(Rows rows) {
        return rows instanceof ClassAxis axis && axis.matrix() instanceof FloatMatrix;
    }

    /** Whether rows that are not short are used where they lie. */
    public static boolean isArray(Rows x) {
        return x instanceof FloatMatrix
                || x instanceof RaggedRows
                || x instanceof DoubleMatrix
                || x instanceof ArrayRows;
    }
}
