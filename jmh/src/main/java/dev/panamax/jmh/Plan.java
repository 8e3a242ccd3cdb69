package dev.panamax.jmh;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Which cases a run has. */
final class Plan {
    private static final List<Shape> SHAPES = Stream.of(
                    "1x16",
                    "1x64",
                    "1x1024",
                    "1x4096",
                    "1x32768",
                    "1x16777216",
                    "64x10",
                    "4096x10",
                    "64x64",
                    "64x1024",
                    "1024x1024",
                    "256x32768",
                    "1x128000",
                    "64x128256")
            .map(Shape::of)
            .toList();

    /** In place they would tell nothing new. */
    private static final Set<String> OUT_OF_PLACE_ONLY =
            Set.of(Engines.VECTOR_256, Engines.VECTOR_128, Engines.SCALAR, Engines.TWO_THREADS, Engines.PLAIN);

    private static final int LONG_FORKS = 5;

    private Plan() {}

    /** What the numbers to reach need, each with this many forks. */
    static Map<Case, Integer> headline(int forks) {
        return all(Claims.headline(), forks);
    }

    /** What the numbers to reach on other inputs than floats need, each with this many forks. */
    static Map<Case, Integer> inputs(int forks) {
        return all(Claims.inputs(), forks);
    }

    /** What the numbers to reach on the way from logits to a token need, each with this many forks. */
    static Map<Case, Integer> decoding(int forks) {
        return all(Claims.decoding(), forks);
    }

    private static Map<Case, Integer> all(List<Claim> claims, int forks) {
        Map<Case, Integer> plan = new HashMap<>();
        claims.forEach(claim -> claim.needs().forEach(what -> plan.put(what, forks)));
        return sorted(plan);
    }

    /** Every operation, shape and engine; the numbers to reach with more forks, and also unpolluted. */
    static Map<Case, Integer> everything() {
        Map<Case, Integer> plan = headline(LONG_FORKS);
        for (Case what : List.copyOf(plan.keySet())) {
            if (what.engine().equals(Engines.PANAMAX)) {
                plan.put(what.withEngine(Engines.UNPOLLUTED), LONG_FORKS);
            }
        }
        for (Operation operation : Operation.values()) {
            for (Shape shape : SHAPES) {
                for (String engine : engines(operation)) {
                    plan.putIfAbsent(new Case(operation, shape, Input.FLOATS, false, engine), 1);
                    if (operation.hasInPlaceForm() && !OUT_OF_PLACE_ONLY.contains(engine)) {
                        plan.putIfAbsent(new Case(operation, shape, Input.FLOATS, true, engine), 1);
                    }
                }
            }
        }
        return sorted(plan);
    }

    private static List<String> engines(Operation operation) {
        if (operation.isOfDecoding()) {
            return List.of(Engines.PANAMAX, Engines.PLAIN);
        }
        if (operation.isForUsers()) {
            return Engines.names().stream()
                    .filter(name -> !name.equals(Engines.UNPOLLUTED))
                    .toList();
        }
        return operation.name().startsWith("PASS") || operation.isOfPanamaxAlone()
                ? List.of(Engines.PANAMAX)
                : List.of(Engines.C, Engines.PLAIN);
    }

    /** Without what an engine does not offer; equal work side by side, so that a machine that drifts does so for all. */
    private static Map<Case, Integer> sorted(Map<Case, Integer> plan) {
        List<String> engines = Engines.names();
        List<Case> cases = new ArrayList<>(plan.keySet());
        cases.removeIf(what -> !isOffered(what));
        cases.sort(Comparator.comparing(Case::operation)
                .thenComparing(Case::inPlace)
                .thenComparingInt(what -> what.shape().cols())
                .thenComparingInt(what -> what.shape().rows())
                .thenComparing(Case::input)
                .thenComparingInt(what -> engines.indexOf(what.engine())));
        Map<Case, Integer> sorted = new LinkedHashMap<>();
        cases.forEach(what -> sorted.put(what, plan.get(what)));
        return sorted;
    }

    /** An engine that is not there stays in the plan, so that the results say so. */
    private static boolean isOffered(Case what) {
        try {
            return Engines.engine(what.engine()).supports(what);
        } catch (MissingEngineException e) {
            return true;
        }
    }
}
