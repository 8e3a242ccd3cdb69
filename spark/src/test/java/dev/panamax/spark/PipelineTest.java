package dev.panamax.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In the places where Spark's own classifiers stand. */
class PipelineTest {
    private static SparkSession spark;
    private static Dataset<Row> iris;

    @BeforeAll
    static void start() throws IOException {
        spark = Sessions.local();
        iris = Frames.of(spark, Frames.iris(), 2).cache();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static SoftmaxRegression other() {
        return new SoftmaxRegression("named")
                .setRegParam(0.25)
                .setFitIntercept(false)
                .setStandardization(false)
                .setMaxIter(7)
                .setTol(1e-4)
                .setAggregationDepth(3)
                .setMaxBlockSizeInMB(0.5)
                .setWeightCol("weight")
                .setPredictionCol("class")
                .setProbabilityCol("p")
                .setRawPredictionCol("scores")
                .setThresholds(new double[] {0.5, 0.25, 1});
    }

    private static void assertSameParams(
            org.apache.spark.ml.param.Params expected, org.apache.spark.ml.param.Params found) {
        assertEquals(expected.uid(), found.uid());
        for (Param<?> param : expected.params()) {
            Param<Object> twin = found.getParam(param.name());
            assertEquals(expected.isSet(param), found.isSet(twin), param.name());
            if (expected.isDefined(param)) {
                Object value = expected.getOrDefault(param);
                Object other = found.getOrDefault(twin);
                assertEquals(
                        value instanceof double[] array ? Arrays.toString(array) : value,
                        other instanceof double[] array ? Arrays.toString(array) : other,
                        param.name());
            }
        }
    }

    /** Of the family "multinomial", without an L1 penalty and without bounds. */
    @Test
    void hasTheParametersOfLogisticRegression() {
        List<String> lacking = List.of(
                "elasticNetParam",
                "family",
                "threshold",
                "lowerBoundsOnCoefficients",
                "upperBoundsOnCoefficients",
                "lowerBoundsOnIntercepts",
                "upperBoundsOnIntercepts");
        LogisticRegression theirs = new LogisticRegression();
        SoftmaxRegression ours = new SoftmaxRegression();
        for (Param<?> param : theirs.params()) {
            assertEquals(!lacking.contains(param.name()), ours.hasParam(param.name()), param.name());
            if (ours.hasParam(param.name()) && theirs.hasDefault(param)) {
                assertEquals(
                        theirs.getDefault(param).get(),
                        ours.getDefault(ours.getParam(param.name())).get(),
                        param.name());
            }
        }
    }

    @Test
    void estimatorIsSavedAndLoaded(@TempDir Path directory) throws IOException {
        String path = directory.resolve("estimator").toString();
        other().write().save(path);
        assertSameParams(other(), SoftmaxRegression.load(path));
        assertThrows(IOException.class, () -> new SoftmaxRegression().write().save(path));
        new SoftmaxRegression("second").write().overwrite().save(path);
        assertEquals("second", SoftmaxRegression.load(path).uid());
    }

    @Test
    void modelIsSavedAndLoaded(@TempDir Path directory) throws IOException {
        String path = directory.resolve("model").toString();
        SoftmaxRegressionModel model = other().fit(iris);
        model.write().save(path);
        SoftmaxRegressionModel loaded = SoftmaxRegressionModel.load(path);
        assertSameParams(model, loaded);
        assertSameParams(other(), loaded);
        assertEquals(model.coefficientMatrix(), loaded.coefficientMatrix());
        assertEquals(model.interceptVector(), loaded.interceptVector());
        assertEquals(
                model.transform(iris).collectAsList(), loaded.transform(iris).collectAsList());
        assertTrue(model.hasSummary());
        assertFalse(loaded.hasSummary());
        assertThrows(IllegalStateException.class, loaded::summary);
    }

    @Test
    void pipelineIsSavedAndLoaded(@TempDir Path directory) throws IOException {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StandardScaler().setInputCol("features").setOutputCol("scaled"), other().setFeaturesCol("scaled")
        });
        String unfitted = directory.resolve("pipeline").toString();
        pipeline.write().save(unfitted);
        assertInstanceOf(SoftmaxRegression.class, Pipeline.load(unfitted).getStages()[1]);
        PipelineModel model = Pipeline.load(unfitted).fit(iris);
        String fitted = directory.resolve("fitted").toString();
        model.write().save(fitted);
        assertEquals(
                model.transform(iris).collectAsList(),
                PipelineModel.load(fitted).transform(iris).collectAsList());
    }

    @Test
    void crossValidatorFindsTheBetterPenalty() {
        SoftmaxRegression estimator = new SoftmaxRegression();
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(estimator.regParam(), new double[] {100, 0.01})
                .build();
        CrossValidatorModel found = new CrossValidator()
                .setEstimator(estimator)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
                .setEstimatorParamMaps(grid)
                .setNumFolds(2)
                .setSeed(1)
                .fit(iris);
        SoftmaxRegressionModel best = assertInstanceOf(SoftmaxRegressionModel.class, found.bestModel());
        assertEquals(0.01, best.getRegParam());
        assertTrue(found.avgMetrics()[1] < found.avgMetrics()[0]);
    }

    @Test
    void summaryTellsHowTrainingWent() {
        SoftmaxRegressionModel model = new SoftmaxRegression().setRegParam(0.01).fit(iris);
        double[] history = model.summary().objectiveHistory();
        assertEquals(Math.log(3), history[0], 1e-7);
        assertTrue(history[history.length - 1] < 0.3);
        assertTrue(model.summary().accuracy() > 0.95);
        assertEquals(150, model.summary().predictions().count());
        SoftmaxRegressionModel none =
                new SoftmaxRegression().setMaxIter(0).setPredictionCol("").fit(iris);
        assertEquals(1, none.summary().objectiveHistory().length);
        assertArrayEquals(new double[12], none.coefficientMatrix().toArray());
        assertEquals(1.0 / 3, none.summary().accuracy(), 1e-12);
    }

    @Test
    void columnsAreThoseThatAreNamed() {
        Row row = other().fit(iris).transform(iris).head();
        assertEquals(
                List.of("label", "weight", "features", "scores", "p", "class"),
                List.of(row.schema().fieldNames()));
    }

    private static SoftmaxRegressionModel known() {
        // Row by row.
        DenseMatrix coefficients = new DenseMatrix(3, 2, new double[] {1, 0, 0, 1, -1, -1}, true);
        return new SoftmaxRegressionModel("known", coefficients, Vectors.dense(0, 0, 1000));
    }

    @Test
    void predictsWithThresholds() {
        SoftmaxRegressionModel model = known();
        Vector features = Vectors.dense(1000, 1001);
        assertEquals(Vectors.dense(1000, 1001, -1001), model.predictRaw(features));
        double[] probabilities = model.predictProbability(features).toArray();
        assertArrayEquals(new double[] {1 / (1 + Math.E), 1 / (1 + 1 / Math.E), 0}, probabilities, 1e-15);
        assertEquals(1, model.predict(features));
        Dataset<Row> frame = Frames.of(spark, List.of(Frames.row(0, 1, 1000, 1001)), 1);
        assertEquals(1.0, model.transform(frame).head().getDouble(5));
        model.setThresholds(new double[] {0.1, 0.9, 0.5});
        assertEquals(0.0, model.transform(frame).head().getDouble(5));
        assertEquals(model.predictRaw(features), model.predictRaw(features.toSparse()));
    }

    @Test
    void labelsMayBeOfAnyNumericType() {
        SoftmaxRegression estimator = new SoftmaxRegression().setRegParam(0.1);
        SoftmaxRegressionModel expected = estimator.fit(iris);
        SoftmaxRegressionModel found =
                estimator.fit(iris.withColumn("label", iris.col("label").cast("int")));
        assertEquals(expected.coefficientMatrix(), found.coefficientMatrix());
    }

    @Test
    void storageDoesNotDependOnTheKindOfVector() {
        SoftmaxRegression estimator = new SoftmaxRegression().setRegParam(0.1);
        List<Row> rows = Frames.words(200, 60, 3, 5);
        List<Row> dense = rows.stream()
                .map(row -> Frames.row(row.getDouble(0), 1, row.<Vector>getAs(2).toArray()))
                .toList();
        assertEquals(
                estimator.fit(Frames.of(spark, rows, 2)).coefficientMatrix(),
                estimator.fit(Frames.of(spark, dense, 2)).coefficientMatrix());
    }
}
