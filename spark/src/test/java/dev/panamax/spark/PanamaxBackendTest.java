package dev.panamax.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.connect.proto.MlOperator;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connect.ml.MLUtils;
import org.apache.spark.sql.connect.service.SessionHolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/** What a server of Spark Connect makes of the estimators that its clients name. */
class PanamaxBackendTest {
    private static SparkSession spark;
    private static Dataset<Row> iris;

    @BeforeAll
    static void start() throws IOException {
        spark = Sessions.with("local[2]", Map.of("spark.connect.ml.backend.classes", PanamaxBackend.class.getName()));
        iris = Frames.of(spark, Frames.iris(), 2).cache();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** As the server does for a client who fits an estimator of this name. */
    private static Estimator<?> named(String name) {
        SessionHolder session = new SessionHolder("user", "session", (org.apache.spark.sql.classic.SparkSession) spark);
        MlOperator operator = MlOperator.newBuilder()
                .setName(name)
                .setUid("mine")
                .setType(MlOperator.OperatorType.OPERATOR_TYPE_ESTIMATOR)
                .build();
        return MLUtils.getEstimator(session, operator, Option.empty());
    }

    private static LogisticRegression estimator() {
        return (LogisticRegression) named(LogisticRegression.class.getName());
    }

    /** Spark's own training begins with another sum of the weights: only Panamax has these very bits. */
    private static boolean isOfPanamax(LogisticRegressionModel model, SoftmaxRegressionModel ours) {
        return model.coefficientMatrix().equals(ours.coefficientMatrix())
                && model.interceptVector().equals(ours.interceptVector());
    }

    @Test
    void theServerTakesPanamaxForLogisticRegressionAlone() {
        assertInstanceOf(PanamaxLogisticRegression.class, estimator());
        assertEquals("mine", estimator().uid());
        String other = org.apache.spark.ml.classification.NaiveBayes.class.getName();
        assertEquals(other, named(other).getClass().getName());
        assertInstanceOf(SoftmaxRegression.class, named(SoftmaxRegression.class.getName()));
    }

    @Test
    void modelsAreThoseOfSparkTrainedByPanamax(@TempDir Path directory) throws IOException {
        SoftmaxRegressionModel ours = new SoftmaxRegression().setRegParam(0.01).fit(iris);
        LogisticRegressionModel model = estimator().setRegParam(0.01).fit(iris);
        assertTrue(isOfPanamax(model, ours));
        assertEquals(0.01, model.getRegParam());
        assertArrayEquals(ours.summary().objectiveHistory(), model.summary().objectiveHistory());
        assertTrue(model.summary().accuracy() > 0.95);
        String path = directory.resolve("model").toString();
        model.write().save(path);
        assertTrue(isOfPanamax(LogisticRegressionModel.load(path), ours));
    }

    @Test
    void twoClassesAreTrainedIfTheFamilySaysSo() {
        Dataset<Row> two =
                iris.filter("label > 0").withColumn("label", iris.col("label").minus(1));
        SoftmaxRegressionModel ours = new SoftmaxRegression().setRegParam(0.1).fit(two);
        LogisticRegressionModel model =
                estimator().setRegParam(0.1).setFamily("multinomial").fit(two);
        assertTrue(isOfPanamax(model, ours));
        assertTrue(model.binarySummary().areaUnderROC() > 0.9);
    }

    @Test
    void whatPanamaxDoesNotTrainIsSaid() {
        PanamaxLogisticRegression estimator = (PanamaxLogisticRegression) estimator();
        assertEquals(Optional.empty(), estimator.obstacle());
        estimator.setElasticNetParam(0.5);
        assertEquals(Optional.empty(), estimator.obstacle());
        estimator.setRegParam(0.1);
        assertEquals(Optional.of("elasticNetParam is 0.5, a penalty with an L1 part"), estimator.obstacle());
        estimator.setElasticNetParam(0).setLowerBoundsOnIntercepts(Vectors.dense(0, 0, 0));
        assertEquals(Optional.of("there are bounds of coefficients or intercepts"), estimator.obstacle());
        estimator.clear(estimator.lowerBoundsOnIntercepts());
        estimator.setFamily("Binomial");
        assertEquals(Optional.of("family is binomial"), estimator.obstacle());
    }

    @Test
    void whatPanamaxDoesNotTrainIsLeftToSpark() {
        Dataset<Row> two =
                iris.filter("label > 0").withColumn("label", iris.col("label").minus(1));
        for (String family : List.of("auto", "binomial")) {
            LogisticRegressionModel model =
                    estimator().setFamily(family).setRegParam(0.1).fit(two);
            assertEquals(1, model.coefficientMatrix().numRows());
        }
        LogisticRegression theirs = new LogisticRegression().setRegParam(0.1).setElasticNetParam(0.5);
        assertEquals(
                theirs.fit(iris).coefficientMatrix(),
                estimator().setRegParam(0.1).setElasticNetParam(0.5).fit(iris).coefficientMatrix());
        assertEquals(
                Double.POSITIVE_INFINITY,
                estimator()
                        .setFamily("multinomial")
                        .fit(iris.filter("label = 2"))
                        .interceptVector()
                        .apply(2));
    }
}
