package dev.panamax.cli;

import dev.panamax.learn.Features;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reads examples from a pair of MNIST's IDX files: one of pictures, one of labels. Pixels stay bytes. */
final class IdxData {
    /** Unsigned bytes (08) in 3 dimensions: pictures, rows, columns. */
    private static final int IMAGES_MAGIC = 0x0803;
    /** Unsigned bytes (08) in 1 dimension. */
    private static final int LABELS_MAGIC = 0x0801;

    /** What pixels are multiplied by, to be from 0 to 1. */
    static final float PIXEL_SCALE = 1 / 255f;

    /** The largest array that every JVM can hold. */
    private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

    private IdxData() {}

    /**
     * Reads a pair of files.
     *
     * @param labels null for pictures alone
     * @param scale what each pixel is multiplied by
     * @param standardInput what is read for one of them
     */
    static Examples read(Path images, Path labels, float scale, InputStream standardInput) {
        DataSource.require(
                !images.equals(InputFiles.STANDARD_INPUT) || !images.equals(labels),
                "images and labels cannot both come from standard input");
        Images read = InputFiles.read(images, standardInput, in -> images(in, images, scale));
        Features features = read.features();
        if (labels == null) {
            return Examples.unlabelled(InputFiles.name(images), features);
        }
        int[] numbers = InputFiles.read(labels, standardInput, in -> labels(in, labels));
        if (features.rows() != numbers.length) {
            throw new InputException(images + " has " + features.rows() + " images, but " + labels + " has "
                    + numbers.length + " labels");
        }
        List<String> names = Arrays.stream(numbers).mapToObj(Integer::toString).toList();
        return Examples.of(InputFiles.name(images), features, names, null).from(Origin.images(read.width()));
    }

    private record Images(Features features, int width) {}

    private static Images images(InputStream in, Path file, float scale) throws IOException {
        int[] shape = header(in, file, IMAGES_MAGIC, 3);
        byte[] pixels = content(in, file, shape);
        return new Images(Features.ofBytes(pixels, shape[0], pixels.length / shape[0], scale), shape[2]);
    }

    private static int[] labels(InputStream in, Path file) throws IOException {
        byte[] bytes = content(in, file, header(in, file, LABELS_MAGIC, 1));
        int[] labels = new int[bytes.length];
        Arrays.setAll(labels, i -> Byte.toUnsignedInt(bytes[i]));
        return labels;
    }

    /** Reads the magic number and the sizes of the dimensions. */
    private static int[] header(InputStream in, Path file, int expectedMagic, int dimensions) throws IOException {
        DataInputStream numbers = new DataInputStream(in);
        int[] shape = new int[dimensions];
        try {
            int magic = numbers.readInt();
            if (magic != expectedMagic) {
                throw new InputException(String.format(
                        "%s begins with %08x, not with %08x, which marks an IDX file of bytes in %d dimension(s)",
                        file, magic, expectedMagic, dimensions));
            }
            for (int d = 0; d < dimensions; d++) {
                shape[d] = numbers.readInt();
            }
        } catch (EOFException e) {
            throw new InputException(file + " is truncated: it ends within its header", e);
        }
        if (Arrays.stream(shape).anyMatch(size -> size < 1)) {
            throw new InputException(file + " has the shape " + Arrays.toString(shape) + ", which holds nothing");
        }
        return shape;
    }

    /** Reads all that the header announces, and makes sure that nothing follows. */
    private static byte[] content(InputStream in, Path file, int[] shape) throws IOException {
        long size = 1;
        for (int length : shape) {
            size *= length;
            if (size > MAX_SIZE) {
                throw new InputException(
                        file + " has the shape " + Arrays.toString(shape) + ", too large for an array");
            }
        }
        byte[] content = in.readNBytes((int) size);
        if (content.length < size) {
            throw new InputException(file + " is truncated: its header announces " + size + " bytes, but only "
                    + content.length + " follow");
        }
        if (in.read() != -1) {
            throw new InputException(file + " goes on after the " + size + " bytes that its header announces");
        }
        return content;
    }
}
