package dev.panamax.cli;

import dev.panamax.learn.Trainer;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program. It exits with 0 if all went well, 2 for bad arguments or data, and 1 if anything else failed. */
@Command(
        name = "panamax",
        description = "Softmax regression on SIMD kernels.",
        versionProvider = Main.Version.class,
        subcommands = {
            TrainCommand.class,
            EvaluateCommand.class,
            PredictCommand.class,
            InfoCommand.class,
            HelpCommand.class
        })
public final class Main {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;
    /** What shells report of a program that a closed pipe ended: 128 and the number of the signal, 13. */
    private static final int BROKEN_PIPE = 141;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version.")
    @SuppressWarnings("UnusedVariable")
    private boolean version;

    private final Streams streams;

    /** For the tool that writes the completion of command lines. */
    private Main() {
        this(new Streams(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                StandardCharsets.UTF_8,
                false,
                new PrintWriter(System.err, false, System.err.charset())));
    }

    private Main(Streams streams) {
        this.streams = streams;
    }

    /**
     * Runs the program and ends the JVM: 0 for success, 1 if training failed, 2 for bad options or input.
     *
     * @param arguments the command line
     */
    public static void main(String... arguments) {
        // Not System.out, which loses what cannot be written without a word.
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        // What goes to a file or to another program is UTF-8, whatever the language of the system.
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        Charset charset = terminal ? System.out.charset() : StandardCharsets.UTF_8;
        int exit = run(
                new Streams(System.in, out, charset, terminal, new PrintWriter(System.err, true, System.err.charset())),
                arguments);
        awaitFilter();
        System.exit(exit);
    }

    /** In the distribution another process passes on what stands on stderr. Complaints must be there when the program ends. */
    private static void awaitFilter() {
        long process = Long.getLong("panamax.filter", 0);
        if (process > 0) {
            System.err.close();
            ProcessHandle.of(process).ifPresent(filter -> filter.onExit().join());
        }
    }

    static int run(Streams streams, String... arguments) {
        OutputStream out = new CheckedOutput(streams.out(), "standard output");
        PrintWriter report = new PrintWriter(new OutputStreamWriter(out, streams.charset()), true);
        PrintWriter err = streams.err();
        Streams checked = new Streams(streams.in(), out, streams.charset(), streams.terminal(), err);
        CommandLine program = new CommandLine(new Main(checked))
                .setOut(report)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((failure, unused) -> badArguments(failure, err))
                .setExecutionStrategy(Main::execute)
                .setExecutionExceptionHandler((failure, unused, parsed) -> failed(failure, err));
        Choice.register(program);
        try {
            int exit = program.execute(arguments);
            report.flush();
            return exit;
        } catch (CheckedOutput.Failure notWritten) {
            return failed(notWritten, err);
        } catch (OutOfMemoryError full) {
            complain(err, "out of memory: " + Memory.limit());
            return FAILED;
        }
    }

    /** Passes on that help or version could not be printed, as it is passed on of any command. */
    private static int execute(ParseResult parsed) {
        try {
            return new RunLast().execute(parsed);
        } catch (CheckedOutput.Failure notWritten) {
            throw new ExecutionException(parsed.commandSpec().commandLine(), notWritten.getMessage(), notWritten);
        }
    }

    /** Where a command reads and writes. */
    Streams streams() {
        return streams;
    }

    private static int badArguments(ParameterException failure, PrintWriter err) {
        String command = failure.getCommandLine().getCommandSpec().qualifiedName();
        List<String> alike =
                failure instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        String hint = alike.isEmpty() ? "" : "; did you mean " + alike.getFirst() + "?";
        complain(err, failure.getMessage() + hint + "; see " + command + " --help");
        return BAD_INPUT;
    }

    private static int failed(CheckedOutput.Failure failure, PrintWriter err) {
        if (failure.isBrokenPipe()) {
            return BROKEN_PIPE;
        }
        complain(err, failure.getMessage());
        return FAILED;
    }

    private static int failed(Exception failure, PrintWriter err) throws Exception {
        return switch (failure) {
            case InputException badInput -> {
                complain(err, badInput.getMessage());
                yield BAD_INPUT;
            }
            case CheckedOutput.Failure notWritten -> failed(notWritten, err);
            case ArithmeticException diverged -> {
                complain(err, diverged.getMessage());
                yield FAILED;
            }
            case UncheckedIOException notWritten -> {
                complain(err, notWritten.getMessage());
                yield FAILED;
            }
            // Anything else is a fault of the program, and the stack trace says where.
            default -> throw failure;
        };
    }

    private static void complain(PrintWriter err, String message) {
        err.println("panamax: " + Text.printable(message));
    }

    /** The version of the library, which is the program's. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            try (InputStream in = Trainer.class.getResourceAsStream("/META-INF/panamax.version")) {
                return new String[] {"panamax " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()};
            }
        }
    }
}
