package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The commands that the README and docs show are ones that the program knows, with their options. */
class DocumentedCommandsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern COMMAND =
            Pattern.compile("(?m)(?:^|[|`\"] ?)panamax ((?:train|evaluate|predict|info|help)[^|`\"#\n]*)");

    static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            for (Path file : Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.sorted())
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList()) {
                COMMAND.matcher(Files.readString(file))
                        .results()
                        .map(found -> found.group(1).strip())
                        .forEach(commands::add);
            }
        }
        return commands;
    }

    @Test
    void commandsAreFound() throws IOException {
        assertTrue(commands().size() > 10, "a regular expression that finds some");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void isKnown(String command) {
        CommandLine program = new CommandLine(Main.class);
        Choice.register(program);
        assertDoesNotThrow(() -> program.parseArgs(command.split("\\s+")));
    }
}
