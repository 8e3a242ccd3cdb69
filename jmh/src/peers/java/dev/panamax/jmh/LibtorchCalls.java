package dev.panamax.jmh;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** libtorch with one thread: a linear layer with cross-entropy and autograd, or the same by hand without new tensors. */
final class LibtorchCalls implements LearnerCall.Caller {
    private static final int CLASSES = Images.CLASSES;

    private Images images;
    private Tensor x;
    private Tensor labels;
    private Tensor weights;
    private Tensor bias;

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public DoubleSupplier prepare(LearnerCall call, Path data) throws IOException {
        torch.set_num_threads(1);
        images = Images.read(data);
        x = matrix(images.floats(), images.rows, images.cols);
        labels = torch.from_blob(
                new LongPointer(Native.longs(images.labels)),
                new long[] {images.rows},
                new TensorOptions(torch.ScalarType.Long));
        weights = matrix(images.weights(), CLASSES, images.cols);
        bias = torch.from_blob(new FloatPointer(Native.floats(new float[CLASSES])), CLASSES);
        return call == LearnerCall.GRADIENT_BY_AUTOGRAD ? autograd() : byHand();
    }

    private static Tensor matrix(float[] cells, int rows, int cols) {
        return torch.from_blob(new FloatPointer(Native.floats(cells)), rows, cols);
    }

    private DoubleSupplier autograd() {
        weights.requires_grad_(true);
        bias.requires_grad_(true);
        TensorVector inputs = new TensorVector(weights, bias);
        TensorOptional given = new TensorOptional(bias);
        try (Tensor scores = torch.linear(x, weights, given);
                Tensor loss = torch.cross_entropy_loss(scores, labels);
                TensorVector outputs = new TensorVector(loss);
                TensorVector gradients = torch.grad(outputs, inputs)) {
            check("libtorch", loss.item_float(), gradients.get(0), gradients.get(1));
        }
        return () -> {
            try (Tensor scores = torch.linear(x, weights, given);
                    Tensor loss = torch.cross_entropy_loss(scores, labels);
                    TensorVector outputs = new TensorVector(loss)) {
                torch.grad(outputs, inputs).close();
                return loss.item_float();
            }
        };
    }

    private DoubleSupplier byHand() {
        // Kept open: it ends when it is closed.
        InferenceMode mode = new InferenceMode(true);
        Tensor scores = matrix(new float[images.rows * CLASSES], images.rows, CLASSES);
        Tensor logProbabilities = matrix(new float[images.rows * CLASSES], images.rows, CLASSES);
        float[] ones = new float[images.rows * CLASSES];
        for (int r = 0; r < images.rows; r++) {
            ones[r * CLASSES + images.labels[r]] = 1;
        }
        Tensor targets = matrix(ones, images.rows, CLASSES);
        Tensor transposed = weights.t();
        Tensor pulls = scores.t();
        Tensor gradient = matrix(new float[CLASSES * images.cols], CLASSES, images.cols);
        Tensor biasGradient = torch.from_blob(new FloatPointer(Native.floats(new float[CLASSES])), CLASSES);
        Tensor scale = torch.from_blob(new FloatPointer(Native.floats(new float[] {1f / images.rows})), 1);
        DoubleSupplier call = () -> {
            torch.addmm_out(scores, bias, x, transposed).close();
            torch.log_softmax_out(logProbabilities, scores, 1).close();
            double result;
            try (Tensor loss = torch.nll_loss(logProbabilities, labels)) {
                result = loss.item_float();
            }
            torch.exp_out(scores, logProbabilities).close();
            scores.sub_(targets);
            scores.mul_(scale);
            torch.mm_out(gradient, pulls, x).close();
            torch.sum_out(biasGradient, scores, 0).close();
            return result;
        };
        check("libtorch-by-hand", call.getAsDouble(), gradient, biasGradient);
        return mode == null ? null : call;
    }

    private void check(String by, double loss, Tensor ofWeights, Tensor ofBias) {
        float[] gradient = new float[CLASSES * (images.cols + 1)];
        ofWeights.<FloatBuffer>createBuffer().get(0, gradient, 0, CLASSES * images.cols);
        ofBias.<FloatBuffer>createBuffer().get(0, gradient, CLASSES * images.cols, CLASSES);
        images.checkGradient(by, loss, gradient);
    }
}
