package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import dev.panamax.data.FloatMatrix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.SyncFailedException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersistenceTest {
    private static final SoftmaxRegression MODEL = SoftmaxRegression.of(
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
        assertArrayEquals(Onnx.model(MODEL), Files.readAllBytes(onnx));
    }

    @Test
    void aDraftReachesTheDiskBeforeItTakesItsPlace() throws IOException {
        Path file = directory.resolve("model");
        Files.writeString(file, "old");
        List<String> seen = new ArrayList<>();
        ModelFiles.write(file, out -> out.write("new".getBytes(StandardCharsets.UTF_8)), draft -> {
            seen.add(Files.readString(draft));
            seen.add(Files.readString(file));
        });
        assertEquals(List.of("new", "old"), seen);
        assertEquals("new", Files.readString(file));
        IOException noDisk = new IOException("no disk");
        assertEquals(
                noDisk,
                assertThrows(
                        IOException.class,
                        () -> ModelFiles.write(file, out -> out.write(1), draft -> {
                            throw noDisk;
                        })));
        assertEquals("new", Files.readString(file));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList(), "no draft is left");
        }
        // The operating system refuses to bring what is no file to the disk, so it has been asked.
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "there is no such device here");
        assertThrows(SyncFailedException.class, () -> ModelFiles.toDisk(device));
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

    @Test
    void aHeaderMayHaveAsManyBytesAsItMay() throws IOException {
        List<String> names = List.of("\u00e4", "b");
        Map<String, String> notes = Map.of("\u0001", "\"");
        int length = Safetensors.header(1, 2, names, true, notes, 1000).length;
        assertEquals(length, Safetensors.header(1, 2, names, true, notes, length).length);
        // The exact length is one too many, and so is the least that it may be.
        for (int most : new int[] {length - 1, 3, 0}) {
            assertEquals(
                    "class names and metadata take more than the " + most
                            + " bytes that a model file may have for them",
                    assertThrows(ModelFormatException.class, () -> Safetensors.header(1, 2, names, true, notes, most))
                            .getMessage());
        }
    }

    /** What training notes at its end was left room for at its beginning. */
    @ParameterizedTest
    @MethodSource("dev.panamax.learn.OptimizersTest#all")
    void theOutcomeOfATrainingHasRoom(Optimizer optimizer) throws IOException {
        Dataset data = RandomData.random(20, 2, 2, 1);
        SoftmaxRegression model =
                SoftmaxRegression.trainer().optimizer(optimizer).fit(data).model();
        Objective objective = new Objective(data, ObjectiveSettings.DEFAULT);
        Map<String, String> before = TrainingNotes.of(data, objective, ObjectiveSettings.DEFAULT, optimizer, 0);
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

    private static final String BIAS = "\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    private static final String WEIGHT = "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[8,16]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{BIAS}                      | is no model: it lacks the tensor weight",
                "{BIAS,WEIGHT,BIAS}          | is no model: \"bias\" occurs twice",
                "{BIAS,WEIGHT}x              | has a header that cannot be read: expected the end at character",
                "{BIAS,WEIGHT                | has a header that cannot be read: expected '}' at character",
                "[]                          | has a header that cannot be read: expected '{' at character 0",
                "{BIAS,WEIGHT,\"x\":1}       | is no model: it has an unknown tensor \"x\"",
                "{BIAS,WEIGHT,\"__metadata__\":{\"a\":1}}     | expected '\"' at character",
                "{BIAS,WEIGHT,\"__metadata__\":{\"a\":\"\\x\"}} | expected an escape that JSON knows at character",
                "{BIAS,WEIGHT,\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}} | \"a\" occurs twice",
                "{BIAS,WEIGHT,\"__metadata__\":{\"panamax.x\":\"\"}} | is no model: metadata has the key \"panamax.x\"",
                "{BIAS,WEIGHT,\"__metadata__\":{\"panamax.differences\":\"1\"}} "
                        + "| it has the note panamax.differences \"1\", not \"true\"",
                "{BIAS,WEIGHT,\"__metadata__\":{\"panamax.classes\":\"[]\"}} | the number of classNames is 0, less than 1",
                "{BIAS,WEIGHT,\"__metadata__\":{\"panamax.classes\":\"[1,2]\"}} | expected '\"' at character 1"
            })
    void saysWhatIsWrongWithAHeader(String header, String message) {
        assertRefused(header.replace("BIAS", BIAS).replace("WEIGHT", WEIGHT), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "F32   | F64                     | weight has the dtype F64, not F32",
                "[2]   | [3]                     | bias has the data_offsets 0 and 8, but its shape needs 12 bytes",
                "[2]   | [0]                     | bias has the shape [0], not one of 1 dimension(s) of 1 or more",
                "[2]   | [2,1]                   | bias has the shape [2, 1], not one of 1 dimension(s) of 1 or more",
                "[2]   | [-2]                    | expected a whole number of 18 digits at most",
                "[2]   | [2.0]                   | expected ']'",
                "[2]   | [02]                    | expected a whole number of 18 digits at most",
                "[2]   | [9223372036854775808]   | expected a whole number of 18 digits at most",
                "[2]   | [999999999999999999]    | bias has the shape [999999999999999999], too large for an array",
                "[2,1] | [1073741824,1073741824] | weight has the shape [1073741824, 1073741824], too large for an array",
                "[2,1] | [1,2]                   | weight has 1 rows, but bias 2 elements",
                "[0,8] | [1,9]                   | its tensors do not fill its 16 bytes of data one after the other",
                "[8,16]| [0,8]                   | its tensors do not fill its 16 bytes of data one after the other",
                "[8,16]| [16,24]                 | its tensors do not fill its 16 bytes of data one after the other",
                "[8,16]| [16,8]                  | weight has the data_offsets 16 and 8, but its shape needs 8 bytes",
                "[8,16]| [8]                     | weight has 1 data_offsets",
                "[8,16]| [8,16,24]               | expected an array of 2 numbers at most",
                "shape | form                    | bias has an unknown \"form\""
            })
    void saysWhatIsWrongWithATensor(String part, String replaced, String message) {
        assertRefused(("{" + BIAS + "," + WEIGHT + "}").replace(part, replaced), message);
    }

    @ParameterizedTest
    @CsvSource({
        // Bytes before, between and behind the tensors, and in both of them; either may come first.
        "4, 12, 12, 20, 20",
        "12, 20, 4, 12, 20",
        "0, 8, 12, 20, 20",
        "12, 20, 0, 8, 20",
        "0, 8, 4, 12, 12",
        "4, 12, 0, 8, 12",
        "0, 8, 0, 8, 8",
        "0, 8, 8, 16, 20",
        "8, 16, 0, 8, 20",
        "0, 8, 8, 16, 12"
    })
    void tensorsFillTheDataWithoutAGap(int biasBegin, int biasEnd, int weightBegin, int weightEnd, int bytes) {
        String header = ("{" + BIAS + "," + WEIGHT + "}")
                .replace("[0,8]", "[" + biasBegin + "," + biasEnd + "]")
                .replace("[8,16]", "[" + weightBegin + "," + weightEnd + "]");
        assertRefused(header, bytes, "its tensors do not fill its " + bytes + " bytes of data one after the other");
    }

    @Test
    void eitherTensorMayComeFirst() throws IOException {
        String header =
                ("{" + BIAS + "," + WEIGHT + "}").replace("[8,16]", "[0,8 ]").replace("[0,8]", "[8,16]");
        byte[] file = file(header, 16);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putFloat(file.length - 16, 5);
        SoftmaxRegression model = load(file);
        assertArrayEquals(new float[] {5, 0}, model.weights());
        assertArrayEquals(new float[2], model.bias());
    }

    private static void assertRefused(String header, String message) {
        assertRefused(header, 16, message);
    }

    private static void assertRefused(String header, int dataBytes, String message) {
        byte[] file = file(header, dataBytes);
        String refusal =
                assertThrows(ModelFormatException.class, () -> load(file)).getMessage();
        assertTrue(refusal.startsWith("the file ") && refusal.contains(message), refusal);
    }

    private static byte[] file(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    @Test
    void refusesAHeaderThatIsLongerThanTheFile() {
        byte[] file = bytes(MODEL);
        int rest = file.length - 8;
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(rest + 1);
        String refusal =
                assertThrows(ModelFormatException.class, () -> load(file)).getMessage();
        assertEquals("the file announces a header of " + (rest + 1) + " bytes, not of 2 to " + rest, refusal);
    }

    @Test
    void refusesWhatIsNoNumber() {
        byte[] file = bytes(MODEL);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putFloat(file.length - 4, Float.NaN);
        String message =
                assertThrows(ModelFormatException.class, () -> load(file)).getMessage();
        assertEquals("the file is no model: weights row 1, column 2 is NaN, not a finite number", message);
    }

    @Test
    void everyMutationIsAModelOrRefused() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] sound = bytes(MODEL);
        SplittableRandom random = new SplittableRandom(1);
        int models = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = mutated(sound, random);
            long allocated = threads.getCurrentThreadAllocatedBytes();
            try {
                SoftmaxRegression model = load(mutated);
                float[] scores = new float[model.classes()];
                model.scores(new float[model.featureCount()], scores);
                models++;
            } catch (ModelFormatException e) {
                assertTrue(e.getMessage().startsWith("the file "), e::getMessage);
                refused++;
            } catch (IOException | RuntimeException e) {
                throw new AssertionError("mutation " + i + " is neither a model nor refused as none", e);
            }
            long taken = threads.getCurrentThreadAllocatedBytes() - allocated;
            assertTrue(taken < 64 << 20, "mutation " + i + " takes " + taken + " bytes");
        }
        assertTrue(models > 500 && refused > 5000, models + " models, " + refused + " refused");
    }

    /** What a header makes the reader take is a few times the header, whatever it holds. */
    @ParameterizedTest(name = "{1}")
    @MethodSource("hostileHeaders")
    void aHeaderTakesAFewTimesItsSize(String header, String message) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] file = file(header, 16);
        // Whatever is done for the first time.
        assertRefused("{}", 16, "is no model");
        long allocated = threads.getCurrentThreadAllocatedBytes();
        String refusal =
                assertThrows(ModelFormatException.class, () -> load(file)).getMessage();
        long taken = threads.getCurrentThreadAllocatedBytes() - allocated;
        assertTrue(refusal.contains(message), refusal);
        assertTrue(taken < 10L * file.length, "takes " + taken + " bytes for " + file.length);
    }

    static Stream<Arguments> hostileHeaders() {
        int length = 4_000_000;
        StringBuilder notes = new StringBuilder("{\"__metadata__\":{\"\":\"\"");
        for (int i = 0; notes.length() < length; i++) {
            notes.append(",\"").append(Integer.toString(i, 36)).append("\":\"\"");
        }
        String names = "{\"__metadata__\":{\"panamax.classes\":\"[" + "\\\"\\\",".repeat(length / 5) + "]\"},";
        String unreadable = " has a header that cannot be read: expected ";
        return Stream.of(
                arguments(notes.toString(), "it has more than 65536 notes"),
                arguments(names + BIAS + "," + WEIGHT + "}", unreadable + "an array of 2 strings at most"),
                arguments("{\"" + "x".repeat(length), unreadable + "the rest of a string"),
                arguments("{\"" + "\\n".repeat(length / 2), unreadable + "the rest of a string"),
                arguments("{\"" + "\u20ac".repeat(length / 3), unreadable + "the rest of a string"),
                arguments("[".repeat(length), unreadable + "'{' at character 0"),
                arguments("{" + " ".repeat(length), unreadable + "'\"'"));
    }

    @ParameterizedTest
    @ValueSource(longs = {100_000_001, Long.MAX_VALUE, -1, 0, 1})
    void aHeaderOfNoSuchLengthIsNotRead(long length) {
        byte[] head = ByteBuffer.allocate(100)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
        ByteArrayInputStream in = new ByteArrayInputStream(head);
        String refusal = assertThrows(
                        ModelFormatException.class, () -> Safetensors.read(in, "the file", Long.MAX_VALUE))
                .getMessage();
        assertEquals(
                "the file announces a header of " + Long.toUnsignedString(length) + " bytes, not of 2 to 100000000",
                refusal);
        assertEquals(100 - 8, in.available(), "bytes that are left");
    }

    /** Bits that flip, pieces that vanish, repeat or come from elsewhere, and numbers that lie. */
    private static byte[] mutated(byte[] sound, SplittableRandom random) {
        byte[] bytes = sound.clone();
        int mutations = 1 + random.nextInt(3);
        for (int m = 0; m < mutations; m++) {
            int at = random.nextInt(Math.max(1, bytes.length));
            switch (random.nextInt(8)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(100));
                case 2 ->
                    ByteBuffer.wrap(bytes = Arrays.copyOf(bytes, Math.max(8, bytes.length)))
                            .putLong(0, random.nextLong() >>> random.nextInt(64));
                case 3 -> bytes = number(bytes, random);
                case 4 -> bytes = joined(bytes, at, random.nextInt(bytes.length + 1), at);
                case 5 -> bytes = joined(bytes, at, at, Math.min(bytes.length, at + random.nextInt(40)));
                default -> {
                    if (bytes.length > 0) {
                        bytes[at] ^= (byte) (1 << random.nextInt(8));
                    }
                }
            }
        }
        return bytes;
    }

    /** A number in the header becomes another, and the header's length is put right. */
    private static byte[] number(byte[] bytes, SplittableRandom random) {
        if (bytes.length < 300) {
            return bytes;
        }
        String text = new String(bytes, 8, bytes.length - 32 - 8, StandardCharsets.ISO_8859_1);
        String[] parts = text.split("(?<=\\D)(?=\\d)|(?<=\\d)(?=\\D)");
        int chosen = random.nextInt(parts.length);
        for (int i = 0; i < parts.length; i++) {
            int part = (chosen + i) % parts.length;
            if (Character.isDigit(parts[part].charAt(0))) {
                parts[part] = Long.toString(random.nextLong() >>> random.nextInt(1, 64));
                break;
            }
        }
        byte[] header = String.join("", parts).getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(8 + header.length + 32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(bytes, bytes.length - 32, 32)
                .array();
    }

    /** What is before one place, and after that what is between two others, and the rest. */
    private static byte[] joined(byte[] bytes, int before, int from, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, before);
        out.write(bytes, Math.min(from, to), Math.abs(to - from));
        out.write(bytes, before, bytes.length - before);
        return out.toByteArray();
    }

    private static byte[] bytes(SoftmaxRegression model) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Safetensors.write(out, ModelFiles.content(model));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static SoftmaxRegression load(byte[] file) throws IOException {
        return ModelFiles.model(Safetensors.read(new ByteArrayInputStream(file), "the file", file.length), "the file");
    }
}
