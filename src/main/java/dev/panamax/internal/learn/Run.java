package dev.panamax.internal.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One training: its history, the best parameters so far, and the decision when to stop. */
public final class Run {
    private final long begin = System.nanoTime();
    private final Limits limits;
    private final Predicate<double[]> fits;
    private final List<Report> history = new ArrayList<>();
    private double[] best;
    private int bestReport;
    private double bestValidation = Double.POSITIVE_INFINITY;
    private int reportsSinceBest;
    private Ending ending;

    /**
     * What may end a training besides its optimiser.
     *
     * @param nanos the time that is allowed
     * @param validation the loss of parameters on a validation set, or null
     * @param patience how many reports without a better one it may take
     */
    public record Limits(
            long nanos,
            BooleanSupplier cancelled,
            Consumer<Report> listener,
            ValidationLoss validation,
            int patience) {}

    public interface ValidationLoss {
        double of(double[] point);
    }

    /**
     * A training that begins now.
     *
     * @param fits whether parameters can become a model
     */
    public Run(Limits limits, Predicate<double[]> fits) {
        this.limits = limits;
        this.fits = fits;
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
        Report report = new Report(iteration, iterations, value, norm, step, validationLoss, seconds);
        history.add(report);
        if (best == null) {
            best = point.clone();
        }
        boolean fit = fits.test(point);
        boolean patient = finite && fit && keep(point, validationLoss);
        limits.listener.accept(report);
        if (!fit && (finite || isFloat(point))) {
            ending = Ending.BEYOND_FLOAT;
        } else if (!finite) {
            ending = Ending.DIVERGED;
        } else if (norm <= tolerance) {
            ending = Ending.CONVERGED;
        } else if (iteration >= iterations) {
            ending = Ending.ITERATION_LIMIT;
        } else if (!patient) {
            ending = Ending.VALIDATION;
        } else {
            isInterrupted();
        }
        return ending == null;
    }

    /** Whether the end has come, or the caller or the clock wants it, asked between two reports. */
    boolean isInterrupted() {
        if (ending != null) {
            return true;
        }
        if (limits.cancelled.getAsBoolean()) {
            ending = Ending.CANCELLED;
        } else if (System.nanoTime() - begin >= limits.nanos) {
            ending = Ending.TIME_LIMIT;
        }
        return ending != null;
    }

    /** Ends the training if parameters have not exploded and still cannot become a model. */
    boolean leavesFloat(double[] point) {
        boolean leaves = !fits.test(point) && isFloat(point);
        if (leaves) {
            ending = Ending.BEYOND_FLOAT;
        }
        return leaves;
    }

    private static boolean isFloat(double[] point) {
        return Vectors.maxAbs(point) <= Float.MAX_VALUE;
    }

    /** Ends a training whose next step leads to parameters that cannot become a model. */
    void leaveFloat() {
        ending = Ending.BEYOND_FLOAT;
    }

    /** There is no way on, unless an interruption was the reason. */
    void stall() {
        if (!isInterrupted()) {
            ending = Ending.STALLED;
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
        bestReport = history.size() - 1;
        System.arraycopy(point, 0, best, 0, point.length);
        return true;
    }

    /** Puts right what the report of the best parameters says of the loss. */
    public void correct(double loss) {
        Report said = kept();
        double penalty = said.value().objective() - said.value().loss();
        history.set(bestReport, said.with(new Objective.Value(penalty + loss, loss)));
    }

    public double[] best() {
        return best;
    }

    /** The report of the best parameters. */
    public Report kept() {
        return history.get(bestReport);
    }

    public List<Report> history() {
        return history;
    }

    public Ending ending() {
        return ending;
    }
}
