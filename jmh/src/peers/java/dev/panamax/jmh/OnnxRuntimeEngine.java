package dev.panamax.jmh;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** ONNX Runtime with one thread, on tensors over direct buffers, the output's among them. */
public final class OnnxRuntimeEngine implements Engine {
    @Override
    public boolean supports(Case what) {
        boolean knows = switch (what.operation()) {
            case SOFTMAX, LOG_SOFTMAX ->
                switch (what.input()) {
                    case FLOATS, NATIVE_FLOAT16, NATIVE_BFLOAT16, DOUBLES, COLUMNS -> true;
                    default -> false;
                };
            case LOG_SUM_EXP, CROSS_ENTROPY -> what.input() == Input.FLOATS || what.input() == Input.DOUBLES;
            default -> false;
        };
        return knows && !what.inPlace();
    }

    @Override
    public double tolerance(Case what) {
        return Native.tolerance(what);
    }

    @Override
    public Prepared prepare(Operation operation, Problem problem) throws OrtException, IOException {
        Shape shape = problem.shape;
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
        OrtSession session = session(environment, operation, problem, options);

        Encoding encoding = problem.input.encoding();
        OnnxJavaType type = type(encoding);
        MemorySegment x = Native.memory(encoding, problem.logits);
        long[] outputShape = outputShape(operation, shape);
        int results = Math.toIntExact(product(outputShape));
        MemorySegment y = Native.memory(encoding, new float[results]);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        inputs.put(OnnxModel.INPUT, tensor(environment, x, new long[] {shape.rows(), shape.cols()}, type));
        if (operation == Operation.CROSS_ENTROPY) {
            LongBuffer labels = Native.longs(problem.labels);
            inputs.put(OnnxModel.LABELS, OnnxTensor.createTensor(environment, labels, new long[] {shape.rows()}));
        }
        Map<String, OnnxTensor> outputs = Map.of(OnnxModel.OUTPUT, tensor(environment, y, outputShape, type));
        return new Prepared(
                () -> {
                    try {
                        session.run(inputs, outputs).close();
                        return encoding.at(y, 0);
                    } catch (OrtException e) {
                        throw new IllegalStateException(e);
                    }
                },
                () -> encoding.get(y, results),
                () -> {});
    }

    /** Not every operation has a kernel for half floats; it may be put together from others in float32 then. */
    private static OrtSession session(
            OrtEnvironment environment, Operation operation, Problem problem, SessionOptions options)
            throws OrtException, IOException {
        byte[] model = model(operation, problem);
        if (problem.input.encoding().bytes() > Short.BYTES) {
            return environment.createSession(model, options);
        }
        Path file = Files.createTempFile("optimized", ".onnx");
        try {
            options.setOptimizedModelFilePath(file.toString());
            // A warning that what is written is for this machine only.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            OrtSession session = environment.createSession(model, options);
            if (Files.readString(file, StandardCharsets.ISO_8859_1).contains("Cast")) {
                session.close();
                throw noKernel(operation, problem, ", only ones of float32 and casts");
            }
            return session;
        } catch (OrtException e) {
            if (e.getCode() == OrtException.OrtErrorCode.ORT_NOT_IMPLEMENTED) {
                throw noKernel(operation, problem, "");
            }
            throw e;
        } finally {
            Files.delete(file);
        }
    }

    private static MissingEngineException noKernel(Operation operation, Problem problem, String but) {
        return new MissingEngineException("no kernel for " + operation + " of " + problem.input + but, null);
    }

    private static OnnxTensor tensor(OrtEnvironment environment, MemorySegment data, long[] shape, OnnxJavaType type)
            throws OrtException {
        return OnnxTensor.createTensor(environment, data.asByteBuffer().order(ByteOrder.nativeOrder()), shape, type);
    }

    private static OnnxJavaType type(Encoding encoding) {
        return switch (encoding) {
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case BFLOAT16 -> OnnxJavaType.BFLOAT16;
            case FLOAT64 -> OnnxJavaType.DOUBLE;
        };
    }

    private static byte[] model(Operation operation, Problem problem) {
        Shape shape = problem.shape;
        Encoding encoding = problem.input.encoding();
        int axis = problem.input == Input.COLUMNS ? 0 : -1;
        return switch (operation) {
            case SOFTMAX -> OnnxModel.softmax("Softmax", shape, axis, encoding);
            case LOG_SOFTMAX -> OnnxModel.softmax("LogSoftmax", shape, axis, encoding);
            case LOG_SUM_EXP -> OnnxModel.logSumExp(shape, encoding);
            case CROSS_ENTROPY -> OnnxModel.crossEntropy(shape, encoding);
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
