package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the first call costs, in JVMs of its own; the least of several, as other processes only add to it. */
class StartUpTest {
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final double MOST_MILLIS = 60;
    private static final int JVMS = 7;
    private static final int JVMS_ON_A_BUSY_MACHINE = 20;
    private static final double MOST_MILLIS_OF_REQUEST = 0.4;

    /** Another JVM, if somebody else had the processor. */
    private static final int INTERRUPTED = 3;

    /** The time on a processor of all threads so far, those of the compiler included. */
    private static double cpuMillis() throws IOException {
        double nanos = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                try {
                    nanos += Double.parseDouble(
                            Files.readString(thread.resolve("schedstat")).split(" ")[0]);
                } catch (NoSuchFileException ended) {
                    // Its time is lost: little, as threads rarely end here.
                }
            }
        }
        return nanos / 1e6;
    }

    static final class FirstCall {
        public static void main(String[] arguments) throws IOException {
            float[] scores = {2.0f, 1.0f, 0.1f, 0.3f, 2.2f, 0.4f};
            cpuMillis();
            cpuMillis();
            double before = cpuMillis();
            Softmax.softmax(scores, scores);
            System.out.println(cpuMillis() - before);
        }
    }

    @Test
    void theFirstCallCostsLittle() throws Exception {
        assumeTrue(Files.exists(THREADS), "Linux counts it");
        for (List<String> flags : List.of(List.<String>of(), List.of("--add-modules=jdk.incubator.vector"))) {
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < JVMS || i < JVMS_ON_A_BUSY_MACHINE && least >= MOST_MILLIS; i++) {
                least = Math.min(least, Double.parseDouble(run(FirstCall.class, flags)));
            }
            System.out.printf("first call with %s: %.1f ms of CPU%n", flags, least);
            double measured = least;
            assertTrue(measured < MOST_MILLIS, () -> measured + " ms with " + flags);
        }
    }

    static final class FirstRequest {
        private static final int CLASSES = 1000;

        public static void main(String[] arguments) {
            Backend.warmUp();
            FloatMatrix x = FloatMatrix.of(new float[CLASSES], 1, CLASSES);
            FloatMatrix out = FloatMatrix.of(new float[CLASSES], 1, CLASSES);
            int[] labels = {7};
            long start = System.nanoTime();
            Softmax.softmax(x, out);
            CrossEntropy.mean().lossAndGradient(x, labels, out);
            BinaryCrossEntropy.mean().loss(x, out);
            FocalLoss.builder().build().loss(x, labels);
            MulticlassHinge.mean().lossAndGradient(x, labels, out);
            System.out.println((System.nanoTime() - start) / 1e6);
        }
    }

    /** Five operations: cold they take 150 ms, after a single sweep of the warm-up 0.9. */
    @Test
    void theFirstRequestAfterWarmUpIsFast() throws Exception {
        for (List<String> flags : List.of(List.<String>of(), List.of("--add-modules=jdk.incubator.vector"))) {
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < INTERRUPTED && least > MOST_MILLIS_OF_REQUEST; i++) {
                least = Math.min(least, Double.parseDouble(run(FirstRequest.class, flags)));
            }
            System.out.printf("first request after warmUp() with %s: %.3f ms%n", flags, least);
            double measured = least;
            assertTrue(measured < MOST_MILLIS_OF_REQUEST, () -> measured + " ms with " + flags);
        }
    }

    private static String run(Class<?> main, List<String> flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(process.getInputStream().readAllBytes());
    }
}
