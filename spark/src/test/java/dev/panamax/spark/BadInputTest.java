package dev.panamax.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What cannot be trained on is refused with its column, its value and its place. */
class BadInputTest {
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = Sessions.local();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** Two good rows and, in the second of two partitions, one that is not. */
    private static Dataset<Row> with(Row bad) {
        return Frames.of(
                spark, List.of(Frames.row(0, 1, 1, 2), Frames.row(1, 1, 2, 1), Frames.row(0, 1, 0, 3), bad), 2);
    }

    private static SoftmaxRegression estimator() {
        return new SoftmaxRegression().setWeightCol("weight");
    }

    private static void assertRefused(String message, Dataset<Row> data) {
        assertRefused(message, estimator(), data);
    }

    private static void assertRefused(String message, SoftmaxRegression estimator, Dataset<Row> data) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> estimator.fit(data))
                        .getMessage());
    }

    @Test
    void labels() {
        String indices = ", not a class index 0, 1, 2, ... below 16777216 (row 1 of partition 1)";
        assertRefused("column \"label\" is 1.5" + indices, with(Frames.row(1.5, 1, 1, 1)));
        assertRefused("column \"label\" is -1.0" + indices, with(Frames.row(-1, 1, 1, 1)));
        assertRefused("column \"label\" is NaN" + indices, with(Frames.row(Double.NaN, 1, 1, 1)));
        assertRefused("column \"label\" is 1.0E9" + indices, with(Frames.row(1e9, 1, 1, 1)));
        assertRefused(
                "column \"label\" is null, not a class index (row 1 of partition 1)",
                with(RowFactory.create(null, 1.0, Vectors.dense(1, 1))));
    }

    @Test
    void labelsBeyondThoseThatTheColumnDeclares() {
        Dataset<Row> data = with(Frames.row(2, 1, 1, 1));
        Dataset<Row> declared = data.withColumn(
                "label",
                data.col("label")
                        .as(
                                "label",
                                NominalAttribute.defaultAttr().withNumValues(2).toMetadata()));
        assertRefused("column \"label\" has the class index 2, but declares 2 classes", declared);
    }

    @Test
    void weights() {
        String weight = ", not a finite weight of 0 or more (row 1 of partition 1)";
        assertRefused("column \"weight\" is -1.0" + weight, with(Frames.row(1, -1, 1, 1)));
        assertRefused("column \"weight\" is NaN" + weight, with(Frames.row(1, Double.NaN, 1, 1)));
        assertRefused("column \"weight\" is Infinity" + weight, with(Frames.row(1, Double.POSITIVE_INFINITY, 1, 1)));
        assertRefused("column \"weight\" is null" + weight, with(RowFactory.create(1.0, null, Vectors.dense(1, 1))));
    }

    @Test
    void features() {
        String number = ", not a finite number (row 1 of partition 1)";
        assertRefused("column \"features\" has NaN at index 1" + number, with(Frames.row(1, 1, 1, Double.NaN)));
        assertRefused(
                "column \"features\" has -Infinity at index 1" + number,
                with(RowFactory.create(
                        1.0, 1.0, Vectors.sparse(2, new int[] {1}, new double[] {Double.NEGATIVE_INFINITY}))));
        assertRefused(
                "column \"features\" has a vector of size 3 after others of size 2 (row 1 of partition 1)",
                with(Frames.row(1, 1, 1, 2, 3)));
        assertRefused(
                "column \"features\" is null, not a vector (row 1 of partition 1)",
                with(RowFactory.create(1.0, 1.0, null)));
        assertRefused(
                "column \"features\" has vectors of size 2 and of size 3",
                Frames.of(spark, List.of(Frames.row(0, 1, 1, 2), Frames.row(1, 1, 1, 2, 3)), 2));
        assertRefused(
                "column \"features\" has numbers at index 0 so large that their deviation is Infinity",
                with(Frames.row(1, 1, 1e300, 1)));
    }

    /** The same row, however many there are. */
    @Test
    void theFirstRowOfThePartitionsIsNamed() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add(Frames.row(i % 10 == 9 ? i + 0.5 : 0, 1, i));
        }
        assertRefused(
                "column \"label\" is 9.5, not a class index 0, 1, 2, ... below 16777216 (row 9 of partition 0)",
                Frames.of(spark, rows, 4));
    }

    @Test
    void nothingToLearn() {
        assertRefused(
                "the data set has no rows whose \"weight\" is above 0, so there is nothing to learn",
                with(Frames.row(1, 0, 1, 1)).limit(0));
        assertRefused(
                "the data set has no rows, so there is nothing to learn",
                new SoftmaxRegression(),
                Frames.of(spark, List.of(), 2));
        assertRefused(
                "the data set has no rows whose \"weight\" is above 0, so there is nothing to learn",
                Frames.of(spark, List.of(Frames.row(0, 0, 1), Frames.row(1, 0, 2)), 2));
        assertRefused(
                "column \"label\" is 2 in every row: of one class there is nothing to learn",
                Frames.of(spark, List.of(Frames.row(2, 1, 1), Frames.row(2, 1, 2), Frames.row(0, 0, 3)), 2));
    }

    @Test
    void columns() {
        Dataset<Row> data = with(Frames.row(1, 1, 1, 1));
        assertRefused(
                "there is no column \"pixels\" (featuresCol), only label, weight, features",
                estimator().setFeaturesCol("pixels"),
                data);
        assertRefused(
                "there is no column \"class\" (labelCol), only label, weight, features",
                estimator().setLabelCol("class"),
                data);
        assertRefused(
                "there is no column \"w\" (weightCol), only label, weight, features",
                new SoftmaxRegression().setWeightCol("w"),
                data);
        assertRefused(
                "column \"label\" (featuresCol) is of type double, not vector",
                estimator().setFeaturesCol("label"),
                data);
        assertRefused(
                "column \"label\" (labelCol) is of type string, not numeric",
                data.withColumn("label", data.col("label").cast("string")));
        assertRefused(
                "column \"weight\" (weightCol) is of type string, not numeric",
                data.withColumn("weight", data.col("weight").cast("string")));
    }

    @Test
    void parameters() {
        assertThrows(IllegalArgumentException.class, () -> new SoftmaxRegression().setRegParam(-1));
        assertThrows(IllegalArgumentException.class, () -> new SoftmaxRegression().setMaxIter(-1));
        assertThrows(IllegalArgumentException.class, () -> new SoftmaxRegression().setTol(-1));
        assertThrows(IllegalArgumentException.class, () -> new SoftmaxRegression().setAggregationDepth(1));
        assertThrows(IllegalArgumentException.class, () -> new SoftmaxRegression().setMaxBlockSizeInMB(-1));
        assertRefused(
                "thresholds has 3 elements, but column \"label\" has 2 classes",
                estimator().setThresholds(new double[] {1, 1, 1}),
                with(Frames.row(1, 1, 1, 1)));
    }

    @Test
    void vectorsOfAnotherSizeThanTheModel() {
        SoftmaxRegressionModel model = estimator().setRegParam(1).fit(with(Frames.row(1, 1, 1, 1)));
        Dataset<Row> wider = Frames.of(spark, List.of(Frames.row(0, 1, 1, 2, 3)), 1);
        Throwable thrown =
                assertThrows(SparkException.class, () -> model.transform(wider).collect());
        while (!(thrown instanceof IllegalArgumentException)) {
            thrown = thrown.getCause();
        }
        assertEquals("column \"features\" has a vector of size 3, but the model has 2 features", thrown.getMessage());
    }

    /** Many of them, and some rows of weight 0, beside the few that there are. */
    @Test
    void emptyPartitionsAndRowsWithoutWeightCountAsAbsent() {
        List<Row> rows = Frames.random(20, 3, 3, 9);
        List<Row> more = new ArrayList<>(rows);
        more.addAll(3, Arrays.asList(Frames.row(2, 0, 1e5, 1, 1), Frames.row(1, 0, 7, 7, 7)));
        SoftmaxRegression estimator = estimator().setRegParam(0.1);
        SoftmaxRegressionModel expected = estimator.fit(Frames.of(spark, rows, 1));
        Dataset<Row> frame = Frames.of(spark, more, 1);
        Dataset<Row> sparse = frame.union(frame.limit(0)).union(Frames.of(spark, List.of(), 5));
        assertEquals(expected.coefficientMatrix(), estimator.fit(sparse).coefficientMatrix());
        assertEquals(6, sparse.rdd().getNumPartitions() - frame.limit(0).rdd().getNumPartitions());
    }
}
