package dev.panamax.data;

/** What the matrices over arrays have in common. */
final class Matrices {
    private Matrices() {}

    /** What a view is, without its cells. */
    static String toString(String name, int offset, int rows, int cols, int stride, int length) {
        return name + "[" + rows + " x " + cols + ", offset " + offset + " and stride " + stride + " in an array of "
                + length + "]";
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
