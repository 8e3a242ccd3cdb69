package dev.panamax.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The program. It exits with 0 if all went well, 2 for bad arguments or data, and 1 if anything else failed. */
@Command(
        name = "panamax",
        description = "Softmax regression on SIMD kernels.",
        subcommands = {TrainCommand.class, EvaluateCommand.class, PredictCommand.class, InfoCommand.class})
public final class Main {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this help.")
    private boolean help;

    private Main() {}

    /**
     * Runs the program and ends the JVM: 0 for success, 1 if training failed, 2 for bad options or input.
     *
     * @param arguments the command line
     */
    public static void main(String... arguments) {
        Charset charset = System.out.charset();
        PrintWriter out = new PrintWriter(System.out, true, charset);
        PrintWriter err = new PrintWriter(System.err, true, charset);
        System.exit(run(out, err, arguments));
    }

    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((failure, unused) -> badArguments(failure, err))
                .setExecutionExceptionHandler((failure, unused, parsed) -> failed(failure, err))
                .execute(arguments);
    }

    private static int badArguments(ParameterException failure, PrintWriter err) {
        String command = failure.getCommandLine().getCommandSpec().qualifiedName();
        err.println("panamax: " + failure.getMessage() + "; see " + command + " --help");
        return BAD_INPUT;
    }

    private static int failed(Exception failure, PrintWriter err) throws Exception {
        switch (failure) {
            case InputException badInput -> {
                err.println("panamax: " + badInput.getMessage());
                return BAD_INPUT;
            }
            case ArithmeticException diverged -> {
                err.println("panamax: " + diverged.getMessage());
                return FAILED;
            }
            case UncheckedIOException notWritten -> {
                err.println("panamax: " + notWritten.getMessage());
                return FAILED;
            }
            // Anything else is a fault of the program, and the stack trace says where.
            default -> throw failure;
        }
    }
}
