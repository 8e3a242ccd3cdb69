package dev.panamax.jmh;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A number that the learner has to reach.
 *
 * @param peers the cases to be ahead of
 * @param aheadBy the least ratio of the fastest peer's time to Panamax's; 0 if nothing is asked
 * @param limits of which the largest counts; none if nothing is asked
 * @param limitNanoseconds a limit in so many words; 0 if there is none
 * @param atMost the largest ratio of Panamax's time to the limit
 */
record LearnerClaim(
        LearnerCase what,
        List<LearnerCase> peers,
        double aheadBy,
        List<LearnerCase> limits,
        double limitNanoseconds,
        double atMost) {
    private static final double MICROSECOND = 1000;

    static List<LearnerClaim> all() {
        List<LearnerClaim> claims = new ArrayList<>();
        for (String work : List.of(LearnerCase.TRAIN_ON_ONE_CORE, LearnerCase.TRAIN_ON_TWO_CORES)) {
            for (String by : List.of(LearnerPlan.WARM, LearnerPlan.COLD)) {
                claims.add(ahead(new LearnerCase(work, by), cases(work, LearnerPlan.SCIKIT_LEARN), 10));
            }
        }
        List<LearnerCase> libtorch = cases(LearnerCase.GRADIENT, LearnerPlan.LIBTORCH);
        claims.add(new LearnerClaim(
                LearnerCall.GRADIENT_OF_BYTES.what(),
                libtorch,
                5,
                List.of(LearnerCall.MULTIPLY_ADDS.what(), LearnerCall.READ_BYTES.what()),
                0,
                1.6));
        claims.add(new LearnerClaim(
                LearnerCall.GRADIENT_OF_FLOATS.what(),
                libtorch,
                5,
                List.of(LearnerCall.MULTIPLY_ADDS.what(), LearnerCall.READ_FLOATS.what()),
                0,
                1.6));
        LearnerPlan.TO_THE_LOSS_OF.forEach((peer, panamax) -> claims.add(ahead(panamax, List.of(peer), 5)));
        claims.add(ahead(LearnerPlan.CONVERGED, List.of(LearnerPlan.LIBLINEAR), 5));
        claims.add(ahead(LearnerPlan.CONVERGED_10, List.of(LearnerPlan.LIBLINEAR_10, LearnerPlan.TRIBUO), 5));
        for (LearnerCall call : List.of(LearnerCall.SCORES, LearnerCall.PROBABILITIES, LearnerCall.PREDICT)) {
            claims.add(new LearnerClaim(call.what(), List.of(), 0, List.of(), MICROSECOND, 1));
        }
        return claims;
    }

    private static LearnerClaim ahead(LearnerCase what, List<LearnerCase> peers, double aheadBy) {
        return new LearnerClaim(what, peers, aheadBy, List.of(), 0, 0);
    }

    private static List<LearnerCase> cases(String work, List<String> by) {
        return by.stream().map(name -> new LearnerCase(work, name)).toList();
    }

    /** All that must be measured for the verdict. */
    List<LearnerCase> needs() {
        List<LearnerCase> needs = new ArrayList<>();
        needs.add(what);
        needs.addAll(peers);
        needs.addAll(limits);
        return needs;
    }

    /** The fastest peer that was measured. */
    Optional<LearnerResults.Row> bestPeer(LearnerResults results) {
        return peers.stream()
                .map(results::row)
                .flatMap(Optional::stream)
                .min(Comparator.comparingDouble(LearnerResults.Row::time));
    }

    boolean hasLimit() {
        return atMost > 0;
    }

    /** The largest limit; empty if one of them was not measured. */
    OptionalDouble limit(LearnerResults results) {
        double largest = limitNanoseconds;
        for (LearnerCase limit : limits) {
            Optional<LearnerResults.Row> row = results.row(limit);
            if (row.isEmpty()) {
                return OptionalDouble.empty();
            }
            largest = Math.max(largest, row.get().time());
        }
        return hasLimit() ? OptionalDouble.of(largest) : OptionalDouble.empty();
    }
}
