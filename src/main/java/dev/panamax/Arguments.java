package dev.panamax;

import java.util.Arrays;
import java.util.Objects;

/** The checks that the public operations share. Each names the argument, the place and the value. */
final class Arguments {
    private Arguments() {}

    /** Weights as a text, which is not long. */
    static String toString(float[] weights) {
        return weights == null || weights.length <= 10 ? Arrays.toString(weights) : weights.length + " numbers";
    }

    /** Refuses rows without a column: they have no softmax. */
    static void notEmptyRows(View matrix, String name) {
        Objects.requireNonNull(matrix, name);
        if (matrix.rows() > 0 && matrix.cols() == 0) {
            throw new IllegalArgumentException(name + " has " + matrix.rows() + " rows of 0 columns");
        }
    }

    /** Refuses an output of another shape than the input, and one that shares cells with it without being the same. */
    static void output(View out, String outName, View in, String inName) {
        sameShape(out, outName, in, inName);
        if (out.data() == in.data() && !sameCells(out, in) && shareCell(out, in)) {
            throw new IllegalArgumentException(outName + " overlaps " + inName + " without being the same view: offset "
                    + out.offset() + " and stride " + out.stride() + " against offset " + in.offset() + " and stride "
                    + in.stride());
        }
    }

    static void sameShape(View a, String aName, View b, String bName) {
        Objects.requireNonNull(a, aName);
        Objects.requireNonNull(b, bName);
        if (a.rows() != b.rows() || a.cols() != b.cols()) {
            throw new IllegalArgumentException(aName + " is " + a.rows() + " x " + a.cols() + ", but " + bName + " is "
                    + b.rows() + " x " + b.cols());
        }
    }

    static void atLeast(int length, int needed, String name) {
        if (length < needed) {
            throw new IllegalArgumentException(name + " has " + length + " elements, but " + needed + " are needed");
        }
    }

    /** Refuses a label that is not a class. */
    static void label(int[] labels, int row, int classes) {
        if (classes == 0) {
            throw new IllegalArgumentException(
                    "row " + row + " is empty: there is no class for labels[" + row + "], which is " + labels[row]);
        }
        if (labels[row] < 0 || labels[row] >= classes) {
            throw new IllegalArgumentException(
                    "labels[" + row + "] is " + labels[row] + ", not a class from 0 to " + (classes - 1));
        }
    }

    /** Refuses weights that are negative, infinite or NaN. */
    static void weights(float[] weights, int length, String name) {
        for (int i = 0; i < length; i++) {
            if (!(weights[i] >= 0 && weights[i] <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        name + "[" + i + "] is " + weights[i] + ", not 0 or more and finite");
            }
        }
    }

    /** Refuses an array of one number per row that is too short, or whose numbers lie in the matrix. */
    static void perRow(float[] array, String name, View matrix, String matrixName) {
        Objects.requireNonNull(array, name);
        perRow(array, array.length, name, matrix, matrixName);
    }

    /** The same for doubles. */
    static void perRow(double[] array, String name, View matrix, String matrixName) {
        Objects.requireNonNull(array, name);
        perRow(array, array.length, name, matrix, matrixName);
    }

    private static void perRow(Object array, int length, String name, View matrix, String matrixName) {
        atLeast(length, matrix.rows(), name);
        if (array == matrix.data() && matrix.rows() > 0 && matrix.offset() < matrix.rows()) {
            throw new IllegalArgumentException(
                    name + " overlaps " + matrixName + ": the first " + matrix.rows() + " elements of its array");
        }
    }

    /** Refuses an output that shares any cell with an input. */
    static void apart(View out, String outName, View in, String inName) {
        if (out.data() == in.data() && shareCell(out, in)) {
            throw new IllegalArgumentException(outName + " overlaps " + inName);
        }
    }

    /** Whether two views of one array with the same shape show the same cells; the stride of a single row is idle. */
    private static boolean sameCells(View a, View b) {
        return a.offset() == b.offset() && (a.stride() == b.stride() || a.rows() <= 1);
    }

    /** Whether any row of one view meets a row of the other: a walk along both, always past the row that ends first. */
    private static boolean shareCell(View a, View b) {
        int i = 0;
        int j = 0;
        while (i < a.rows() && j < b.rows()) {
            int start = a.rowStart(i);
            int otherStart = b.rowStart(j);
            if (start + a.cols() <= otherStart) {
                i++;
            } else if (otherStart + b.cols() <= start) {
                j++;
            } else {
                return true;
            }
        }
        return false;
    }
}
