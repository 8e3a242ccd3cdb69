package dev.panamax.learn;

import dev.panamax.Workers;
import dev.panamax.kernel.Kernels;
import dev.panamax.kernel.SharedTasks;
import java.util.Arrays;

/**
 * What training minimises: the weighted mean of the losses plus {@code l2 / 2 * ||W||^2}, as a function of parameters in
 * {@code double}, laid out as {@link Layout} says. The kernels see them rounded to {@code float}. Not safe to share.
 *
 * <p>All rows are gone through in chunks, whose number depends on the shape of the data alone. Each chunk adds up its own
 * gradient, and the chunks join in their order, in {@code double}: the bits are the same for any number of threads.
 */
final class Objective {
    /** Enough for the cores of a large machine, without a gradient too many. */
    private static final int MOST_CHUNKS = 32;

    private static final int LEAST_CHUNK_ROWS = 256;

    /** A chunk's products must outweigh clearing and joining its gradient. */
    private static final int LEAST_WORK_PER_PARAMETER = 8;

    /** Parameters that one task joins. */
    private static final int JOINED = 1 << 14;

    private final WeightedRows rows;
    private final Layout layout;
    private final Standardization standardization;
    private final double totalWeight;
    private final double l2;
    private final Workers workers;
    /** One for each thread that can find work. */
    private final TileSweep[] sweeps;

    private final int chunkRows;
    private final double[] losses;
    private final float[][] gradients;
    /** What the kernels see, and what follows it. */
    private final float[] parameters;

    private final double[] folded;

    /** For the calling thread alone. */
    Objective(Dataset data, ObjectiveSettings settings) {
        this(data, settings, new Workers(Runnable::run, 1));
    }

    Objective(Dataset data, ObjectiveSettings settings, Workers workers) {
        this.workers = workers;
        layout = Layout.of(data.features(), data.classes());
        rows = WeightedRows.of(data, settings);
        totalWeight = rows.totalWeight();
        if (!(totalWeight > 0 && totalWeight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the products of row and class weights add up to " + totalWeight
                    + ", which leaves nothing to learn from");
        }
        l2 = settings.penalty().l2For(totalWeight);
        standardization = settings.standardize() ? Standardization.of(data.columnStatistics()) : null;
        long work = data.features().entries() * layout.classes();
        long chunks = Math.min(
                Math.min(MOST_CHUNKS, data.rows() / LEAST_CHUNK_ROWS),
                work / ((long) LEAST_WORK_PER_PARAMETER * layout.parameters()));
        chunkRows = Math.ceilDiv(data.rows(), (int) Math.max(1, chunks));
        losses = new double[Math.ceilDiv(data.rows(), chunkRows)];
        sweeps = new TileSweep[Math.min(workers.parallelism(), losses.length)];
        Arrays.setAll(sweeps, i -> new TileSweep(rows, settings.loss()));
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
    record Value(double objective, double loss) {}

    Preconditioner preconditioner() {
        ColumnStatistics columns = rows.features().statistics(rows.weights());
        double[] means = columns.means();
        double[] deviations = columns.deviations();
        if (standardization != null) {
            Arrays.fill(means, 0);
            Arrays.setAll(deviations, f -> deviations[f] == 0 ? 0 : 1);
        }
        return new Preconditioner(layout, means, deviations, l2);
    }

    Layout layout() {
        return layout;
    }

    int rowCount() {
        return rows.features().rows();
    }

    double l2() {
        return l2;
    }

    /** The objective over all rows and, unless null, its gradient. */
    Value value(double[] point, double[] gradient) {
        round(point);
        SharedTasks.run(workers, losses.length, (chunk, worker) -> {
            int from = chunk * chunkRows;
            float[] own = gradient == null ? null : cleared(chunk);
            losses[chunk] = sweeps[worker].sum(null, from, Math.min(from + chunkRows, rowCount()), parameters, own);
        });
        if (gradient != null) {
            int tasks = Math.ceilDiv(layout.parameters(), JOINED);
            SharedTasks.run(workers, tasks, (task, worker) -> join(task * JOINED, gradient));
            finish(point, gradient, 1 / totalWeight);
        }
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        double loss = sum / totalWeight;
        return new Value(loss + penalty(point), loss);
    }

    /**
     * The gradient of the objective as the rows {@code order[from]} to {@code order[to - 1]} alone estimate it: of equally
     * large batches that make up all rows, the mean is the gradient.
     */
    void batchGradient(double[] point, int[] order, int from, int to, double[] gradient) {
        round(point);
        float[] own = cleared(0);
        sweeps[0].sum(order, from, to, parameters, own);
        for (int p = 0; p < gradient.length; p++) {
            gradient[p] = own[p];
        }
        finish(point, gradient, rowCount() / (totalWeight * (to - from)));
    }

    /** Parameters as a model wants them: for the features as they are, and centred. */
    double[] modelParameters(double[] point) {
        double[] result = point.clone();
        if (standardization != null) {
            standardization.fold(result, layout);
        }
        layout.centre(result);
        return result;
    }

    /** The inverse, for a start. */
    double[] fromModelParameters(double[] model) {
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

    private void round(double[] point) {
        double[] source = point;
        if (standardization != null) {
            System.arraycopy(point, 0, folded, 0, point.length);
            standardization.fold(folded, layout);
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
            gradient[p] *= share;
        }
    }

    private double penalty(double[] point) {
        return l2 == 0 ? 0 : l2 / 2 * Vectors.dot(point, point, layout.weights());
    }
}
