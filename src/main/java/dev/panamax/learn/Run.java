package dev.panamax.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One training: its history, the best parameters so far, and the decision when to stop. */
final class Run {
    private final long begin = System.nanoTime();
    private final Limits limits;
    private final List<Progress> history = new ArrayList<>();
    private double[] best;
    private double bestValidation = Double.POSITIVE_INFINITY;
    private int reportsSinceBest;
    private Stop stop;

    /**
     * What may end a training besides its optimiser.
     *
     * @param nanos the time that is allowed
     * @param validation the loss of parameters on a validation set, or null
     * @param patience how many reports without a better one it may take
     */
    record Limits(
            long nanos,
            BooleanSupplier cancelled,
            Consumer<Progress> listener,
            ValidationLoss validation,
            int patience) {}

    interface ValidationLoss {
        double of(double[] point);
    }

    Run(Limits limits) {
        this.limits = limits;
    }

    /**
     * Takes down where training stands and decides whether it goes on.
     *
     * @param tolerance the largest entry of the gradient that counts as none
     * @return whether another iteration shall begin
     */
    boolean goesOn(
            int iteration,
            int iterations,
            double tolerance,
            Objective.Value value,
            double[] point,
            double[] gradient,
            double step) {
        double norm = Vectors.maxAbs(gradient);
        boolean finite = Double.isFinite(value.objective()) && Double.isFinite(norm);
        double validationLoss = finite && limits.validation != null ? limits.validation.of(point) : Double.NaN;
        double seconds = (System.nanoTime() - begin) / 1e9;
        Progress progress = new Progress(
                iteration, iterations, value.objective(), value.loss(), norm, step, validationLoss, seconds);
        history.add(progress);
        if (best == null) {
            best = point.clone();
        }
        boolean patient = finite && keep(point, validationLoss);
        limits.listener.accept(progress);
        if (!finite) {
            stop = Stop.DIVERGED;
        } else if (norm <= tolerance) {
            stop = Stop.CONVERGED;
        } else if (iteration >= iterations) {
            stop = Stop.ITERATION_LIMIT;
        } else if (!patient) {
            stop = Stop.VALIDATION;
        } else {
            isInterrupted();
        }
        return stop == null;
    }

    /** Whether the caller or the clock wants an end, asked between two reports. */
    boolean isInterrupted() {
        if (limits.cancelled.getAsBoolean()) {
            stop = Stop.CANCELLED;
        } else if (System.nanoTime() - begin >= limits.nanos) {
            stop = Stop.TIME_LIMIT;
        }
        return stop != null;
    }

    /** There is no way on, unless an interruption was the reason. */
    void stall() {
        if (!isInterrupted()) {
            stop = Stop.STALLED;
        }
    }

    /** Keeps the parameters, unless earlier ones did better on the validation set; false if patience is over. */
    private boolean keep(double[] point, double validationLoss) {
        if (limits.validation != null && !(validationLoss < bestValidation)) {
            reportsSinceBest++;
            return reportsSinceBest < limits.patience;
        }
        bestValidation = validationLoss;
        reportsSinceBest = 0;
        System.arraycopy(point, 0, best, 0, point.length);
        return true;
    }

    double[] best() {
        return best;
    }

    List<Progress> history() {
        return history;
    }

    Stop stop() {
        return stop;
    }
}
