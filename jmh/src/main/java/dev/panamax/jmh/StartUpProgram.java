package dev.panamax.jmh;

import dev.panamax.Backend;
import dev.panamax.BinaryCrossEntropy;
import dev.panamax.CrossEntropy;
import dev.panamax.FocalLoss;
import dev.panamax.MulticlassHinge;
import dev.panamax.Softmax;
import dev.panamax.data.FloatMatrix;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What is timed from its first call on, in a JVM of its own: each is the main class of one, which loads little more than
 * what it times, and prints a line for each number.
 */
enum StartUpProgram {
    FIRST_CALL(FirstCall.class, "panamax"),
    CALLS(Calls.class, "panamax"),
    PLAIN_CALLS(PlainCalls.class, "plain loop"),
    WARM_UP(WarmUp.class, "panamax");

    static final String FIRST_CALL_OF_6 = "first softmax of 6";
    static final String WARM_UP_CALL = "Backend.warmUp()";
    static final String FIRST_REQUEST = "first request after Backend.warmUp()";

    private static final int CLASSES = 1000;
    private static final int[] CALLS_SO_FAR = {1, 10, 100, 1000, 10_000, 100_000};
    private static final Path THREADS = Path.of("/proc/self/task");

    private final Class<?> main;
    private final String by;

    StartUpProgram(Class<?> main, String by) {
        this.main = main;
        this.by = by;
    }

    String mainClass() {
        return main.getName();
    }

    /** Who does it. */
    String by() {
        return by;
    }

    boolean isOfPanamax() {
        return this != PLAIN_CALLS;
    }

    /** What is timed, in the order of the lines. */
    List<String> works() {
        return switch (this) {
            case FIRST_CALL -> List.of(FIRST_CALL_OF_6);
            case CALLS, PLAIN_CALLS ->
                Arrays.stream(CALLS_SO_FAR).mapToObj(StartUpProgram::calls).toList();
            case WARM_UP -> List.of(WARM_UP_CALL, FIRST_REQUEST);
        };
    }

    /** The work that is compared with the plain loop's. */
    static String calls(int count) {
        return count + (count == 1 ? " softmax of " : " softmaxes of ") + CLASSES;
    }

    /** Elapsed time, and time on a processor of all threads, the compiler's included. */
    private static final class Clock {
        private static final int READINGS = 20;

        private double elapsed;
        private double cpu;
        private double cpuOfReading;

        private Clock() throws IOException {
            // The first time it is slow.
            for (int i = 0; i < READINGS; i++) {
                cpuMillis();
            }
            for (int i = 0; i < READINGS; i++) {
                start();
                stop();
            }
            cpuOfReading = cpu / READINGS;
            cpu = 0;
            elapsed = 0;
        }

        void start() throws IOException {
            cpu -= cpuMillis();
            elapsed -= System.nanoTime() / 1e6;
        }

        void stop() throws IOException {
            elapsed += System.nanoTime() / 1e6;
            cpu += cpuMillis() - cpuOfReading;
        }

        /** Both so far. */
        double[] read() {
            return new double[] {elapsed, cpu};
        }

        /** NaN where no file says it. */
        @SuppressWarnings("ThreadPriorityCheck")
        private static double cpuMillis() throws IOException {
            if (!Files.exists(THREADS)) {
                return Double.NaN;
            }
            // The kernel notes a thread's time when it switches.
            Thread.yield();
            double nanos = 0;
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
                for (Path thread : threads) {
                    try {
                        nanos += Double.parseDouble(
                                Files.readString(thread.resolve("schedstat")).split(" ", 2)[0]);
                    } catch (NoSuchFileException ended) {
                        // Its time is lost: little, as threads rarely end here.
                    }
                }
            }
            return nanos / 1e6;
        }
    }

    private static void print(double[] times) {
        System.out.println(times[0] + " " + times[1]);
    }

    private static float[] row() {
        float[] x = new float[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            x[i] = i * 7919 % 1009 / 100f;
        }
        return x;
    }

    /** The first call, with the loading of Panamax. */
    static final class FirstCall {
        private FirstCall() {}

        public static void main(String[] args) throws IOException {
            float[] scores = {2.0f, 1.0f, 0.1f, 0.3f, 2.2f, 0.4f};
            Clock clock = new Clock();
            clock.start();
            Softmax.softmax(scores, scores);
            clock.stop();
            print(clock.read());
        }
    }

    /** The first calls together. */
    static final class Calls implements BiConsumer<float[], float[]> {
        private Calls() {}

        public static void main(String[] args) throws IOException {
            time(new Calls());
        }

        @Override
        public void accept(float[] x, float[] out) {
            Softmax.softmax(x, out);
        }
    }

    /** The same by the loop. */
    static final class PlainCalls implements BiConsumer<float[], float[]> {
        private PlainCalls() {}

        public static void main(String[] args) throws IOException {
            time(new PlainCalls());
        }

        @Override
        public void accept(float[] x, float[] out) {
            PlainLoop.softmax(x, 0, out, 0, x.length);
        }
    }

    private static void time(BiConsumer<float[], float[]> softmax) throws IOException {
        float[] x = row();
        float[] out = new float[CLASSES];
        double[][] times = new double[CALLS_SO_FAR.length][];
        Clock clock = new Clock();
        int call = 0;
        for (int i = 0; i < times.length; i++) {
            clock.start();
            for (; call < CALLS_SO_FAR[i]; call++) {
                softmax.accept(x, out);
            }
            clock.stop();
            times[i] = clock.read();
        }
        for (double[] each : times) {
            print(each);
        }
    }

    /** The warm-up, and five operations after it. */
    static final class WarmUp {
        private WarmUp() {}

        public static void main(String[] args) throws IOException {
            Clock clock = new Clock();
            clock.start();
            Backend.warmUp();
            clock.stop();
            print(clock.read());
            FloatMatrix x = FloatMatrix.of(row(), 1, CLASSES);
            FloatMatrix out = FloatMatrix.of(new float[CLASSES], 1, CLASSES);
            int[] labels = {7};
            clock = new Clock();
            clock.start();
            Softmax.softmax(x, out);
            CrossEntropy.mean().lossAndGradient(x, labels, out);
            BinaryCrossEntropy.mean().loss(x, out);
            FocalLoss.mean().loss(x, labels);
            MulticlassHinge.mean().lossAndGradient(x, labels, out);
            clock.stop();
            print(clock.read());
        }
    }
}
