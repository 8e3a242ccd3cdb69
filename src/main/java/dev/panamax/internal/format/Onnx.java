package dev.panamax.internal.format;

import java.util.List;
import java.util.Map;

/**
 * A model as an ONNX graph: {@code probabilities = Softmax(scores)} and {@code scores = Gemm(features, weight, bias)}, from
 * "features" with any number of rows to "probabilities" and "scores"; and {@code label = names[ArgMax(scores)]}, of equals
 * the first. Where the model adds up scores in {@code double}, so does the graph. Field numbers are those of onnx.proto3 at https://github.com/onnx/onnx.
 */
public final class Onnx {
    /** Operator set 21 and file version 10 belong together; ONNX Runtime reads them from 1.18 on. */
    private static final int IR_VERSION = 10;

    private static final int OPERATOR_SET = 21;
    private static final int FLOAT = 1;
    private static final int STRING = 8;
    private static final int DOUBLE = 11;
    private static final int INT_ATTRIBUTE = 2;

    /** The largest message that protocol buffers allow, less what is not numbers. */
    private static final long MOST_BYTES = Integer.MAX_VALUE - (1L << 20);

    private Onnx() {}

    public static byte[] model(ModelContent model) {
        int features = model.features();
        int classes = model.bias().length;
        if ((features + 1L) * classes * Float.BYTES > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "the model has " + features + " x " + classes + " weights, too many for an ONNX file");
        }
        Protobuf graph = new Protobuf();
        if (model.notes().differences()) {
            for (String name : List.of("features", "weight", "bias")) {
                graph.message(1, cast(name, "exact " + name, DOUBLE));
            }
            graph.message(1, gemm("exact scores", "exact features", "exact weight", "exact bias"))
                    .message(1, cast("exact scores", "scores", FLOAT));
        } else {
            graph.message(1, gemm("scores", "features", "weight", "bias"));
        }
        graph.message(1, node("Softmax", "probabilities", "scores").message(5, attribute("axis", 1)))
                .message(
                        1,
                        node("ArgMax", "class", "scores")
                                .message(5, attribute("axis", 1))
                                .message(5, attribute("keepdims", 0)))
                .message(1, node("Gather", "label", "class names", "class"))
                .text(2, "softmax regression")
                .message(5, tensor("weight", model.weights(), classes, features))
                .message(5, tensor("bias", model.bias(), classes))
                .message(5, tensor("class names", model.notes().classNames()))
                .message(11, value("features", FLOAT, features))
                .message(12, value("label", STRING))
                .message(12, value("probabilities", FLOAT, classes))
                .message(12, value("scores", FLOAT, classes));
        Protobuf whole = new Protobuf()
                .number(1, IR_VERSION)
                .text(2, "Panamax")
                .message(7, graph)
                .message(8, new Protobuf().text(1, "").number(2, OPERATOR_SET));
        Map<String, String> notes = model.notes().toMap();
        notes.put(ModelNotes.CLASSES, Json.quoted(model.notes().classNames()));
        notes.forEach((key, text) -> whole.message(14, property(key, text)));
        return whole.toBytes();
    }

    private static Protobuf gemm(String output, String... inputs) {
        return node("Gemm", output, inputs).message(5, attribute("transB", 1));
    }

    private static Protobuf cast(String input, String output, int type) {
        return node("Cast", output, input).message(5, attribute("to", type));
    }

    private static Protobuf node(String type, String output, String... inputs) {
        Protobuf node = new Protobuf();
        for (String input : inputs) {
            node.text(1, input);
        }
        return node.text(2, output).text(3, output).text(4, type);
    }

    private static Protobuf attribute(String name, int value) {
        return new Protobuf().text(1, name).number(3, value).number(20, INT_ATTRIBUTE);
    }

    private static Protobuf tensor(String name, float[] values, int... dimensions) {
        Protobuf tensor = new Protobuf();
        for (int dimension : dimensions) {
            tensor.number(1, dimension);
        }
        return tensor.number(2, FLOAT).text(8, name).floats(9, values);
    }

    private static Protobuf tensor(String name, List<String> texts) {
        Protobuf tensor = new Protobuf().number(1, texts.size()).number(2, STRING);
        texts.forEach(text -> tensor.text(6, text));
        return tensor.text(8, name);
    }

    /** What has an element for each row, or a row of some columns; the number of rows is open. */
    private static Protobuf value(String name, int elements, int... cols) {
        Protobuf shape = new Protobuf().message(1, new Protobuf().text(2, "rows"));
        for (int size : cols) {
            shape.message(1, new Protobuf().number(1, size));
        }
        Protobuf type =
                new Protobuf().message(1, new Protobuf().number(1, elements).message(2, shape));
        return new Protobuf().text(1, name).message(2, type);
    }

    private static Protobuf property(String key, String value) {
        return new Protobuf().text(1, key).text(2, value);
    }
}
