package dev.panamax.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** libtorch's linear layer with cross-entropy, and autograd. */
public final class LibtorchLinear implements LinearProgram.Caller {
    private long before;
    private long ofGradients;

    @Override
    public DoubleSupplier prepare(LinearProgram.Problem problem) {
        LinearCase what = problem.what;
        torch.set_num_threads(what.threads());
        Tensor inputs = matrix(problem.inputs, what.rows(), what.features());
        Tensor weights = matrix(problem.weights, what.classes(), what.features());
        Tensor bias = torch.from_blob(new FloatPointer(Native.floats(problem.bias)), what.classes());
        Tensor labels = torch.from_blob(
                new LongPointer(Native.longs(problem.labels)),
                new long[] {what.rows()},
                new TensorOptions(torch.ScalarType.Long));
        TensorOptional given = new TensorOptional(bias);
        before = kilobytes("VmRSS");
        if (what.work() == LinearCase.Work.LOSS) {
            // Kept open: it ends when it is closed.
            InferenceMode mode = new InferenceMode(true);
            return () -> {
                try (Tensor logits = torch.linear(inputs, weights, given);
                        Tensor loss = torch.cross_entropy_loss(logits, labels)) {
                    return mode == null ? 0 : loss.item_float();
                }
            };
        }
        inputs.requires_grad_(true);
        weights.requires_grad_(true);
        bias.requires_grad_(true);
        ofGradients = (long) Float.BYTES * (problem.inputs.length + problem.weights.length + problem.bias.length);
        TensorVector all = new TensorVector(inputs, weights, bias);
        return () -> {
            try (Tensor logits = torch.linear(inputs, weights, given);
                    Tensor loss = torch.cross_entropy_loss(logits, labels);
                    TensorVector outputs = new TensorVector(loss)) {
                torch.grad(outputs, all).close();
                return loss.item_float();
            }
        };
    }

    private static Tensor matrix(float[] cells, int rows, int cols) {
        return torch.from_blob(new FloatPointer(Native.floats(cells)), rows, cols);
    }

    /** The peak of the process. */
    @Override
    public long extraBytes() {
        return (kilobytes("VmHWM") - before) * 1024 - ofGradients;
    }

    private static long kilobytes(String key) {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(key + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
