package dev.panamax.internal.learn;

/**
 * A line search for the strong Wolfe conditions, by bracketing and cubic interpolation. Source: Nocedal and Wright,
 * "Numerical Optimization" (2006), algorithms 3.5 and 3.6.
 *
 * <p>The objective carries the rounding of {@code float}, so a rise within it counts as none: near the optimum the slope
 * decides.
 */
final class LineSearch {
    /** The usual constants for quasi-Newton directions: what part of the promised descent, and of the slope, suffices. */
    private static final double SUFFICIENT_DESCENT = 1e-4;

    private static final double REMAINING_SLOPE = 0.9;

    /** The rounding of a mean loss whose scores, of a few units, are computed in {@code float}. */
    private static final double ROUNDING = 0x1p-24;

    private static final int MOST_PROBES = 25;
    /** How much longer the next step may be while the slope still leads down. */
    private static final double GROWTH = 4;
    /** How near to an end of its interval an interpolated step may lie. */
    private static final double MARGIN = 0.1;

    private final SmoothFunction objective;
    private final Run run;

    private Point origin;
    private double[] direction;
    private Point trial;
    private double slope;
    private int probes;

    /** A place with all that is known there. */
    static final class Point {
        final double[] parameters;
        final double[] gradient;
        Objective.Value value;

        Point(double[] parameters) {
            this.parameters = parameters;
            gradient = new double[parameters.length];
        }
    }

    /** A step along the direction, what the objective is there, and its slope. */
    private record Probe(double step, double objective, double slope) {}

    LineSearch(SmoothFunction objective, Run run) {
        this.objective = objective;
        this.run = run;
    }

    /**
     * Looks for a step, from 1 on.
     *
     * @param trial becomes the point that was found
     * @return the step, or 0 if there is none, or the run was interrupted
     */
    double search(Point origin, double[] direction, Point trial) {
        this.origin = origin;
        this.direction = direction;
        this.trial = trial;
        slope = Vectors.dot(origin.gradient, direction);
        probes = 0;
        Probe last = new Probe(0, origin.value.objective(), slope);
        if (!(slope < 0)) {
            return 0;
        }
        double step = 1;
        while (canProbe()) {
            Probe next = probe(step);
            if (isTooHigh(next) || next.objective > last.objective + rounding()) {
                return zoom(last, next);
            }
            if (isFlat(next)) {
                return next.step;
            }
            if (next.slope >= 0) {
                return zoom(next, last);
            }
            step = Math.clamp(interpolated(last, next), next.step + MARGIN * next.step, GROWTH * next.step);
            last = next;
        }
        return run.isInterrupted() ? 0 : last.step;
    }

    /** Narrows an interval that holds a good step, of which {@code low} is the better end. */
    private double zoom(Probe low, Probe high) {
        while (canProbe()) {
            double width = high.step - low.step;
            double near = Math.min(low.step + MARGIN * width, high.step - MARGIN * width);
            double far = Math.max(low.step + MARGIN * width, high.step - MARGIN * width);
            Probe next = probe(Math.clamp(interpolated(low, high), near, far));
            if (isTooHigh(next) || next.objective > low.objective + rounding()) {
                high = next;
                continue;
            }
            if (isFlat(next)) {
                return next.step;
            }
            if (next.slope * width >= 0) {
                high = low;
            }
            low = next;
        }
        // Not steep enough or not flat enough, but down; an interrupted run does not care.
        boolean found = low.step > 0 && low.objective < origin.value.objective() && !run.isInterrupted();
        return found ? probe(low.step).step : 0;
    }

    private boolean canProbe() {
        return probes < MOST_PROBES && !run.isInterrupted();
    }

    private Probe probe(double step) {
        probes++;
        System.arraycopy(origin.parameters, 0, trial.parameters, 0, trial.parameters.length);
        Vectors.add(step, direction, trial.parameters);
        trial.value = objective.value(trial.parameters, trial.gradient);
        if (!Double.isFinite(trial.value.objective()) && !objective.fits(trial.parameters)) {
            run.leaveFloat();
        }
        return new Probe(step, trial.value.objective(), Vectors.dot(trial.gradient, direction));
    }

    /** Negated, so that NaN is too high. */
    private boolean isTooHigh(Probe probe) {
        double allowed = origin.value.objective() + SUFFICIENT_DESCENT * probe.step * slope + rounding();
        return !(probe.objective <= allowed) || !Double.isFinite(probe.slope);
    }

    private boolean isFlat(Probe probe) {
        return Math.abs(probe.slope) <= -REMAINING_SLOPE * slope;
    }

    private double rounding() {
        return rounding(origin.value.objective());
    }

    /** By how much an objective may be off. */
    static double rounding(double objective) {
        return ROUNDING * (1 + Math.abs(objective));
    }

    /** The minimum of the cubic through two probes, or a point between them if there is none. */
    private static double interpolated(Probe a, Probe b) {
        double width = b.step - a.step;
        double mean = a.slope + b.slope - 3 * (b.objective - a.objective) / width;
        double root = Math.sqrt(mean * mean - a.slope * b.slope) * Math.signum(width);
        double minimum = b.step - width * (b.slope + root - mean) / (b.slope - a.slope + 2 * root);
        return Double.isFinite(minimum) ? minimum : a.step + width / 2;
    }
}
