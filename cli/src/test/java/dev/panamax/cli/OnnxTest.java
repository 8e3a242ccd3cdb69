package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.Features;
import dev.panamax.learn.Prediction;
import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exported models, run by ONNX Runtime. */
class OnnxTest {
    @TempDir
    private Path directory;

    @Test
    void onnxRuntimeFindsTheSameProbabilities() throws IOException, OrtException {
        Examples digits = digits();
        int rows = digits.features().rows();
        int cols = digits.features().cols();
        SoftmaxRegression model =
                SoftmaxRegression.trainer().l2(1e-4).fit(digits.dataset()).model();
        Path file = directory.resolve("digits.onnx");
        model.exportOnnx(file);
        float[] expected = new float[rows * 10];
        float[] expectedScores = new float[rows * 10];
        model.probabilities(digits.features(), FloatMatrix.of(expected, rows, 10));
        model.scores(digits.features(), FloatMatrix.of(expectedScores, rows, 10));
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        FloatBuffer cells = FloatBuffer.wrap(Program.cells(digits));
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor input = OnnxTensor.createTensor(environment, cells, new long[] {rows, cols});
                OrtSession.Result result = session.run(Map.of("features", input))) {
            assertArrayEquals(expected, floats(result, "probabilities"), 2e-6f);
            assertArrayEquals(expectedScores, floats(result, "scores"), 2e-5f);
            Map<String, String> notes = session.getMetadata().getCustomMetadata();
            assertEquals("[\"0\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]", notes.get("panamax.classes"));
            assertEquals("Panamax", session.getMetadata().getProducerName());
            assertEquals("softmax regression", session.getMetadata().getGraphName());
            assertEquals("CONVERGED", notes.get("training.stop"));
            String[] labels = (String[]) ((OnnxTensor) result.get("label").orElseThrow()).getValue();
            List<String> predicted = model.predict(digits.features()).stream()
                    .map(Prediction::name)
                    .toList();
            assertEquals(predicted, List.of(labels));
        }
        assertTrue(model.accuracy(digits.dataset()) > 0.98, "the model is worth comparing");
    }

    @Test
    void aModelOfTwoClassesAndOneFeatureIsAGraphToo() throws IOException, OrtException {
        SoftmaxRegression model = SoftmaxRegression.of(
                FloatMatrix.of(new float[] {-1, 2}, 2, 1), new float[] {0.5f, 0.5f}, List.of("n\u00f6", "yes"));
        Path file = directory.resolve("tiny.onnx");
        model.exportOnnx(file);
        float[] x = {1, -1, 0};
        float[] expected = new float[6];
        model.probabilities(Features.of(FloatMatrix.of(x, 3, 1)), FloatMatrix.of(expected, 3, 2));
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[] {3, 1});
                OrtSession.Result result = session.run(Map.of("features", input))) {
            assertArrayEquals(expected, floats(result, "probabilities"), 1e-6f);
            // Equal scores go to the lower class, here as there.
            assertArrayEquals(new String[] {"yes", "n\u00f6", "n\u00f6"}, (String[])
                    result.get("label").orElseThrow().getValue());
        }
    }

    /** What a program needs to know of the columns that it hands in, and of what comes out. */
    @Test
    void theGraphSaysWhatItsColumnsAre() throws IOException, OrtException {
        SoftmaxRegression model = SoftmaxRegression.zero(2, List.of("no", "yes"))
                .withFeatureNames(List.of("width", "height"))
                .withLabelName("fits");
        Path file = directory.resolve("named.onnx");
        model.temperature(2).exportOnnx(file);
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
            assertEquals(List.of("label", "probabilities", "scores"), List.copyOf(session.getOutputNames()));
            assertEquals(
                    Map.of(
                            "panamax.classes", "[\"no\",\"yes\"]",
                            "panamax.features", "[\"width\",\"height\"]",
                            "panamax.label", "fits",
                            "panamax.temperature", "2.0"),
                    session.getMetadata().getCustomMetadata());
        }
        byte[] bytes = Files.readAllBytes(file);
        assertEquals(List.of((byte) 8, (byte) 10), List.of(bytes[0], bytes[1]), "file version 10");
    }

    /** The key of the class names belongs to the library, any other to the user. */
    @Test
    void notesDoNotDisplaceTheClassNames() throws IOException, OrtException {
        SoftmaxRegression model = SoftmaxRegression.zero(1, List.of("no", "yes"))
                .withMetadata(Map.of("classes", "mine", "producer_name", "me"));
        Path file = directory.resolve("noted.onnx");
        model.exportOnnx(file);
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
            assertEquals(
                    Map.of("classes", "mine", "producer_name", "me", "panamax.classes", "[\"no\",\"yes\"]"),
                    session.getMetadata().getCustomMetadata());
        }
    }

    /** Where a million is subtracted from a million, the graph adds up in double, too. */
    @Test
    void featuresWithALargeMeanLoseNothing() throws IOException, OrtException {
        int rows = 200;
        float[] x = new float[2 * rows];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            x[2 * row] = 1_000_000 + row * 37 % 61 / 16f;
            x[2 * row + 1] = 1_700_000_000f + row * 23 % 59 * 128;
            labels[row] = (row * 37 % 61 > 30 ? 1 : 0) + (row * 23 % 59 > 20 + row % 7 ? 1 : 0);
        }
        Dataset data = Dataset.of(FloatMatrix.of(x, rows, 2), labels);
        SoftmaxRegression model =
                SoftmaxRegression.trainer().l2(1e-3).standardize(true).fit(data).model();
        float[] expected = new float[3 * rows];
        model.probabilities(data.features(), FloatMatrix.of(expected, rows, 3));
        Path file = directory.resolve("times.onnx");
        model.exportOnnx(file);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[] {rows, 2});
                OrtSession.Result result = session.run(Map.of("features", input))) {
            assertArrayEquals(expected, floats(result, "probabilities"), 1e-6f);
            float[] scores = new float[3 * rows];
            model.scores(data.features(), FloatMatrix.of(scores, rows, 3));
            assertArrayEquals(scores, floats(result, "scores"), 1e-6f);
        }
        assertTrue(model.accuracy(data) > 0.8, "the model is worth comparing");
    }

    private static float[] floats(OrtSession.Result result, String name) {
        FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
        float[] floats = new float[buffer.remaining()];
        buffer.get(floats);
        return floats;
    }

    private static Examples digits() throws IOException {
        Examples[] all = new Examples[1];
        CsvOptions options = CsvOptions.defaults().withLabel("-1").scaled(1 / 16f);
        try (InputStream in = InputFiles.unpacked(OnnxTest.class.getResourceAsStream("digits.csv.gz"))) {
            new CsvData(
                            "digits",
                            options,
                            Known.NOTHING,
                            true,
                            Program::fail,
                            ExampleReader.ALL,
                            found -> all[0] = found)
                    .read(in, "digits", null);
        }
        return all[0];
    }
}
