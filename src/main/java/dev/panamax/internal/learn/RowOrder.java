package dev.panamax.internal.learn;

import java.util.Arrays;
import java.util.SplittableRandom;

/** A seeded source of random row orders. */
public final class RowOrder {
    private final SplittableRandom random;

    public RowOrder(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The rows from 0 to {@code rows - 1} as they are. */
    public static int[] of(int rows) {
        int[] order = new int[rows];
        Arrays.setAll(order, row -> row);
        return order;
    }

    /** Brings the rows into a random order, each order being as likely as any other. */
    public void shuffle(int[] order) {
        for (int last = order.length - 1; last > 0; last--) {
            int chosen = random.nextInt(last + 1);
            int row = order[chosen];
            order[chosen] = order[last];
            order[last] = row;
        }
    }
}
