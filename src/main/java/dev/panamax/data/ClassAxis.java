package dev.panamax.data;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * The vectors along an axis of a tensor that is not its last one, as rows: of logits [N, C, H, W], as segmentation has them,
 * with the classes along axis 1, the row of picture n and pixel (h, w) is {@code n * H * W + h * W + w}, and has C columns.
 *
 * <p>The tensor is a matrix whose rows are the positions before and on the axis, {@code [N * C]} here, and whose columns
 * those behind it, {@code [H * W]}. Column c of row r of this batch is cell {@code (r / inner * classes + c, r % inner)} of
 * the matrix, {@code inner} being its columns. With as many classes as the matrix has rows, the rows of this batch are the
 * matrix's columns.
 *
 * <p>Operations give the bits of the same numbers as rows, with one exception: softmax, log-softmax and log-sum-exp of a class
 * axis over a {@link FloatMatrix}, without a mask or a temperature, run down the columns side by side. For softmax and
 * log-softmax the output is such an axis, too. Their sums are added in another order than those of rows, so the last bits may
 * differ, within the same error and with the same special values. Either way the bits of a row depend on its own numbers
 * alone: not on the rows beside it, the width of vectors, the number of threads, or whether the output is the input.
 *
 * <p>The record copies nothing.
 *
 * {@snippet :
 * float[] logits = new float[2 * 21 * 16];            // [N, C, H * W]
 * Rows pixels = ClassAxis.of(logits, 2, 21, 16);      // a row of 21 classes for each of 32 pixels
 * Softmax.softmax(pixels, pixels);
 * }
 *
 * @param matrix a {@link FloatMatrix}, {@link DoubleMatrix} or {@link SegmentMatrix}
 * @param classes the length of the axis, 1 or more
 */
public record ClassAxis(Rows matrix, int classes) implements Rows {
    /**
     * Checks its arguments.
     *
     * @throws NullPointerException if the matrix is null
     * @throws IllegalArgumentException if it is no matrix, {@code classes} is less than 1 or does not divide its rows, or
     *     there are more than 2<sup>31</sup> - 1 rows
     */
    public ClassAxis {
        Objects.requireNonNull(matrix, "matrix");
        if (!(matrix instanceof FloatMatrix || matrix instanceof DoubleMatrix || matrix instanceof SegmentMatrix)) {
            throw new IllegalArgumentException("matrix is " + matrix + ", which is no matrix");
        }
        if (classes < 1) {
            throw new IllegalArgumentException("classes is " + classes + ", less than 1");
        }
        if (matrix.rows() % classes != 0) {
            throw new IllegalArgumentException(
                    "matrix has " + matrix.rows() + " rows, which is no multiple of classes, " + classes);
        }
        if (matrix.elements() / classes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "matrix has " + matrix.elements() + " elements: more than 2147483647 vectors of " + classes);
        }
    }

    /**
     * The columns of a matrix as rows.
     *
     * @param matrix a {@link FloatMatrix}, {@link DoubleMatrix} or {@link SegmentMatrix} with a row
     * @return the view
     * @throws NullPointerException if the matrix is null
     * @throws IllegalArgumentException if it is no matrix or has no row
     */
    public static ClassAxis columns(Rows matrix) {
        return new ClassAxis(matrix, Objects.requireNonNull(matrix, "matrix").rows());
    }

    /**
     * A contiguous tensor [outer, classes, inner] in an array.
     *
     * @param data the cells, at least {@code outer * classes * inner}
     * @param outer the positions before the axis, 0 or more
     * @param classes the length of the axis, 1 or more
     * @param inner the positions behind it, 0 or more
     * @return the view
     * @throws NullPointerException if {@code data} is null
     * @throws IllegalArgumentException if a size is too small, or the array
     */
    public static ClassAxis of(float[] data, int outer, int classes, int inner) {
        return new ClassAxis(FloatMatrix.of(data, rows(outer, classes), inner), classes);
    }

    /**
     * A contiguous tensor [outer, classes, inner] in an array of doubles.
     *
     * @param data the cells, at least {@code outer * classes * inner}
     * @param outer the positions before the axis, 0 or more
     * @param classes the length of the axis, 1 or more
     * @param inner the positions behind it, 0 or more
     * @return the view
     * @throws NullPointerException if {@code data} is null
     * @throws IllegalArgumentException if a size is too small, or the array
     */
    public static ClassAxis of(double[] data, int outer, int classes, int inner) {
        return new ClassAxis(DoubleMatrix.of(data, rows(outer, classes), inner), classes);
    }

    /**
     * A contiguous tensor [outer, classes, inner] in a memory segment.
     *
     * @param data the cells, at least {@code outer * classes * inner}
     * @param type how they are stored
     * @param outer the positions before the axis, 0 or more
     * @param classes the length of the axis, 1 or more
     * @param inner the positions behind it, 0 or more
     * @return the view
     * @throws NullPointerException if {@code data} or {@code type} is null
     * @throws IllegalArgumentException if a size is too small, or the segment
     */
    public static ClassAxis of(MemorySegment data, ElementType type, int outer, int classes, int inner) {
        return new ClassAxis(SegmentMatrix.of(data, type, rows(outer, classes), inner), classes);
    }

    private static int rows(int outer, int classes) {
        long rows = (long) outer * classes;
        if (outer < 0 || rows > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "outer is " + outer + ", not from 0 to " + Integer.MAX_VALUE / Math.max(1, classes));
        }
        return Math.toIntExact(rows);
    }

    /**
     * The positions behind the axis.
     *
     * @return 0 or more
     */
    public int inner() {
        return matrix.rows() == 0 ? 0 : matrix.cols(0);
    }

    @Override
    public int rows() {
        return matrix.rows() / classes * inner();
    }

    @Override
    public int cols(int row) {
        Objects.checkIndex(row, rows());
        return classes;
    }

    @Override
    public ElementType type() {
        return matrix.type();
    }

    @Override
    public String toString() {
        return "ClassAxis[" + classes + " classes, rows along " + matrix + "]";
    }
}
