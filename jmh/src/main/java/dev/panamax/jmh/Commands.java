package dev.panamax.jmh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Programs of the machine. */
final class Commands {
    private Commands() {}

    /** What a program printed on both streams, and its exit code; or why it could not be started. */
    record Outcome(int code, String output) {
        boolean succeeded() {
            return code == 0;
        }
    }

    static Outcome run(String... command) {
        return run(Map.of(), command);
    }

    /** With further variables in its environment. */
    static Outcome run(Map<String, String> variables, String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(variables);
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output.strip());
        } catch (IOException e) {
            return new Outcome(-1, command[0] + " not found");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(-1, "interrupted");
        }
    }
}
