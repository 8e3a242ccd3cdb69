package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no model is refused, with a reason, and takes little. */
class DamagedFilesTest {
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
                "{BIAS,WEIGHT,\"__metadata__\":{\"panamax.classes\":\"[]\"}} "
                        + "| it has the note panamax.classes with 0 names, not 2",
                "{BIAS,WEIGHT,\"__metadata__\":{\"panamax.classes\":\"[1,2]\"}} | expected '\"' at character 1",
                "{BIAS,WEIGHT,\"__metadata__\":{\"panamax.classes\":\"[\\\"a\\\",\\\"a\\\"]\"}} "
                        + "| is no model: classNames has \"a\" twice",
                "{BIAS,WEIGHT,\"__metadata__\":{\"panamax.features\":\"[]\"}} "
                        + "| it has the note panamax.features with 0 names, not 1",
                "{BIAS,WEIGHT,\"__metadata__\":{\"panamax.features\":\"[\\\"a\\\",\\\"b\\\"]\"}} "
                        + "| expected an array of 1 strings at most",
                "{BIAS,WEIGHT,\"__metadata__\":{\"panamax.temperature\":\"warm\"}} "
                        + "| it has the note panamax.temperature \"warm\", not a finite number above 0",
                "{BIAS,WEIGHT,\"__metadata__\":{\"panamax.temperature\":\"0\"}} "
                        + "| it has the note panamax.temperature \"0\", not a finite number above 0",
                "{BIAS,WEIGHT,\"__metadata__\":{\"panamax.temperature\":\"1e999\"}} "
                        + "| it has the note panamax.temperature \"1e999\", not a finite number above 0"
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
        SoftmaxRegression model = PersistenceTest.load(file);
        assertArrayEquals(new float[] {5, 0}, model.weights());
        assertArrayEquals(new float[2], model.bias());
    }

    private static void assertRefused(String header, String message) {
        assertRefused(header, 16, message);
    }

    private static void assertRefused(String header, int dataBytes, String message) {
        byte[] file = file(header, dataBytes);
        String refusal = assertThrows(ModelFormatException.class, () -> PersistenceTest.load(file))
                .getMessage();
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
        byte[] file = PersistenceTest.bytes(PersistenceTest.MODEL);
        int rest = file.length - 8;
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(rest + 1);
        String refusal = assertThrows(ModelFormatException.class, () -> PersistenceTest.load(file))
                .getMessage();
        assertEquals("the file announces a header of " + (rest + 1) + " bytes, not of 2 to " + rest, refusal);
    }

    @Test
    void refusesWhatIsNoNumber() {
        byte[] file = PersistenceTest.bytes(PersistenceTest.MODEL);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putFloat(file.length - 4, Float.NaN);
        String message = assertThrows(ModelFormatException.class, () -> PersistenceTest.load(file))
                .getMessage();
        assertEquals("the file is no model: weights row 1, column 2 is NaN, not a finite number", message);
    }

    @Test
    void everyMutationIsAModelOrRefused() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] sound = PersistenceTest.bytes(PersistenceTest.MODEL);
        SplittableRandom random = new SplittableRandom(1);
        int models = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = mutated(sound, random);
            long allocated = threads.getCurrentThreadAllocatedBytes();
            try {
                SoftmaxRegression model = PersistenceTest.load(mutated);
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
        String refusal = assertThrows(ModelFormatException.class, () -> PersistenceTest.load(file))
                .getMessage();
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
                arguments(
                        names.replace("classes", "features") + BIAS + "," + WEIGHT + "}",
                        unreadable + "an array of 1 strings at most"),
                arguments("{\"" + "x".repeat(length), unreadable + "the rest of a string"),
                arguments("{\"" + "\\n".repeat(length / 2), unreadable + "the rest of a string"),
                arguments("{\"" + "\u20ac".repeat(length / 3), unreadable + "the rest of a string"),
                arguments("[".repeat(length), unreadable + "'{' at character 0"),
                arguments("{" + " ".repeat(length), unreadable + "'\"'"));
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
}
