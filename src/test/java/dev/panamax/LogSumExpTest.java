package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.data.ArrayRows;
import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import dev.panamax.internal.panama.Inputs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
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
        return LogSumExp.of(sum.state());
    }

    private static void sameState(LogSumExp a, LogSumExp b) {
        assertEquals(a.state(), b.state());
        assertEquals(a.value(), b.value());
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
        sameState(ab, ba);
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
                assertThrows(NullPointerException.class, () -> sum.add((float[]) null))
                        .getMessage());
        assertEquals(
                "x",
                assertThrows(NullPointerException.class, () -> sum.add(null, 0, 0))
                        .getMessage());
        assertEquals(
                "other",
                assertThrows(NullPointerException.class, () -> sum.merge(null)).getMessage());
        assertEquals(
                "weights",
                assertThrows(NullPointerException.class, () -> sum.add(FloatMatrix.row(x), null))
                        .getMessage());
        FloatMatrix shorter = FloatMatrix.row(new float[3]);
        refused("weights is 1 x 3, but x is 1 x 4", () -> sum.add(FloatMatrix.row(x), shorter));
        DoubleMatrix wide = DoubleMatrix.row(new double[4]);
        refused("weights is FLOAT64, but x is FLOAT32", () -> sum.add(FloatMatrix.row(x), wide));
        sameState(new LogSumExp(), sum);
    }

    @Test
    void statesThatNoAccumulatorHas() {
        double inf = Double.POSITIVE_INFINITY;
        double nan = Double.NaN;
        double[][] wrong = {
            {nan, 1, 0},
            {nan, nan, 0},
            {2, inf, 0},
            {2, 1, inf},
            {2, 1, nan},
            {2, nan, 1},
            {-inf, 1, 0},
            {-inf, 0, 1},
            {inf, 2, 0},
            {inf, 1, 1},
            {inf, 0, 0}
        };
        for (double[] numbers : wrong) {
            refused(
                    "largest is " + numbers[0] + ", weight is " + numbers[1] + " and others is " + numbers[2],
                    () -> new LogSumExp.State(numbers[0], numbers[1], numbers[2]));
        }
        assertEquals(nan, LogSumExp.of(new LogSumExp.State(-inf, nan, 0)).doubleValue());
        assertEquals(
                "state",
                assertThrows(NullPointerException.class, () -> LogSumExp.of(null))
                        .getMessage());
    }

    /** Of the same data, as SciPy has it, in one piece and in many. */
    @Test
    void goldenCasesOfWeightsAndSigns() {
        SplittableRandom random = new SplittableRandom(3);
        for (JsonNode node : FormulaCases.of("log-sum-exp")) {
            double[] x = FormulaCases.numbers(node.get("x"));
            double[] weights = FormulaCases.numbers(node.get("weights"));
            LogSumExp whole = new LogSumExp();
            whole.add(DoubleMatrix.row(x), DoubleMatrix.row(weights));
            check(node, whole);
            LogSumExp[] parts = {new LogSumExp(), new LogSumExp(), new LogSumExp()};
            for (int i = 0; i < x.length; i++) {
                int part = random.nextInt(3);
                parts[part].add(x[i], weights[i]);
                parts[part] = random.nextBoolean() ? parts[part] : sent(parts[part]);
            }
            check(node, Arrays.stream(parts).collect(LogSumExp.merging()));
            float[] floatWeights = FormulaCases.floats(node.get("weights"));
            LogSumExp ofFloats = new LogSumExp();
            ofFloats.add(FloatMatrix.row(FormulaCases.floats(node.get("x"))), FloatMatrix.row(floatWeights));
            LogSumExp rounded = new LogSumExp();
            rounded.add(DoubleMatrix.row(x), DoubleMatrix.row(Call.wide(floatWeights)));
            assertEquals(rounded.state(), ofFloats.state(), "the elements of the cases are floats");
        }
    }

    private static void check(JsonNode node, LogSumExp sum) {
        double expected = node.get("value").asDouble();
        assertEquals(expected, sum.doubleValue(), 1e-13 * Math.max(1, Math.abs(expected)), node::toString);
        assertEquals((float) expected, sum.value(), Math.ulp((float) expected));
        assertEquals(node.get("sign").asDouble(), sum.sign());
    }

    /** By Java's serialization, to another machine and back. */
    private static LogSumExp sent(LogSumExp sum) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(sum.state());
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                return LogSumExp.of((LogSumExp.State) in.readObject());
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** Elements of doubles, in one piece and in many, against the row as a whole, whose accuracy has tests of its own. */
    @Test
    void doublesAreExactToTheirOwnPrecision() {
        SplittableRandom random = new SplittableRandom(5);
        for (int repeat = 0; repeat < 1000; repeat++) {
            double[] x = random.doubles(1 + random.nextInt(200), -20, 20).toArray();
            double expected = Softmax.logSumExp(x);
            LogSumExp whole = new LogSumExp();
            whole.add(DoubleMatrix.row(x));
            double bound = 4 * Math.ulp(expected);
            assertEquals(expected, whole.doubleValue(), bound);
            LogSumExp stream = Arrays.stream(x).collect(LogSumExp::new, LogSumExp::add, LogSumExp::merge);
            assertEquals(expected, stream.doubleValue(), bound + 4e-16 * x.length);
            LogSumExp pieces = new LogSumExp();
            int cut = random.nextInt(x.length);
            pieces.add(DoubleMatrix.row(Arrays.copyOfRange(x, cut, x.length)));
            for (int i = 0; i < cut; i++) {
                pieces.add(x[i]);
            }
            assertEquals(expected, pieces.doubleValue(), bound + 4e-16 * x.length);
        }
        LogSumExp near = new LogSumExp();
        near.add(DoubleMatrix.row(new double[] {0, -40}));
        assertEquals(4.248354255291589e-18, near.doubleValue(), 1e-32);
        near.clear();
        near.add(-40.0);
        near.add(0.0);
        assertEquals(4.248354255291589e-18, near.doubleValue(), 1e-32);
    }

    /** Floats in any container, and with doubles in one accumulator. */
    @Test
    void anyRows() {
        float[] cells = Inputs.MODERATE.row(5000, new SplittableRandom(6));
        LogSumExp expected = of(cells);
        Rows[] containers = {
            FloatMatrix.of(cells, 1, 5000),
            FloatMatrix.of(cells, 50, 100),
            SegmentMatrix.of(MemorySegment.ofArray(cells), ElementType.FLOAT32, 1, 5000),
            SegmentMatrix.of(MemorySegment.ofArray(cells), ElementType.FLOAT32, 5, 1000),
            ArrayRows.of(cells, new float[0]),
            ClassAxis.columns(FloatMatrix.of(cells, 100, 50))
        };
        for (Rows rows : containers) {
            LogSumExp sum = new LogSumExp();
            sum.add(rows);
            assertEquals(expected.value(), sum.value(), 2 * Math.ulp(expected.value()), rows.toString());
            LogSumExp weighted = new LogSumExp();
            weighted.add(rows, rows);
            LogSumExp oneByOne = new LogSumExp();
            for (float x : cells) {
                oneByOne.add(x, x);
            }
            assertEquals(oneByOne.doubleValue(), weighted.doubleValue(), 1e-12, rows.toString());
        }
        LogSumExp mixed = of(Arrays.copyOf(cells, 2000));
        mixed.add(DoubleMatrix.row(Call.wide(Arrays.copyOfRange(cells, 2000, 5000))));
        assertEquals(expected.value(), mixed.value(), 2 * Math.ulp(expected.value()));
        mixed.add(3, -2);
        mixed.merge(restored(mixed));
        assertEquals(1, mixed.sign());
    }

    @Test
    void signs() {
        LogSumExp sum = new LogSumExp();
        sum.add(1, -2);
        assertEquals(1 + Math.log(2), sum.doubleValue(), 1e-15);
        assertEquals(-1, sum.sign());
        assertEquals("LogSumExp[1.6931472, of a negative sum]", sum.toString());
        sum.add(1, 2);
        assertEquals(-INF, sum.value(), "nothing is left");
        assertEquals(0, sum.sign());
        sum.add(1f);
        sum.add(3, -1);
        assertEquals(3 + Math.log1p(-Math.exp(-2)), sum.doubleValue(), 1e-7, "a float's term beside a double's");
        assertEquals(-1, sum.sign());
    }

    /** What is left where the largest element has lost its weight. */
    @Test
    void othersWithoutTheLargest() {
        LogSumExp sum = new LogSumExp();
        sum.add(3, 1);
        sum.add(5, 2);
        sum.add(5, -2);
        assertEquals(3, sum.doubleValue(), 1e-15);
        sum.add(4f);
        double expected = 4 + Math.log1p(Math.exp(-1));
        assertEquals(expected, sum.doubleValue(), 1e-7);
        LogSumExp merged = new LogSumExp();
        merged.merge(restored(sum));
        assertEquals(expected, merged.doubleValue(), 1e-7);
        sameState(restored(sum), merged);
    }

    /** The largest double in the order of the bits is not a NaN with a sign. */
    @Test
    void doublesWithASignedNaN() {
        double signed = Double.longBitsToDouble(0xfff8000000000000L);
        for (double infinite : new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}) {
            LogSumExp sum = new LogSumExp();
            sum.add(DoubleMatrix.row(new double[] {infinite, signed}));
            assertEquals(Double.NaN, sum.doubleValue());
            assertEquals(Double.NaN, sum.sign());
        }
    }

    @Test
    void rowsOfNoColumnsAddNothing() {
        LogSumExp sum = new LogSumExp();
        sum.add(DoubleMatrix.of(new double[0], 3, 0));
        sum.add(FloatMatrix.of(new float[0], 3, 0));
        sameState(new LogSumExp(), sum);
    }

    @Test
    void weightsOfInfinitiesAndNaN() {
        double inf = Double.POSITIVE_INFINITY;
        double nan = Double.NaN;
        // Element and weight, twice; the result and its sign.
        double[][] cases = {
            {inf, 2, 1, -3, inf, 1},
            {inf, -2, 1, 3, inf, -1},
            {inf, 1, inf, 2, inf, 1},
            {inf, 1, inf, -1, nan, nan},
            {inf, 0, 1, 1, 1, 1},
            {nan, 0, 1, 1, 1, 1},
            {nan, 1, 1, 1, nan, nan},
            {1, nan, inf, 1, nan, nan},
            {1, inf, 2, 1, nan, nan},
            {-inf, 1, -inf, -1, -inf, 0},
            {-inf, 5, 1, -1, 1, -1},
            {-inf, inf, 1, 1, nan, nan},
            {0, 1e308, 0, 1e308, nan, nan}
        };
        for (double[] numbers : cases) {
            LogSumExp sum = new LogSumExp();
            LogSumExp other = new LogSumExp();
            sum.add(numbers[0], numbers[1]);
            other.add(numbers[2], numbers[3]);
            LogSumExp merged = restored(other);
            merged.merge(restored(sum));
            sum.add(numbers[2], numbers[3]);
            assertEquals(numbers[4], sum.doubleValue(), Arrays.toString(numbers));
            assertEquals(numbers[5], sum.sign(), Arrays.toString(numbers));
            sameState(sum, merged);
            LogSumExp matrices = new LogSumExp();
            matrices.add(
                    DoubleMatrix.row(new double[] {numbers[0], numbers[2]}),
                    DoubleMatrix.row(new double[] {numbers[1], numbers[3]}));
            sameState(sum, matrices);
        }
        LogSumExp doubles = new LogSumExp();
        doubles.add(DoubleMatrix.row(new double[] {1, Double.longBitsToDouble(0xfff8000000000000L), 2}));
        assertEquals(Float.NaN, doubles.value());
        LogSumExp infinite = of(INF);
        infinite.add(2, -1);
        assertEquals(INF, infinite.value());
        assertEquals(1, infinite.sign());
        assertEquals(Float.NaN, restored(of(Float.NaN)).value());
    }
}
