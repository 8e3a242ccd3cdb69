package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The checks that the public operations share. Each names the argument, the place and the value. Where a matrix of floats can
 * be told from other containers, that comes first: it is what small calls have, whose checks cost as much as their work.
 */
public final class Arguments {
    /** Any thread but those that run. */
    private static final Thread ANOTHER = new Thread();

    private static final long NO_LABEL = Long.MIN_VALUE;

    private Arguments() {}

    /** Weights as a text, which is not long. */
    public static String toString(float @Nullable [] weights) {
        return weights == null || weights.length <= 10 ? Arrays.toString(weights) : weights.length + " numbers";
    }

    /** Refuses a matrix without a column, and what {@link #readable} does. */
    public static void input(Rows rows, String name, Chunks chunks) {
        if (rows instanceof FloatMatrix matrix) {
            if (matrix.cols() == 0 && matrix.rows() > 0) {
                throw new IllegalArgumentException(name + " has " + matrix.rows() + " rows of 0 columns");
            }
            return;
        }
        readable(rows, name, chunks);
        if (Shape.equalCols(rows) == 0 && Shape.rows(rows) > 0) {
            throw new IllegalArgumentException(name + " has " + Shape.rows(rows) + " rows of 0 columns");
        }
    }

    /** Refuses null, and a segment that is closed or out of reach for a thread that is to read it. */
    public static void readable(Rows rows, String name, Chunks chunks) {
        MemorySegment segment =
                rows instanceof FloatMatrix ? null : Overlap.segment(Objects.requireNonNull(rows, name));
        if (segment == null) {
            return;
        }
        if (!segment.scope().isAlive()) {
            throw new IllegalArgumentException(name + " is a segment that has been closed");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new IllegalArgumentException(name + " is a segment of another thread's");
        }
        if (chunks.parallelism() > 1 && !segment.isAccessibleBy(ANOTHER)) {
            throw new IllegalArgumentException(name + " is a segment of this thread alone, which workers cannot share");
        }
    }

    /** Refuses a row that is too long for an operation that moves it whole to memory of its own. */
    public static void movable(Rows rows, String name, boolean isMasked) {
        if (!isMasked && Shape.isArray(rows)) {
            return;
        }
        int differing = Shape.differing(rows);
        for (int r = 0; r < differing; r++) {
            if (Shape.cols(rows, r) > Stage.LONGEST_ROW) {
                throw new IllegalArgumentException("row " + r + " of " + name + " has " + Shape.cols(rows, r)
                        + " columns, but this operation moves whole rows, of up to " + Stage.LONGEST_ROW);
            }
        }
    }

    /** Refuses a row without a column. */
    public static void noEmptyRow(Rows rows, String name) {
        for (int r = 0; r < Shape.rows(rows) && Shape.equalCols(rows) < 0; r++) {
            if (Shape.cols(rows, r) == 0) {
                throw new IllegalArgumentException("row " + r + " of " + name + " has 0 columns");
            }
        }
    }

    /** Refuses another input of another shape, or whose numbers are not computed as those of the first one are. */
    public static void secondInput(Rows rows, String name, Rows in, String inName, Chunks chunks) {
        sameShape(rows, name, in, inName);
        readable(rows, name, chunks);
    }

    /** Refuses an output of another shape than the input, of cells that it cannot write, and one that {@link #inPlaceOrApart} does. */
    public static void output(Rows out, String outName, Rows in, String inName, Chunks chunks) {
        sameShape(out, outName, in, inName);
        if (!(out instanceof FloatMatrix)) {
            readable(out, outName, chunks);
            MemorySegment segment = Overlap.segment(out);
            if (segment != null && segment.isReadOnly()) {
                throw new IllegalArgumentException(outName + " is read-only");
            }
            int repeated = Overlap.repeatedRow(out);
            if (repeated >= 0) {
                throw new IllegalArgumentException(outName + "[" + repeated + "] is the array of another row, too");
            }
        }
        inPlaceOrApart(out, outName, in, inName);
    }

    /** Refuses an output that shares cells with an input without being the same. */
    public static void inPlaceOrApart(Rows out, String outName, Rows in, String inName) {
        if (out == in || !Overlap.mayShare(out, in) || Overlap.isSameView(out, in)) {
            return;
        }
        if (Overlap.sharesCell(out, in, true)) {
            String views = out instanceof FloatMatrix a && in instanceof FloatMatrix b
                    ? ": offset " + a.offset() + " and stride " + a.stride() + " against offset " + b.offset()
                            + " and stride " + b.stride()
                    : "";
            throw new IllegalArgumentException(
                    outName + " overlaps " + inName + " without being the same view" + views);
        }
    }

    /** Refuses an output that shares any cell with an input. */
    public static void apart(Rows out, String outName, Rows in, String inName) {
        if (Overlap.mayShare(out, in) && Overlap.sharesCell(out, in, false)) {
            throw new IllegalArgumentException(outName + " overlaps " + inName);
        }
    }

    public static void sameShape(Rows a, String aName, Rows b, String bName) {
        if (a instanceof FloatMatrix x && b instanceof FloatMatrix y) {
            if (x.rows() != y.rows() || x.cols() != y.cols()) {
                throw new IllegalArgumentException(aName + " is " + x.rows() + " x " + x.cols() + ", but " + bName
                        + " is " + y.rows() + " x " + y.cols());
            }
            return;
        }
        Objects.requireNonNull(a, aName);
        Objects.requireNonNull(b, bName);
        if (Shape.isDouble(a) != Shape.isDouble(b)) {
            throw new IllegalArgumentException(aName + " is " + a.type() + ", but " + bName + " is " + b.type()
                    + ": doubles are computed in double, and cannot be mixed with others in a call");
        }
        int cols = Shape.equalCols(a);
        int otherCols = Shape.equalCols(b);
        boolean areRectangular = cols >= 0 && otherCols >= 0;
        if (areRectangular && (Shape.rows(a) != Shape.rows(b) || cols != otherCols)) {
            throw new IllegalArgumentException(aName + " is " + Shape.rows(a) + " x " + cols + ", but " + bName + " is "
                    + Shape.rows(b) + " x " + otherCols);
        }
        if (Shape.rows(a) != Shape.rows(b)) {
            throw new IllegalArgumentException(
                    aName + " has " + Shape.rows(a) + " rows, but " + bName + " has " + Shape.rows(b));
        }
        for (int r = 0; r < Shape.rows(a) && !areRectangular && !Overlap.haveSameOffsets(a, b); r++) {
            if (Shape.cols(a, r) != Shape.cols(b, r)) {
                throw new IllegalArgumentException("row " + r + " of " + aName + " has " + Shape.cols(a, r)
                        + " columns, but that of " + bName + " has " + Shape.cols(b, r));
            }
        }
    }

    public static void atLeast(int length, long needed, String name) {
        if (length < needed) {
            throw new IllegalArgumentException(name + " has " + length + " elements, but " + needed + " are needed");
        }
    }

    /** Refuses labels that are too few, and those that are not a class of their row. */
    public static void labels(int[] labels, Rows rows) {
        labels(labels, rows, NO_LABEL);
    }

    /** The same, but for one label. */
    public static void labels(int[] labels, Rows rows, int ignoreIndex) {
        labels(labels, rows, (long) ignoreIndex);
    }

    private static void labels(int[] labels, Rows rows, long ignoreIndex) {
        Objects.requireNonNull(labels, "labels");
        int count = Shape.rows(rows);
        atLeast(labels.length, count, "labels");
        int equal = Shape.equalCols(rows);
        for (int r = 0; r < count; r++) {
            int classes = equal >= 0 ? equal : Shape.cols(rows, r);
            if ((labels[r] < 0 || labels[r] >= classes) && labels[r] != ignoreIndex) {
                throw new IllegalArgumentException(
                        classes == 0
                                ? "row " + r + " is empty: there is no class for labels[" + r + "], which is "
                                        + labels[r]
                                : "labels[" + r + "] is " + labels[r] + ", not a class from 0 to " + (classes - 1));
            }
        }
    }

    /** Refuses labels that a mask does not allow in their row, but for one label. */
    public static void allowedLabels(int[] labels, Rows rows, Mask mask, int ignoreIndex) {
        for (int r = 0; r < Shape.rows(rows); r++) {
            if (labels[r] != ignoreIndex && !mask.allows(r, labels[r], Shape.cols(rows, r))) {
                throw new IllegalArgumentException(
                        "labels[" + r + "] is " + labels[r] + ", a column that is masked in row " + r);
            }
        }
    }

    /** Refuses class weights whose number is not that of the columns of a row that has a label. */
    public static void classWeights(
            float @Nullable [] weights, Rows rows, String name, int @Nullable [] labels, int ignoreIndex) {
        if (weights == null) {
            return;
        }
        int differing = Shape.differing(rows);
        for (int r = 0; r < differing; r++) {
            boolean counts = Shape.equalCols(rows) >= 0 || labels == null || labels[r] != ignoreIndex;
            if (counts && weights.length != Shape.cols(rows, r)) {
                throw new IllegalArgumentException("classWeights has " + weights.length + " elements, but " + name
                        + " has " + Shape.cols(rows, r) + " columns");
            }
        }
    }

    /** Refuses weights that are negative, infinite or NaN. */
    public static void weights(float[] weights, int length, String name) {
        for (int i = 0; i < length; i++) {
            if (!(weights[i] >= 0 && weights[i] <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        name + "[" + i + "] is " + weights[i] + ", not 0 or more and finite");
            }
        }
    }

    /** Refuses weights of rows that are too few, and what {@link #weights} does. */
    public static void rowWeights(float @Nullable [] rowWeights, Rows rows) {
        if (rowWeights != null) {
            atLeast(rowWeights.length, Shape.rows(rows), "rowWeights");
            weights(rowWeights, Shape.rows(rows), "rowWeights");
        }
    }

    /** Refuses an array of numbers for the rows that is too short, or whose numbers lie in the cells of the rows. */
    public static void perRow(float[] array, int each, String name, Rows rows, String rowsName) {
        Objects.requireNonNull(array, name);
        perRow(array, array.length, each, name, rows, rowsName);
    }

    /** The same for doubles. */
    public static void perRow(double[] array, int each, String name, Rows rows, String rowsName) {
        Objects.requireNonNull(array, name);
        perRow(array, array.length, each, name, rows, rowsName);
    }

    private static void perRow(Object array, int length, int each, String name, Rows rows, String rowsName) {
        int needed = Math.multiplyExact(Shape.rows(rows), each);
        atLeast(length, needed, name);
        if (needed > 0 && Overlap.begins(rows, array, needed)) {
            throw new IllegalArgumentException(
                    name + " overlaps " + rowsName + ": the first " + needed + " elements of its array");
        }
    }
}
