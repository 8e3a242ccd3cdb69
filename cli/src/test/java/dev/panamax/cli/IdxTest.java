package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxTest {
    private static final int IMAGES = 0x803;
    private static final int LABELS = 0x801;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsWhatWasWritten(boolean gzip) throws IOException {
        byte[] pixels = {0, 51, (byte) 255, (byte) 128, 1, 2, 3, 4, 5, 6, 7, 8};
        Path images = write("images", gzip, idx(pixels, IMAGES, 2, 2, 3));
        Path labels = write("labels", gzip, idx(new byte[] {1, (byte) 200}, LABELS, 2));
        Examples examples = IdxData.read(images, labels, 1 / 255f, InputStream.nullInputStream());
        assertEquals(2, examples.features().rows());
        assertEquals(6, examples.features().cols());
        assertArrayEquals(new int[] {0, 1}, examples.labels());
        assertEquals(List.of("1", "200"), examples.classNames());
        assertArrayEquals(
                new float[] {0, 0.2f, 1, 128 / 255f, 1 / 255f, 2 / 255f},
                Arrays.copyOf(Program.cells(examples), 6),
                1e-7f);
    }

    @Test
    void trainsWithAndWithoutATestSetOfItsOwn() throws IOException {
        List<Object> train = pair("train", 200);
        Program split = Program.succeed("train", "--images", train.get(0), "--labels", train.get(1));
        assertTrue(split.out().contains("200 rows, 4 features, 4 classes (0, 1, 2, 3)"), split::out);
        assertTrue(split.out().contains("160 rows to train, 40 rows to test\n"), split::out);
        assertEquals(100, split.number("test accuracy"), split.out());
        List<Object> test = pair("test", 30);
        Program own = Program.succeed(
                "train",
                "--images",
                train.get(0),
                "--labels",
                train.get(1),
                "--test-images",
                test.get(0),
                "--test-labels",
                test.get(1));
        assertTrue(own.out().contains("200 rows to train, 30 rows to test"), own::out);
        // Rows of another file are none of this one.
        assertTrue(own.out().contains(train.get(0) + ": 200 rows, 4 features"), own::out);
        assertEquals(100, own.number("test accuracy"), own.out());
    }

    @Test
    void evaluatesAndPredictsPictures() throws IOException {
        List<Object> train = pair("train", 200);
        Path model = directory.resolve("model");
        Program.succeed("train", "--images", train.get(0), "--labels", train.get(1), "--out", model);
        List<Object> test = pair("test", 30);
        Program evaluated =
                Program.succeed("evaluate", "--model", model, "--images", test.get(0), "--labels", test.get(1));
        assertEquals(100, evaluated.number("accuracy"), evaluated.out());
        assertTrue(evaluated.out().contains("(30 of 30)"), evaluated::out);
        List<String> predicted = Program.succeed("predict", "--model", model, "--images", test.get(0))
                .out()
                .lines()
                .toList();
        for (int i = 0; i < 30; i++) {
            assertEquals(Integer.toString(i % 4), predicted.get(i + 1));
        }
        assertEquals(
                "predict needs no --labels",
                Program.refusal("predict", "--model", model, "--images", test.get(0), "--labels", test.get(1)));
        assertEquals(
                "--images and --labels belong together",
                Program.refusal("evaluate", "--model", model, "--images", test.get(0)));
    }

    @Test
    void refusesATruncatedFile() throws IOException {
        byte[] whole = idx(new byte[12], IMAGES, 2, 2, 3);
        Path labels = write("labels", false, idx(new byte[] {0, 1}, LABELS, 2));
        Path images = write("cut", false, Arrays.copyOf(whole, whole.length - 1));
        assertEquals(
                images + " is truncated: its header announces 12 bytes, but only 11 follow",
                Program.refusal("train", "--images", images, "--labels", labels));
        write("cut", true, Arrays.copyOf(whole, whole.length - 1));
        assertEquals(
                images + " is truncated: its header announces 12 bytes, but only 11 follow",
                Program.refusal("train", "--images", images, "--labels", labels));
        write("cut", false, Arrays.copyOf(whole, 15));
        assertEquals(
                images + " is truncated: it ends within its header",
                Program.refusal("train", "--images", images, "--labels", labels));
        // All pixels are there, but not the checksum behind them.
        byte[] zipped = gzip(whole);
        Files.write(images, Arrays.copyOf(zipped, zipped.length - 4));
        assertEquals(images + " is truncated", Program.refusal("train", "--images", images, "--labels", labels));
    }

    @Test
    void refusesAFileThatIsNotWhatItShouldBe() throws IOException {
        Path images = write("images", false, idx(new byte[12], IMAGES, 2, 2, 3));
        Path labels = write("labels", false, idx(new byte[] {0, 1}, LABELS, 2));
        assertEquals(
                labels + " begins with 00000801, not with 00000803, which marks an IDX file of bytes in 3 dimension(s)",
                Program.refusal("train", "--images", labels, "--labels", images));
        Path longer = write("longer", false, idx(new byte[13], IMAGES, 2, 2, 3));
        assertEquals(
                longer + " goes on after the 12 bytes that its header announces",
                Program.refusal("train", "--images", longer, "--labels", labels));
        Path huge = write("huge", false, idx(new byte[0], IMAGES, 65536, 65536, 65536));
        assertEquals(
                huge + " has the shape [65536, 65536, 65536], too large for an array",
                Program.refusal("train", "--images", huge, "--labels", labels));
        Path negative = write("negative", false, idx(new byte[0], IMAGES, -1, 2, 3));
        assertEquals(
                negative + " has the shape [-1, 2, 3], which holds nothing",
                Program.refusal("train", "--images", negative, "--labels", labels));
        Path three = write("three", false, idx(new byte[] {0, 1, 2}, LABELS, 3));
        assertEquals(
                images + " has 2 images, but " + three + " has 3 labels",
                Program.refusal("train", "--images", images, "--labels", three));
        Path same = write("same", false, idx(new byte[] {1, 1}, LABELS, 2));
        assertEquals(
                images + ": every label is 1, but learning needs two classes or more",
                Program.refusal("train", "--images", images, "--labels", same));
    }

    @Test
    void refusesTestImagesOfAnotherSize() throws IOException {
        List<Object> train = pair("train", 20);
        Path images = write("small", false, idx(new byte[4], IMAGES, 2, 1, 2));
        Path labels = write("labels", false, idx(new byte[] {0, 1}, LABELS, 2));
        String refusal = Program.refusal(
                "train",
                "--images",
                train.get(0),
                "--labels",
                train.get(1),
                "--test-images",
                images,
                "--test-labels",
                labels);
        assertEquals(images + " has 2 features, but " + train.get(0) + " has 4", refusal);
    }

    /** Pictures of 2 x 2 pixels; the brightest one is the label. */
    private List<Object> pair(String name, int count) throws IOException {
        byte[] pixels = new byte[count * 4];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 4);
            pixels[4 * i + i % 4] = (byte) (150 + i % 100);
        }
        return List.of(
                write(name + "-images", true, idx(pixels, IMAGES, count, 2, 2)),
                write(name + "-labels", false, idx(labels, LABELS, count)));
    }

    private Path write(String name, boolean gzip, byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), gzip ? gzip(bytes) : bytes);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        }
        return zipped.toByteArray();
    }

    private static byte[] idx(byte[] content, int magic, int... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * shape.length + content.length);
        bytes.putInt(magic);
        for (int size : shape) {
            bytes.putInt(size);
        }
        return bytes.put(content).array();
    }
}
