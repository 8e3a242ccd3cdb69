package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PersistenceTest {
    static final SoftmaxRegression MODEL = SoftmaxRegression.of(
                    FloatMatrix.of(new float[] {1, -0f, 3e-45f, 4, 5, 3e38f}, 2, 3),
                    new float[] {0.1f, -0.1f},
                    List.of("a \"quoted\" class", "\\\n\u00e4\ud83c\udf39\ud800"))
            .withFeatureNames(List.of("width", "", "a \"quoted\", feature"))
            .withLabelName("kind")
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

    /** That of the POM, from classes as from a jar. */
    @Test
    void modelsNoteTheVersion() throws IOException {
        String pom = Files.readString(Path.of("..", "pom.xml"));
        String version = pom.substring(pom.indexOf("<version>") + "<version>".length(), pom.indexOf("</version>"));
        Dataset data = RandomData.random(60, 5, 3, 1);
        assertEquals(
                "Panamax " + version,
                SoftmaxRegression.trainer().fit(data).model().metadata().get("library"));
    }

    @Property(tries = 300)
    void anyNamesComeBack(@ForAll String first, @ForAll String second, @ForAll String note) throws IOException {
        if (first.equals(second)) {
            return;
        }
        SoftmaxRegression model = SoftmaxRegression.zero(1, List.of(first, second))
                .withFeatureNames(List.of(note))
                .withLabelName(first)
                .withMetadata(Map.of(note, note));
        assertSame(model, load(bytes(model)));
    }

    private static void assertSame(SoftmaxRegression expected, SoftmaxRegression got) {
        assertArrayEquals(bits(expected.weights()), bits(got.weights()));
        assertArrayEquals(bits(expected.bias()), bits(got.bias()));
        assertEquals(expected.featureCount(), got.featureCount());
        assertEquals(expected.classNames(), got.classNames());
        assertEquals(expected.featureNames(), got.featureNames());
        assertEquals(expected.labelName(), got.labelName());
        assertEquals(expected.temperature(), got.temperature());
        assertEquals(expected.metadata(), got.metadata());
    }

    private static int[] bits(float[] numbers) {
        int[] bits = new int[numbers.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(numbers[i]));
        return bits;
    }

    /** What a service has is a resource in a jar, or bytes from a store. */
    @Test
    void streamsAndArraysHoldModels() throws IOException {
        SoftmaxRegression model = MODEL.temperature(1.5).temperature(0.75);
        assertEquals(1.125, model.temperature());
        byte[] file = bytes(model);
        assertSame(model, SoftmaxRegression.load(file));
        boolean[] closed = new boolean[1];
        InputStream stream = new ByteArrayInputStream(file) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        assertSame(model, SoftmaxRegression.load(stream));
        assertEquals(0, stream.available());
        assertFalse(closed[0], "is left open");
        Path saved = directory.resolve("model");
        model.save(saved);
        assertArrayEquals(Files.readAllBytes(saved), file);
        byte[] half = Arrays.copyOf(file, file.length / 2);
        for (Executable loading : List.<Executable>of(
                () -> SoftmaxRegression.load(half), () -> SoftmaxRegression.load(new ByteArrayInputStream(half)))) {
            assertThrows(ModelFormatException.class, loading);
        }
    }

    /** Files from before models had names of features, and of those that have none. */
    @Test
    void aModelWithoutNamesIsTheFileThatItAlwaysWas() throws IOException {
        String header = "{\"__metadata__\":{\"by\":\"hand\",\"panamax.classes\":\"[\\\"a\\\",\\\"b\\\"]\"},"
                + "\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[8,16]}}";
        int length = (header.length() + 7) / 8 * 8;
        byte[] file = ByteBuffer.allocate(8 + length + 16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(header.getBytes(StandardCharsets.UTF_8))
                .put(" ".repeat(length - header.length()).getBytes(StandardCharsets.UTF_8))
                .putFloat(0.5f)
                .putFloat(-0.5f)
                .putFloat(1.25f)
                .putFloat(-0f)
                .array();
        SoftmaxRegression model = SoftmaxRegression.of(
                        FloatMatrix.of(new float[] {1.25f, -0f}, 2, 1), new float[] {0.5f, -0.5f}, List.of("a", "b"))
                .withMetadata(Map.of("by", "hand"));
        assertArrayEquals(file, bytes(model));
        assertSame(model, SoftmaxRegression.load(file));
        assertEquals(List.of(), model.featureNames());
        assertEquals("", model.labelName());
        assertEquals(1, model.temperature());
    }

    /** Whoever gives an export for a model, or what another library wrote, is told so. */
    @Test
    void filesOfOtherKindsAreNamed() throws IOException {
        Path onnx = directory.resolve("model.onnx");
        MODEL.exportOnnx(onnx);
        assertEquals(
                onnx + " is no model that Panamax saved: it looks like an ONNX graph, which is for other programs",
                assertThrows(ModelFormatException.class, () -> SoftmaxRegression.load(onnx))
                        .getMessage());
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zipped)) {
            out.putNextEntry(new ZipEntry("data.pkl"));
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes(MODEL));
        }
        assertKind("a zip archive, as PyTorch and Keras write", zipped.toByteArray());
        assertKind("compressed with gzip", packed.toByteArray());
        assertKind("text", "5.1,3.5,iris\n".getBytes(StandardCharsets.UTF_8));
        assertKind("text", "{\"weights\": []}".getBytes(StandardCharsets.UTF_8));
        assertKind("text", "gr\u00f6\u00dfe,kind\r\n".getBytes(StandardCharsets.UTF_8));
        assertKind("an HDF5 file, as Keras writes", new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'});
        assertKind("a Python pickle, as scikit-learn writes", new byte[] {(byte) 0x80, 4, (byte) 0x95, 9, 0, 0, 0, 9});
    }

    private static void assertKind(String kind, byte[] file) {
        assertEquals(
                "the array is no model that Panamax saved: it looks like " + kind,
                assertThrows(ModelFormatException.class, () -> SoftmaxRegression.load(file))
                        .getMessage());
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
        for (String key : List.of("panamax.classes", "panamax.label", "panamax.")) {
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
        int without = Safetensors.header(2, 2, SavedModels.notes(data.names(), true, 1, before), most).length;
        int with = Safetensors.header(2, 2, SavedModels.notes(data.names(), true, 1, model.metadata()), most).length;
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
                "names and metadata take more than the 99999488 bytes that a model file may have for them", refusal);
        assertEquals(0, reports[0]);
    }

    static byte[] bytes(SoftmaxRegression model) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            model.save(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    static SoftmaxRegression load(byte[] file) throws IOException {
        return SavedModels.load(file, "the file");
    }
}
