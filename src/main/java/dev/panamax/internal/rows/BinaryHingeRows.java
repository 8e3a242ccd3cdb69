package dev.panamax.internal.rows;

/**
 * Hinge losses of elements, functions of v = margin - x for a yes and margin + x for a no, computed in {@code double}, one element after
 * the other.
 *
 * @param shape of the function
 * @param margin how far the score has to be on the right side
 */
public record BinaryHingeRows(Shape shape, double margin) implements ElementLossBlocks.ElementLoss {
    /** What a violation v above 0 costs. */
    public enum Shape {
        /** v. */
        LINEAR,
        /** v^2. */
        SQUARED,
        /** v^2 / 4 up to 2, then v - 1: the sparsemax loss of two classes. */
        ROUNDED
    }

    @Override
    public double row(
            float[] x,
            int from,
            float[] targets,
            int targetsFrom,
            int length,
            double scale,
            boolean writesLosses,
            float[] out,
            int to) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double sign = sign(targets[targetsFrom + i]);
            double violation = margin - sign * x[from + i];
            double loss = loss(violation);
            if (out != null) {
                out[to + i] = (float) (writesLosses ? loss : scale * slope(violation, sign));
            }
            sum += loss;
        }
        return sum;
    }

    @Override
    public double row(
            double[] x,
            int from,
            double[] targets,
            int targetsFrom,
            int length,
            double scale,
            boolean writesLosses,
            double[] out,
            int to) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double sign = sign(targets[targetsFrom + i]);
            double violation = margin - sign * x[from + i];
            double loss = loss(violation);
            if (out != null) {
                out[to + i] = writesLosses ? loss : scale * slope(violation, sign);
            }
            sum += loss;
        }
        return sum;
    }

    /** 1 for a yes, -1 for a no. */
    private static double sign(double target) {
        return 2 * target - 1;
    }

    private double loss(double violation) {
        double paid = Math.max(0, violation);
        return switch (shape) {
            case LINEAR -> paid;
            case SQUARED -> paid * paid;
            case ROUNDED -> paid < 2 ? paid * paid / 4 : paid - 1;
        };
    }

    /** The derivative with respect to the score. */
    private double slope(double violation, double sign) {
        if (violation <= 0) {
            return 0;
        }
        double slope = switch (shape) {
            case LINEAR -> violation > 0 ? 1 : violation;
            case SQUARED -> 2 * violation;
            case ROUNDED -> Math.min(1, violation / 2);
        };
        return -sign * slope;
    }
}
