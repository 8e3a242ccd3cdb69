package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import dev.panamax.FloatMatrix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        SoftmaxRegression tooLong = MODEL.withMetadata(Map.of("note", "x".repeat(1 << 21)));
        assertThrows(ModelFormatException.class, () -> tooLong.save(file));
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

    private static void assertRefused(String header, String message) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        byte[] file = ByteBuffer.allocate(8 + json.length + 16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
        String refusal =
                assertThrows(ModelFormatException.class, () -> load(file)).getMessage();
        assertTrue(refusal.startsWith("the file ") && refusal.contains(message), refusal);
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
    void everyMutationIsAModelOrRefusedAtOnce() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] sound = bytes(MODEL);
        SplittableRandom random = new SplittableRandom(1);
        int models = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = mutated(sound, random);
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long begin = System.nanoTime();
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
            assertTrue(System.nanoTime() - begin < 1_000_000_000, "mutation " + i + " takes too long");
            long taken = threads.getCurrentThreadAllocatedBytes() - allocated;
            assertTrue(taken < 64 << 20, "mutation " + i + " takes " + taken + " bytes");
        }
        assertTrue(models > 500 && refused > 5000, models + " models, " + refused + " refused");
    }

    @Test
    void theLargestHeadersAreHarmless() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        StringBuilder many = new StringBuilder("{\"__metadata__\":{\"\":\"\"");
        for (int i = 0; many.length() < (1 << 21) - 40; i++) {
            many.append(",\"").append(Integer.toString(i, 36)).append("\":\"\"");
        }
        for (String header : List.of(many.toString(), "{\"" + "x".repeat((1 << 21) - 2), "[".repeat(1 << 21))) {
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long begin = System.nanoTime();
            assertRefused(header, " has a header that cannot be read: expected");
            assertTrue(System.nanoTime() - begin < 1_000_000_000, "takes too long");
            long taken = threads.getCurrentThreadAllocatedBytes() - allocated;
            assertTrue(taken < 64 << 20, "takes " + taken + " bytes");
        }
        assertRefused(" ".repeat((1 << 21) + 1), "announces a header of 2097153 bytes, not of 2 to 2097152");
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
            Safetensors.write(Channels.newChannel(out), ModelFiles.content(model));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static SoftmaxRegression load(byte[] file) throws IOException {
        return ModelFiles.model(
                Safetensors.read(Channels.newChannel(new ByteArrayInputStream(file)), "the file", file.length),
                "the file");
    }
}
