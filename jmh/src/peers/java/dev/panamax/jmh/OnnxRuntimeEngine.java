package dev.panamax.jmh;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/** ONNX Runtime with one thread, on tensors over direct buffers, the output's among them. */
public final class OnnxRuntimeEngine implements Engine {
    @Override
    public boolean supports(Operation operation, Shape shape, boolean inPlace) {
        return !inPlace
                && switch (operation) {
                    case SOFTMAX, LOG_SOFTMAX, LOG_SUM_EXP, CROSS_ENTROPY -> true;
                    default -> false;
                };
    }

    @Override
    public double tolerance(Shape shape) {
        return Native.tolerance(shape);
    }

    @Override
    public Prepared prepare(Operation operation, Problem problem) throws OrtException {
        Shape shape = problem.shape;
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
        OrtSession session = environment.createSession(model(operation, shape), options);

        FloatBuffer x = Native.floats(problem.logits);
        long[] outputShape = outputShape(operation, shape);
        FloatBuffer y = Native.floats(new float[Math.toIntExact(product(outputShape))]);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        inputs.put(OnnxModel.INPUT, OnnxTensor.createTensor(environment, x, new long[] {shape.rows(), shape.cols()}));
        if (operation == Operation.CROSS_ENTROPY) {
            LongBuffer labels = Native.longs(problem.labels);
            inputs.put(OnnxModel.LABELS, OnnxTensor.createTensor(environment, labels, new long[] {shape.rows()}));
        }
        Map<String, OnnxTensor> outputs =
                Map.of(OnnxModel.OUTPUT, OnnxTensor.createTensor(environment, y, outputShape));
        return new Prepared(
                () -> {
                    try {
                        session.run(inputs, outputs).close();
                        return y.get(0);
                    } catch (OrtException e) {
                        throw new IllegalStateException(e);
                    }
                },
                () -> Native.array(y),
                () -> {});
    }

    private static byte[] model(Operation operation, Shape shape) {
        return switch (operation) {
            case SOFTMAX -> OnnxModel.softmax("Softmax", shape);
            case LOG_SOFTMAX -> OnnxModel.softmax("LogSoftmax", shape);
            case LOG_SUM_EXP -> OnnxModel.logSumExp(shape);
            case CROSS_ENTROPY -> OnnxModel.crossEntropy(shape);
            default -> throw new IllegalArgumentException("unsupported: " + operation);
        };
    }

    private static long[] outputShape(Operation operation, Shape shape) {
        return switch (operation) {
            case LOG_SUM_EXP -> new long[] {shape.rows()};
            case CROSS_ENTROPY -> new long[0];
            default -> new long[] {shape.rows(), shape.cols()};
        };
    }

    private static long product(long[] shape) {
        long product = 1;
        for (long dimension : shape) {
            product *= dimension;
        }
        return product;
    }
}
