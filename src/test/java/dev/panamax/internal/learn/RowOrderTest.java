package dev.panamax.internal.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowOrderTest {
    @Test
    void shufflingMakesEveryOrderEquallyLikely() {
        int[] counts = new int[27];
        RowOrder random = new RowOrder(7);
        for (int i = 0; i < 60_000; i++) {
            int[] order = RowOrder.of(3);
            random.shuffle(order);
            counts[9 * order[0] + 3 * order[1] + order[2]]++;
        }
        int[] orders = IntStream.of(counts).filter(count -> count > 0).toArray();
        assertEquals(6, orders.length);
        // 10,000 are expected of each; 500 are more than 5 standard deviations.
        assertTrue(IntStream.of(orders).allMatch(count -> Math.abs(count - 10_000) < 500), Arrays.toString(orders));
    }
}
