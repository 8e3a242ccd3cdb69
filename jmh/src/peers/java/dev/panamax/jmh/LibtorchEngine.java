package dev.panamax.jmh;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** libtorch with one thread: results into a tensor made once, in inference mode; gradients by autograd. */
public final class LibtorchEngine implements Engine {
    /** Of the thread that prepares and calls; it is kept, as it ends when it is closed. */
    private static InferenceMode mode;

    private static final Scalar HIDDEN = new Scalar(Double.NEGATIVE_INFINITY);

    @Override
    public boolean supports(Case what) {
        boolean known = switch (what.input()) {
            case FLOATS, NATIVE_FLOAT16, NATIVE_BFLOAT16, DOUBLES -> true;
            case MASKED, CAUSAL -> what.operation() != Operation.LOG_SUM_EXP;
            case COLUMNS -> what.operation().compareTo(Operation.LOG_SOFTMAX) <= 0;
            default -> false;
        };
        return known
                && switch (what.operation()) {
                    case SOFTMAX, LOG_SOFTMAX -> true;
                    case LOG_SUM_EXP, CROSS_ENTROPY, CROSS_ENTROPY_AND_GRADIENT -> !what.inPlace();
                    case GREEDY, SAMPLE, LOG_PROBABILITIES -> what.hasTokens() && what.input() == Input.FLOATS;
                    default -> false;
                };
    }

    /** Of half floats, results that come between are half floats too: logarithms of magnitudes up to 20, and losses. */
    @Override
    public double tolerance(Case what) {
        int roundings = switch (what.operation()) {
            case SOFTMAX -> 0;
            case LOG_SOFTMAX -> 1;
            default -> 20;
        };
        return Native.tolerance(what) + roundings * what.input().encoding().rounding();
    }

    @Override
    public Prepared prepare(Operation operation, Problem problem) {
        torch.set_num_threads(1);
        boolean learns = operation == Operation.CROSS_ENTROPY_AND_GRADIENT;
        if (mode != null) {
            mode.close();
        }
        mode = new InferenceMode(!learns);
        Shape shape = problem.shape;
        Encoding encoding = problem.input.encoding();
        long[] size = {shape.rows(), shape.cols()};
        MemorySegment values = Native.memory(encoding, problem.logits);
        Tensor x = tensor(values, type(encoding), size);
        boolean perRow = operation == Operation.LOG_SUM_EXP;
        int length = perRow ? shape.rows() : shape.elements();
        MemorySegment results = problem.isInPlace() ? values : Native.memory(encoding, new float[length]);
        Tensor out = tensor(results, type(encoding), perRow ? new long[] {length} : size);
        Tensor labels = torch.from_blob(
                new LongPointer(Native.longs(problem.labels)),
                new long[] {shape.rows()},
                new TensorOptions(torch.ScalarType.Long));
        if (learns) {
            x.requires_grad_(true);
        }
        if (operation.isOfDecoding()) {
            return decoding(operation, x, out, results.asSlice((long) problem.labels[0] * Float.BYTES));
        }
        int axis = problem.input == Input.COLUMNS ? 0 : 1;
        DoubleSupplier call = problem.allowed == null
                ? call(operation, x, out, labels, axis)
                : masked(operation, x, out, labels, problem);
        return new Prepared(call, () -> encoding.get(results, length), () -> encoding.put(values, problem.logits));
    }

    private static Tensor tensor(MemorySegment data, torch.ScalarType type, long[] size) {
        return torch.from_blob(new BytePointer(data.asByteBuffer()), size, new TensorOptions(type));
    }

    private static torch.ScalarType type(Encoding encoding) {
        return switch (encoding) {
            case FLOAT32 -> torch.ScalarType.Float;
            case FLOAT16 -> torch.ScalarType.Half;
            case BFLOAT16 -> torch.ScalarType.BFloat16;
            case FLOAT64 -> torch.ScalarType.Double;
        };
    }

    private static DoubleSupplier call(Operation operation, Tensor x, Tensor out, Tensor labels, int axis) {
        return switch (operation) {
            case SOFTMAX ->
                () -> {
                    torch.softmax_out(out, x, axis).close();
                    return 0;
                };
            case LOG_SOFTMAX ->
                () -> {
                    torch.log_softmax_out(out, x, axis).close();
                    return 0;
                };
            case LOG_SUM_EXP ->
                () -> {
                    torch.logsumexp_out(out, x, axis).close();
                    return 0;
                };
            case CROSS_ENTROPY -> () -> loss(x, labels);
            case CROSS_ENTROPY_AND_GRADIENT -> new LossAndGradient(x, null, labels, out);
            default -> throw new IllegalArgumentException("unsupported: " + operation);
        };
    }

    /** Without the draw, nor the nucleus: the best logits, and their softmax over the temperature. */
    private static Prepared decoding(Operation operation, Tensor x, Tensor logs, MemorySegment ofLabel) {
        int count = operation == Operation.SAMPLE ? Operation.BEST : Operation.RETURNED;
        long[] size = {1, count};
        MemorySegment results = Native.memory(Encoding.FLOAT32, new float[count]);
        Tensor values = tensor(results, torch.ScalarType.Float, size);
        LongBuffer tokens = Native.longs(new int[count]);
        Tensor places = torch.from_blob(new LongPointer(tokens), size, new TensorOptions(torch.ScalarType.Long));
        Scalar temperature = new Scalar(Operation.COOL);
        DoubleSupplier call = switch (operation) {
            case GREEDY ->
                () -> {
                    try (Tensor token = torch.argmax(x)) {
                        return token.item_long();
                    }
                };
            case SAMPLE ->
                () -> {
                    torch.topk_out(values, places, x, count).close();
                    // What it returns is this tensor once more.
                    values.div_(temperature);
                    torch.softmax_out(values, values, 1).close();
                    return tokens.get(0);
                };
            default ->
                () -> {
                    torch.log_softmax_out(logs, x, 1).close();
                    torch.topk_out(values, places, logs, count).close();
                    return Encoding.FLOAT32.at(ofLabel, 0);
                };
        };
        return new Prepared(call, () -> Encoding.FLOAT32.get(results, count), () -> {});
    }

    /** Its way with masks: what they hide is overwritten by -infinity, in memory made once where that can be. */
    private static DoubleSupplier masked(Operation operation, Tensor x, Tensor out, Tensor labels, Problem problem) {
        Shape shape = problem.shape;
        ByteBuffer cells = ByteBuffer.allocateDirect(shape.elements());
        for (int i = 0; i < shape.elements(); i++) {
            cells.put(i, (byte) (problem.isAllowed(i) ? 0 : 1));
        }
        long[] size = {shape.rows(), shape.cols()};
        Tensor hidden = tensor(MemorySegment.ofBuffer(cells), torch.ScalarType.Bool, size);
        if (operation == Operation.CROSS_ENTROPY_AND_GRADIENT) {
            return new LossAndGradient(x, hidden, labels, out);
        }
        Encoding encoding = problem.input.encoding();
        Tensor filled = tensor(Native.memory(encoding, problem.logits), type(encoding), size);
        DoubleSupplier call = call(operation, filled, out, labels, 1);
        return () -> {
            torch.masked_fill_out(filled, x, hidden, HIDDEN).close();
            return call.getAsDouble();
        };
    }

    private static double loss(Tensor x, Tensor labels) {
        try (Tensor loss = torch.cross_entropy_loss(x, labels)) {
            return loss.item_double();
        }
    }

    /** The gradient comes in a new tensor each time; the first is copied for the comparison. */
    private static final class LossAndGradient implements DoubleSupplier {
        private final Tensor x;
        private final Tensor hidden;
        private final Tensor labels;
        private final TensorVector inputs;
        private final Tensor gradient;
        private boolean copied;

        LossAndGradient(Tensor x, Tensor hidden, Tensor labels, Tensor gradient) {
            this.x = x;
            this.hidden = hidden;
            this.labels = labels;
            this.gradient = gradient;
            inputs = new TensorVector(x);
        }

        @Override
        public double getAsDouble() {
            if (hidden == null) {
                return of(x);
            }
            try (Tensor filled = torch.masked_fill(x, hidden, HIDDEN)) {
                return of(filled);
            }
        }

        private double of(Tensor logits) {
            try (Tensor loss = torch.cross_entropy_loss(logits, labels);
                    TensorVector outputs = new TensorVector(loss);
                    TensorVector gradients = torch.grad(outputs, inputs)) {
                if (!copied) {
                    copied = true;
                    try (Tensor first = gradients.get(0)) {
                        gradient.copy_(first).close();
                    }
                }
                return loss.item_double();
            }
        }
    }
}
