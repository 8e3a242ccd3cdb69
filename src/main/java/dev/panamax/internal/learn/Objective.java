package dev.panamax.internal.learn;

import dev.panamax.Workers;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.rows.SharedTasks;
import java.util.Arrays;

/**
 * What training minimises: the weighted mean of the losses plus {@code l2 / 2 * ||W||^2 + l1 * ||W||_1}, as a function of
 * parameters in {@code double}, laid out as {@link Layout} says. The kernels see them rounded to {@code float}. The gradient
 * is that of the smooth part, without the l1; without an intercept, it is 0 for the biases. Not safe to share.
 *
 * <p>All rows are gone through in chunks, whose number depends on the shape of the data alone. Each chunk adds up its own
 * gradient, and the chunks join in their order, in {@code double}: the bits are the same for any number of threads. Of many classes, all rows are one chunk,
 * which the threads share.
 */
public final class Objective implements SmoothFunction {
    /** Enough for the cores of a large machine, without a gradient too many. */
    private static final int MOST_CHUNKS = 32;

    private static final int LEAST_CHUNK_ROWS = 256;

    /** A chunk's products must outweigh clearing and joining its gradient. */
    private static final int LEAST_WORK_PER_PARAMETER = 8;

    /** Parameters that one task joins. */
    private static final int JOINED = 1 << 14;

    /** Taking the mean over the classes off may double a parameter, and rounding may move it. */
    private static final double MOST_PARAMETER = Float.MAX_VALUE / 4;

    private final ObjectiveSettings settings;
    private final WeightedRows rows;
    private final Layout layout;
    private final Standardization standardization;
    private final double sumOfWeights;
    private final double l2;
    private final double l1;
    private final RowLoss loss;
    private final Workers workers;
    /** One for each thread that can find work. */
    private final TileSweep[] sweeps;

    /** All rows at once, where there are many classes; else null. */
    private final LinearSweep linear;

    private final int chunkRows;
    private final double[] losses;
    private final float[][] gradients;
    /** What the kernels see, and what follows it. */
    private final float[] parameters;

    private final double[] folded;

    /** For the calling thread alone. */
    public Objective(Examples data, ObjectiveSettings settings) {
        this(data, settings, new Workers(Runnable::run, 1));
    }

    public Objective(Examples data, ObjectiveSettings settings, Workers workers) {
        this(data, settings, workers, standardization(data, settings));
    }

    private static Standardization standardization(Examples data, ObjectiveSettings settings) {
        if (settings.standardize()) {
            Standardization standardized = Standardization.of(data.moments());
            return settings.intercept() ? standardized : standardized.uncentred();
        }
        return settings.scale() == 1
                ? null
                : Standardization.scaled(data.features().cols(), settings.scale());
    }

    /** On features that are standardised or scaled as given, or not at all. */
    private Objective(Examples data, ObjectiveSettings settings, Workers workers, Standardization standardization) {
        this.settings = settings;
        this.workers = workers;
        this.standardization = standardization;
        layout = Layout.of(data.features(), data.classes());
        rows = WeightedRows.of(data, settings);
        sumOfWeights = rows.sumOfWeights();
        l2 = settings.penalty().l2For(rows.total());
        l1 = settings.penalty().l1For(rows.total());
        loss = settings.loss();
        float[] centre = standardization == null ? null : standardization.centre();
        long work = data.features().entries() * layout.classes();
        KernelLookup.expectProducts(work);
        long chunks = Math.min(
                Math.min(MOST_CHUNKS, data.rows() / LEAST_CHUNK_ROWS),
                work / ((long) LEAST_WORK_PER_PARAMETER * layout.parameters()));
        linear = LinearSweep.ofManyClasses(rows, loss, centre, workers);
        chunkRows = Math.ceilDiv(data.rows(), linear != null ? 1 : (int) Math.max(1, chunks));
        losses = new double[Math.ceilDiv(data.rows(), chunkRows)];
        sweeps = new TileSweep[Math.min(workers.parallelism(), losses.length)];
        Arrays.setAll(sweeps, i -> new TileSweep(rows, loss, centre));
        parameters = new float[layout.parameters() + Kernels.LANES];
        gradients = new float[losses.length][];
        folded = new double[layout.parameters()];
    }

    /**
     * What the objective is somewhere.
     *
     * @param objective mean loss plus penalty
     * @param loss the mean loss
     */
    public record Value(double objective, double loss) {}

    /** The objective of the same parameters on other examples, standardised as these are. */
    public Objective on(Examples others, ObjectiveSettings settings) {
        return new Objective(others, settings, workers, standardization);
    }

    @Override
    public Preconditioner preconditioner() {
        double[] means = new double[layout.features()];
        double[] deviations = new double[layout.features()];
        double[] l2 = new double[layout.features()];
        Arrays.fill(l2, this.l2);
        if (settings.standardize() && settings.intercept()) {
            Arrays.setAll(deviations, f -> standardization.varies(f) ? 1 : 0);
        } else {
            ColumnMoments columns = rows.features().moments(rows.weights());
            Arrays.setAll(means, f -> scale(f) * columns.means()[f]);
            Arrays.setAll(deviations, f -> scale(f) * columns.deviations()[f]);
        }
        return new Preconditioner(layout, means, deviations, l2, settings.intercept());
    }

    private double scale(int feature) {
        return settings.standardize() ? standardization.scale(feature) : settings.scale();
    }

    public Layout layout() {
        return layout;
    }

    int rowCount() {
        return rows.features().rows();
    }

    double l2() {
        return l2;
    }

    double l1() {
        return l1;
    }

    /** The objective over all rows and, unless null, its gradient. */
    @Override
    public Value value(double[] point, double[] gradient) {
        round(point);
        SharedTasks.run(workers.executor(), workers.parallelism(), losses.length, (chunk, worker) -> {
            int from = chunk * chunkRows;
            float[] own = gradient == null ? null : cleared(chunk);
            losses[chunk] = linear != null
                    ? linear.sum(parameters, own)
                    : sweeps[worker].sum(null, from, Math.min(from + chunkRows, rowCount()), parameters, own);
        });
        if (gradient != null) {
            int tasks = Math.ceilDiv(layout.parameters(), JOINED);
            SharedTasks.run(
                    workers.executor(), workers.parallelism(), tasks, (task, worker) -> join(task * JOINED, gradient));
            finish(point, gradient, 1 / sumOfWeights);
        }
        double sum = 0;
        for (double chunk : losses) {
            sum += chunk;
        }
        double mean = sum / sumOfWeights;
        return new Value(mean + penalty(point), mean);
    }

    /**
     * The gradient of the objective as the rows {@code order[from]} to {@code order[to - 1]} alone estimate it: of equally
     * large batches that make up all rows, the mean is the gradient.
     *
     * @return the sum of the losses of the batch
     */
    double batchGradient(double[] point, int[] order, int from, int to, double[] gradient) {
        round(point);
        float[] own = cleared(0);
        double sum = sweeps[0].sum(order, from, to, parameters, own);
        for (int p = 0; p < gradient.length; p++) {
            gradient[p] = own[p];
        }
        finish(point, gradient, rowCount() / (sumOfWeights * (to - from)));
        return sum;
    }

    /**
     * The model of some parameters, whose means over the classes become 0; under an l1 only that of the biases, as zeros among
     * the weights are to stay.
     */
    public Coefficients model(double[] point) {
        double[] parameters = point.clone();
        float[] centre = null;
        if (standardization != null) {
            standardization.fold(parameters, layout);
            centre = standardization.centre();
        }
        layout.centreBiases(parameters);
        if (l1 == 0) {
            layout.centreWeights(parameters);
        }
        return centre == null
                ? Coefficients.rounded(parameters, layout)
                : Coefficients.roundedAround(centre, parameters, layout);
    }

    /** Whether the coefficients of the model do not leave the range of {@code float}, however they are centred. */
    @Override
    public boolean fits(double[] point) {
        if (standardization == null) {
            return Vectors.maxAbs(point) <= MOST_PARAMETER;
        }
        fold(point);
        float[] centre = standardization.centre();
        for (int c = 0; centre != null && c < layout.classes(); c++) {
            for (int f = 0; f < centre.length; f++) {
                folded[layout.bias(c)] -= folded[layout.weight(c, f)] * centre[f];
            }
        }
        return Vectors.maxAbs(folded) <= MOST_PARAMETER;
    }

    /** Whether the kernels see features less a centre, which those that use the model do not. */
    public boolean isCentred() {
        return standardization != null && standardization.centre() != null;
    }

    /** Features of which float leaves little, if they are standardised; empty if there is none. */
    String coarseFeatures() {
        return standardization == null ? "" : standardization.coarseFeatures();
    }

    /** The mean loss that a model has on all rows. */
    public double lossOf(Coefficients model) {
        double[] sum = new double[1];
        FloatMatrix all = rows.targets();
        model.forEachTile(rows.features(), true, (from, count, scores) -> {
            int[] labels = Arrays.copyOfRange(rows.labels(), from, from + count);
            float[] weights = Arrays.copyOfRange(rows.weights(), from, from + count);
            FloatMatrix targets = all == null
                    ? null
                    : new FloatMatrix(all.data(), all.rowStart(from), count, all.cols(), all.stride());
            sum[0] +=
                    loss.weighted(weights).sum(FloatMatrix.of(scores, count, layout.classes()), labels, targets, false);
        });
        return sum[0] / sumOfWeights;
    }

    /** The parameters of a model, for a start. */
    public double[] fromModelParameters(double[] model) {
        double[] result = model.clone();
        if (standardization != null) {
            standardization.unfold(result, layout);
        }
        return result;
    }

    private float[] cleared(int chunk) {
        if (gradients[chunk] == null) {
            gradients[chunk] = new float[parameters.length];
        } else {
            Arrays.fill(gradients[chunk], 0);
        }
        return gradients[chunk];
    }

    private void fold(double[] point) {
        System.arraycopy(point, 0, folded, 0, point.length);
        standardization.fold(folded, layout);
    }

    private void round(double[] point) {
        double[] source = point;
        if (standardization != null) {
            fold(point);
            source = folded;
        }
        for (int p = 0; p < source.length; p++) {
            parameters[p] = (float) source[p];
        }
    }

    private void join(int from, double[] gradient) {
        int to = Math.min(from + JOINED, gradient.length);
        Arrays.fill(gradient, from, to, 0);
        for (float[] own : gradients) {
            for (int p = from; p < to; p++) {
                gradient[p] += own[p];
            }
        }
    }

    /** From the gradient of a sum of losses to that of the objective. */
    private void finish(double[] point, double[] gradient, double share) {
        if (standardization != null) {
            standardization.foldGradient(gradient, layout);
        }
        int weights = layout.weights();
        for (int p = 0; p < weights; p++) {
            gradient[p] = share * gradient[p] + l2 * point[p];
        }
        for (int p = weights; p < gradient.length; p++) {
            gradient[p] = settings.intercept() ? share * gradient[p] : 0;
        }
    }

    private double penalty(double[] point) {
        double smooth = l2 == 0 ? 0 : l2 / 2 * Vectors.dot(point, point, layout.weights());
        return l1 == 0 ? smooth : smooth + l1 * Vectors.sumOfMagnitudes(point, layout.weights());
    }
}
