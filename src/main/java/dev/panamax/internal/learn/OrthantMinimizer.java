package dev.panamax.internal.learn;

/**
 * L-BFGS under an l1, orthant by orthant: within one, the penalty is linear. Source: Andrew and Gao, "Scalable Training of
 * L1-Regularized Log-Linear Models" (2007), OWL-QN.
 *
 * <p>Weights that are 0, and that the slope holds there, are left out of the direction. Of the others, those that are not 0
 * may follow the curvature wherever it leads until they reach 0.
 */
record OrthantMinimizer(int maxIterations, double tolerance, int memory) {
    /** What part of the promised descent suffices. */
    private static final double SUFFICIENT_DESCENT = 1e-4;

    /** What part of the slope may be left where rounding hides the descent. */
    private static final double REMAINING_SLOPE = 0.9;

    private static final int MOST_PROBES = 25;

    void minimize(Objective objective, double[] start, Run run) {
        Training training = new Training(objective, start, run);
        double step = 0;
        for (int i = 0; training.goesOn(i, step); i++) {
            step = training.step();
            if (step == 0 && !run.isInterrupted() && training.curvature.forget()) {
                // What the memory holds misleads; the slope itself may still lead on.
                step = training.step();
            }
            if (step == 0) {
                run.stall();
                return;
            }
        }
    }

    private final class Training {
        private final Objective objective;
        private final Run run;
        private final Curvature curvature;
        /** What the curvature is among the free parameters. */
        private final Curvature within;

        private final double l1;
        private final int weights;
        private final double[] direction;
        private final boolean[] free;
        /** The steepest slope among those of the objective to all sides: a subgradient, which is 0 at the optimum alone. */
        private final double[] slope;

        private LineSearch.Point at;
        private LineSearch.Point next;

        Training(Objective objective, double[] start, Run run) {
            this.objective = objective;
            this.run = run;
            free = new boolean[start.length];
            Preconditioner preconditioner = objective.preconditioner();
            curvature = new Curvature(memory, start.length, preconditioner);
            within = new Curvature(memory, start.length, preconditioner.among(free));
            l1 = objective.l1();
            weights = objective.layout().weights();
            direction = new double[start.length];
            slope = new double[start.length];
            at = new LineSearch.Point(start);
            next = new LineSearch.Point(new double[start.length]);
            at.value = objective.value(at.parameters, at.gradient);
        }

        boolean goesOn(int iteration, double step) {
            steepest(at.parameters, at.gradient);
            return run.goesOn(iteration, maxIterations, tolerance, at.value, at.parameters, slope, step);
        }

        private void steepest(double[] point, double[] gradient) {
            System.arraycopy(gradient, 0, slope, 0, slope.length);
            for (int p = 0; p < weights; p++) {
                double held = Math.signum(gradient[p]) * Math.min(Math.abs(gradient[p]), l1);
                slope[p] += point[p] == 0 ? -held : Math.signum(point[p]) * l1;
            }
        }

        /** Goes to a better point; returns how much of the direction, 0 if there is none. */
        double step() {
            for (int p = 0; p < free.length; p++) {
                free[p] = p >= weights || at.parameters[p] != 0 || slope[p] != 0;
            }
            within.learnAgain(curvature, free);
            within.direction(slope, direction);
            for (int p = 0; p < weights; p++) {
                if (at.parameters[p] == 0 && direction[p] * slope[p] >= 0) {
                    direction[p] = 0;
                }
            }
            double step = 1;
            for (int probes = 0; probes < MOST_PROBES && !run.isInterrupted(); probes++) {
                if (isEnough(promised(step))) {
                    curvature.learn(at, next);
                    LineSearch.Point last = at;
                    at = next;
                    next = last;
                    return step;
                }
                step /= 2;
            }
            return 0;
        }

        /** Looks at the point a step away, or where weights reach 0 on the way there; returns the descent along the slope. */
        private double promised(double step) {
            double descent = 0;
            for (int p = 0; p < direction.length; p++) {
                double from = at.parameters[p];
                double to = from + step * direction[p];
                if (p < weights && from * to < 0) {
                    to = 0;
                }
                next.parameters[p] = to;
                descent += slope[p] * (to - from);
            }
            next.value = objective.value(next.parameters, next.gradient);
            if (!Double.isFinite(next.value.objective()) && !objective.fits(next.parameters)) {
                run.leaveFloat();
            }
            return descent;
        }

        private boolean isEnough(double promised) {
            double allowed = at.value.objective() + SUFFICIENT_DESCENT * promised;
            boolean down = next.value.objective() <= allowed;
            boolean level = next.value.objective() <= allowed + LineSearch.rounding(at.value.objective());
            return promised < 0
                    && (down || level && Math.abs(slopeAtNext()) <= -REMAINING_SLOPE * promised)
                    && Double.isFinite(Vectors.maxAbs(next.gradient));
        }

        /** The slope of the objective at the next point along the way there. */
        private double slopeAtNext() {
            double sum = 0;
            for (int p = 0; p < direction.length; p++) {
                double from = at.parameters[p];
                double to = next.parameters[p];
                double edge = p < weights ? Math.signum(from == 0 ? to : from) * l1 : 0;
                sum += (next.gradient[p] + edge) * (to - from);
            }
            return sum;
        }
    }
}
