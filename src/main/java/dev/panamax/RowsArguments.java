package dev.panamax;

import dev.panamax.kernel.Stage;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** The checks of {@link Arguments} for rows in any containers, and those that only memory segments need. */
final class RowsArguments {
    /** Any thread but those that run. */
    private static final Thread ANOTHER = new Thread();

    private RowsArguments() {}

    /** Refuses a matrix without a column, and a segment that is closed or out of reach for a thread that is to read it. */
    static void input(Rows rows, String name, Workers workers) {
        switch (rows) {
            case null -> throw new NullPointerException(name);
            case FloatMatrix matrix -> Arguments.notEmptyRows(matrix, name);
            case SegmentMatrix matrix -> {
                if (matrix.rows() > 0 && matrix.cols() == 0) {
                    throw new IllegalArgumentException(name + " has " + matrix.rows() + " rows of 0 columns");
                }
                accessible(matrix.data(), name, workers);
            }
            case ArrayRows arrays -> {}
            case RaggedRows ragged -> {}
        }
    }

    /** Refuses a row of a segment that is too long for an operation that moves it whole to memory of its own. */
    static void movableSegment(Rows rows, String name) {
        if (rows instanceof SegmentMatrix) {
            movable(rows, name);
        }
    }

    /** Refuses a row that is too long for an operation that moves all rows whole. */
    static void movable(Rows rows, String name) {
        int differing = haveFixedCols(rows) ? Math.min(1, rows.rows()) : rows.rows();
        for (int r = 0; r < differing; r++) {
            if (rows.cols(r) > Stage.LONGEST_ROW) {
                throw new IllegalArgumentException("row " + r + " of " + name + " has " + rows.cols(r)
                        + " columns, but this operation moves whole rows, of up to " + Stage.LONGEST_ROW);
            }
        }
    }

    private static void accessible(MemorySegment segment, String name, Workers workers) {
        if (!segment.scope().isAlive()) {
            throw new IllegalArgumentException(name + " is a segment that has been closed");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new IllegalArgumentException(name + " is a segment of another thread's");
        }
        if (workers != null && workers.parallelism() > 1 && !segment.isAccessibleBy(ANOTHER)) {
            throw new IllegalArgumentException(name + " is a segment of this thread alone, which workers cannot share");
        }
    }

    /** Refuses an output of another shape than the input, of cells that it cannot write, and one that {@link #inPlaceOrApart} does. */
    static void output(Rows out, String outName, Rows in, String inName, Workers workers) {
        sameShape(out, outName, in, inName);
        input(out, outName, workers);
        if (out instanceof SegmentMatrix matrix && matrix.data().isReadOnly()) {
            throw new IllegalArgumentException(outName + " is read-only");
        }
        if (out instanceof ArrayRows arrays && arrays.repeated() >= 0) {
            throw new IllegalArgumentException(
                    outName + "[" + arrays.repeated() + "] is the array of another row, too");
        }
        inPlaceOrApart(out, outName, in, inName);
    }

    /** Refuses an output that shares cells with an input without being the same. */
    static void inPlaceOrApart(Rows out, String outName, Rows in, String inName) {
        if (!isSameView(out, in) && shareCell(out, in, true)) {
            throw new IllegalArgumentException(outName + " overlaps " + inName + " without being the same view");
        }
    }

    /** Refuses an output that shares any cell with an input. */
    static void apart(Rows out, String outName, Rows in, String inName) {
        if (shareCell(out, in, false)) {
            throw new IllegalArgumentException(outName + " overlaps " + inName);
        }
    }

    static void sameShape(Rows a, String aName, Rows b, String bName) {
        Objects.requireNonNull(a, aName);
        Objects.requireNonNull(b, bName);
        if (a.rows() != b.rows()) {
            throw new IllegalArgumentException(aName + " has " + a.rows() + " rows, but " + bName + " has " + b.rows());
        }
        int differing = haveFixedCols(a, b) ? Math.min(1, a.rows()) : a.rows();
        for (int r = 0; r < differing; r++) {
            if (a.cols(r) != b.cols(r)) {
                throw new IllegalArgumentException("row " + r + " of " + aName + " has " + a.cols(r)
                        + " columns, but that of " + bName + " has " + b.cols(r));
            }
        }
    }

    private static boolean haveFixedCols(Rows a, Rows b) {
        return haveFixedCols(a) && haveFixedCols(b)
                || a instanceof RaggedRows x && b instanceof RaggedRows y && x.offsets() == y.offsets();
    }

    /** Whether all rows are as long as each other, by their type. */
    static boolean haveFixedCols(Rows rows) {
        return rows instanceof FloatMatrix || rows instanceof SegmentMatrix;
    }

    /** Refuses an array of one number per row that is too short, or whose numbers are cells of a row. */
    static void perRow(float[] array, String name, Rows rows, String rowsName) {
        Objects.requireNonNull(array, name);
        Arguments.atLeast(array.length, rows.rows(), name);
        if (rows.rows() == 0) {
            return;
        }
        boolean overlaps = switch (rows) {
            case FloatMatrix matrix -> array == matrix.data() && matrix.offset() < matrix.rows();
            case SegmentMatrix matrix ->
                isOver(matrix.data(), array) && start(matrix, 0) < (long) matrix.rows() * Float.BYTES;
            case ArrayRows arrays -> holds(arrays, array);
            case RaggedRows ragged -> array == ragged.data() && ragged.offsets()[0] < ragged.rows();
        };
        if (overlaps) {
            throw new IllegalArgumentException(
                    name + " overlaps " + rowsName + ": its first " + rows.rows() + " elements");
        }
    }

    private static boolean holds(ArrayRows rows, float[] array) {
        for (int r = 0; r < rows.rows(); r++) {
            if (rows.row(r) == array && array.length > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether two batches of one shape show the same cells in the same places. */
    private static boolean isSameView(Rows a, Rows b) {
        if (a == b) {
            return true;
        }
        if (a instanceof ArrayRows x && b instanceof ArrayRows y) {
            for (int r = 0; r < x.rows(); r++) {
                if (x.row(r) != y.row(r)) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof RaggedRows x && b instanceof RaggedRows y) {
            // One shape: the rows of both start at the same distances.
            return x.data() == y.data() && x.offsets()[0] == y.offsets()[0];
        }
        if (a instanceof FloatMatrix x && b instanceof FloatMatrix y) {
            return x.data() == y.data() && x.offset() == y.offset() && (x.stride() == y.stride() || x.rows() <= 1);
        }
        return a instanceof SegmentMatrix x
                && b instanceof SegmentMatrix y
                && x.type() == y.type()
                && x.rows() > 0
                && isSameMemory(x.data(), y.data())
                && start(x, 0) == start(y, 0)
                && (x.stride() == y.stride() || x.rows() == 1);
    }

    /**
     * Whether any row of one batch meets a row of the other, which has the same shape.
     *
     * @param inPlace whether a row may be the very array of the same row
     */
    private static boolean shareCell(Rows a, Rows b, boolean inPlace) {
        if (a instanceof ArrayRows x) {
            return shareArray(x, b, inPlace);
        }
        if (b instanceof ArrayRows y) {
            return shareArray(y, a, inPlace);
        }
        if (a.rows() == 0 || b.rows() == 0 || !isSameMemory(a, b)) {
            return false;
        }
        int last = a.rows() - 1;
        int otherLast = b.rows() - 1;
        if (end(a, last) <= start(b, 0) || end(b, otherLast) <= start(a, 0)) {
            return false;
        }
        // A walk along both, always past the row that ends first.
        int i = 0;
        int j = 0;
        while (i <= last && j <= otherLast) {
            if (end(a, i) <= start(b, j)) {
                i++;
            } else if (end(b, j) <= start(a, i)) {
                j++;
            } else {
                // Also for an empty row: those with empty rows have nothing between them, so a cell lies here.
                return true;
            }
        }
        return false;
    }

    private static boolean shareArray(ArrayRows a, Rows b, boolean inPlace) {
        return switch (b) {
            case FloatMatrix matrix -> holds(a, matrix.data());
            case RaggedRows ragged -> holds(a, ragged.data());
            case ArrayRows arrays -> {
                boolean found = false;
                for (int r = 0; r < arrays.rows(); r++) {
                    found |= !(inPlace && arrays.row(r) == a.row(r)) && a.contains(arrays.row(r));
                }
                yield found;
            }
            case SegmentMatrix matrix -> {
                boolean found = false;
                for (int r = 0; r < a.rows() && !matrix.data().isNative(); r++) {
                    found |= isOver(matrix.data(), a.row(r));
                }
                yield found;
            }
        };
    }

    private static boolean isSameMemory(Rows a, Rows b) {
        if (a instanceof SegmentMatrix x) {
            return b instanceof SegmentMatrix y ? isSameMemory(x.data(), y.data()) : isOver(x.data(), array(b));
        }
        return b instanceof SegmentMatrix y ? isOver(y.data(), array(a)) : array(a) == array(b);
    }

    /** Whether the addresses of two segments can be compared, if they meet at all. */
    private static boolean isSameMemory(MemorySegment a, MemorySegment b) {
        return a == b
                || a.isNative() == b.isNative()
                        && (a.isNative() || a.asOverlappingSlice(b).isPresent());
    }

    /**
     * Whether a segment shows cells of an array. What it is over can only be asked at the price of an allocation; size and
     * alignment mostly say before that it is over something else.
     */
    private static boolean isOver(MemorySegment segment, float[] array) {
        if (segment.isNative()
                || segment.address() + segment.byteSize() > (long) array.length * Float.BYTES
                || segment.address() % Float.BYTES == 0 && segment.maxByteAlignment() < Float.BYTES) {
            return false;
        }
        return MemorySegment.ofArray(array).asOverlappingSlice(segment).isPresent();
    }

    private static float[] array(Rows rows) {
        return rows instanceof FloatMatrix matrix ? matrix.data() : ((RaggedRows) rows).data();
    }

    /** In bytes, from where the addresses of the memory start: those of an array at its first element. */
    private static long start(Rows rows, int row) {
        return switch (rows) {
            case FloatMatrix matrix -> (long) matrix.rowStart(row) * Float.BYTES;
            case SegmentMatrix matrix -> matrix.data().address() + matrix.byteOffset(row);
            case ArrayRows arrays -> throw new AssertionError(arrays);
            case RaggedRows ragged -> (long) ragged.offsets()[row] * Float.BYTES;
        };
    }

    private static long end(Rows rows, int row) {
        int bytes = rows instanceof SegmentMatrix matrix ? matrix.type().bytes() : Float.BYTES;
        return start(rows, row) + (long) rows.cols(row) * bytes;
    }
}
