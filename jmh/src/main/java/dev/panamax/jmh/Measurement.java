package dev.panamax.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A case and what its forks have found so far. */
final class Measurement {
    private final Case what;
    private final int forksWanted;
    private final List<Double> nanoseconds = new ArrayList<>();
    private final List<Double> allocated = new ArrayList<>();
    private String missing;
    private boolean failed;

    Measurement(Case what, int forksWanted) {
        this.what = what;
        this.forksWanted = forksWanted;
    }

    /** Whether it takes part in a round, counted from 1. */
    boolean isIn(int round) {
        return round <= forksWanted && missing == null;
    }

    /** Whether something went wrong, other than that an engine is not there. */
    boolean failed() {
        return failed;
    }

    /** One more fork; says in a few words what came of it. */
    String run(Forks forks) {
        try {
            Forks.Fork fork = forks.run(what);
            nanoseconds.add(fork.nanoseconds());
            allocated.add(fork.allocated());
            double perElement = fork.nanoseconds() / what.shape().elements();
            String whyVoid = row().whyVoid();
            return String.format(Locale.ROOT, "%.4g ns per element, %.3g bytes per call", perElement, fork.allocated())
                    + (whyVoid == null ? "" : ", so far void: " + whyVoid);
        } catch (MissingEngineException e) {
            missing = e.getMessage();
        } catch (ForkFailedException e) {
            missing = "failed: " + e.getMessage();
            failed = true;
        }
        return missing;
    }

    Results.Row row() {
        return new Results.Row(what, missing, List.copyOf(nanoseconds), List.copyOf(allocated));
    }
}
