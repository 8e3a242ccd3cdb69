package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM with each of the flags that matter: which backend serves, what it says, and the bits of every operation. */
@Tag("once")
class JvmFlagsTest {
    private static final String VECTORS = ChildJvm.VECTORS;
    private static final int CALLS = 150;

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

    /** What this machine's JVM chooses without a flag. */
    private static String chosen;

    private static String bits;

    @BeforeAll
    static void probe() throws Exception {
        chosen = ChildJvm.run(Probe.class, List.of(VECTORS)).out().split(" ")[0];
        bits = Integer.toString(digest());
    }

    private static void assertRuns(String backend, String reason, List<String> flags) throws Exception {
        ChildJvm run = ChildJvm.run(Probe.class, flags);
        String[] parts = run.out().split(" ", 3);
        assertEquals(3, parts.length, () -> run.out() + run.err());
        assertEquals(backend, parts[0], run.out());
        assertTrue(parts[2].contains(reason), run.out());
        assertEquals(bits, parts[1], "bits");
        assertEquals("", run.err());
    }

    /** The tests of flags are about a machine whose JVM chooses vectors by itself. */
    private static int widest() {
        assumeTrue(chosen.startsWith("vector"), "on this machine vectors are no help");
        return Integer.parseInt(chosen.substring("vector".length()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+UseTLAB",
                "-XX:+UseSerialGC",
                "-XX:+UseParallelGC",
                "-XX:+UseZGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:-UseCompressedOops",
                "-XX:-TieredCompilation",
                "-XX:TieredStopAtLevel=3",
                "-Xshare:off"
            })
    void flagsThatDoNotMatter(String flag) throws Exception {
        assertRuns("vector" + widest(), "bits wide here", List.of(VECTORS, flag));
    }

    @ParameterizedTest
    @CsvSource({
        "scalar, remove -Xint, -Xint",
        "scalar, remove -XX:TieredStopAtLevel=1, -XX:TieredStopAtLevel=1",
        "scalar, remove -XX:TieredStopAtLevel=1, -XX:CompilationMode=quick-only",
        "scalar, remove -XX:-UseFMA, -XX:-UseFMA",
        "scalar, 'less than 128: remove -XX:MaxVectorSize', -XX:MaxVectorSize=8",
        "vector128, 128 bits, -XX:MaxVectorSize=16",
        "scalar, chosen by panamax.backend, -Dpanamax.backend=scalar"
    })
    void flagsThatDo(String backend, String reason, String flag) throws Exception {
        widest();
        assertRuns(backend, reason, List.of(VECTORS, flag));
    }

    @ParameterizedTest
    @CsvSource({
        "0, remove -XX:-UseFMA or -XX:UseAVX=0, -XX:UseAVX=0",
        "128, 128 bits, -XX:UseAVX=1",
        "256, bits wide here, -XX:UseAVX=2"
    })
    void onX86(int bits, String reason, String flag) throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "flags of x86");
        int most = Math.min(bits, widest());
        assertRuns(most == 0 ? "scalar" : "vector" + most, reason, List.of(VECTORS, flag));
    }

    @Test
    void withoutTheVectorApi() throws Exception {
        assertRuns("scalar", "start Java with --add-modules jdk.incubator.vector", List.of());
        assertRuns("scalar", "start Java with --add-modules jdk.incubator.vector", List.of("-XX:-UseFMA"));
    }

    /** Prints one result; on a failure the messages of two uses in a row. */
    static final class Uses {
        public static void main(String[] arguments) {
            float[] x = {1, 1};
            try {
                Softmax.softmax(x, x);
                System.out.println(Arrays.toString(x));
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
                try {
                    Softmax.logSumExp(x);
                } catch (IllegalStateException again) {
                    System.out.println("again: " + again.getMessage());
                }
            }
        }
    }

    @Test
    void aForcedBackendThatCannotRunThrowsAtEveryUse() throws Exception {
        assertRefused(
                "vector256",
                "cannot run here: there is no Vector API: start Java with --add-modules jdk.incubator.vector",
                List.of());
        assertRefused(
                "vector",
                "cannot run here: there is no Vector API: start Java with --add-modules jdk.incubator.vector",
                List.of());
        assertRefused(
                "avx", "is not one of scalar, vector, vector128, vector256, vector512 and auto", List.of(VECTORS));
    }

    @Test
    void aForcedWidthBeyondTheMachinesThrowsAtEveryUse() throws Exception {
        widest();
        assertRefused(
                "vector256",
                "cannot run here: vectors are 128 bits wide here",
                List.of(VECTORS, "-XX:MaxVectorSize=16"));
    }

    private static void assertRefused(String backend, String message, List<String> flags) throws Exception {
        List<String> forced = new ArrayList<>(flags);
        forced.add("-Dpanamax.backend=" + backend);
        String expected = "panamax.backend=" + backend + " " + message;
        assertEquals(new ChildJvm(expected + "\nagain: " + expected + "\n", ""), ChildJvm.run(Uses.class, forced));
    }

    /** Vectors or nothing: as {@code auto} where that has vectors, else refused with its reason. */
    @Test
    void vectorsThatAreRequired() throws Exception {
        int widest = widest();
        assertRuns("vector" + widest, "bits wide here", List.of(VECTORS, "-Dpanamax.backend=vector"));
        assertRefused(
                "vector",
                "cannot run here: the Vector API is fast only with the C2 compiler: remove -Xint",
                List.of(VECTORS, "-Xint"));
    }

    @Test
    void aForcedBackendRunsWhereItIsSlow() throws Exception {
        widest();
        assertRuns("vector128", "chosen", List.of(VECTORS, "-Dpanamax.backend=vector128", "-XX:-UseFMA"));
        assertRuns("vector128", "chosen", List.of(VECTORS, "-Dpanamax.backend=vector128", "-XX:TieredStopAtLevel=1"));
    }

    /** A Vector API without what the kernels need, as a later JDK may have one. */
    @Test
    void aVectorApiThatDoesNotLink(@TempDir Path folder) throws Exception {
        widest();
        String name = "jdk.incubator.vector.VectorShape";
        Path file = folder.resolve(name.replace('.', '/') + ".class");
        Files.createDirectories(file.getParent());
        Files.write(file, ClassFile.of().build(ClassDesc.of(name), type -> {}));
        List<String> patched = List.of(VECTORS, "--patch-module=jdk.incubator.vector=" + folder);
        assertRuns("scalar", "take a newer Panamax", patched);
        List<String> forced = new ArrayList<>(patched);
        for (String backend : List.of("vector", "vector128")) {
            String property = "panamax.backend=" + backend;
            forced.add("-D" + property);
            String out = ChildJvm.run(Uses.class, forced).out();
            assertTrue(out.startsWith(property + " cannot run here: the Vector API of Java "), out);
            assertTrue(out.contains("take a newer Panamax\nagain: " + property + " cannot run here: "), out);
        }
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
        String english = "-Duser.language=en";
        for (List<String> flags : List.of(List.of(logging, english), List.of(logging, english, VECTORS))) {
            ChildJvm run = ChildJvm.run(Probe.class, flags);
            String backend = run.out().split(" ")[0];
            assertEquals(1, fineLines(run), run.err());
            assertTrue(run.err().contains("FINE: backend " + backend + ": "), run.err());
        }
        // An operation alone does not even look for a log.
        for (List<String> flags : List.of(List.of(logging, english), List.of(logging, english, VECTORS))) {
            assertEquals(0, fineLines(ChildJvm.run(Uses.class, flags)));
        }
    }

    private static long fineLines(ChildJvm run) {
        return run.err().lines().filter(line -> line.startsWith("FINE: ")).count();
    }
}
