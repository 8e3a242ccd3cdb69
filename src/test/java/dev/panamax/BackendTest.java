package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendTest {
    private static final String FORCED = System.getProperty("panamax.backend");

    @Test
    void theBackendThatThisRunClaimsIsTheOneThatRuns() {
        assumeTrue(PanamaWidthFilter.missingBits() <= 0, "this machine has no " + FORCED);
        assertEquals(
                System.getProperty("panamax.test.expected", FORCED),
                Backend.current().name());
    }

    @Test
    void theNameTellsTheWidth() {
        assumeTrue(PanamaWidthFilter.missingBits() <= 0, "this machine has no " + FORCED);
        Backend backend = Backend.current();
        assertEquals(backend.vectorBits() == 0 ? "scalar" : "vector" + backend.vectorBits(), backend.name());
        assertFalse(backend.reason().isBlank());
    }

    @Test
    void withoutTheModuleTheScalarKernelsServeInSilence() throws Exception {
        assertEquals("scalar [0.5, 0.5]\n", run(List.of()));
    }

    @Test
    void theScalarKernelsCanBeForced() throws Exception {
        assertEquals(
                "scalar [0.5, 0.5]\n",
                withoutTheJvmsWarning(run(List.of("--add-modules=jdk.incubator.vector", "-Dpanamax.backend=scalar"))));
    }

    @Test
    void aForcedBackendThatCannotRunThrowsAtEveryUse() throws Exception {
        String output = run(List.of("-Dpanamax.backend=vector256"));
        assertTrue(
                output.contains(
                        "panamax.backend=vector256 cannot run here: there is no Vector API: start Java with --add-modules"),
                output);
        assertTrue(output.contains("again: java.lang.IllegalStateException: panamax.backend=vector256"), output);
    }

    @Test
    void anUnknownBackendThrows() throws Exception {
        String output = run(List.of("-Dpanamax.backend=avx"));
        assertTrue(output.contains("panamax.backend=avx is not one of scalar, vector128"), output);
    }

    private static String withoutTheJvmsWarning(String output) {
        return output.replace("WARNING: Using incubator modules: jdk.incubator.vector\n", "");
    }

    private static String run(List<String> flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return output;
    }

    /** Prints what runs and one result; on a failure both messages that two uses in a row give. */
    static final class Probe {
        public static void main(String[] arguments) {
            float[] x = {1, 1};
            try {
                Softmax.softmax(x, x);
                System.out.println(Backend.current().name() + " " + java.util.Arrays.toString(x));
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
                try {
                    Softmax.logSumExp(x);
                } catch (IllegalStateException again) {
                    System.out.println("again: " + again);
                }
            }
        }
    }
}
