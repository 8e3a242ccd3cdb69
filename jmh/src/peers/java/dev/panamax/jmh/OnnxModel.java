package dev.panamax.jmh;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An ONNX model of one node, in the bytes of its protocol buffer. The field numbers are those of {@code onnx.proto}.
 */
final class OnnxModel {
    static final String INPUT = "x";
    static final String LABELS = "labels";
    static final String OUTPUT = "y";

    private static final int INT64 = 7;
    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;
    private static final int ATTRIBUTE_INT = 2;
    private static final int ATTRIBUTE_INTS = 7;

    private OnnxModel() {}

    static byte[] softmax(String operator, Shape shape, int axis, Encoding encoding) {
        Message node = new Message()
                .text(1, INPUT)
                .text(2, OUTPUT)
                .text(4, operator)
                .message(5, new Message().text(1, "axis").number(3, axis).number(20, ATTRIBUTE_INT));
        return model(node, new long[] {shape.rows(), shape.cols()}, false, shape, encoding);
    }

    static byte[] logSumExp(Shape shape, Encoding encoding) {
        Message node = new Message()
                .text(1, INPUT)
                .text(2, OUTPUT)
                .text(4, "ReduceLogSumExp")
                .message(5, new Message().text(1, "axes").number(8, 1).number(20, ATTRIBUTE_INTS))
                .message(5, new Message().text(1, "keepdims").number(3, 0).number(20, ATTRIBUTE_INT));
        return model(node, new long[] {shape.rows()}, false, shape, encoding);
    }

    /** The mean loss. */
    static byte[] crossEntropy(Shape shape, Encoding encoding) {
        Message node =
                new Message().text(1, INPUT).text(1, LABELS).text(2, OUTPUT).text(4, "SoftmaxCrossEntropyLoss");
        return model(node, new long[0], true, shape, encoding);
    }

    private static byte[] model(Message node, long[] output, boolean withLabels, Shape shape, Encoding encoding) {
        int type = elementType(encoding);
        Message graph = new Message()
                .message(1, node)
                .text(2, "graph")
                .message(11, value(INPUT, type, shape.rows(), shape.cols()))
                .message(12, value(OUTPUT, type, output));
        if (withLabels) {
            graph.message(11, value(LABELS, INT64, shape.rows()));
        }
        return new Message()
                .number(1, IR_VERSION)
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, OPSET))
                .bytes();
    }

    private static int elementType(Encoding encoding) {
        return switch (encoding) {
            case FLOAT32 -> 1;
            case FLOAT16 -> 10;
            case FLOAT64 -> 11;
            case BFLOAT16 -> 16;
        };
    }

    private static Message value(String name, int elementType, long... dimensions) {
        Message shape = new Message();
        for (long dimension : dimensions) {
            shape.message(1, new Message().number(1, dimension));
        }
        Message tensor = new Message().number(1, elementType).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** The two kinds of fields that are needed: numbers, and what has a length. */
    private static final class Message {
        private static final int NUMBER = 0;
        private static final int LENGTH_FIRST = 2;

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            write((long) field << 3 | NUMBER);
            write(value);
            return this;
        }

        Message text(int field, String text) {
            return bytes(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message message) {
            return bytes(field, message.bytes());
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        private Message bytes(int field, byte[] bytes) {
            write((long) field << 3 | LENGTH_FIRST);
            write(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        private void write(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }
}
