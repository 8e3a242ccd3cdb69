package dev.panamax.spark;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside Spark's own training, at the same parameters. */
class LogisticRegressionTest {
    /** Of the objective, which is a sum over all rows. */
    private static final double ROUNDING = 1e-12;

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = Sessions.local();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** What a case compares: the rows, and the parameters that both trainings have. */
    private record Case(List<Row> rows, double regParam, boolean standardization, boolean fitIntercept) {
        double objective(Matrix coefficients, Vector intercepts) {
            return Reference.objective(rows, coefficients, intercepts, regParam, standardization);
        }
    }

    private static void compare(Case data) {
        Dataset<Row> frame = Frames.of(spark, data.rows, 2).cache();
        LogisticRegression usual = new LogisticRegression()
                .setFamily("multinomial")
                .setWeightCol("weight")
                .setRegParam(data.regParam)
                .setStandardization(data.standardization)
                .setFitIntercept(data.fitIntercept);
        LogisticRegressionModel theirs = usual.fit(frame);
        LogisticRegressionModel converged =
                usual.copy(new ParamMap()).setTol(1e-14).setMaxIter(1000).fit(frame);
        SoftmaxRegressionModel ours = new SoftmaxRegression()
                .setWeightCol("weight")
                .setRegParam(data.regParam)
                .setStandardization(data.standardization)
                .setFitIntercept(data.fitIntercept)
                .fit(frame);
        frame.unpersist();
        double loss = data.objective(ours.coefficientMatrix(), ours.interceptVector());
        double theirLoss = data.objective(theirs.coefficientMatrix(), theirs.interceptVector());
        assertAll(
                data.rows.size() + " rows, regParam " + data.regParam + ", standardization " + data.standardization
                        + ", fitIntercept " + data.fitIntercept,
                () -> assertTrue(loss <= theirLoss + ROUNDING, loss + " above " + theirLoss),
                () -> assertEquals(0, distance(ours.coefficientMatrix(), converged.coefficientMatrix()), 1e-4),
                () -> assertEquals(
                        0,
                        Vectors.sqdist(ours.interceptVector(), converged.interceptVector()),
                        ours.numClasses() * 1e-8));
    }

    private static double distance(Matrix a, Matrix b) {
        double largest = 0;
        for (int r = 0; r < a.numRows(); r++) {
            for (int c = 0; c < a.numCols(); c++) {
                largest = Math.max(largest, Math.abs(a.apply(r, c) - b.apply(r, c)));
            }
        }
        return largest;
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void flowersHaveTheSameOptimum(boolean standardization, boolean fitIntercept) throws IOException {
        compare(new Case(Frames.iris(), 0.01, standardization, fitIntercept));
    }

    /** Features of many scales and means, one of which does not vary, and rows of different weights. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void unlikeFeaturesHaveTheSameOptimum(boolean standardization) {
        compare(new Case(Frames.random(400, 12, 4, 1), 0.1, standardization, true));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sparseFeaturesHaveTheSameOptimum(boolean standardization) {
        compare(new Case(Frames.words(400, 200, 4, 2), 0.01, standardization, true));
    }

    /** A time in seconds, which one row of sparse ones lacks: its mean is beyond 32 deviations, and it is not 0 there. */
    @Test
    void sparseFeaturesFarFromZeroHaveTheSameOptimum() {
        List<Row> rows = new ArrayList<>();
        for (Row row : Frames.words(1500, 60, 3, 4)) {
            double[] numbers = row.<Vector>getAs(2).toArray();
            numbers[0] = rows.size() == 700 ? 0 : 1.6e9 + 1e6 * row.getDouble(0) + 1e6 * (rows.size() % 7);
            rows.add(RowFactory.create(
                    row.get(0), row.get(1), Vectors.dense(numbers).toSparse()));
        }
        compare(new Case(rows, 0.01, true, true));
    }

    @Test
    void digitsHaveTheSameOptimum() throws IOException {
        compare(new Case(Frames.digits(), 0.1, true, true));
    }

    @Test
    void theSameOptimumIsFoundWithoutPenalty() {
        compare(new Case(Frames.random(1000, 8, 3, 7), 0, true, true));
    }
}
