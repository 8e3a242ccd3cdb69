package dev.panamax.jmh;

import dev.panamax.CrossEntropy;
import dev.panamax.Softmax;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.SoftmaxRegression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The main class of a JVM that calls one thing from its first call on, and prints how long the first 1, 10, 100 ... calls took, the slowest
 * one after the first, and when calls were as fast as they are in the end.
 */
final class FirstCallsProgram {
    /** What is called: an operation on rows of so many columns. */
    enum Work {
        SOFTMAX_64("softmax 1x64", 1, 64),
        SOFTMAX_1000("softmax 1x1000", 1, 1000),
        SOFTMAX_32768("softmax 1x32768", 1, 32768),
        SOFTMAX_BATCH("softmax 64x10", 64, 10),
        LOSS_1000("loss and gradient 1x1000", 1, 1000),
        LOSS_BATCH("loss and gradient 32x100", 32, 100),
        TOP_5("top-k 1x1000", 1, 1000),
        PREDICTION("prediction of 784 features", 1, 784);

        private final String text;
        private final int rows;
        private final int cols;

        Work(String text, int rows, int cols) {
            this.text = text;
            this.rows = rows;
            this.cols = cols;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static final String SLOWEST = "slowest call after the first";
    static final String TO_PEAK = "time to peak";
    private static final int[] CALLS = {1, 10, 100, 1000, 10_000, 100_000};
    private static final int CLASSES = 10;
    private static final int K = 5;

    /** Steady load, and the time in which calls of one work are counted. */
    private static final long NANOS = 6_000_000_000L;

    private static final long NANOS_OF_WINDOW = 20_000_000;

    /** What a window may take beyond the last ones, as the machine does other things, too; and how many may take more. */
    private static final double LIKE_THE_LAST = 1.2;

    private static final int OUTLIERS = 5;
    private static final int LAST_WINDOWS = 50;

    private final float[] x;
    private final float[] out;
    private final float[] weights;
    private final int[] labels;
    private final FloatMatrix rows;
    private final FloatMatrix outRows;
    private final int[] classes = new int[K];
    private final float[] likeliest = new float[K];
    private final float[] probabilities = new float[CLASSES];
    private final Work work;
    private SoftmaxRegression model;

    /** Takes the losses, so that they are computed. */
    private double losses;

    private FirstCallsProgram(Work work) {
        this.work = work;
        x = new float[work.rows * work.cols];
        for (int i = 0; i < x.length; i++) {
            x[i] = i * 7919 % 1009 / 100f;
        }
        out = new float[x.length];
        labels = new int[work.rows];
        weights = new float[CLASSES * work.cols];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i * 7919 % 997 / 1e5f;
        }
        rows = FloatMatrix.of(x, work.rows, work.cols);
        outRows = FloatMatrix.of(out, work.rows, work.cols);
    }

    /** The numbers that are printed, in their order; fewer where calls take too long for all of them. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (int calls : CALLS) {
            names.add(calls + (calls == 1 ? " call" : " calls"));
        }
        names.add(SLOWEST);
        names.add(TO_PEAK);
        return names;
    }

    public static void main(String[] args) {
        FirstCallsProgram program = new FirstCallsProgram(Work.valueOf(args[0]));
        boolean isPlain = Boolean.parseBoolean(args[1]);
        if (program.work == Work.PREDICTION && !isPlain) {
            program.model = SoftmaxRegression.of(
                    FloatMatrix.of(program.weights, CLASSES, program.work.cols),
                    new float[CLASSES],
                    List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
        }
        for (double number : program.times(isPlain)) {
            System.out.println(number);
        }
        if (Double.isNaN(program.losses)) {
            throw new AssertionError("a loss is NaN");
        }
    }

    private double[] times(boolean isPlain) {
        double[] numbers = new double[CALLS.length + 2];
        Arrays.fill(numbers, Double.NaN);
        double[] windows = new double[(int) (2 * NANOS / NANOS_OF_WINDOW)];
        int windowCount = 0;
        int callsOfWindow = 0;
        int counted = 0;
        long calls = 0;
        long slowest = 0;
        long start = System.nanoTime();
        long windowStart = start;
        for (long before = start, now = start; now - start < NANOS; before = now) {
            if (isPlain) {
                callPlain();
            } else {
                callPanamax();
            }
            now = System.nanoTime();
            slowest = calls == 0 ? 0 : Math.max(slowest, now - before);
            calls++;
            callsOfWindow++;
            if (counted < CALLS.length && calls == CALLS[counted]) {
                numbers[counted++] = (now - start) / 1e6;
            }
            if (now - windowStart > NANOS_OF_WINDOW) {
                windows[windowCount++] = (double) (now - windowStart) / callsOfWindow;
                windowStart = now;
                callsOfWindow = 0;
            }
        }
        numbers[CALLS.length] = slowest / 1e6;
        numbers[CALLS.length + 1] = isPlain ? Double.NaN : millisToPeak(Arrays.copyOf(windows, windowCount));
        return numbers;
    }

    private static double millisToPeak(double[] windows) {
        double[] last = Arrays.copyOfRange(windows, Math.max(0, windows.length - LAST_WINDOWS), windows.length);
        Arrays.sort(last);
        double most = LIKE_THE_LAST * last[last.length / 2];
        int outliers = 0;
        int i = windows.length - 1;
        for (; i >= 0 && outliers <= OUTLIERS; i--) {
            outliers += windows[i] > most ? 1 : 0;
        }
        return outliers > OUTLIERS ? (i + 2) * NANOS_OF_WINDOW / 1e6 : NANOS_OF_WINDOW / 1e6;
    }

    private void callPanamax() {
        switch (work) {
            case SOFTMAX_64, SOFTMAX_1000, SOFTMAX_32768 -> Softmax.softmax(x, out);
            case SOFTMAX_BATCH -> Softmax.softmax(rows, outRows);
            case LOSS_1000, LOSS_BATCH -> losses += CrossEntropy.mean().lossAndGradient(rows, labels, outRows);
            case TOP_5 -> Softmax.topK(rows, K, classes, likeliest);
            case PREDICTION -> model.probabilities(x, probabilities);
        }
    }

    /** The loops that people write. */
    private void callPlain() {
        switch (work) {
            case SOFTMAX_64, SOFTMAX_1000, SOFTMAX_32768, SOFTMAX_BATCH -> plainSoftmax();
            case LOSS_1000, LOSS_BATCH -> {
                for (int r = 0; r < work.rows; r++) {
                    int from = r * work.cols;
                    losses += PlainLoop.softmax(x, from, out, from, work.cols) - x[from + labels[r]];
                    out[from + labels[r]] -= 1;
                    for (int i = from; i < from + work.cols; i++) {
                        out[i] /= work.rows;
                    }
                }
            }
            case TOP_5 -> {
                plainSoftmax();
                plainTop();
            }
            case PREDICTION -> {
                for (int c = 0; c < CLASSES; c++) {
                    float score = 0;
                    for (int f = 0; f < work.cols; f++) {
                        score += x[f] * weights[c * work.cols + f];
                    }
                    probabilities[c] = score;
                }
                PlainLoop.softmax(probabilities, 0, probabilities, 0, CLASSES);
            }
        }
    }

    private void plainSoftmax() {
        for (int from = 0; from < x.length; from += work.cols) {
            PlainLoop.softmax(x, from, out, from, work.cols);
        }
    }

    /** By insertion. */
    private void plainTop() {
        Arrays.fill(likeliest, -1);
        for (int i = 0; i < out.length; i++) {
            if (out[i] > likeliest[K - 1]) {
                int place = K - 1;
                for (; place > 0 && likeliest[place - 1] < out[i]; place--) {
                    likeliest[place] = likeliest[place - 1];
                    classes[place] = classes[place - 1];
                }
                likeliest[place] = out[i];
                classes[place] = i;
            }
        }
    }
}
