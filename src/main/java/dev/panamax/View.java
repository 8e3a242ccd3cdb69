package dev.panamax;

/** What the matrices have in common: a view of some array. The checks need to know no more. */
sealed interface View permits FloatMatrix, DoubleMatrix {
    /** The array. */
    Object data();

    int offset();

    int rows();

    int cols();

    int stride();

    int rowStart(int row);

    /** What a view is, without its cells. */
    static String toString(String name, View view, int length) {
        return name + "[" + view.rows() + " x " + view.cols() + ", offset " + view.offset() + " and stride "
                + view.stride() + " in an array of " + length + "]";
    }

    /** Refuses a view with a cell outside its array. */
    static void check(int length, int offset, int rows, int cols, int stride) {
        notNegative(offset, "offset");
        notNegative(rows, "rows");
        notNegative(cols, "cols");
        if (stride < cols) {
            throw new IllegalArgumentException("stride is " + stride + ", less than cols, which is " + cols);
        }
        long end = rows == 0 || cols == 0 ? offset : offset + (rows - 1L) * stride + cols;
        if (end > length) {
            throw new IllegalArgumentException("data has " + length + " elements, but offset " + offset + ", rows "
                    + rows + ", cols " + cols + " and stride " + stride + " need " + end);
        }
    }

    private static void notNegative(int value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + ", less than 0");
        }
    }
}
