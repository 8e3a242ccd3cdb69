package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.panama.Inputs;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After the warm-up a service has all that its first request needs. How fast that is, a benchmark tells. */
@Tag("once")
class WarmUpTest {
    private static final int REQUESTS = 5;

    /** Loaded between the warm-up and the first request. */
    static final class Mark {}

    /** Warms up, and makes the first requests of every operation. */
    static final class FirstRequests {
        public static void main(String[] arguments) throws Throwable {
            List<Call> calls = new ArrayList<>();
            for (Method method : PublicOperations.all()) {
                Call.Shape shape = new Call.Shape(2, 100, Inputs.MODERATE, true, false);
                for (int seed = 0; seed < REQUESTS; seed++) {
                    calls.add(new Call(method, shape, new SplittableRandom(seed)));
                }
            }
            System.out.println(Backend.warmUp().isPositive());
            new Mark();
            for (Call call : calls) {
                try {
                    call.invoke();
                } catch (IllegalArgumentException refused) {
                    // Made-up arguments may be wrong ones.
                }
            }
        }
    }

    /** Warms up one call, and makes it. */
    static final class NamedCall {
        public static void main(String[] arguments) {
            FloatMatrix x = FloatMatrix.of(new float[640], 64, 10);
            float[] row = new float[100];
            boolean took = Backend.warmUp(
                            Duration.ofMinutes(1), () -> Softmax.softmax(x, x), () -> Softmax.logSoftmax(row, row))
                    .isPositive();
            int warming = Backend.current().warming();
            new Mark();
            Softmax.softmax(x, x);
            Softmax.logSoftmax(row, row);
            System.out.println(took + ", " + warming + " kernels are still scalar");
        }
    }

    @Test
    void noOperationLoadsAClass(@TempDir Path folder) throws Exception {
        assertNothingIsLoaded(FirstRequests.class, "true\n", folder);
    }

    /** What is named is prepared by the very calls, and its vector kernels serve. */
    @Test
    void aNamedCallIsReady(@TempDir Path folder) throws Exception {
        assertNothingIsLoaded(NamedCall.class, "true, 0 kernels are still scalar\n", folder);
    }

    private static void assertNothingIsLoaded(Class<?> program, String output, Path folder) throws Exception {
        Path log = folder.resolve("classes.log");
        ChildJvm run = ChildJvm.run(program, List.of(ChildJvm.VECTORS, "-Xlog:class+load:file=" + log));
        assertEquals(new ChildJvm(output, ""), run);
        List<String> loaded = Files.readAllLines(log);
        String mark = Mark.class.getName();
        int marked = loaded.size();
        while (!loaded.get(marked - 1).contains(mark)) {
            marked--;
        }
        assertEquals(
                List.of(),
                loaded.subList(marked, loaded.size()).stream()
                        .filter(line -> line.contains(" dev.panamax."))
                        .toList());
    }
}
