package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.format.ModelFiles;
import dev.panamax.internal.format.Onnx;
import dev.panamax.internal.format.Safetensors;
import dev.panamax.internal.learn.Objective;
import dev.panamax.internal.learn.ObjectiveSettings;
import dev.panamax.internal.learn.TrainingNotes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PersistenceTest {
    static final SoftmaxRegression MODEL = SoftmaxRegression.of(
                    FloatMatrix.of(new float[] {1, -0f, 3e-45f, 4, 5, 3e38f}, 2, 3),
                    new float[] {0.1f, -0.1f},
                    List.of("a \"quoted\" class", "\\\n\u00e4\ud83c\udf39\ud800"))
            .withMetadata(Map.of("by", "hand", "", "\u0001\t"));

    @TempDir
    private Path directory;

    @Test
    void comesBackBitForBit() throws IOException {
        Path file = directory.resolve("model.safetensors");
        MODEL.save(file);
        assertSame(MODEL, SoftmaxRegression.load(file));
        Dataset data = RandomData.random(60, 5000, 7, 1);
        SoftmaxRegression trained = SoftmaxRegression.trainer().fit(data).model();
        trained.save(file);
        assertSame(trained, SoftmaxRegression.load(file));
        assertEquals("Lbfgs", SoftmaxRegression.load(file).metadata().get("training.optimizer"));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList(), "no draft is left");
        }
    }

    @Property(tries = 300)
    void anyNamesComeBack(@ForAll String first, @ForAll String second, @ForAll String note) throws IOException {
        if (first.equals(second)) {
            return;
        }
        SoftmaxRegression model =
                SoftmaxRegression.zero(1, List.of(first, second)).withMetadata(Map.of(note, note));
        assertSame(model, load(bytes(model)));
    }

    private static void assertSame(SoftmaxRegression expected, SoftmaxRegression got) {
        assertArrayEquals(bits(expected.weights()), bits(got.weights()));
        assertArrayEquals(bits(expected.bias()), bits(got.bias()));
        assertEquals(expected.featureCount(), got.featureCount());
        assertEquals(expected.classNames(), got.classNames());
        assertEquals(expected.metadata(), got.metadata());
    }

    private static int[] bits(float[] numbers) {
        int[] bits = new int[numbers.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(numbers[i]));
        return bits;
    }

    @Test
    void isWhatOthersCallSafetensors() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(bytes(MODEL)).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(bytes.getLong());
        assertEquals(0, length % 8, "others map the numbers");
        byte[] header = new byte[length];
        bytes.get(header);
        JsonNode json = new ObjectMapper().readTree(header);
        assertEquals("hand", json.get("__metadata__").get("by").asText());
        JsonNode weight = json.get("weight");
        assertEquals("F32", weight.get("dtype").asText());
        assertEquals("[2,3]", weight.get("shape").toString());
        int begin = weight.get("data_offsets").get(0).asInt();
        assertEquals(8 + length + begin + 24, bytes.capacity());
        bytes.position(8 + length + begin);
        assertEquals(1, bytes.getFloat());
        assertEquals(Integer.MIN_VALUE, bytes.getInt(), "a zero keeps its sign");
    }

    @Test
    void anExistingFileIsReplacedOrLeftAlone() throws IOException {
        Path file = directory.resolve("model");
        Files.writeString(file, "old");
        Map<String, String> notes = new HashMap<>();
        for (int i = 0; i <= 1 << 16; i++) {
            notes.put("note " + i, "");
        }
        SoftmaxRegression tooMany = MODEL.withMetadata(notes);
        assertEquals(
                "metadata has 65537 notes, more than 65536, which a model file may have",
                assertThrows(ModelFormatException.class, () -> tooMany.save(file))
                        .getMessage());
        assertEquals("old", Files.readString(file));
        MODEL.save(file);
        assertSame(MODEL, SoftmaxRegression.load(file));
        Path nowhere = directory.resolve("missing").resolve("model");
        assertThrows(NoSuchFileException.class, () -> MODEL.save(nowhere));
        assertThrows(NoSuchFileException.class, () -> SoftmaxRegression.load(nowhere));
        assertEquals(
                directory + ": not a regular file",
                assertThrows(FileSystemException.class, () -> MODEL.save(directory))
                        .getMessage());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList(), "no draft is left");
        }
    }

    @Test
    void anInterruptNeitherHindersNorGetsLost() throws IOException {
        Path file = directory.resolve("model");
        Path onnx = directory.resolve("onnx");
        Thread.currentThread().interrupt();
        try {
            MODEL.save(file);
            MODEL.exportOnnx(onnx);
            assertSame(MODEL, SoftmaxRegression.load(file));
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
        assertArrayEquals(Onnx.model(SavedModels.content(MODEL)), Files.readAllBytes(onnx));
    }

    @Test
    void anArchiveIsAPlaceForModels() throws IOException {
        try (FileSystem archive =
                FileSystems.newFileSystem(directory.resolve("models.zip"), Map.of("create", "true"))) {
            Path file = archive.getPath("/model");
            MODEL.save(file);
            assertSame(MODEL, SoftmaxRegression.load(file));
        }
    }

    /** What a user notes comes back; what the model itself has to note has keys of its own. */
    @Test
    void notesHaveAnyKeyButTheModelsOwn() throws IOException {
        for (String key : List.of("panamax.classes", "panamax.differences", "panamax.")) {
            assertEquals(
                    "metadata has the key \"" + key + "\", but those that begin with \"panamax.\" are taken",
                    Refusal.message(() -> MODEL.withMetadata(Map.of(key, "mine"))));
        }
        SoftmaxRegression noted = MODEL.withMetadata(Map.of("classes", "mine", "weight", "1", "__metadata__", "x"));
        assertSame(noted, load(bytes(noted)));
    }

    @Test
    void manyNamesAndNotesComeBack() throws IOException {
        List<String> names =
                IntStream.range(0, 200_000).mapToObj(c -> "class \"" + c + "\"").toList();
        SoftmaxRegression model =
                SoftmaxRegression.zero(1, names).withMetadata(Map.of("note", "n\u00f6te ".repeat(1_000_000)));
        assertSame(model, load(bytes(model)));
        Map<String, String> notes = new HashMap<>();
        for (int i = 0; i < 1 << 16; i++) {
            notes.put("note " + i, "");
        }
        SoftmaxRegression noted = MODEL.withMetadata(notes);
        assertSame(noted, load(bytes(noted)));
    }

    /** What training notes at its end was left room for at its beginning. */
    @ParameterizedTest
    @MethodSource("dev.panamax.learn.OptimizersTest#all")
    void theOutcomeOfATrainingHasRoom(Optimizer optimizer) throws IOException {
        Dataset data = RandomData.random(20, 2, 2, 1);
        SoftmaxRegression model =
                SoftmaxRegression.trainer().optimizer(optimizer).fit(data).model();
        Objective objective = new Objective(data.examples(), ObjectiveSettings.DEFAULT);
        Map<String, String> before = TrainingNotes.of(
                objective, ObjectiveSettings.DEFAULT, optimizer.getClass().getSimpleName(), 0);
        int most = Safetensors.MOST_HEADER_BYTES;
        int without = Safetensors.header(2, 2, data.classNames(), true, before, most).length;
        int with = Safetensors.header(2, 2, data.classNames(), true, model.metadata(), most).length;
        int added = with - without;
        assertTrue(added > 100 && added < ModelFiles.OUTCOME_BYTES / 2, "adds " + added + " bytes");
    }

    @Test
    void namesThatNoFileHoldsAreRefusedBeforeTraining() {
        Dataset data = RandomData.random(20, 2, 2, 1);
        Dataset named = data.withClassNames(List.of("x".repeat(50_000_000), "y".repeat(50_000_000)));
        int[] reports = new int[1];
        String refusal = Refusal.message(() ->
                SoftmaxRegression.trainer().listener(progress -> reports[0]++).fit(named));
        assertEquals(
                "class names and metadata take more than the 99999488 bytes that a model file may have for them",
                refusal);
        assertEquals(0, reports[0]);
    }

    static byte[] bytes(SoftmaxRegression model) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Safetensors.write(out, SavedModels.content(model));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    static SoftmaxRegression load(byte[] file) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(file);
        return SavedModels.read(() -> Safetensors.read(in, "the file", file.length), "the file");
    }
}
