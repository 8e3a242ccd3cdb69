package dev.panamax.internal.rows;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Whether two containers show the same cells. Allocates nothing where they obviously do not. */
final class Overlap {
    private Overlap() {}

    /** The matrix whose cells a container shows; the container itself, if it is none of columns. */
    private static Rows cells(Rows rows) {
        return rows instanceof ClassAxis axis ? axis.matrix() : rows;
    }

    /** The memory of a matrix in a segment; null for others. */
    static @Nullable MemorySegment segment(Rows rows) {
        return cells(rows) instanceof SegmentMatrix matrix ? matrix.data() : null;
    }

    /** A row whose array is that of another row; -1 if there is none. */
    static int repeatedRow(Rows rows) {
        return rows instanceof ArrayRows arrays ? arrays.repeated() : -1;
    }

    /** Whether rows are of the same lengths because they are described by the same array. */
    static boolean haveSameOffsets(Rows a, Rows b) {
        return a instanceof RaggedRows x && b instanceof RaggedRows y && x.offsets() == y.offsets();
    }

    /** Whether it takes a closer look to say that two share no cell. */
    static boolean mayShare(Rows a, Rows b) {
        return !(a instanceof FloatMatrix x && b instanceof FloatMatrix y && x.data() != y.data());
    }

    /** Whether two of the same shape show the same cells. */
    static boolean isSameView(Rows a, Rows b) {
        if (a == b) {
            return true;
        }
        if (a instanceof FloatMatrix x && b instanceof FloatMatrix y) {
            return x.data() == y.data() && x.offset() == y.offset() && (x.stride() == y.stride() || x.rows() <= 1);
        }
        if (a instanceof DoubleMatrix x && b instanceof DoubleMatrix y) {
            return x.data() == y.data() && x.offset() == y.offset() && (x.stride() == y.stride() || x.rows() <= 1);
        }
        if (a instanceof ClassAxis x && b instanceof ClassAxis y) {
            return x.classes() == y.classes() && x.inner() == y.inner() && isSameView(x.matrix(), y.matrix());
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
        return a instanceof SegmentMatrix x
                && b instanceof SegmentMatrix y
                && x.type() == y.type()
                && x.rows() > 0
                && isSameMemory(x.data(), y.data())
                && start(x, 0) == start(y, 0)
                && (x.stride() == y.stride() || x.rows() == 1);
    }

    /**
     * Whether any row of one batch meets a row of the other.
     *
     * @param inPlace whether a row may be the very array of the same row
     */
    static boolean sharesCell(Rows first, Rows second, boolean inPlace) {
        Rows a = cells(first);
        Rows b = cells(second);
        if (a instanceof ArrayRows x) {
            return sharesArray(x, b, inPlace);
        }
        if (b instanceof ArrayRows y) {
            return sharesArray(y, a, inPlace);
        }
        if (Shape.rows(a) == 0 || Shape.rows(b) == 0 || !isSameMemory(a, b)) {
            return false;
        }
        int last = Shape.rows(a) - 1;
        int otherLast = Shape.rows(b) - 1;
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

    private static boolean sharesArray(ArrayRows a, Rows b, boolean inPlace) {
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
                    found |= isOver(matrix.data(), a.row(r), a.row(r).length, Float.BYTES);
                }
                yield found;
            }
            case DoubleMatrix matrix -> false;
            case ClassAxis axis -> throw new AssertionError(axis);
        };
    }

    private static boolean holds(ArrayRows rows, float[] array) {
        for (int r = 0; r < rows.rows(); r++) {
            if (rows.row(r) == array && array.length > 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSameMemory(Rows a, Rows b) {
        if (a instanceof SegmentMatrix x) {
            return b instanceof SegmentMatrix y ? isSameMemory(x.data(), y.data()) : isOver(x.data(), b);
        }
        return b instanceof SegmentMatrix y ? isOver(y.data(), a) : array(a) == array(b);
    }

    /** Whether the addresses of two segments can be compared, if they meet at all. */
    private static boolean isSameMemory(MemorySegment a, MemorySegment b) {
        return a == b
                || a.isNative() == b.isNative()
                        && (a.isNative() || a.asOverlappingSlice(b).isPresent());
    }

    private static boolean isOver(MemorySegment segment, Rows rows) {
        return isOver(segment, array(rows));
    }

    private static boolean isOver(MemorySegment segment, Object array) {
        return array instanceof float[] floats
                ? isOver(segment, floats, floats.length, Float.BYTES)
                : isOver(segment, array, ((double[]) array).length, Double.BYTES);
    }

    /**
     * Whether a segment shows cells of an array. What it is over can only be asked at the price of an allocation; size and
     * alignment mostly say before that it is over something else.
     */
    private static boolean isOver(MemorySegment segment, Object array, int length, int bytes) {
        if (segment.isNative()
                || segment.address() + segment.byteSize() > (long) length * bytes
                || segment.address() % bytes == 0 && segment.maxByteAlignment() < bytes) {
            return false;
        }
        MemorySegment all = array instanceof float[] floats
                ? MemorySegment.ofArray(floats)
                : MemorySegment.ofArray((double[]) array);
        return all.asOverlappingSlice(segment).isPresent();
    }

    /** Whether an array of numbers for rows shows cells of the rows among its first elements. */
    static boolean begins(Rows rows, Object array, int length) {
        if (rows instanceof FloatMatrix matrix) {
            return matrix.data() == array && matrix.offset() < length;
        }
        return switch (cells(rows)) {
            case FloatMatrix matrix -> matrix.data() == array && matrix.offset() < length;
            case DoubleMatrix matrix -> matrix.data() == array && matrix.offset() < length;
            case RaggedRows ragged -> ragged.data() == array && ragged.offsets()[0] < length;
            case ArrayRows arrays -> array instanceof float[] floats && holds(arrays, floats);
            case SegmentMatrix matrix ->
                matrix.rows() > 0
                        && isOver(matrix.data(), array)
                        && start(matrix, 0) < (long) length * (array instanceof float[] ? Float.BYTES : Double.BYTES);
            case ClassAxis axis -> throw new AssertionError(axis);
        };
    }

    private static Object array(Rows rows) {
        return switch (rows) {
            case FloatMatrix matrix -> matrix.data();
            case DoubleMatrix matrix -> matrix.data();
            case RaggedRows ragged -> ragged.data();
            case ArrayRows other -> throw new AssertionError(other);
            case SegmentMatrix other -> throw new AssertionError(other);
            case ClassAxis other -> throw new AssertionError(other);
        };
    }

    /** In bytes, from where the addresses of the memory start: those of an array at its first element. */
    private static long start(Rows rows, int row) {
        return switch (rows) {
            case FloatMatrix matrix -> (long) matrix.rowStart(row) * Float.BYTES;
            case DoubleMatrix matrix -> (long) matrix.rowStart(row) * Double.BYTES;
            case SegmentMatrix matrix -> matrix.data().address() + matrix.byteOffset(row);
            case RaggedRows ragged -> (long) ragged.offsets()[row] * Float.BYTES;
            case ArrayRows other -> throw new AssertionError(other);
            case ClassAxis other -> throw new AssertionError(other);
        };
    }

    private static long end(Rows rows, int row) {
        return start(rows, row) + (long) Shape.cols(rows, row) * rows.type().bytes();
    }
}
