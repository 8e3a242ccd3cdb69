package dev.panamax.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of Panamax in Spark and back, and their scores there. */
class PanamaxModelsTest {
    private static final SoftmaxRegression MODEL = SoftmaxRegression.of(
                    FloatMatrix.of(new float[] {0.5f, -1, 2, 0, 1.25f, -0.75f}, 3, 2),
                    new float[] {0.1f, -0.2f, 0.3f},
                    List.of("ant", "bee", "cat"))
            .withMetadata(Map.of("origin", "by hand"));

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = Sessions.local();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void coefficientsGoThereAndBack() {
        SoftmaxRegressionModel there = PanamaxModels.toSpark(MODEL);
        assertEquals(2.0, there.coefficientMatrix().apply(1, 0));
        assertEquals(0.3f, there.interceptVector().apply(2));
        SoftmaxRegression back = PanamaxModels.toPanamax(there, MODEL.classNames());
        assertArrayEquals(MODEL.weights(), back.weights());
        assertArrayEquals(MODEL.bias(), back.bias());
        assertEquals(MODEL.classNames(), back.classNames());
        assertEquals(List.of("0", "1", "2"), PanamaxModels.toPanamax(there).classNames());
        assertThrows(IllegalArgumentException.class, () -> PanamaxModels.toPanamax(there, List.of("ant", "bee")));
    }

    @Test
    void trainedModelsScoreTheSameWithoutSpark() throws IOException {
        Dataset<Row> iris = Frames.of(spark, Frames.iris(), 2);
        SoftmaxRegressionModel model =
                new dev.panamax.spark.SoftmaxRegression().setRegParam(0.01).fit(iris);
        SoftmaxRegression alone = PanamaxModels.toPanamax(model);
        for (Row row : model.transform(iris).collectAsList()) {
            double[] features = row.<Vector>getAs("features").toArray();
            float[] probabilities = alone.probabilities(
                    new float[] {(float) features[0], (float) features[1], (float) features[2], (float) features[3]});
            for (int c = 0; c < 3; c++) {
                assertEquals(row.<Vector>getAs("probability").apply(c), probabilities[c], 1e-6);
            }
        }
    }

    @Test
    void filesAreThoseOfPanamax(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("models/m.safetensors");
        PanamaxModels.write(MODEL, file.toUri().toString(), spark);
        SoftmaxRegression read = SoftmaxRegression.load(file);
        assertArrayEquals(MODEL.weights(), read.weights());
        assertEquals(MODEL.metadata(), read.metadata());
        MODEL.temperature(2).save(file);
        assertEquals(2, PanamaxModels.read(file.toString(), spark).temperature());
        PanamaxModels.write(MODEL, file.toString(), spark);
        assertEquals(1, PanamaxModels.read(file.toString(), spark).temperature());
        try (Stream<Path> files = Files.list(file.getParent())) {
            // Beside it, Hadoop keeps its checksum.
            assertEquals(
                    Set.of("m.safetensors", ".m.safetensors.crc"),
                    files.map(path -> path.getFileName().toString()).collect(Collectors.toSet()));
        }
        Files.writeString(file, "no model");
        assertThrows(IOException.class, () -> PanamaxModels.read(file.toString(), spark));
    }

    private static Dataset<Row> frame() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Vector vector = Vectors.dense(i % 7 - 3, i % 11 / 4.0);
            rows.add(RowFactory.create((double) i, 1.0, i % 3 == 0 ? vector.toSparse() : vector));
        }
        return Frames.of(spark, rows, 3);
    }

    /** Dense and sparse vectors, beside each other in more than one batch. */
    @Test
    void scoresHaveTheBitsThatTheModelGivesAlone() {
        List<Row> scored = new SoftmaxScorer(MODEL)
                .setClassNameCol("name")
                .transform(frame())
                .collectAsList();
        assertEquals(1000, scored.size());
        float[] scores = new float[3];
        for (int i = 0; i < scored.size(); i++) {
            Row row = scored.get(i);
            assertEquals(i, row.getDouble(0));
            double[] features = row.<Vector>getAs("features").toArray();
            float[] floats = {(float) features[0], (float) features[1]};
            float[] probabilities = MODEL.probabilities(floats);
            MODEL.scores(floats, scores);
            for (int c = 0; c < 3; c++) {
                assertEquals(scores[c], row.<Vector>getAs("rawPrediction").apply(c));
                assertEquals(probabilities[c], row.<Vector>getAs("probability").apply(c));
            }
            assertEquals(MODEL.predict(floats).index(), row.<Double>getAs("prediction"));
            assertEquals(MODEL.predict(floats).name(), row.getAs("name"));
        }
    }

    @Test
    void scoresBeyondFloatStillHaveProbabilities() {
        Dataset<Row> frame = Frames.of(spark, List.of(Frames.row(0, 1, 3e38, 0), Frames.row(0, 1, -3e38, 1)), 1);
        List<Row> scored = new SoftmaxScorer(MODEL).transform(frame).collectAsList();
        assertEquals(Vectors.dense(0, 1, 0), scored.get(0).getAs("probability"));
        assertEquals(1.0, scored.get(0).<Double>getAs("prediction"));
        assertEquals(0.0, scored.get(1).<Double>getAs("prediction"));
    }

    @Test
    void scorerIsSavedAndLoaded(@TempDir Path directory) throws IOException {
        String path = directory.resolve("scorer").toString();
        SoftmaxScorer scorer = new SoftmaxScorer(MODEL)
                .setRawPredictionCol("")
                .setProbabilityCol("p")
                .setClassNameCol("name");
        PipelineModel pipeline = new org.apache.spark.ml.Pipeline()
                .setStages(new org.apache.spark.ml.PipelineStage[] {scorer})
                .fit(frame());
        pipeline.write().save(path);
        SoftmaxScorer loaded = (SoftmaxScorer) PipelineModel.load(path).stages()[0];
        assertEquals(scorer.uid(), loaded.uid());
        assertEquals(MODEL.metadata(), loaded.model().metadata());
        assertEquals(
                scorer.transform(frame()).collectAsList(),
                loaded.transform(frame()).collectAsList());
        assertEquals(
                List.of("label", "weight", "features", "p", "prediction", "name"),
                List.of(loaded.transform(frame()).columns()));
    }

    @Test
    void whatCannotBeScoredIsRefused() {
        SoftmaxScorer scorer = new SoftmaxScorer(MODEL);
        Dataset<Row> frame = frame();
        assertEquals(
                "there is no column \"x\" (featuresCol), only label, weight, features",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> scorer.copy(new org.apache.spark.ml.param.ParamMap())
                                        .setFeaturesCol("x")
                                        .transform(frame))
                        .getMessage());
        assertEquals(
                "there is a column \"label\" already (predictionCol adds one)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> scorer.copy(new org.apache.spark.ml.param.ParamMap())
                                        .setPredictionCol("label")
                                        .transform(frame))
                        .getMessage());
        assertRefused("column \"features\" is a vector of size 1, but the model has 2 features", Frames.row(0, 1, 1));
        assertRefused(
                "column \"features\" has 1.0E39 at index 1, not a finite number in the range of float",
                Frames.row(0, 1, 1, 1e39));
    }

    private static void assertRefused(String message, Row row) {
        Dataset<Row> frame = Frames.of(spark, List.of(row), 1);
        Throwable thrown = assertThrows(
                SparkException.class,
                () -> new SoftmaxScorer(MODEL).transform(frame).collect());
        while (thrown.getCause() != null) {
            thrown = thrown.getCause();
        }
        assertEquals(message, thrown.getMessage());
        assertTrue(thrown instanceof IllegalArgumentException);
    }
}
