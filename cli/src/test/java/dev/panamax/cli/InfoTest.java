package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code panamax info}: which kernels run, why, and what would help. */
class InfoTest {
    private static final String NOTHING_IN_USE = "warming        0 of the kernels in use are still scalar\n";

    @Test
    void theBackendAndTheReason() {
        Backend backend = Backend.current();
        assertEquals(
                "backend        " + backend.name() + ", " + backend.vectorBits() + " bits: " + backend.reason()
                        + "\nwarming        " + backend.warming() + " of the kernels in use are still scalar\n",
                Program.succeed("info").out());
    }

    @Test
    void theRemedy() throws Exception {
        assertEquals(
                "backend        scalar, 0 bits: there is no Vector API: start Java with --add-modules jdk.incubator.vector\n"
                        + NOTHING_IN_USE,
                info());
        assertTrue(info("--add-modules=jdk.incubator.vector", "-Xint").endsWith(": remove -Xint\n" + NOTHING_IN_USE));
    }

    @Test
    void aForcedBackendThatCannotRun() throws Exception {
        assertEquals(
                "panamax: panamax.backend=vector256 cannot run here: there is no Vector API: start Java with"
                        + " --add-modules jdk.incubator.vector\n",
                info("-Dpanamax.backend=vector256"));
    }

    /** That of the POM, from classes as from a jar. */
    @Test
    void theVersion() throws IOException {
        String pom = Files.readString(Path.of("..", "pom.xml"));
        String version = pom.substring(pom.indexOf("<version>") + "<version>".length(), pom.indexOf("</version>"));
        assertEquals("panamax " + version + "\n", Program.succeed("--version").out());
    }

    private static String info(String... flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "info"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes())
                .replace("WARNING: Using incubator modules: jdk.incubator.vector\n", "");
    }
}
