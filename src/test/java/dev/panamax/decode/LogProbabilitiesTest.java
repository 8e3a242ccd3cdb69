package dev.panamax.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.Allocations;
import dev.panamax.Softmax;
import dev.panamax.data.ArrayRows;
import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each number is that of log-softmax, which has tests of its own, or of a loop in {@code double}. */
class LogProbabilitiesTest {
    private static float[] logits(int vocabulary, double spread, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] logits = new float[vocabulary];
        for (int i = 0; i < vocabulary; i++) {
            logits[i] = (float) (Math.rint((2 * random.nextDouble() - 1) * spread * 4) / 4);
        }
        return logits;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 64, 65, 2048, 2049, 7001})
    void numbersOfARow(int vocabulary) {
        for (double spread : new double[] {0, 1, 20, 3000}) {
            for (float shift : new float[] {0, 400, -3e5f}) {
                float[] logits = logits(vocabulary, spread, vocabulary);
                for (int i = 0; i < vocabulary; i++) {
                    logits[i] += shift;
                }
                check(logits);
                if (vocabulary > 1) {
                    logits[vocabulary / 2] = Float.NEGATIVE_INFINITY;
                    check(logits);
                    logits[0] = Float.NEGATIVE_INFINITY;
                    logits[vocabulary - 1] = shift;
                    check(logits);
                    // One outweighs the others.
                    logits[vocabulary - 1] += 40;
                    check(logits);
                }
            }
        }
    }

    private static void check(float[] logits) {
        LogProbabilities row = LogProbabilities.of(logits);
        float[] logs = new float[logits.length];
        Softmax.logSoftmax(logits, logs);
        assertEquals(Softmax.logSumExp(logits), row.logSumExp());
        int[] tokens = IntStream.range(0, logits.length).toArray();
        float[] named = new float[logits.length];
        row.of(tokens, named);
        assertArrayEquals(logs, named);
        assertEquals(logs[logits.length / 2], row.of(logits.length / 2));
        Integer[] order = IntStream.range(0, logits.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, (a, b) -> logits[a] != logits[b] ? Float.compare(logits[b], logits[a]) : a - b);
        int k = Math.min(20, logits.length);
        int[] best = new int[k];
        float[] bestLogs = new float[k];
        row.best(k, best, bestLogs);
        for (int i = 0; i < k; i++) {
            assertEquals(order[i], best[i]);
            assertEquals(logs[best[i]], bestLogs[i]);
            assertEquals(i + 1, row.rank(best[i]));
        }
        for (int i = Math.max(0, logits.length - 5); i < logits.length; i++) {
            assertEquals(i + 1, row.rank(order[i]));
        }
        double entropy = 0;
        for (float log : logs) {
            entropy -= log == Float.NEGATIVE_INFINITY ? 0 : Math.exp(log) * log;
        }
        assertEquals(entropy, row.entropy(), 2e-6 * Math.max(1, entropy));
        assertTrue(row.entropy() >= 0);
    }

    @Test
    void ofEveryContainer() {
        float[][] arrays = {logits(300, 8, 1), logits(300, 8, 2)};
        float[] flat = new float[600];
        double[] doubles = new double[600];
        for (int i = 0; i < 600; i++) {
            flat[i] = arrays[i / 300][i % 300];
            doubles[i] = flat[i];
        }
        LogProbabilities expected = LogProbabilities.of(arrays[1]);
        LogProbabilities other = LogProbabilities.of(new float[1]);
        float[] columns = new float[600];
        float[] strided = new float[3 + 2 * 310];
        for (int i = 0; i < 600; i++) {
            columns[i % 300 * 2 + i / 300] = flat[i];
            strided[3 + i / 300 * 310 + i % 300] = flat[i];
        }
        short[] halves = new short[600];
        for (int i = 0; i < 600; i++) {
            halves[i] = Float.floatToFloat16(flat[i]);
        }
        for (Rows rows : List.of(
                FloatMatrix.of(flat, 2, 300),
                new FloatMatrix(strided, 3, 2, 300, 310),
                ClassAxis.of(columns, 1, 300, 2),
                SegmentMatrix.of(halves, ElementType.FLOAT16, 2, 300),
                SegmentMatrix.of(MemorySegment.ofArray(doubles), ElementType.FLOAT64, 2, 300),
                DoubleMatrix.of(doubles, 2, 300),
                ArrayRows.of(arrays),
                new RaggedRows(flat, new int[] {0, 300, 600}),
                SegmentMatrix.of(MemorySegment.ofArray(flat), ElementType.FLOAT32, 2, 300))) {
            other.read(rows, 0);
            assertEquals(LogProbabilities.of(arrays[0]).of(7), other.of(7));
            other.read(rows, 1);
            assertEquals(expected.of(7), other.of(7));
            assertEquals(expected.logSumExp(), other.logSumExp());
            assertEquals(expected.entropy(), other.entropy());
        }
        assertEquals(
                expected.of(7), LogProbabilities.of(FloatMatrix.row(arrays[1])).of(7));
    }

    @Test
    void whatIsRefused() {
        assertRefused("logits has 0 elements", () -> LogProbabilities.of(new float[0]));
        assertRefused("logits has 2 rows, not 1", () -> LogProbabilities.of(FloatMatrix.of(new float[4], 2, 2)));
        LogProbabilities row = LogProbabilities.of(new float[] {1, 2, 3});
        assertRefused("token is 3, not from 0 to 2", () -> row.of(3));
        assertRefused("token is -1, not from 0 to 2", () -> row.rank(-1));
        float[] out = {7, 7};
        assertRefused("token is 5, not from 0 to 2", () -> row.of(new int[] {0, 5}, out));
        assertRefused("out has 2 elements, but 3 are needed", () -> row.of(new int[3], out));
        assertArrayEquals(new float[] {7, 7}, out);
        assertRefused("k is 4, not from 1 to 3", () -> row.best(4, new int[4], new float[4]));
        assertRefused("k is 0, not from 1 to 3", () -> row.best(0, new int[4], new float[4]));
        assertRefused(
                "logProbabilitiesOut has 1 elements, but 2 are needed", () -> row.best(2, new int[2], new float[1]));
        float[] logits = {3, 1, 2};
        LogProbabilities ofLogits = LogProbabilities.of(logits);
        assertRefused("logProbabilitiesOut is the array of the logits", () -> ofLogits.best(3, new int[3], logits));
        assertRefused("out is the array of the logits", () -> ofLogits.of(new int[] {2, 1, 0}, logits));
        assertArrayEquals(new float[] {3, 1, 2}, logits);
        assertRefused("row 1 of logits has 0 columns", () -> row.read(ArrayRows.of(new float[][] {{1}, {}}), 1));
        assertRefused("index is 1, not that of one of 1 rows", () -> row.read(FloatMatrix.row(out), 1));
        assertEquals(3 - row.logSumExp(), row.of(2), 1e-6);
        assertRefused(
                "the logit of token 1 in row 0 is NaN, not a number below infinity",
                () -> row.read(new float[] {1, Float.NaN}));
        assertThrows(IllegalStateException.class, () -> row.of(0));
        assertRefused(
                "the logit of token 2 in row 1 is Infinity, not a number below infinity",
                () -> row.read(FloatMatrix.of(new float[] {1, 2, 3, 4, 5, Float.POSITIVE_INFINITY}, 2, 3), 1));
        assertRefused(
                "every logit of row 0 is -Infinity",
                () -> row.read(new float[] {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY}));
        assertThrows(NullPointerException.class, () -> row.read((float[]) null));
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void nothingIsAllocatedForAnotherRow() {
        LogProbabilities row = LogProbabilities.of(new float[1]);
        float[] logits = logits(3000, 5, 1);
        short[] halves = new short[3000];
        SegmentMatrix segment = SegmentMatrix.of(halves, ElementType.BFLOAT16, 1, 3000);
        int[] best = new int[20];
        float[] logs = new float[20];
        float[] sink = new float[1];
        Allocations.assertEnd("an array", () -> sink[0] += row.read(logits).of(7));
        Allocations.assertEnd("a segment", () -> sink[0] += row.read(segment, 0).of(7));
        Allocations.assertEnd("all else", () -> {
            row.read(logits).best(20, best, logs);
            sink[0] += (float) (row.rank(9) + row.entropy() + row.logSumExp());
        });
    }
}
