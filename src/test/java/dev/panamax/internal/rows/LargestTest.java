package dev.panamax.internal.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.internal.backend.KernelLookup;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against a stable sort: rows in all kinds of orders, short and long, with many equals and without, for few and many. */
class LargestTest {
    private static final int[] BEST_OF = {1, 2, 5, 40, 100, 700};
    private static final int[] LENGTHS = {1, 2, 13, 64, 100, 511, 512, 513, 1000, 4097, 30_000};

    private enum Order {
        RANDOM {
            @Override
            double value(int i, int length, SplittableRandom random) {
                return random.nextDouble() - 0.5;
            }
        },
        ASCENDING {
            @Override
            double value(int i, int length, SplittableRandom random) {
                return i - length / 2;
            }
        },
        DESCENDING {
            @Override
            double value(int i, int length, SplittableRandom random) {
                return length / 2 - i;
            }
        },
        UP_AND_DOWN {
            @Override
            double value(int i, int length, SplittableRandom random) {
                return Math.min(i, length - i);
            }
        },
        /** Every group has one of the largest. */
        PEAKS {
            @Override
            double value(int i, int length, SplittableRandom random) {
                return i % 97 == 0 ? 1000 + random.nextInt(50) : i % 7;
            }
        },
        ALL_EQUAL {
            @Override
            double value(int i, int length, SplittableRandom random) {
                return 2.5;
            }
        },
        FEW_VALUES {
            @Override
            double value(int i, int length, SplittableRandom random) {
                return random.nextInt(3);
            }
        },
        ZEROS_OF_BOTH_SIGNS {
            @Override
            double value(int i, int length, SplittableRandom random) {
                return random.nextBoolean() ? 0.0 : -0.0;
            }
        },
        MOSTLY_INFINITE {
            @Override
            double value(int i, int length, SplittableRandom random) {
                return random.nextInt(200) > 0 ? Double.NEGATIVE_INFINITY : random.nextInt(5);
            }
        };

        abstract double value(int i, int length, SplittableRandom random);
    }

    @ParameterizedTest
    @EnumSource
    void inTheOrderOfAStableSort(Order order) {
        SplittableRandom random = new SplittableRandom(order.ordinal());
        // One for all rows: nothing of a row is left for the next one.
        Largest largest = new Largest();
        for (int length : LENGTHS) {
            for (int bestOf : BEST_OF) {
                compare(order, largest, length, Math.min(bestOf, length), random);
            }
        }
    }

    private static void compare(Order order, Largest largest, int length, int k, SplittableRandom random) {
        int from = random.nextInt(20);
        double[] doubles = new double[from + length + random.nextInt(20)];
        float[] floats = new float[doubles.length];
        Arrays.fill(doubles, 1e30);
        Arrays.fill(floats, 1e30f);
        for (int i = 0; i < length; i++) {
            floats[from + i] = (float) order.value(i, length, random);
            doubles[from + i] = floats[from + i];
        }
        // The primitive order has two zeros.
        Comparator<Integer> byValue = Comparator.comparing(i -> 0 - (doubles[from + i] + 0.0));
        int[] sorted = IntStream.range(0, length)
                .boxed()
                .sorted(byValue)
                .limit(k)
                .mapToInt(i -> i)
                .toArray();
        String what = order + " of " + length + ", " + k;

        float max = largest.begin(KernelLookup.set().kernels(), floats, from, length, k);
        largest.find(KernelLookup.set().kernels(), floats, from);
        assertArrayEquals(sorted, IntStream.range(0, k).map(largest::place).toArray(), what);
        assertEquals(floats[from + sorted[0]], max, 0f, what);

        double maxOfDoubles = largest.begin(KernelLookup.set().doubles(), doubles, from, length, k);
        largest.find(doubles, from);
        assertArrayEquals(sorted, IntStream.range(0, k).map(largest::place).toArray(), what + " doubles");
        assertEquals(doubles[from + sorted[0]], maxOfDoubles, 0.0, what);
    }
}
