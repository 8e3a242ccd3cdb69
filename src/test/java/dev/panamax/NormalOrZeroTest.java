package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probabilities within a few ulp of the smallest normal number are on one of its two sides: normal, or 0. */
class NormalOrZeroTest {
    private static final int ROWS = 4000;

    /** Three logits a row, among others of -infinity; the probability of the first is all but the smallest normal one. */
    private static double[] logits(double smallest, int cols) {
        SplittableRandom random = new SplittableRandom(cols);
        double[] x = new double[ROWS * cols];
        Arrays.fill(x, Double.NEGATIVE_INFINITY);
        for (int r = 0; r < ROWS; r++) {
            double second = -random.nextDouble();
            x[r * cols] = Math.log(smallest) + Math.log1p(Math.exp(second));
            x[r * cols + 1 + random.nextInt(cols - 2)] = 0;
            x[r * cols + cols - 1] = second;
        }
        return x;
    }

    private static float[] floats(int cols) {
        double[] x = logits(Float.MIN_NORMAL, cols);
        float[] floats = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            floats[i] = (float) x[i];
        }
        return floats;
    }

    private static void check(float[] probabilities) {
        int near = 0;
        for (float p : probabilities) {
            assertTrue(p == 0 || p >= Float.MIN_NORMAL, () -> "denormal " + p);
            near += p > 0 && p <= Float.MIN_NORMAL + 8 * Float.MIN_VALUE ? 1 : 0;
        }
        assertTrue(near > 10, "only " + near + " within 8 ulp");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 10, 33, 64, 100, 1000})
    void ofRows(int cols) {
        float[] x = floats(cols);
        FloatMatrix out = FloatMatrix.of(new float[x.length], ROWS, cols);
        Softmax.softmax(FloatMatrix.of(x, ROWS, cols), out);
        check(out.data());
        int[] allButTheLast = IntStream.range(0, cols).toArray();
        float[] wider = new float[ROWS * (cols + 1)];
        for (int r = 0; r < ROWS; r++) {
            System.arraycopy(x, r * cols, wider, r * (cols + 1), cols);
        }
        FloatMatrix masked = FloatMatrix.of(wider, ROWS, cols + 1);
        Softmax.masked(Mask.columns(allButTheLast)).softmax(masked, masked);
        check(wider);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 10, 33, 64, 100, 1000})
    void ofRowsOfDoubles(int cols) {
        DoubleMatrix x = DoubleMatrix.of(logits(Double.MIN_NORMAL, cols), ROWS, cols);
        Softmax.softmax(x, x);
        int near = 0;
        for (double p : x.data()) {
            assertTrue(p == 0 || p >= Double.MIN_NORMAL, () -> "denormal " + p);
            near += p > 0 && p <= Double.MIN_NORMAL + 8 * Double.MIN_VALUE ? 1 : 0;
        }
        assertTrue(near > 10, "only " + near + " within 8 ulp");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 10, 33, 64, 100, 1000})
    void ofColumns(int cols) {
        float[] rows = floats(cols);
        float[] x = new float[rows.length];
        for (int i = 0; i < x.length; i++) {
            x[i % cols * ROWS + i / cols] = rows[i];
        }
        FloatMatrix columns = FloatMatrix.of(x, cols, ROWS);
        Softmax.softmax(ClassAxis.columns(columns), ClassAxis.columns(columns));
        check(x);
    }
}
