package dev.panamax.internal.format;

import java.util.function.Predicate;

/** What a file that is no model is instead, as far as its first bytes tell. */
enum FileKind {
    /** The version of the format, and after it the name of what wrote the file, the graph, or the operators. */
    ONNX(
            "an ONNX graph, which is for other programs",
            at -> at[0] == 8 && at[1] > 0 && "\22\32\42\50\62\72\102".indexOf(at[2]) >= 0),
    ZIP("a zip archive, as PyTorch and Keras write", at -> begins(at, "PK\3\4")),
    GZIP("compressed with gzip", at -> begins(at, "\37\213")),
    HDF5("an HDF5 file, as Keras writes", at -> begins(at, "\211HDF")),
    PICKLE("a Python pickle, as scikit-learn writes", at -> begins(at, "\200") && at[1] > 1 && at[1] < 6),
    TEXT("text", FileKind::isText);

    private final String description;
    private final Predicate<byte[]> test;

    FileKind(String description, Predicate<byte[]> test) {
        this.description = description;
        this.test = test;
    }

    /**
     * What a file looks like, in words.
     *
     * @param first its first bytes, three or more
     * @return null if it looks like nothing that is known
     */
    static String of(byte[] first) {
        for (FileKind kind : values()) {
            if (kind.test.test(first)) {
                return kind.description;
            }
        }
        return null;
    }

    private static boolean begins(byte[] bytes, String start) {
        boolean same = true;
        for (int i = 0; i < start.length(); i++) {
            same &= (bytes[i] & 255) == start.charAt(i);
        }
        return same;
    }

    private static boolean isText(byte[] bytes) {
        boolean text = true;
        for (byte b : bytes) {
            // Letters beyond ASCII have negative bytes, of which UTF-8 has no use for the last two.
            text &= b < -2 || b >= ' ' || b == '\t' || b == '\n' || b == '\r';
        }
        return text;
    }
}
