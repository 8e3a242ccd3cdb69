package dev.panamax.cli;

import dev.panamax.Backend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "info", description = "Says which kernels run on this machine, and why.")
final class InfoCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().println(backend());
        spec.commandLine()
                .getOut()
                .println("warming        " + Backend.current().warming() + " of the kernels in use are still scalar");
    }

    /** The line that says which backend serves. */
    static String backend() {
        try {
            Backend backend = Backend.current();
            return "backend        " + backend.name() + ", " + backend.vectorBits() + " bits: " + backend.reason();
        } catch (IllegalStateException forcedInVain) {
            throw new InputException(forcedInVain.getMessage(), forcedInVain);
        }
    }
}
