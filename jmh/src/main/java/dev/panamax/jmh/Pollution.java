package dev.panamax.jmh;

import dev.panamax.CrossEntropy;
import dev.panamax.Softmax;
import dev.panamax.data.FloatMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * What a service has done before the call that is timed: every operation on other shapes, lengths and array offsets, in
 * place and not, also by the scalar kernels. The compiler then knows the call sites as busy with many things.
 */
final class Pollution {
    private static final int ROOM = 1 << 15;
    private static final int OTHERS_AT_ONCE = 50;
    private static final int[] LENGTHS = {1, 5, 10, 16, 31, 64, 100, 127, 1000, 3000, 9000};

    private final SplittableRandom random = new SplittableRandom(7);
    private final float[] source = new float[ROOM];
    private final float[] target = new float[ROOM];
    private final float[] perRow = new float[ROOM];
    private final int[] labels = new int[ROOM];
    private final List<DoubleSupplier> others = new ArrayList<>();

    /** On other inputs as well where one of those is timed; whoever has only floats meets no others. */
    static void run(long milliseconds, Input input) {
        Pollution pollution = new Pollution();
        long end = System.nanoTime() + milliseconds * 1_000_000;
        while (System.nanoTime() < end) {
            pollution.callAll();
            if (input != Input.FLOATS) {
                pollution.callOnOtherInputs();
            }
        }
    }

    private void callAll() {
        int cols = LENGTHS[random.nextInt(LENGTHS.length)];
        int stride = cols + random.nextInt(3);
        int rows = 1 + random.nextInt(Math.clamp(ROOM / 4 / stride, 1, 20));
        FloatMatrix x = new FloatMatrix(source, random.nextInt(40), rows, cols, stride);
        FloatMatrix out = new FloatMatrix(target, random.nextInt(40), rows, cols, stride);
        for (int i = 0; i < source.length; i++) {
            source[i] = 3 - (i * 7919 % 601) / 100f;
        }
        Arrays.setAll(labels, r -> r % cols);
        int[] rowLabels = Arrays.copyOf(labels, rows);

        Softmax.softmax(x, out);
        Softmax.softmax(out, out);
        Softmax.logSoftmax(x, out);
        Softmax.logSoftmax(out, out);
        Softmax.logSumExp(x, perRow);
        Softmax.softmax(Arrays.copyOf(source, cols), new float[cols]);
        Softmax.logSumExp(Arrays.copyOf(source, cols));
        CrossEntropy.mean().loss(x, rowLabels);
        CrossEntropy.sum().lossAndGradient(x, rowLabels, out);
        CrossEntropy.mean().lossAndGradient(x, rowLabels, x);
        Internals.softmaxByScalarKernels(out, out);
    }

    /** Some calls of each operation on each input and length. */
    @SuppressWarnings("ReturnValueIgnored")
    private void callOnOtherInputs() {
        if (others.isEmpty()) {
            for (Input input : Input.values()) {
                for (int cols : LENGTHS) {
                    prepareOthers(input, cols);
                }
            }
        }
        for (int i = 0; i < OTHERS_AT_ONCE; i++) {
            others.get(random.nextInt(others.size())).getAsDouble();
        }
    }

    private void prepareOthers(Input input, int cols) {
        // No more rows than columns, or a causal mask leaves some without any.
        int rows = 1 + random.nextInt(Math.clamp(ROOM / 4 / cols, 1, Math.min(cols, 20)));
        Problem problem = Problem.small(new Shape(rows, cols), input);
        for (Operation operation : Operation.values()) {
            if (input != Input.FLOATS && operation.isForUsers() && PanamaxInputs.supports(operation, input)) {
                others.add(PanamaxInputs.prepare(operation, problem).call());
            }
        }
    }
}
