package dev.panamax.jmh;

import dev.panamax.CrossEntropy;
import dev.panamax.FloatMatrix;
import dev.panamax.Softmax;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a service has done before the call that is timed: every operation on other shapes, lengths and array offsets, in
 * place and not, also by the scalar kernels. The compiler then knows the call sites as busy with many things.
 */
final class Pollution {
    private static final int ROOM = 1 << 15;
    private static final int[] LENGTHS = {1, 5, 10, 16, 31, 64, 100, 127, 1000, 3000, 9000};

    private final SplittableRandom random = new SplittableRandom(7);
    private final float[] source = new float[ROOM];
    private final float[] target = new float[ROOM];
    private final float[] perRow = new float[ROOM];
    private final int[] labels = new int[ROOM];

    static void run(long milliseconds) {
        Pollution pollution = new Pollution();
        long end = System.nanoTime() + milliseconds * 1_000_000;
        while (System.nanoTime() < end) {
            pollution.callAll();
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
}
