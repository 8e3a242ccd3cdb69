package com.example.modulepath;

import dev.panamax.Backend;
import dev.panamax.CrossEntropy;
import dev.panamax.Softmax;
import dev.panamax.data.FloatMatrix;
import java.util.Arrays;

/** Panamax on the module path: it brings the Vector API along, no flag is needed. */
public final class Main {
    /** The bits of the loss and of the probabilities, which are the same on every machine. */
    private static final long LOSS = 0x3fd61ac11ca218e8L;

    private static final int PROBABILITIES = 1520032471;

    private Main() {}

    /**
     * Computes a loss and probabilities.
     *
     * @param arguments how the name of the backend must begin: {@code vector} or {@code scalar}
     */
    public static void main(String[] arguments) {
        Backend backend = Backend.current();
        check(backend.name().startsWith(arguments[0]), backend.toString());

        float[] scores = {2.0f, 1.0f, 0.1f, 0.3f, 2.2f, 0.4f};
        FloatMatrix logits = FloatMatrix.of(scores, 2, 3);
        double loss = CrossEntropy.mean().loss(logits, new int[] {0, 1});
        check(Double.doubleToLongBits(loss) == LOSS, "loss " + Double.toHexString(loss));

        Softmax.softmax(logits, logits);
        check(Arrays.hashCode(scores) == PROBABILITIES, Arrays.toString(scores));
        System.out.println(backend.name() + ": loss " + loss + ", probabilities " + Arrays.toString(scores));
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("unexpected: " + what);
        }
    }
}
