package dev.panamax.internal.rows;

import java.util.Arrays;

/** What a label's log-probability costs: nothing else of the row is read. */
public record NegativeLogLikelihoodRows() implements LabelLossBlocks.RowLoss {
    @Override
    public double row(float[] x, int from, int length, int place, double weight, double divisor, float[] out, int to) {
        double loss = weight * (0.0 - x[from + place]);
        if (out != null) {
            Arrays.fill(out, to, to + length, 0);
            out[to + place] = (float) (0 - weight / divisor);
        }
        return loss;
    }

    @Override
    public double row(
            double[] x, int from, int length, int place, double weight, double divisor, double[] out, int to) {
        double loss = weight * (0 - x[from + place]);
        if (out != null) {
            Arrays.fill(out, to, to + length, 0);
            out[to + place] = 0 - weight / divisor;
        }
        return loss;
    }
}
