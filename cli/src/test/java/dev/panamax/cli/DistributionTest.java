package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as it is installed: its start, and what only a process of its own can show. */
@EnabledIfSystemProperty(named = "panamax.distribution", matches = ".+", disabledReason = "the run on classes")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "sh starts the program")
class DistributionTest {
    private static final Path HOME = Path.of(System.getProperty("panamax.distribution", ""));

    @TempDir
    private Path directory;

    /** What a process left behind. */
    private record Ended(int exit, String out, String err) {}

    /** Runs lines of a shell in which {@code panamax} is the program, in the empty directory. */
    private Ended shell(String lines, Map<String, String> environment) throws IOException, InterruptedException {
        Path out = Files.createTempFile("panamax", "out");
        Path err = Files.createTempFile("panamax", "err");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", lines);
        builder.directory(directory.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment()
                .put("PATH", HOME.resolve("bin") + ":" + builder.environment().get("PATH"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        int exit = process.waitFor();
        Ended ended = new Ended(exit, Files.readString(out), Files.readString(err));
        Files.delete(out);
        Files.delete(err);
        return ended;
    }

    private String succeed(String lines) throws IOException, InterruptedException {
        Ended ended = shell("set -e\n" + lines, Map.of());
        assertEquals("", ended.err);
        assertEquals(0, ended.exit, ended.out);
        return ended.out;
    }

    @Test
    void theSuiteRunsOnTheJarsOfTheDistribution() throws URISyntaxException {
        for (Class<?> used : List.of(Main.class, SoftmaxRegression.class, picocli.CommandLine.class)) {
            URI jar = used.getProtectionDomain().getCodeSource().getLocation().toURI();
            assertTrue(Path.of(jar).startsWith(HOME), jar::toString);
        }
    }

    @Test
    void fromAnEmptyDirectoryToAReport() throws IOException, InterruptedException {
        String out = succeed("""
                panamax train --epochs 9 --out model --onnx graph --report page.html
                panamax evaluate --model model
                tail -n 1 page.html
                panamax predict --model model >predictions
                grep -c '^7$' predictions
                """);
        assertTrue(
                out.startsWith("backend        " + dev.panamax.Backend.current().name() + ", "), out);
        assertTrue(out.contains("test accuracy") && out.contains("confusion "), out);
        assertTrue(out.contains("\n</html>\n"), out);
        assertEquals(1798, Files.readAllLines(directory.resolve("predictions")).size());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(4, files.count());
        }
    }

    @Test
    void theJarStartsByItself() throws IOException, InterruptedException {
        String jar = "\"$JAVA_HOME/bin/java\" -jar '" + HOME.resolve("panamax.jar") + "' ";
        String out = succeed(jar + "train --epochs 1\n" + jar + "--version\npanamax -V");
        assertTrue(out.contains("built-in digits: 1797 rows"), out);
        List<String> versions =
                out.lines().filter(line -> line.startsWith("panamax ")).toList();
        assertEquals(2, versions.size(), out);
        assertTrue(versions.get(0).matches("panamax \\d+\\.\\d+.*"), out);
        assertEquals(versions.get(0), versions.get(1));
    }

    @Test
    void outputThatIsLostIsAFailure() throws IOException, InterruptedException {
        succeed("panamax train --epochs 1 --out model >report");
        assumeTrue(Files.exists(Path.of("/dev/full")), "no such device here");
        Ended full = shell("panamax predict --model model >/dev/full", Map.of());
        assertEquals("panamax: standard output cannot be written: No space left on device\n", full.err);
        assertEquals(1, full.exit);
        Ended closed = shell("panamax predict --model model >&-", Map.of());
        assertTrue(closed.err.startsWith("panamax: standard output cannot be written: "), closed.err);
        assertEquals(1, closed.exit);
        // More than a pipe holds, so that the program meets its end.
        Ended head = shell(
                "{ panamax predict --model model --probabilities; echo $? >status; } | head -c 12; cat status",
                Map.of());
        assertEquals(new Ended(0, "prediction,0141\n", ""), head);
        Ended limited = shell("ulimit -f 1; panamax predict --model model --probabilities --out big", Map.of());
        assertEquals("panamax: big cannot be written: File too large\n", limited.err);
        assertEquals(1, limited.exit);
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(3, files.count(), "nothing half written");
        }
    }

    @Test
    void namesAreUtf8InAnyLanguage() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("train.csv"), "a,kind\n" + "1,café\n2,日本\n".repeat(5));
        succeed("panamax train train.csv --out model >report");
        Ended ended = shell("panamax predict --model model train.csv", Map.of("LC_ALL", "C"));
        assertEquals("prediction\n" + "café\n日本\n".repeat(5), ended.out);
        Ended told = shell("panamax evaluate --model model train.csv | cat", Map.of("LC_ALL", "C"));
        assertTrue(told.out.contains("(café, 日本)"), told.out);
    }

    @Test
    void itStartsFromAnywhere() throws IOException, InterruptedException {
        Path spaced = Files.createDirectories(directory.resolve("a place")).resolve("home");
        Files.createSymbolicLink(spaced, HOME);
        Files.createSymbolicLink(directory.resolve("first"), Path.of("a place", "home", "bin", "panamax"));
        Files.createSymbolicLink(directory.resolve("second"), Path.of("first"));
        String version = succeed("panamax --version");
        assertEquals(version, succeed("./second --version"));
        assertEquals(version, succeed("'a place/home/bin/panamax' --version"));
        assertEquals(
                version,
                succeed("unset JAVA_HOME; PATH=" + System.getProperty("java.home") + "/bin:$PATH panamax --version"));
        Ended options = shell("panamax info", Map.of("JAVA_OPTS", "-Dpanamax.backend=scalar -Xmx64m"));
        assertTrue(options.out.startsWith("backend        scalar, "), options.out);
        // Without room for a pipe the announcement is shown, and all else is as it was.
        Ended pipeless = shell(
                "panamax --version",
                Map.of("TMPDIR", directory.resolve("nowhere").toString()));
        assertEquals(version, pipeless.out);
    }

    @Test
    void aJavaThatIsTooOldOrMissingIsNamed() throws IOException, InterruptedException {
        assumeTrue(Files.notExists(HOME.resolve("runtime")), "it has its own");
        Ended missing = shell("panamax info", Map.of("JAVA_HOME", "/nowhere"));
        assertEquals(
                "panamax: there is no /nowhere/bin/java: Java 25 or newer is needed, in JAVA_HOME or on the path\n",
                missing.err);
        assertEquals(1, missing.exit);
        // What an older Java says of our classes.
        Path bin = Files.createDirectories(directory.resolve("old").resolve("bin"));
        Path java = Files.writeString(bin.resolve("java"), """
                #!/bin/sh
                echo "Error: LinkageError occurred while loading main class dev.panamax.cli.Main" >&2
                printf '\\tjava.lang.UnsupportedClassVersionError: dev/panamax/cli/Main has been compiled ...' >&2
                exit 1
                """);
        assertTrue(java.toFile().setExecutable(true));
        Ended old = shell("panamax info", Map.of("JAVA_HOME", bin.getParent().toString()));
        assertEquals(1, old.exit);
    }

    /** Who stops the program stops Java, not just the script. */
    @Test
    void signalsReachIt() throws IOException, InterruptedException {
        succeed("panamax train --epochs 1 --out model >report");
        ProcessBuilder builder = new ProcessBuilder(
                HOME.resolve("bin").resolve("panamax").toString(), "predict", "--model", "model", "-", "--label=-1");
        Path err = directory.resolve("err");
        builder.directory(directory.toFile()).redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().write("0,".repeat(64).concat("0\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        byte[] head = "prediction\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "prediction\n", new String(process.getInputStream().readNBytes(head.length), StandardCharsets.UTF_8));
        // Process.destroy would close the input as well, at whose end the program ends by itself.
        assertTrue(process.toHandle().destroy());
        assertEquals(128 + 15, process.waitFor());
        assertEquals("", Files.readString(err));
    }

    @Test
    void theShellCompletesCommandsAndOptions() throws IOException, InterruptedException {
        Path script = HOME.resolve("completion").resolve("panamax");
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash here");
        List<String> completed = new ArrayList<>();
        for (String words : List.of(
                "panamax ev",
                "panamax train --class-w",
                "panamax train --loss we",
                "panamax train --format li",
                "panamax train --schedule st",
                "panamax train --missing d",
                "panamax evaluate --rep")) {
            String last = words.substring(words.lastIndexOf(' ') + 1);
            completed.add(succeed("bash -c 'compopt() { :; }; . " + script + "; COMP_WORDS=(" + words + "); COMP_CWORD="
                            + (words.split(" ").length - 1) + "; COMP_LINE=\"" + words + "\"; COMP_POINT="
                            + words.length()
                            + "; _complete_panamax panamax " + last + "; echo ${COMPREPLY[@]}'")
                    .strip());
        }
        assertEquals(
                List.of("evaluate", "--class-weight", "weston-watkins", "libsvm", "step", "drop", "--report"),
                completed);
        assertFalse(Files.readString(script).contains("WESTON_WATKINS"));
    }
}
