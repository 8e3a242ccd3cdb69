package dev.panamax.internal.learn;

/** L-BFGS, as the public settings of that name describe it; under an l1 the variant for it. */
public record LbfgsMinimizer(int maxIterations, double tolerance, int memory) implements Minimizer {
    @Override
    public void minimize(Objective objective, double[] start, long seed, Run run) {
        if (objective.l1() > 0) {
            new OrthantMinimizer(maxIterations, tolerance, memory).minimize(objective, start, run);
        } else {
            minimize(objective, start, run);
        }
    }

    /**
     * Minimises a function.
     *
     * @param start overwritten
     */
    public void minimize(SmoothFunction objective, double[] start, Run run) {
        Curvature curvature = new Curvature(memory, start.length, objective.preconditioner());
        double[] direction = new double[start.length];
        LineSearch search = new LineSearch(objective, run);
        LineSearch.Point at = new LineSearch.Point(start);
        LineSearch.Point next = new LineSearch.Point(new double[start.length]);
        at.value = objective.value(at.parameters, at.gradient);
        double step = 0;
        for (int i = 0; run.goesOn(i, maxIterations, tolerance, at.value, at.parameters, at.gradient, step); i++) {
            curvature.direction(at.gradient, direction);
            step = search.search(at, direction, next);
            if (step == 0 && !run.isInterrupted() && curvature.forget()) {
                // What the memory holds misleads; the gradient itself may still lead on.
                curvature.direction(at.gradient, direction);
                step = search.search(at, direction, next);
            }
            if (step == 0) {
                run.stall();
                return;
            }
            curvature.learn(at, next);
            LineSearch.Point last = at;
            at = next;
            next = last;
        }
    }
}
