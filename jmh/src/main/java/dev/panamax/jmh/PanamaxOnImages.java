package dev.panamax.jmh;

import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.Optimizer;
import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** L-BFGS on the bytes of MNIST until the mean loss is low enough. */
public final class PanamaxOnImages implements Training {
    private static final int MOST_ITERATIONS = 1000;

    private final Images images;
    private final TrainingProgram.Task task;
    private final ExecutorService executor = Executors.newCachedThreadPool();

    /** Reads the pictures. */
    public PanamaxOnImages(TrainingProgram.Task task) throws IOException {
        this.task = task;
        images = Images.read(task.data());
    }

    @Override
    public Trained fit() {
        Dataset data = images.dataset();
        boolean[] reached = new boolean[1];
        SoftmaxRegression.Fit fit = SoftmaxRegression.trainer()
                .l2(Images.L2)
                .executor(executor, task.threads())
                .optimizer(Optimizer.lbfgs().maxIterations(MOST_ITERATIONS))
                .listener(progress -> reached[0] = progress.loss() <= task.target())
                .cancelWhen(() -> reached[0])
                .fit(data);
        return new Trained() {
            @Override
            public double loss() {
                return images.loss(fit.model());
            }

            @Override
            public String note() {
                return "bytes, " + fit.last().iteration() + " iterations";
            }
        };
    }

    @Override
    public void check() {
        FloatMatrix weights = FloatMatrix.of(images.weights(), Images.CLASSES, images.cols);
        SoftmaxRegression model = SoftmaxRegression.of(
                weights,
                new float[Images.CLASSES],
                IntStream.range(0, Images.CLASSES).mapToObj(String::valueOf).toList());
        images.checkLoss("panamax", model.loss(images.dataset()));
    }
}
