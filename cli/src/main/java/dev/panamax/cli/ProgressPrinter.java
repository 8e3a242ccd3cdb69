package dev.panamax.cli;

import dev.panamax.learn.Progress;
import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Shows how training goes: as a bar on a terminal, as a line now and then elsewhere. */
final class ProgressPrinter implements Consumer<Progress>, AutoCloseable {
    private static final int LINES = 10;
    private static final int UPDATE_MILLIS = 100;

    private final PrintWriter out;
    private final PrintStream terminal;
    private final String unit;
    private ProgressBar bar;

    /**
     * Shows nothing yet.
     *
     * @param out takes the lines
     * @param terminal takes the bar; null if there is none
     * @param unit what an iteration is called
     */
    ProgressPrinter(PrintWriter out, PrintStream terminal, String unit) {
        this.out = out;
        this.terminal = terminal;
        this.unit = unit;
    }

    /** Where a bar can be shown, or null. */
    static PrintStream terminal() {
        Console console = System.console();
        return console != null && console.isTerminal() ? System.out : null;
    }

    @Override
    public void accept(Progress progress) {
        String objective = String.format(Locale.ROOT, "objective %.4f", progress.objective());
        if (terminal != null) {
            if (bar == null) {
                bar = new ProgressBarBuilder()
                        .setTaskName("train")
                        .setInitialMax(progress.iterations())
                        .setUnit(" " + unit + "s", 1)
                        .setUpdateIntervalMillis(UPDATE_MILLIS)
                        .setConsumer(new ConsoleProgressBarConsumer(terminal))
                        .build();
            }
            bar.stepTo(progress.iteration());
            bar.setExtraMessage(objective);
        } else if (progress.iteration() > 0 && isLineDue(progress)) {
            out.println(String.format("%-14s ", unit) + progress.iteration() + " of " + progress.iterations() + ": "
                    + objective);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }

    private static boolean isLineDue(Progress progress) {
        int every = Math.ceilDiv(progress.iterations(), LINES);
        return progress.iteration() % every == 0 || progress.iteration() == progress.iterations();
    }
}
