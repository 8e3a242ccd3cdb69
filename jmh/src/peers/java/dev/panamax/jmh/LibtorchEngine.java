package dev.panamax.jmh;

import java.nio.FloatBuffer;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** libtorch with one thread: results into a tensor made once, in inference mode; gradients by autograd. */
public final class LibtorchEngine implements Engine {
    /** Of the thread that prepares and calls; it is kept, as it ends when it is closed. */
    private static InferenceMode mode;

    @Override
    public boolean supports(Operation operation, Shape shape, boolean inPlace) {
        return switch (operation) {
            case SOFTMAX, LOG_SOFTMAX -> true;
            case LOG_SUM_EXP, CROSS_ENTROPY, CROSS_ENTROPY_AND_GRADIENT -> !inPlace;
            default -> false;
        };
    }

    @Override
    public double tolerance(Shape shape) {
        return Native.tolerance(shape);
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
        FloatBuffer values = Native.floats(problem.logits);
        Tensor x = matrix(values, shape);
        boolean perRow = operation == Operation.LOG_SUM_EXP;
        FloatBuffer results =
                problem.isInPlace() ? values : Native.floats(new float[perRow ? shape.rows() : shape.elements()]);
        Tensor out = perRow ? vector(results, shape.rows()) : matrix(results, shape);
        Tensor labels = torch.from_blob(
                new LongPointer(Native.longs(problem.labels)),
                new long[] {shape.rows()},
                new TensorOptions(torch.ScalarType.Long));
        if (learns) {
            x.requires_grad_(true);
        }
        return new Prepared(
                call(operation, x, out, labels, results),
                () -> Native.array(results),
                () -> values.put(0, problem.logits));
    }

    private static Tensor matrix(FloatBuffer data, Shape shape) {
        return torch.from_blob(new FloatPointer(data), shape.rows(), shape.cols());
    }

    private static Tensor vector(FloatBuffer data, int length) {
        return torch.from_blob(new FloatPointer(data), length);
    }

    private static DoubleSupplier call(Operation operation, Tensor x, Tensor out, Tensor labels, FloatBuffer gradient) {
        return switch (operation) {
            case SOFTMAX ->
                () -> {
                    torch.softmax_out(out, x, 1).close();
                    return 0;
                };
            case LOG_SOFTMAX ->
                () -> {
                    torch.log_softmax_out(out, x, 1).close();
                    return 0;
                };
            case LOG_SUM_EXP ->
                () -> {
                    torch.logsumexp_out(out, x, 1).close();
                    return 0;
                };
            case CROSS_ENTROPY ->
                () -> {
                    try (Tensor loss = torch.cross_entropy_loss(x, labels)) {
                        return loss.item_float();
                    }
                };
            case CROSS_ENTROPY_AND_GRADIENT -> new LossAndGradient(x, labels, gradient);
            default -> throw new IllegalArgumentException("unsupported: " + operation);
        };
    }

    /** The gradient comes in a new tensor each time; the first is copied for the comparison. */
    private static final class LossAndGradient implements DoubleSupplier {
        private final Tensor x;
        private final Tensor labels;
        private final TensorVector inputs;
        private final FloatBuffer gradient;
        private int copied;

        LossAndGradient(Tensor x, Tensor labels, FloatBuffer gradient) {
            this.x = x;
            this.labels = labels;
            this.gradient = gradient;
            inputs = new TensorVector(x);
        }

        @Override
        public double getAsDouble() {
            try (Tensor loss = torch.cross_entropy_loss(x, labels);
                    TensorVector outputs = new TensorVector(loss);
                    TensorVector gradients = torch.grad(outputs, inputs)) {
                if (copied == 0) {
                    copied++;
                    try (Tensor first = gradients.get(0)) {
                        gradient.put(0, first.<FloatBuffer>createBuffer(), 0, gradient.capacity());
                    }
                }
                return loss.item_float();
            }
        }
    }
}
