package dev.panamax.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
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
                    "64x128256")
            .map(Shape::of)
            .toList();

    private Plan() {}

    /** What the numbers to reach need. */
    static List<Case> headline() {
        Set<Case> cases = new LinkedHashSet<>();
        Claims.all().forEach(claim -> cases.addAll(claim.needs()));
        return sorted(cases);
    }

    /** Every operation, shape and engine. */
    static List<Case> everything() {
        Set<Case> cases = new LinkedHashSet<>(headline());
        for (Case headline : headline()) {
            if (headline.engine().equals(Engines.PANAMAX)) {
                cases.add(headline.withEngine(Engines.UNPOLLUTED));
            }
        }
        for (Operation operation : Operation.values()) {
            for (Shape shape : SHAPES) {
                for (String engine : engines(operation)) {
                    cases.add(new Case(operation, shape, false, engine));
                    if (operation.hasInPlaceForm()) {
                        cases.add(new Case(operation, shape, true, engine));
                    }
                }
            }
        }
        return sorted(cases);
    }

    private static List<String> engines(Operation operation) {
        if (operation.isForUsers()) {
            return Engines.names().stream()
                    .filter(name -> !name.equals(Engines.UNPOLLUTED))
                    .toList();
        }
        return operation.name().startsWith("PASS") ? List.of(Engines.PANAMAX) : List.of(Engines.C, Engines.PLAIN);
    }

    /** Equal work side by side, so that a machine that drifts does so for everyone. */
    private static List<Case> sorted(Collection<Case> cases) {
        List<String> engines = Engines.names();
        List<Case> sorted = new ArrayList<>(cases);
        sorted.sort(Comparator.comparing(Case::operation)
                .thenComparing(Case::inPlace)
                .thenComparing(what -> what.shape().cols())
                .thenComparing(what -> what.shape().rows())
                .thenComparing(what -> engines.indexOf(what.engine())));
        return sorted;
    }
}
