package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A JVM with each of the flags that matter: which backend serves, what it says, and the bits of every operation. */
class JvmFlagsTest {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";
    private static final int CALLS = 150;

    /** What a JVM printed, but for the JDK's own warning. */
    private record Run(String out, String err) {
        static Run of(Class<?> main, List<String> flags) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(flags);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
            Path err = Files.createTempFile("panamax", ".err");
            try {
                Process process =
                        new ProcessBuilder(command).redirectError(err.toFile()).start();
                String out = new String(process.getInputStream().readAllBytes());
                process.waitFor();
                return new Run(out, withoutTheJdksWarning(Files.readString(err)));
            } finally {
                Files.delete(err);
            }
        }

        private static String withoutTheJdksWarning(String err) {
            return err.replace("WARNING: Using incubator modules: jdk.incubator.vector\n", "");
        }
    }

    /** The backend, what many calls give, and the reason. */
    static final class Probe {
        public static void main(String[] arguments) {
            Backend backend = Backend.current();
            System.out.println(backend.name() + " " + digest() + " " + backend.reason());
        }
    }

    static int digest() {
        Twin.Calls calls = new Twin.Calls();
        int digest = 0;
        for (int call = 0; call < CALLS; call++) {
            digest = 31 * digest + Arrays.hashCode(calls.apply(call));
        }
        return digest;
    }

    private static void assertRuns(String backend, String reason, List<String> flags) throws Exception {
        Run run = Run.of(Probe.class, flags);
        String[] parts = run.out.split(" ", 3);
        assertEquals(3, parts.length, () -> run.out + run.err);
        assertTrue(backend.equals("vector") ? parts[0].startsWith(backend) : parts[0].equals(backend), run.out);
        assertTrue(parts[2].contains(reason), run.out);
        assertEquals(Integer.toString(digest()), parts[1], "bits");
        assertEquals("", run.err);
    }

    @ParameterizedTest
    @CsvSource({
        "vector, bits wide here, -XX:+UseTLAB",
        "vector, bits wide here, -XX:+UseSerialGC",
        "vector, bits wide here, -XX:+UseParallelGC",
        "vector, bits wide here, -XX:+UseZGC",
        "vector, bits wide here, -XX:+UseCompactObjectHeaders",
        "vector, bits wide here, -XX:-UseCompressedOops",
        "vector, bits wide here, -XX:-TieredCompilation",
        "vector, bits wide here, -XX:TieredStopAtLevel=3",
        "vector, bits wide here, -Xshare:off",
        "scalar, remove -Xint, -Xint",
        "scalar, remove -XX:TieredStopAtLevel=1, -XX:TieredStopAtLevel=1",
        "scalar, remove -XX:TieredStopAtLevel=1, -XX:CompilationMode=quick-only",
        "scalar, remove -XX:-UseFMA, -XX:-UseFMA",
        "scalar, 'less than 128: remove -XX:MaxVectorSize', -XX:MaxVectorSize=8",
        "vector128, 128 bits, -XX:MaxVectorSize=16",
        "scalar, chosen by panamax.backend, -Dpanamax.backend=scalar"
    })
    void withTheVectorApi(String backend, String reason, String flag) throws Exception {
        assertRuns(backend, reason, List.of(VECTORS, flag));
    }

    @ParameterizedTest
    @CsvSource({
        "scalar, remove -XX:-UseFMA or -XX:UseAVX=0, -XX:UseAVX=0",
        "vector128, 128 bits, -XX:UseAVX=1",
        "vector256, 256 bits, -XX:UseAVX=2"
    })
    void onX86(String backend, String reason, String flag) throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "flags of x86");
        assertRuns(backend, reason, List.of(VECTORS, flag));
    }

    @Test
    void withoutTheVectorApi() throws Exception {
        assertRuns("scalar", "start Java with --add-modules jdk.incubator.vector", List.of());
        assertRuns("scalar", "start Java with --add-modules jdk.incubator.vector", List.of("-XX:-UseFMA"));
    }

    @Test
    void aForcedBackendRunsWhereItIsSlow() throws Exception {
        assertRuns("vector128", "chosen", List.of(VECTORS, "-Dpanamax.backend=vector128", "-XX:-UseFMA"));
        assertRuns("vector128", "chosen", List.of(VECTORS, "-Dpanamax.backend=vector128", "-XX:TieredStopAtLevel=1"));
    }

    /** A Vector API without what the kernels need, as a later JDK may have one. */
    @Test
    void aVectorApiThatDoesNotLink(@TempDir Path folder) throws Exception {
        String name = "jdk.incubator.vector.VectorShape";
        Path file = folder.resolve(name.replace('.', '/') + ".class");
        Files.createDirectories(file.getParent());
        Files.write(file, ClassFile.of().build(ClassDesc.of(name), type -> {}));
        List<String> patched = List.of(VECTORS, "--patch-module=jdk.incubator.vector=" + folder);
        assertRuns("scalar", "take a newer Panamax", patched);
    }

    @Test
    void oneLineForTheLogAndNoneForAnybodyElse(@TempDir Path folder) throws Exception {
        Path config = folder.resolve("logging.properties");
        Files.writeString(config, """
                handlers=java.util.logging.ConsoleHandler
                java.util.logging.ConsoleHandler.level=ALL
                dev.panamax.level=ALL
                """);
        String logging = "-Djava.util.logging.config.file=" + config;
        for (List<String> flags : List.of(List.of(logging), List.of(logging, VECTORS))) {
            Run run = Run.of(Probe.class, flags);
            String backend = run.out.split(" ")[0];
            assertEquals(
                    1, run.err.lines().filter(line -> line.startsWith("FINE: ")).count(), run.err);
            assertTrue(run.err.contains("FINE: backend " + backend + ": "), run.err);
        }
    }
}
