package dev.panamax;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a JVM of its own printed on either stream, but for what comes from the JVM itself: its banner for incubator modules,
 * its warnings and its log.
 */
record ChildJvm(String out, String err) {
    static final String VECTORS = "--add-modules=jdk.incubator.vector";

    private static final Pattern OF_THE_JVM = Pattern.compile(
            "(Picked up |NOTE: Picked up |WARNING: Using incubator modules: |.* VM warning: |\\[[0-9.,]+m?s]\\[).*");

    private static final List<String> OPTIONS_IN_THE_ENVIRONMENT =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** Runs a program of the tests' class path with these options of the JVM, and with no other. */
    static ChildJvm run(Class<?> main, List<String> options) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("java.home"));
        return run(home, System.getProperty("java.class.path"), main, options);
    }

    static ChildJvm run(Path javaHome, String classPath, Class<?> main, List<String> options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin").resolve("java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        Path err = Files.createTempFile("panamax", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
            builder.environment().keySet().removeAll(OPTIONS_IN_THE_ENVIRONMENT);
            Process process = builder.start();
            String out = new String(process.getInputStream().readAllBytes());
            process.waitFor();
            return new ChildJvm(ofTheProgram(out), ofTheProgram(Files.readString(err)));
        } finally {
            Files.delete(err);
        }
    }

    private static String ofTheProgram(String output) {
        StringBuilder rest = new StringBuilder();
        output.lines()
                .filter(line -> !OF_THE_JVM.matcher(line).matches())
                .forEach(line -> rest.append(line).append('\n'));
        return rest.toString();
    }
}
