package dev.panamax.jmh;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A number to reach: how far a case of Panamax's must be ahead of its peers, and how close to a limit.
 *
 * @param peers the engines to be ahead of, in the same operation on the same shape
 * @param aheadBy the least ratio of the best peer's time to Panamax's; 0 if nothing is asked
 * @param limit null if nothing is asked
 * @param atMost the largest ratio of Panamax's time to the limit's
 */
record Claim(Case what, List<String> peers, double aheadBy, Limit limit, double atMost) {
    /** A time per element that no implementation beats, or that a good one has. */
    sealed interface Limit {
        OptionalDouble nanosecondsPerElement(Results results);

        List<Case> needs();
    }

    /** The best time of a case by these engines. */
    record Best(String name, Case what, List<String> engines) implements Limit {
        @Override
        public OptionalDouble nanosecondsPerElement(Results results) {
            return needs().stream()
                    .map(results::nanosecondsPerElement)
                    .flatMapToDouble(OptionalDouble::stream)
                    .min();
        }

        @Override
        public List<Case> needs() {
            return engines.stream().map(what::withEngine).toList();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The larger of two, or one after the other. */
    record Both(Limit first, Limit second, boolean added) implements Limit {
        @Override
        public OptionalDouble nanosecondsPerElement(Results results) {
            OptionalDouble a = first.nanosecondsPerElement(results);
            OptionalDouble b = second.nanosecondsPerElement(results);
            if (a.isEmpty() || b.isEmpty()) {
                return OptionalDouble.empty();
            }
            double one = a.getAsDouble();
            double other = b.getAsDouble();
            return OptionalDouble.of(added ? one + other : Math.max(one, other));
        }

        @Override
        public List<Case> needs() {
            List<Case> needs = new ArrayList<>(first.needs());
            needs.addAll(second.needs());
            return needs;
        }

        @Override
        public String toString() {
            return added ? first + " + " + second : "the larger of " + first + " and " + second;
        }
    }

    /** All that must be measured for the verdict. */
    List<Case> needs() {
        List<Case> needs = new ArrayList<>();
        needs.add(what);
        peers.forEach(peer -> needs.add(what.withEngine(peer)));
        if (limit != null) {
            needs.addAll(limit.needs());
        }
        return needs;
    }

    /** The fastest peer that was measured. */
    Optional<Results.Row> bestPeer(Results results) {
        Map<Case, Results.Row> measured = results.measured();
        return peers.stream()
                .map(peer -> measured.get(what.withEngine(peer)))
                .filter(row -> row != null)
                .min(Comparator.comparingDouble(Results.Row::nanosecondsPerElement));
    }
}
