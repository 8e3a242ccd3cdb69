package dev.panamax.learn;

import dev.panamax.FloatMatrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Models in files, which are there as a whole or not at all. */
final class ModelFiles {
    private ModelFiles() {}

    static SoftmaxRegression load(Path path) throws IOException {
        try (FileChannel in = FileChannel.open(path)) {
            return model(Safetensors.read(in, path.toString(), in.size()), path.toString());
        }
    }

    static SoftmaxRegression model(Safetensors.Content content, String name) throws ModelFormatException {
        FloatMatrix weights = FloatMatrix.of(content.weights(), content.bias().length, content.features());
        try {
            return SoftmaxRegression.of(weights, content.bias(), content.classNames())
                    .withMetadata(content.metadata());
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(name + " is no model: " + e.getMessage(), e);
        }
    }

    static Safetensors.Content content(SoftmaxRegression model) {
        return new Safetensors.Content(
                model.featureCount(), model.weights(), model.bias(), model.classNames(), model.metadata());
    }

    static void save(SoftmaxRegression model, Path path) throws IOException {
        Safetensors.Content content = content(model);
        write(path, out -> Safetensors.write(out, content));
    }

    static void exportOnnx(SoftmaxRegression model, Path path) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Onnx.model(model));
        write(path, out -> {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        });
    }

    private interface Writer {
        void write(FileChannel out) throws IOException;
    }

    /** Writes a new file beside the wanted one, makes sure that it is on the disk, and moves it to its place. */
    private static void write(Path path, Writer writer) throws IOException {
        Path target = path.toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            // A move would put a file in the place of a device.
            throw new FileSystemException(path.toString(), null, "not a regular file");
        }
        // Not createTempFile, whose files nobody else may read.
        Path draft = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
        try {
            try (FileChannel out = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writer.write(out);
                out.force(true);
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
