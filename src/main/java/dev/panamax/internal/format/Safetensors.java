package dev.panamax.internal.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Models as safetensors: the length of a header in eight bytes, the header in JSON, then the numbers, all little-endian.
 * A model has the tensors "weight", one row per class, and "bias". Source: the format's description at
 * https://github.com/huggingface/safetensors.
 *
 * <p>Whatever a header claims is checked against the size of the file before anything is allocated for it, and what it holds
 * takes no more than a few times its length.
 */
public final class Safetensors {
    private static final String WEIGHT = "weight";
    private static final String BIAS = "bias";

    /** The most that the reference implementation of the format reads. */
    public static final int MOST_HEADER_BYTES = 100_000_000;

    /** In memory a note takes a hundred bytes more than in a file. */
    private static final int MOST_NOTES = 1 << 16;

    private static final int PIECE_BYTES = 1 << 16;

    private Safetensors() {}

    public static void write(OutputStream out, ModelContent content) throws IOException {
        byte[] json = header(content.features(), content.bias().length, content.notes(), MOST_HEADER_BYTES);
        // Spaces bring the numbers to a multiple of eight bytes, so that others can map them.
        int length = (json.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        ByteBuffer head = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.fill(head.array(), (byte) ' ');
        head.putLong(length).put(json);
        out.write(head.array());
        writeFloats(out, content.bias());
        writeFloats(out, content.weights());
    }

    /**
     * The header of a model, in JSON.
     *
     * @param most how many bytes it may have
     */
    public static byte[] header(int features, int classes, ModelNotes notes, int most) throws FormatException {
        int size = notes.metadata().size();
        if (size > MOST_NOTES) {
            throw new FormatException(
                    "metadata has " + size + " notes, more than " + MOST_NOTES + ", which a model file may have");
        }
        if (notes.leastLength() > most) {
            // Before several times as much is needed to tell it exactly.
            throw tooLong(most);
        }
        StringBuilder json = new StringBuilder("{\"__metadata__\":{");
        notes.toMap()
                .forEach((key, value) -> json.append(json.charAt(json.length() - 1) == '{' ? "" : ",")
                        .append(Json.quoted(key))
                        .append(':')
                        .append(Json.quoted(value)));
        long biasBytes = (long) Float.BYTES * classes;
        json.append("},\"bias\":{\"dtype\":\"F32\",\"shape\":[")
                .append(classes)
                .append("],\"data_offsets\":[0,")
                .append(biasBytes)
                .append("]},\"weight\":{\"dtype\":\"F32\",\"shape\":[")
                .append(classes + "," + features)
                .append("],\"data_offsets\":[")
                .append(biasBytes + "," + (features + 1) * biasBytes)
                .append("]}}");
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > most) {
            throw tooLong(most);
        }
        return bytes;
    }

    private static FormatException tooLong(int most) {
        return new FormatException(
                "names and metadata take more than the " + most + " bytes that a model file may have for them");
    }

    private static void writeFloats(OutputStream out, float[] numbers) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < numbers.length; from += PIECE_BYTES / Float.BYTES) {
            int count = Math.min(PIECE_BYTES / Float.BYTES, numbers.length - from);
            piece.asFloatBuffer().put(numbers, from, count);
            out.write(piece.array(), 0, count * Float.BYTES);
        }
    }

    /**
     * Reads a model.
     *
     * @param name what the file is called in messages
     * @param size how many bytes the file has
     */
    public static ModelContent read(InputStream in, String name, long size) throws IOException {
        if (size < Long.BYTES) {
            throw new FormatException(name + " has " + size + " bytes, too few for a safetensors file");
        }
        ByteBuffer start = readAll(in, name, Long.BYTES);
        long headerBytes = start.getLong();
        if (headerBytes < 2 || headerBytes > Math.min(size - Long.BYTES, MOST_HEADER_BYTES)) {
            String kind = FileKind.of(start.array());
            if (kind != null) {
                throw new FormatException(name + " is no model that Panamax saved: it looks like " + kind);
            }
            throw new FormatException(name + " announces a header of " + Long.toUnsignedString(headerBytes)
                    + " bytes, not of 2 to " + Math.min(size - Long.BYTES, MOST_HEADER_BYTES));
        }
        try {
            Header header = new Header(utf8(readAll(in, name, (int) headerBytes)));
            header.check(size - Long.BYTES - headerBytes);
            boolean biasFirst = header.bias.begin() < header.weight.begin();
            float[] first = readFloats(in, name, biasFirst ? header.bias : header.weight);
            float[] second = readFloats(in, name, biasFirst ? header.weight : header.bias);
            return header.content(biasFirst ? second : first, biasFirst ? first : second);
        } catch (Json.SyntaxException | CharacterCodingException e) {
            throw new FormatException(name + " has a header that cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new FormatException(name + " is no model: " + e.getMessage(), e);
        }
    }

    private static ByteBuffer readAll(InputStream in, String name, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        fill(in, name, bytes.array(), length);
        return bytes;
    }

    private static void fill(InputStream in, String name, byte[] bytes, int length) throws IOException {
        if (in.readNBytes(bytes, 0, length) < length) {
            throw new FormatException(name + " is truncated");
        }
    }

    private static String utf8(ByteBuffer bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    }

    private static float[] readFloats(InputStream in, String name, Tensor tensor) throws IOException {
        float[] numbers = new float[(int) ((tensor.end() - tensor.begin()) / Float.BYTES)];
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < numbers.length; from += PIECE_BYTES / Float.BYTES) {
            int count = Math.min(PIECE_BYTES / Float.BYTES, numbers.length - from);
            fill(in, name, piece.array(), count * Float.BYTES);
            piece.asFloatBuffer().get(numbers, from, count);
        }
        return numbers;
    }

    /** What the header says about a tensor. */
    private static final class Tensor {
        private final String name;
        private String dtype;
        private long[] shape;
        private long[] offsets;

        Tensor(String name, Json json) {
            this.name = name;
            json.object(key -> {
                switch (key) {
                    case "dtype" -> dtype = once(dtype, json.string(), key);
                    case "shape" -> shape = once(shape, json.numbers(2), key);
                    case "data_offsets" -> {
                        offsets = once(offsets, json.numbers(2), key);
                        if (offsets.length != 2) {
                            throw new IllegalArgumentException(name + " has " + offsets.length + " data_offsets");
                        }
                    }
                    default -> throw new IllegalArgumentException(name + " has an unknown \"" + key + "\"");
                }
            });
        }

        long begin() {
            return offsets[0];
        }

        long end() {
            return offsets[1];
        }

        void check(int dimensions) {
            if (!"F32".equals(dtype)) {
                throw new IllegalArgumentException(name + " has the dtype " + dtype + ", not F32");
            }
            if (shape == null
                    || shape.length != dimensions
                    || Arrays.stream(shape).anyMatch(size -> size < 1)) {
                throw new IllegalArgumentException(name + " has the shape " + Arrays.toString(shape) + ", not one of "
                        + dimensions + " dimension(s) of 1 or more");
            }
            if (offsets == null) {
                throw new IllegalArgumentException(name + " lacks its data_offsets");
            }
            long bytes = Float.BYTES;
            for (long size : shape) {
                if (size > Integer.MAX_VALUE || bytes > Integer.MAX_VALUE * (long) Float.BYTES / size) {
                    throw new IllegalArgumentException(
                            name + " has the shape " + Arrays.toString(shape) + ", too large for an array");
                }
                bytes *= size;
            }
            if (end() - begin() != bytes) {
                throw new IllegalArgumentException(name + " has the data_offsets " + begin() + " and " + end()
                        + ", but its shape needs " + bytes + " bytes");
            }
        }
    }

    private static <T> T once(T before, T now, String key) {
        if (before != null) {
            throw new IllegalArgumentException("\"" + key + "\" occurs twice");
        }
        return now;
    }

    private static final class Header {
        private final Map<String, String> metadata = new TreeMap<>();
        private boolean hasMetadata;
        private Tensor weight;
        private Tensor bias;

        Header(String text) {
            Json json = new Json(text);
            json.object(key -> {
                switch (key) {
                    case "__metadata__" -> {
                        once(hasMetadata ? this : null, this, key);
                        hasMetadata = true;
                        json.object(name -> {
                            once(metadata.put(name, json.string()), "", name);
                            if (metadata.size() > MOST_NOTES + ModelNotes.OWN_NOTES) {
                                throw new IllegalArgumentException("it has more than " + MOST_NOTES + " notes");
                            }
                        });
                    }
                    case WEIGHT -> weight = once(weight, new Tensor(key, json), key);
                    case BIAS -> bias = once(bias, new Tensor(key, json), key);
                    default -> throw new IllegalArgumentException("it has an unknown tensor \"" + key + "\"");
                }
            });
            json.end();
        }

        /** Both tensors are there, fit together, and fill the data without a gap. */
        void check(long dataBytes) {
            if (weight == null || bias == null) {
                throw new IllegalArgumentException("it lacks the tensor " + (weight == null ? WEIGHT : BIAS));
            }
            weight.check(2);
            bias.check(1);
            if (weight.shape[0] != bias.shape[0]) {
                throw new IllegalArgumentException(
                        "weight has " + weight.shape[0] + " rows, but bias " + bias.shape[0] + " elements");
            }
            Tensor first = bias.begin() < weight.begin() ? bias : weight;
            Tensor second = first == bias ? weight : bias;
            if (first.begin() != 0 || second.begin() != first.end() || second.end() != dataBytes) {
                throw new IllegalArgumentException("its tensors do not fill its " + dataBytes
                        + " bytes of data one after the other: " + first.begin() + " to " + first.end() + " and "
                        + second.begin() + " to " + second.end());
            }
        }

        ModelContent content(float[] weights, float[] biases) {
            int features = (int) weight.shape[1];
            return new ModelContent(features, weights, biases, ModelNotes.of(metadata, features, biases.length));
        }
    }
}
