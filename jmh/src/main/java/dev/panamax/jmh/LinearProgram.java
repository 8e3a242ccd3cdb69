package dev.panamax.jmh;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.panamax.LinearCrossEntropy;
import dev.panamax.Workers;
import dev.panamax.data.FloatMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.DoubleSupplier;

/** A JVM that times one case of a linear layer and prints the milliseconds of its calls as a line of JSON. */
public final class LinearProgram {
    private static final long SECONDS_OF_WARM_UP = 3;
    private static final int CALLS = 7;

    /** The numbers of a case: the same in every process. */
    static final class Problem {
        final LinearCase what;
        final float[] inputs;
        final float[] weights;
        final float[] bias;
        final int[] labels;

        Problem(LinearCase what) {
            this.what = what;
            SplittableRandom random = new SplittableRandom(1);
            inputs = normal(what.rows() * what.features(), 1, random);
            weights = normal(what.classes() * what.features(), 1 / Math.sqrt(what.features()), random);
            bias = normal(what.classes(), 0.1, random);
            labels = random.ints(what.rows(), 0, what.classes()).toArray();
        }

        private static float[] normal(int length, double scale, SplittableRandom random) {
            float[] floats = new float[length];
            for (int i = 0; i < length; i++) {
                floats[i] = (float) (random.nextGaussian() * scale);
            }
            return floats;
        }
    }

    /** Who makes the calls; each returns a number that all others must have, too. */
    interface Caller {
        /** A call. */
        DoubleSupplier prepare(Problem problem);

        /** The memory that a call took beside its arguments and results, after some calls. */
        long extraBytes();
    }

    /**
     * What a process found.
     *
     * @param check the loss, or the norm of the logits or of the weights' gradient
     */
    record Answer(List<Double> milliseconds, long extraBytes, double check) {}

    private LinearProgram() {}

    /** Takes a case as JSON. */
    public static void main(String[] args) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        LinearCase what = mapper.readValue(args[0], LinearCase.class);
        Caller caller = caller(what);
        DoubleSupplier call = caller.prepare(new Problem(what));
        double check = call.getAsDouble();
        long extra = caller.extraBytes();
        long start = System.nanoTime();
        while (System.nanoTime() - start < SECONDS_OF_WARM_UP * 1_000_000_000) {
            check = call.getAsDouble();
        }
        List<Double> milliseconds = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            long begin = System.nanoTime();
            check = call.getAsDouble();
            milliseconds.add((System.nanoTime() - begin) / 1e6);
        }
        System.out.println(mapper.writeValueAsString(new Answer(milliseconds, extra, check)));
        System.exit(0);
    }

    private static Caller caller(LinearCase what) throws ReflectiveOperationException {
        if (what.by().equals(LinearCase.LIBTORCH)) {
            return Class.forName(LinearProgram.class.getPackageName() + ".LibtorchLinear")
                    .asSubclass(Caller.class)
                    .getDeclaredConstructor()
                    .newInstance();
        }
        return what.by().equals(LinearCase.OPENBLAS) ? new OpenBlas() : new Panamax();
    }

    static double norm(float[] floats) {
        double sum = 0;
        for (float each : floats) {
            sum += (double) each * each;
        }
        return Math.sqrt(sum);
    }

    private static final class Panamax implements Caller {
        private long memory;

        @Override
        public DoubleSupplier prepare(Problem problem) {
            LinearCase what = problem.what;
            FloatMatrix inputs = FloatMatrix.of(problem.inputs, what.rows(), what.features());
            FloatMatrix weights = FloatMatrix.of(problem.weights, what.classes(), what.features());
            ExecutorService executor = Executors.newFixedThreadPool(what.threads());
            Workers workers = new Workers(executor, what.threads());
            if (what.work() == LinearCase.Work.PRODUCT) {
                return Internals.product(inputs, weights, executor, what.threads());
            }
            LinearCrossEntropy.Builder builder = LinearCrossEntropy.builder();
            LinearCrossEntropy loss = (what.memory() == 0 ? builder : builder.memory(what.memory())).build();
            LinearCrossEntropy shared = what.threads() == 1 ? loss : loss.with(workers);
            memory = what.memory() == 0 ? LinearSuite.MEMORY : what.memory();
            if (what.work() == LinearCase.Work.LOSS) {
                return () -> shared.loss(inputs, weights, problem.bias, problem.labels);
            }
            float[] ofWeights = new float[problem.weights.length];
            FloatMatrix gradInputs = FloatMatrix.of(new float[problem.inputs.length], what.rows(), what.features());
            FloatMatrix gradWeights = FloatMatrix.of(ofWeights, what.classes(), what.features());
            float[] gradBias = new float[what.classes()];
            return () -> shared.lossAndGradient(
                    inputs, weights, problem.bias, problem.labels, gradInputs, gradWeights, gradBias);
        }

        /** What it was given: a test says that it takes no more. */
        @Override
        public long extraBytes() {
            return memory;
        }
    }
}
