package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.internal.panama.Inputs;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogSumExpTest {
    private static final float INF = Float.POSITIVE_INFINITY;

    private static LogSumExp of(float... x) {
        LogSumExp sum = new LogSumExp();
        sum.add(x);
        return sum;
    }

    private static LogSumExp restored(LogSumExp sum) {
        return LogSumExp.of(sum.largest(), sum.sum());
    }

    private static void sameState(LogSumExp a, LogSumExp b) {
        assertEquals(a.largest(), b.largest());
        assertEquals(a.sum(), b.sum());
    }

    /** Single elements and ranges, into several accumulators that are merged in a tree, each restored on the way. */
    private static float inPieces(float[] x, SplittableRandom random) {
        LogSumExp[] parts = new LogSumExp[1 + random.nextInt(5)];
        Arrays.setAll(parts, i -> new LogSumExp());
        int longest = 1 + random.nextInt(x.length);
        for (int from = 0; from < x.length; ) {
            int part = random.nextInt(parts.length);
            int length = Math.min(random.nextInt(longest + 1), x.length - from);
            if (length == 1) {
                parts[part].add(x[from]);
            } else {
                parts[part].add(x, from, length);
            }
            parts[part] = restored(parts[part]);
            from += length;
        }
        for (int i = 1; i < parts.length; i++) {
            parts[i].merge(parts[i - 1]);
        }
        return parts[parts.length - 1].value();
    }

    @ParameterizedTest
    @EnumSource(
            value = Inputs.class,
            names = {"ANY_BITS", "ALL_MASKED"},
            mode = EnumSource.Mode.EXCLUDE)
    void anySplitIsAsExactAsOnePiece(Inputs kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int repeat = 0; repeat < 2000; repeat++) {
            checkSplits(kind.row(1 + random.nextInt(repeat % 100 == 0 ? 20_000 : 300), random), random);
        }
    }

    private static void checkSplits(float[] x, SplittableRandom random) {
        float whole = Softmax.logSumExp(x);
        float got = inPieces(x, random);
        double exact = Oracle.logSumExp(x);
        if (!(Math.abs(exact) <= Float.MAX_VALUE)) {
            assertEquals(whole, got);
            return;
        }
        double bound = Oracle.logSumExpBound(x);
        assertTrue(Math.abs(got - exact) <= bound, () -> got + " of " + exact);
    }

    /** The anchor changes with each element; where it is too large to be folded in, by a factor that is not exact. */
    @Test
    void ascendingElementsAsExactly() {
        SplittableRandom random = new SplittableRandom(1);
        for (float start : new float[] {-300, 1000, 131_000, 140_000, 1e6f, -131_200, -1e6f}) {
            float[] x = new float[20_000];
            for (int i = 0; i < x.length; i++) {
                x[i] = start + i / 64f;
            }
            LogSumExp sum = new LogSumExp();
            for (float value : x) {
                sum.add(value);
            }
            double exact = Oracle.logSumExp(x);
            assertEquals(exact, sum.value(), Oracle.logSumExpBound(x));
            checkSplits(x, random);
        }
    }

    @Test
    void aMillionSingleElementsAsExactly() {
        SplittableRandom random = new SplittableRandom(2);
        float[] x = Inputs.MODERATE.row(1 << 20, random);
        LogSumExp sum = new LogSumExp();
        for (float value : x) {
            sum.add(value);
        }
        double exact = Oracle.logSumExp(x);
        assertEquals(exact, sum.value(), 2 * Math.ulp((float) exact));
    }

    /** Whichever piece the largest is in, and in whatever order they come, the others keep their digits. */
    @Test
    void oneElementThatOutweighsTheOthers() {
        SplittableRandom random = new SplittableRandom(4);
        for (int repeat = 0; repeat < 2000; repeat++) {
            float[] x = new float[1 + random.nextInt(100)];
            double below = random.nextDouble() * 106;
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (-below - random.nextDouble() * 4);
            }
            x[random.nextInt(x.length)] = repeat % 3 - 1;
            checkSplits(x, random);
        }
        assertEquals(4.2483542552915889e-18f, of(0, -40).value());
        assertEquals(1.6458114310822737e-38f, of(-87, 0).value());
    }

    @Property
    void mergingCommutesAndLeavesTheOtherAlone(
            @ForAll @IntRange(max = 40) int length,
            @ForAll @IntRange(max = 40) int otherLength,
            @ForAll Inputs kind,
            @ForAll Inputs otherKind,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LogSumExp a = of(kind.row(length, random));
        LogSumExp b = of(otherKind.row(otherLength, random));
        LogSumExp ab = restored(a);
        LogSumExp ba = restored(b);
        LogSumExp before = restored(b);
        ab.merge(b);
        sameState(before, b);
        ba.merge(a);
        assertEquals(ab.sum(), ba.sum());
        assertEquals(ab.value(), ba.value());
    }

    @Test
    void mergedWithItself() {
        LogSumExp sum = of(1, 2, 3);
        sum.merge(sum);
        assertEquals(Oracle.logSumExp(new float[] {1, 2, 3, 1, 2, 3}), sum.value(), 2e-7);
    }

    @Test
    void noElements() {
        assertEquals(-INF, new LogSumExp().value());
        LogSumExp sum = of();
        sum.add(new float[3], 3, 0);
        sum.merge(new LogSumExp());
        sameState(new LogSumExp(), sum);
        assertEquals(-INF, restored(sum).value());
        sum.add(5);
        assertEquals(5, sum.value());
        sum.clear();
        sameState(new LogSumExp(), sum);
    }

    /** As of a whole row, in any order, as elements, ranges and merged. */
    @Test
    void infinitiesAndNaN() {
        float negativeNaN = Float.intBitsToFloat(0xffc00000);
        float[] values = {-INF, INF, Float.NaN, negativeNaN, 3, -1e30f, 1e30f};
        for (float a : values) {
            for (float b : values) {
                for (float c : values) {
                    float expected = Softmax.logSumExp(new float[] {a, b, c});
                    LogSumExp single = new LogSumExp();
                    single.add(a);
                    single.add(b);
                    single.add(c);
                    assertEquals(expected, single.value(), a + ", " + b + ", " + c);
                    LogSumExp ranges = of(a);
                    ranges.add(new float[] {7, b, c}, 1, 2);
                    assertEquals(expected, ranges.value(), a + ", " + b + ", " + c);
                    LogSumExp merged = restored(of(a, b));
                    merged.merge(of(c));
                    assertEquals(expected, merged.value(), a + ", " + b + ", " + c);
                }
            }
        }
    }

    @Test
    void onlyTheRangeIsRead() {
        float[] x = {Float.NaN, 1, 2, Float.NaN};
        LogSumExp sum = new LogSumExp();
        sum.add(x, 1, 2);
        assertEquals(Softmax.logSumExp(new float[] {1, 2}), sum.value());
    }

    private static void refused(String message, Executable call) {
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    @Test
    void arguments() {
        LogSumExp sum = new LogSumExp();
        float[] x = new float[4];
        refused("x has 4 elements, but from is 3 and length is 2", () -> sum.add(x, 3, 2));
        refused("from is -1 and length is 2", () -> sum.add(x, -1, 2));
        refused("from is 1 and length is -1", () -> sum.add(x, 1, -1));
        refused("from is 2147483647 and length is 1", () -> sum.add(x, Integer.MAX_VALUE, 1));
        sameState(new LogSumExp(), sum);
        assertEquals(
                "x",
                assertThrows(NullPointerException.class, () -> sum.add(null)).getMessage());
        assertEquals(
                "x",
                assertThrows(NullPointerException.class, () -> sum.add(null, 0, 0))
                        .getMessage());
        assertEquals(
                "other",
                assertThrows(NullPointerException.class, () -> sum.merge(null)).getMessage());
        refused("sum is -1.0 and largest is 2.0", () -> LogSumExp.of(2, -1));
        refused("sum is NaN", () -> LogSumExp.of(Float.NaN, Double.NaN));
        refused("sum is Infinity", () -> LogSumExp.of(2, INF));
        refused("sum is 1.0", () -> LogSumExp.of(-INF, 1));
        refused("sum is 1.0", () -> LogSumExp.of(INF, 1));
        refused("largest is NaN", () -> LogSumExp.of(Float.NaN, Double.NaN));
    }
}
