package dev.panamax.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Not picocli's own, whose option --help is at odds with the one that all commands inherit. */
@Command(name = "help", description = "Shows the help of a command.")
final class HelpCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command. Default: panamax itself.")
    private String command;

    @Override
    public void run() {
        CommandLine program = spec.commandLine().getParent();
        CommandLine shown = command == null ? program : program.getSubcommands().get(command);
        if (shown == null) {
            throw new UnmatchedArgumentException(program, command);
        }
        shown.usage(spec.commandLine().getOut());
    }
}
