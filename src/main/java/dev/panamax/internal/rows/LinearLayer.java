package dev.panamax.internal.rows;

import dev.panamax.data.Rows;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer: the logit of a class is the product of a row of inputs with the row of weights of the class, plus its bias,
 * under a soft cap.
 *
 * @param inputs one row of features per example
 * @param weights one row of features per class
 * @param bias one number per class; null for none
 * @param softcap see {@link dev.panamax.internal.kernel.Softcap}; 0 for none
 */
public record LinearLayer(Rows inputs, Rows weights, float @Nullable [] bias, float softcap) {
    int features() {
        return Shape.cols(weights, 0);
    }

    public int classes() {
        return Shape.rows(weights);
    }
}
