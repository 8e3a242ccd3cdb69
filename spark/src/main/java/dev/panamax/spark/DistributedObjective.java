package dev.panamax.spark;

import dev.panamax.internal.learn.BlockLoss;
import dev.panamax.internal.learn.Layout;
import dev.panamax.internal.learn.Objective;
import dev.panamax.internal.learn.Preconditioner;
import dev.panamax.internal.learn.SmoothFunction;
import dev.panamax.internal.learn.Vectors;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;

/**
 * The weighted mean of the losses of all blocks plus the penalty, as a function of the parameters for scaled features with
 * means of 0. Each evaluation is one job: a task for each partition, and the tree of their sums.
 */
final class DistributedObjective implements SmoothFunction {
    private final JavaRDD<RowBlock> blocks;
    private final Layout layout;
    private final FeatureScaling scaling;
    private final double sumOfWeights;
    /** The strength of the penalty on the weights of each feature. */
    private final double[] l2;

    private final boolean fitIntercept;
    private final int depth;
    private final long productsOfPartition;

    DistributedObjective(
            JavaRDD<RowBlock> blocks,
            Layout layout,
            FeatureScaling scaling,
            double sumOfWeights,
            double[] l2,
            boolean fitIntercept,
            int depth,
            long productsOfPartition) {
        this.blocks = blocks;
        this.layout = layout;
        this.scaling = scaling;
        this.sumOfWeights = sumOfWeights;
        this.l2 = l2;
        this.fitIntercept = fitIntercept;
        this.depth = depth;
        this.productsOfPartition = productsOfPartition;
    }

    @Override
    public Objective.Value value(double[] point, double[] gradient) {
        double[] sums = sums(forBlocks(point));
        int parameters = layout.parameters();
        double mean = sums[parameters] / sumOfWeights;
        if (gradient != null) {
            System.arraycopy(sums, 0, gradient, 0, parameters);
            finish(point, gradient);
        }
        double penalty = 0;
        for (int f = 0; f < layout.features(); f++) {
            for (int c = 0; c < layout.classes(); c++) {
                double weight = point[layout.weight(c, f)];
                penalty += l2[f] / 2 * weight * weight;
            }
        }
        return new Objective.Value(mean + penalty, mean);
    }

    /**
     * The gradient of the sum of the losses of all blocks, and after it that sum. The parameters go to the executors with the
     * code of the job, which is broadcast anyway: a broadcast of their own is one more way there and back.
     */
    private double[] sums(float[] parameters) {
        int classes = layout.classes();
        int count = layout.parameters();
        long products = productsOfPartition;
        return OrderedTree.merge(
                blocks.mapPartitions(part -> {
                    BlockLoss.expectProducts(products);
                    return OrderedTree.single(sums(part, parameters, count, classes));
                }),
                depth,
                DistributedObjective::added);
    }

    private static double[] sums(Iterator<RowBlock> part, float[] parameters, int count, int classes) {
        if (!part.hasNext()) {
            return null;
        }
        double[] sums = new double[count + 1];
        float[] gradient = new float[parameters.length];
        while (part.hasNext()) {
            BlockLoss block = part.next().loss(classes);
            sums[count] += block.sum(parameters, gradient);
            for (int p = 0; p < count; p++) {
                sums[p] += gradient[p];
            }
        }
        return sums;
    }

    private static double[] added(double[] sums, double[] next) {
        for (int p = 0; p < sums.length; p++) {
            sums[p] += next[p];
        }
        return sums;
    }

    private static float[] rounded(double[] numbers, int length) {
        float[] rounded = new float[length];
        for (int p = 0; p < numbers.length; p++) {
            rounded[p] = (float) numbers[p];
        }
        return rounded;
    }

    /** The parameters for features whose means are not all 0. */
    private float[] forBlocks(double[] point) {
        double[] folded = point.clone();
        for (int f = 0; f < layout.features(); f++) {
            for (int c = 0; c < layout.classes(); c++) {
                folded[layout.bias(c)] -= point[layout.weight(c, f)] * scaling.offsets[f];
            }
        }
        return rounded(folded, BlockLoss.length(layout));
    }

    /** From the gradient of the sum of the losses to that of the objective. */
    private void finish(double[] point, double[] gradient) {
        for (int f = 0; f < layout.features(); f++) {
            for (int c = 0; c < layout.classes(); c++) {
                int i = layout.weight(c, f);
                double bias = gradient[layout.bias(c)];
                gradient[i] = (gradient[i] - scaling.offsets[f] * bias) / sumOfWeights + l2[f] * point[i];
            }
        }
        for (int c = 0; c < layout.classes(); c++) {
            int i = layout.bias(c);
            gradient[i] = fitIntercept ? gradient[i] / sumOfWeights : 0;
        }
    }

    @Override
    public boolean fits(double[] point) {
        return Vectors.maxAbs(point) <= Float.MAX_VALUE / 4;
    }

    @Override
    public Preconditioner preconditioner() {
        return new Preconditioner(layout, new double[layout.features()], scaling.sizes, l2);
    }
}
