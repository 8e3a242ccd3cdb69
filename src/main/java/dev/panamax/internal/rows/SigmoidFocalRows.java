package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.Exp;
import dev.panamax.internal.kernel.Log;

/**
 * Focal losses of elements: f (1 - q)<sup>gamma</sup> L, with the binary cross-entropy L and the probability q of what is the case, {@code
 * q = t p + (1 - t) (1 - p)}, computed in {@code double}, one element after the other. All comes from e = e<sup>-|x|</sup> without
 * cancellation: the likelier side has probability 1 / (1 + e), the other e / (1 + e).
 *
 * @param alpha what a yes is multiplied by, a no by 1 - alpha; NaN if both count as they are
 * @param gamma how much less an element counts that is right already
 */
public record SigmoidFocalRows(double alpha, double gamma) implements ElementLossBlocks.ElementLoss {
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
            float logit = x[from + i];
            double target = targets[targetsFrom + i];
            double e = Exp.minusOrZero(-Math.abs(logit));
            double crossEntropy = crossEntropy(logit, target, e);
            double missed = missed(logit, target, e);
            double share = factor(target) * FocalRows.power(missed, gamma);
            double loss = CrossEntropyRows.product(share, crossEntropy);
            if (out != null) {
                double slope = writesLosses ? 0 : slope(logit, target, e, missed, crossEntropy);
                out[to + i] = (float) (writesLosses ? loss : CrossEntropyRows.product(share, scale * slope));
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
            double logit = x[from + i];
            double target = targets[targetsFrom + i];
            double e = StrictMath.exp(-Math.abs(logit));
            double crossEntropy = crossEntropy(logit, target, e);
            double missed = missed(logit, target, e);
            double share = factor(target) * FocalRows.power(missed, gamma);
            double loss = CrossEntropyRows.product(share, crossEntropy);
            if (out != null) {
                double slope = writesLosses ? 0 : slope(logit, target, e, missed, crossEntropy);
                out[to + i] = writesLosses ? loss : CrossEntropyRows.product(share, scale * slope);
            }
            sum += loss;
        }
        return sum;
    }

    private double factor(double target) {
        return Double.isNaN(alpha) ? 1 : alpha * target + (1 - alpha) * (1 - target);
    }

    private static double crossEntropy(double logit, double target, double e) {
        double side = logit >= 0 ? 1 - target : target;
        return Log.onePlus(e) + (side == 0 ? 0 : Math.abs(logit) * side);
    }

    /** 1 - q. */
    private static double missed(double logit, double target, double e) {
        double likelier = logit >= 0 ? 1 - target : target;
        return (likelier + (1 - likelier) * e) / (1 + e);
    }

    /** The derivative with respect to the logit, over (1 - q)^gamma. */
    private double slope(double logit, double target, double e, double missed, double crossEntropy) {
        double likelier = logit >= 0 ? 1 - target : target;
        double away = (likelier - (1 - likelier) * e) / (1 + e);
        double ofCrossEntropy = logit >= 0 ? away : 0 - away;
        double both = e / ((1 + e) * (1 + e));
        // Where a side has no probability left, the loss is infinite or 0, and its focus does not move.
        double ofFocus = both == 0 ? 0 : gamma * (1 - 2 * target) * (both / missed) * crossEntropy;
        return ofCrossEntropy + ofFocus;
    }
}
