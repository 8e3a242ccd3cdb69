package dev.panamax.jmh;

import dev.panamax.CrossEntropy;
import dev.panamax.FloatMatrix;
import dev.panamax.Softmax;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The operations out of place, time per call; the first shapes run over other shapes before, as the call sites of a
 * service do. Divide by rows x cols for the time per element.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class SoftmaxBenchmark {
    private static final int[][] OTHER_SHAPES = {{1, 5}, {3, 40}, {2, 1000}, {1, 9000}};

    /** Rows x columns. */
    @Param({"1x64", "1x1024", "1x4096", "64x1024", "4096x10"})
    public String shape;

    private FloatMatrix x;
    private FloatMatrix out;
    private int[] labels;

    /** Draws the logits, and calls every operation on other shapes until the compiler has seen them. */
    @Setup
    public void setUp() {
        for (int i = 0; i < 3000; i++) {
            int[] other = OTHER_SHAPES[i % OTHER_SHAPES.length];
            draw(other[0], other[1]);
            softmax();
            logSoftmax();
            crossEntropy();
            crossEntropyAndGradient();
        }
        String[] sizes = shape.split("x");
        draw(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
    }

    private void draw(int rows, int cols) {
        SplittableRandom random = new SplittableRandom(42);
        x = FloatMatrix.of(new float[rows * cols], rows, cols);
        out = FloatMatrix.of(new float[rows * cols], rows, cols);
        labels = new int[rows];
        for (int i = 0; i < rows * cols; i++) {
            x.data()[i] = (float) random.nextGaussian(0, 3);
        }
        for (int r = 0; r < rows; r++) {
            labels[r] = random.nextInt(cols);
        }
    }

    /** Softmax. */
    @Benchmark
    public float[] softmax() {
        Softmax.softmax(x, out);
        return out.data();
    }

    /** Log-softmax. */
    @Benchmark
    public float[] logSoftmax() {
        Softmax.logSoftmax(x, out);
        return out.data();
    }

    /** Cross-entropy, the loss alone. */
    @Benchmark
    public double crossEntropy() {
        return CrossEntropy.mean().loss(x, labels);
    }

    /** Cross-entropy, loss and gradient. */
    @Benchmark
    public double crossEntropyAndGradient() {
        return CrossEntropy.mean().lossAndGradient(x, labels, out);
    }

    /** What people write today: a loop over {@link Math#exp}. */
    @Benchmark
    public float[] plainLoop() {
        for (int r = 0; r < x.rows(); r++) {
            int from = x.rowStart(r);
            float max = Float.NEGATIVE_INFINITY;
            for (int i = from; i < from + x.cols(); i++) {
                max = Math.max(max, x.data()[i]);
            }
            float sum = 0;
            for (int i = from; i < from + x.cols(); i++) {
                out.data()[i] = (float) Math.exp(x.data()[i] - max);
                sum += out.data()[i];
            }
            for (int i = from; i < from + x.cols(); i++) {
                out.data()[i] /= sum;
            }
        }
        return out.data();
    }
}
