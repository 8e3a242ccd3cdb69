package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Any operation, on views of any shape, offset, stride and content, apart and overlapping: no exception but the documented
 * ones, nothing written outside the view, and the bits of the specification. {@code -Dpanamax.fuzz.calls} says how many.
 */
class FuzzTest {
    private static final int BLOCKS = 100;
    private static final int CALLS_PER_BLOCK = Integer.getInteger("panamax.fuzz.calls", 20_000) / BLOCKS;

    private static final LongFunction<long[]> SPECIFICATION = Twin.scalar();
    private static final LongFunction<long[]> SUBJECT = new Twin.Calls();

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.randomValue(Random::nextLong);
    }

    @Property(tries = BLOCKS, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void anyCallHasTheBitsOfTheSpecification(@ForAll("seeds") long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int i = 0; i < CALLS_PER_BLOCK; i++) {
            long call = seeds.nextLong();
            assertArrayEquals(
                    SPECIFICATION.apply(call),
                    SUBJECT.apply(call),
                    () -> call + ": " + Call.random(new SplittableRandom(call)));
        }
    }
}
