package dev.panamax.spark;

import dev.panamax.internal.learn.Ending;
import dev.panamax.internal.learn.Layout;
import dev.panamax.internal.learn.LbfgsMinimizer;
import dev.panamax.internal.learn.Report;
import dev.panamax.internal.learn.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.util.MetadataUtils;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/** A training, as the driver sees it: one pass for a summary of the rows, one that packs them, and one for each evaluation. */
final class Training {
    private static final Logger LOG = LoggerFactory.getLogger(Training.class);

    /** As many differences as Spark's own training keeps. */
    private static final int MEMORY = 10;

    /** Up to this share of features that are not 0, products with sparse rows are faster. */
    private static final double SPARSE = 0.1;

    /** The room of a block where the program chooses. */
    private static final double BLOCK_MB = 1;

    /** What a block's products must outweigh: clearing and adding up its gradient. */
    private static final int LEAST_WORK_PER_PARAMETER = 32;

    private static final int MOST_BLOCK_ROWS = 1 << 16;

    /** What an array holds in every JVM. */
    private static final int MOST_CELLS = Integer.MAX_VALUE - 64;

    /**
     * Spark's own training ends where the norm of the gradient is {@code tol} times the objective. Of a thousand parameters
     * and an objective below 1, a hundredth of {@code tol} for the largest entry is as strict.
     */
    private static final double TOLERANCE = 0.01;

    /** The rounding of a mean loss whose scores, of a few units, are computed in float. */
    private static final double ROUNDING = 0x1p-24;

    /** After how many iterations that brought neither objective nor gradient further down none is expected to. */
    private static final int PATIENCE = 20;

    private final Settings settings;
    private final Dataset<?> dataset;
    private final JavaRDD<Row> rows;
    private final RowSummary summary;

    /** Sums the rows up, which refuses those that cannot be used. */
    Training(Settings settings, Dataset<?> dataset) {
        this.settings = settings;
        this.dataset = dataset;
        rows = rows(settings, dataset);
        summary = summary(settings, rows);
    }

    /**
     * What is asked.
     *
     * @param weightCol empty for none
     * @param thresholds how many thresholds there are; 0 for none
     */
    record Settings(
            String featuresCol,
            String labelCol,
            String weightCol,
            double regParam,
            boolean fitIntercept,
            boolean standardization,
            int maxIter,
            double tol,
            int aggregationDepth,
            double maxBlockSizeInMB,
            int thresholds) {}

    /**
     * What was found.
     *
     * @param objectiveHistory at the start and after each iteration
     */
    record Result(Matrix coefficients, Vector intercepts, double[] objectiveHistory) {}

    /** Trains. */
    Result run(String uid) {
        int classes = classes();
        requireUsable(classes);
        boolean sparse = summary.entriesPerRow() <= SPARSE * summary.features();
        Layout layout = new Layout(summary.features(), classes, sparse);
        double[] means = summary.means();
        double[] deviations = summary.deviations();
        requireFinite(settings, deviations);
        FeatureScaling scaling = FeatureScaling.of(means, deviations, settings.fitIntercept, sparse);
        double unit = Math.scalb(1.0, -Math.getExponent(summary.largestWeight()));
        int blockRows = blockRows(settings.maxBlockSizeInMB, summary, layout);
        JavaRDD<RowBlock> blocks = rows.mapPartitions(part -> new RowPacker(part, scaling, sparse, blockRows, unit))
                .setName(uid + ": blocks of " + blockRows + " rows")
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            DistributedObjective objective = new DistributedObjective(
                    blocks,
                    layout,
                    scaling,
                    summary.weight() * unit,
                    penalties(settings, deviations),
                    settings.fitIntercept,
                    settings.aggregationDepth,
                    products(layout) / rows.getNumPartitions());
            double[] start = settings.fitIntercept
                    ? layout.frequencies(Arrays.copyOf(summary.classWeights(), classes))
                    : new double[layout.parameters()];
            return result(settings, layout, means, deviations, minimised(settings, objective, start, uid));
        } finally {
            blocks.unpersist(false);
        }
    }

    private static JavaRDD<Row> rows(Settings settings, Dataset<?> dataset) {
        Column weight = settings.weightCol.isEmpty() ? functions.lit(1.0) : dataset.col(quoted(settings.weightCol));
        return dataset.select(
                        dataset.col(quoted(settings.labelCol)).cast(DataTypes.DoubleType),
                        weight.cast(DataTypes.DoubleType),
                        dataset.col(quoted(settings.featuresCol)))
                .toJavaRDD();
    }

    /** A dot in a name is no path. */
    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    private static RowSummary summary(Settings settings, JavaRDD<Row> rows) {
        String label = settings.labelCol;
        String weight = settings.weightCol;
        String features = settings.featuresCol;
        JavaRDD<RowSummary> parts = rows.mapPartitionsWithIndex(
                (index, part) -> {
                    RowSummary summary = new RowSummary(label, weight, features);
                    for (long row = 0; part.hasNext(); row++) {
                        summary.add(part.next(), index, row);
                    }
                    return OrderedTree.single(summary);
                },
                true);
        RowSummary summary = OrderedTree.merge(parts, settings.aggregationDepth, RowSummary::merge);
        if (summary != null && summary.fault() != null) {
            throw new IllegalArgumentException(summary.fault());
        }
        if (summary == null || summary.rows() == 0) {
            throw new IllegalArgumentException(
                    "the data set has no rows" + (weight.isEmpty() ? "" : " whose \"" + weight + "\" is above 0")
                            + ", so there is nothing to learn");
        }
        return summary;
    }

    /** As many as the column declares, or else up to the largest label. */
    int classes() {
        int labels = summary.classWeights().length;
        Option<Object> declared = MetadataUtils.getNumClasses(dataset.schema().apply(settings.labelCol));
        int classes = declared.isDefined() ? (Integer) declared.get() : labels;
        if (classes < labels) {
            throw new IllegalArgumentException("column \"" + settings.labelCol + "\" has the class index "
                    + (labels - 1) + ", but declares " + classes + " classes");
        }
        return classes;
    }

    /** Whether all rows are of the same class. */
    boolean isOfOneClass() {
        return Arrays.stream(summary.classWeights())
                        .filter(weight -> weight > 0)
                        .count()
                == 1;
    }

    private void requireUsable(int classes) {
        if (isOfOneClass()) {
            throw new IllegalArgumentException("column \"" + settings.labelCol + "\" is "
                    + (summary.classWeights().length - 1) + " in every row: of one class there is nothing to learn");
        }
        if (settings.thresholds != 0 && settings.thresholds != classes) {
            throw new IllegalArgumentException("thresholds has " + settings.thresholds + " elements, but column \""
                    + settings.labelCol + "\" has " + classes + " classes");
        }
    }

    private static void requireFinite(Settings settings, double[] deviations) {
        for (int f = 0; f < deviations.length; f++) {
            if (!Double.isFinite(deviations[f])) {
                throw new IllegalArgumentException("column \"" + settings.featuresCol + "\" has numbers at index " + f
                        + " so large that their deviation is " + deviations[f]);
            }
        }
    }

    /** Of weights and features, in an evaluation. */
    private long products(Layout layout) {
        double entries = layout.byFeature() ? summary.entriesPerRow() : layout.features();
        return (long) (entries * layout.classes() * summary.rows());
    }

    /** How many rows a block holds, with the scores of all classes for each. */
    static int blockRows(double maxMB, RowSummary summary, Layout layout) {
        double entries = layout.byFeature() ? Math.max(1, summary.entriesPerRow()) : layout.features();
        double bytes = Float.BYTES * (entries * (layout.byFeature() ? 2 : 1) + layout.classes() + 3);
        double rows = (maxMB > 0 ? maxMB : BLOCK_MB) * (1 << 20) / bytes;
        if (maxMB == 0) {
            rows = Math.max(rows, LEAST_WORK_PER_PARAMETER * layout.features() / entries);
        }
        int most = layout.byFeature() ? MOST_BLOCK_ROWS : Math.min(MOST_BLOCK_ROWS, MOST_CELLS / layout.features());
        return (int) Math.clamp(rows, 1, Math.max(1, most));
    }

    /** On the weights of features of deviation 1, which stand for those of the features as they are. */
    private static double[] penalties(Settings settings, double[] deviations) {
        double[] l2 = new double[deviations.length];
        Arrays.setAll(l2, f -> {
            double deviation = deviations[f];
            return deviation == 0
                    ? 0
                    : settings.standardization ? settings.regParam : settings.regParam / (deviation * deviation);
        });
        return l2;
    }

    /** Whether what is left of the gradient is the rounding of float. */
    private static boolean isFlat(List<Report> history) {
        if (history.size() <= PATIENCE) {
            return false;
        }
        List<Report> recent = history.subList(history.size() - PATIENCE, history.size());
        Report before = history.get(history.size() - 1 - PATIENCE);
        double rounding = ROUNDING * (1 + Math.abs(before.value().objective()));
        return recent.stream()
                .noneMatch(report -> report.gradientNorm() < before.gradientNorm()
                        || report.value().objective() < before.value().objective() - rounding);
    }

    private static Run minimised(Settings settings, DistributedObjective objective, double[] start, String uid) {
        List<Report> history = new ArrayList<>();
        Run.Limits limits = new Run.Limits(
                Long.MAX_VALUE,
                () -> isFlat(history),
                report -> {
                    history.add(report);
                    LOG.info(
                            "{}: iteration {}, objective {}, largest entry of the gradient {}",
                            uid,
                            report.iteration(),
                            report.value().objective(),
                            report.gradientNorm());
                },
                null,
                0);
        Run run = new Run(limits, objective::fits);
        new LbfgsMinimizer(settings.maxIter, TOLERANCE * settings.tol, MEMORY).minimize(objective, start, run);
        if (run.ending() == Ending.DIVERGED || run.ending() == Ending.BEYOND_FLOAT) {
            throw new ArithmeticException("training left the range of float at iteration "
                    + run.history().getLast().iteration() + "; a penalty (regParam) keeps it in");
        }
        if (run.ending() == Ending.ITERATION_LIMIT) {
            LOG.warn(
                    "{}: stopped by maxIter {} where the largest entry of the gradient is {}",
                    uid,
                    settings.maxIter,
                    run.kept().gradientNorm());
        }
        return run;
    }

    /** The coefficients for the features as they are. */
    private static Result result(Settings settings, Layout layout, double[] means, double[] deviations, Run run) {
        Layout byClass = new Layout(layout.features(), layout.classes(), false);
        double[] found = byClass.from(run.best(), layout);
        double[] coefficients = new double[byClass.weights()];
        double[] intercepts = new double[byClass.classes()];
        for (int c = 0; c < intercepts.length; c++) {
            intercepts[c] = found[byClass.bias(c)];
            for (int f = 0; f < means.length; f++) {
                int i = byClass.weight(c, f);
                coefficients[i] = deviations[f] == 0 ? 0 : found[i] / deviations[f];
                intercepts[c] -= settings.fitIntercept ? coefficients[i] * means[f] : 0;
            }
        }
        if (settings.regParam == 0) {
            for (int f = 0; f < means.length; f++) {
                centre(coefficients, f, means.length, intercepts.length);
            }
        }
        if (settings.fitIntercept) {
            centre(intercepts, 0, 1, intercepts.length);
        }
        double[] history = run.history().stream()
                .mapToDouble(report -> report.value().objective())
                .toArray();
        return new Result(
                new DenseMatrix(intercepts.length, means.length, coefficients, true),
                new DenseVector(intercepts),
                history);
    }

    /** The mean over the classes becomes 0. */
    private static void centre(double[] numbers, int from, int stride, int classes) {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += numbers[from + c * stride];
        }
        for (int c = 0; c < classes; c++) {
            numbers[from + c * stride] -= sum / classes;
        }
    }
}
