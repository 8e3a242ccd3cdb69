package dev.panamax.internal.rows;

import dev.panamax.data.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Where the gradients of a linear layer go; each is null where it is not wanted.
 *
 * @param inputs shaped as the inputs
 * @param weights shaped as the weights, of {@code float}
 * @param bias one number per class
 * @param areAdded whether they are added to what is there
 */
public record LinearGradients(
        @Nullable Rows inputs, @Nullable Rows weights, float @Nullable [] bias, boolean areAdded) {
    /** None is wanted. */
    public static final LinearGradients NONE = new LinearGradients(null, null, null, false);

    boolean areWanted() {
        return inputs != null || weights != null || bias != null;
    }
}
