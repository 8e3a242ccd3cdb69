package dev.panamax.internal.learn;

import dev.panamax.data.FloatMatrix;

/** The checks that the learner's operations share. Each names the argument, the place and the value. */
public final class Checks {
    private Checks() {}

    /** Refuses a NaN or an infinity. */
    static void finite(FloatMatrix matrix, String name) {
        for (int row = 0; row < matrix.rows(); row++) {
            int start = matrix.rowStart(row);
            for (int col = 0; col < matrix.cols(); col++) {
                float value = matrix.data()[start + col];
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException(
                            name + " row " + row + ", column " + col + " is " + value + ", not a finite number");
                }
            }
        }
    }

    /** Refuses an output that lies among the cells of the input, which would be read after they were overwritten. */
    public static void apart(FloatMatrix out, String outName, FloatMatrix in, String inName) {
        boolean apart = out.data() != in.data() || end(out) <= in.offset() || end(in) <= out.offset();
        if (!apart) {
            throw new IllegalArgumentException(outName + " overlaps " + inName + ": cells " + out.offset() + " to "
                    + end(out) + " of one array against " + in.offset() + " to " + end(in));
        }
    }

    public static double notNegative(double value, String name) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " is " + value + ", not a finite number of 0 or more");
        }
        return value;
    }

    public static double aboveZero(double value, String name) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " is " + value + ", not a finite number above 0");
        }
        return value;
    }

    /** Refuses what is less than 0, or 1 and more. */
    public static double share(double value, String name) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " is " + value + ", not 0 or more and less than 1");
        }
        return value;
    }

    /** Refuses what is less than 0 or more than 1. */
    public static double ratio(double value, String name) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is " + value + ", not from 0 to 1");
        }
        return value;
    }

    public static int positive(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", less than 1");
        }
        return value;
    }

    private static int end(FloatMatrix matrix) {
        return matrix.rows() == 0 ? matrix.offset() : matrix.rowStart(matrix.rows() - 1) + matrix.cols();
    }
}
