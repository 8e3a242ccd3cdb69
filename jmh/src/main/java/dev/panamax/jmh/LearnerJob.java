package dev.panamax.jmh;

import dev.panamax.jmh.TrainingProgram.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.options.TimeValue;

/** One process that measures something: a fork of JMH, or a program that trains. */
sealed interface LearnerJob {
    /** Of calls that take milliseconds, so that an iteration has many of them. */
    TimeValue ITERATION = TimeValue.milliseconds(500);

    /** The rows of the results that it adds to. */
    List<LearnerCase> cases();

    /** Runs the process; throws {@link MissingEngineException} if something is not there. */
    Map<LearnerCase, Sample> run(Context context) throws ForkFailedException, IOException;

    /**
     * What a process found of a case.
     *
     * @param allocated bytes per call; NaN if it was not measured
     * @param loss that was reached; NaN for calls
     */
    record Sample(double nanoseconds, double allocated, double loss, String note) {}

    /**
     * Where and with what the processes run.
     *
     * @param java the JVM of the forks
     * @param lossAtWeights what every objective must be at {@link Images#weights}; NaN without the pictures
     * @param losses what the cases so far have reached
     */
    record Context(String java, String python, Path data, double lossAtWeights, Map<LearnerCase, Double> losses) {
        void needImages() {
            if (!Images.areIn(data)) {
                throw new MissingEngineException("no MNIST in " + data, null);
            }
        }
    }

    /** A fork of JMH. */
    record OfCall(LearnerCall call) implements LearnerJob {
        @Override
        public List<LearnerCase> cases() {
            return List.of(call.what());
        }

        @Override
        public Map<LearnerCase, Sample> run(Context context) throws ForkFailedException {
            call.caller();
            if (call.isOfImages()) {
                context.needImages();
            }
            Map<String, String> parameters = Map.of(
                    "call", call.name(), "data", context.data.toAbsolutePath().toString());
            Forks.Fork fork = Forks.run(
                            LearnerBenchmark.class, parameters, call.jvmArguments(), ITERATION, ITERATION, context.java)
                    .perCall(call.repetitions());
            double allocated = call.isOfImages() ? Double.NaN : fork.allocated();
            return Map.of(call.what(), new Sample(fork.nanoseconds(), allocated, Double.NaN, ""));
        }
    }

    /**
     * A JVM that trains several times, on as many cores as threads.
     *
     * @param cold the first time; null if it does not count
     * @param warm the median of the others, or the first time if there is only one
     * @param c as {@link TrainingProgram.Task} has it
     * @param peer whose loss is to be reached; null if the work says which, or the learner itself
     */
    record OfTraining(
            LearnerCase cold, LearnerCase warm, String className, int threads, int fits, double c, LearnerCase peer)
            implements LearnerJob {
        @Override
        public List<LearnerCase> cases() {
            return Stream.of(cold, warm).filter(Objects::nonNull).toList();
        }

        @Override
        public Map<LearnerCase, Sample> run(Context context) throws ForkFailedException, IOException {
            String name = LearnerJob.class.getPackageName() + "." + className;
            try {
                Class.forName(name);
            } catch (ClassNotFoundException | LinkageError e) {
                throw new MissingEngineException(Engines.NOT_BUILT, e);
            }
            boolean ofText = warm.work().equals(LearnerCase.TRAIN_ON_TEXT);
            if (!ofText) {
                context.needImages();
            }
            double target = ofText ? Double.NaN : LearnerPlan.LOSS_OF_IMAGES;
            if (peer != null) {
                if (!context.losses.containsKey(peer)) {
                    throw new MissingEngineException(peer.by() + " has set no loss to reach", null);
                }
                target = context.losses.get(peer);
            }
            List<String> command = new ArrayList<>(cores(threads));
            command.add(context.java);
            command.addAll(Forks.jvmArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), TrainingProgram.class.getName()));
            command.addAll(List.of(
                    name,
                    String.valueOf(threads),
                    context.data.toString(),
                    String.valueOf(c),
                    String.valueOf(target),
                    String.valueOf(fits)));
            Answer answer = answer(Map.of(), command);
            // The listener sees a loss in float, the answer is one in double.
            if (!Double.isNaN(target) && !(answer.loss() <= target * (1 + 1e-5))) {
                throw new ForkFailedException("reached " + answer.loss() + ", not " + target, null);
            }
            Map<LearnerCase, Sample> samples = new LinkedHashMap<>();
            if (cold != null) {
                samples.put(cold, sample(answer.seconds().getFirst(), answer));
            }
            List<Double> others = answer.seconds().subList(fits > 1 ? 1 : 0, fits);
            samples.put(warm, sample(Statistics.median(others), answer));
            return samples;
        }
    }

    /** scikit-learn, in a process of its own each time. */
    record OfScikitLearn(String work, String type, int threads) implements LearnerJob {
        private static final String SCRIPT = "sklearn_mnist.py";

        @Override
        public List<LearnerCase> cases() {
            return List.of(new LearnerCase(work, "scikit-learn " + type));
        }

        @Override
        public Map<LearnerCase, Sample> run(Context context) throws ForkFailedException, IOException {
            context.needImages();
            Commands.Outcome imported = Commands.run(context.python, "-c", "import sklearn");
            if (!imported.succeeded()) {
                throw new MissingEngineException(
                        "no scikit-learn for " + context.python + " (Debian: python3-sklearn, libopenblas0-pthread)",
                        null);
            }
            List<String> command = new ArrayList<>(cores(threads));
            command.addAll(List.of(
                    context.python,
                    "-c",
                    script(),
                    context.data.toString(),
                    type,
                    String.valueOf(threads),
                    String.valueOf(LearnerPlan.LOSS_OF_IMAGES)));
            Answer answer = answer(Map.of("OMP_NUM_THREADS", String.valueOf(threads)), command);
            if (!(Math.abs(answer.lossAtWeights() - context.lossAtWeights) <= Images.TOLERANCE)) {
                throw new ForkFailedException(
                        "loss " + answer.lossAtWeights() + " instead of " + context.lossAtWeights, null);
            }
            if (!(answer.loss() <= LearnerPlan.LOSS_OF_IMAGES)) {
                throw new ForkFailedException("reached " + answer.loss(), null);
            }
            return Map.of(cases().getFirst(), sample(answer.seconds().getFirst(), answer));
        }

        private static String script() {
            try (InputStream in = LearnerJob.class.getResourceAsStream("/" + SCRIPT)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Sample sample(double seconds, Answer answer) {
        return new Sample(seconds * 1e9, Double.NaN, answer.loss(), answer.note());
    }

    /** One core means one: also for a JVM's compiler and collector. */
    private static List<String> cores(int threads) {
        return List.of("taskset", "-c", threads == 1 ? "0" : "0-" + (threads - 1));
    }

    private static Answer answer(Map<String, String> variables, List<String> command)
            throws ForkFailedException, IOException {
        Commands.Outcome outcome = Commands.run(variables, command.toArray(String[]::new));
        if (!outcome.succeeded()) {
            throw new ForkFailedException(outcome.output(), null);
        }
        return Answer.parse(
                outcome.output().lines().reduce((first, second) -> second).orElse(""));
    }
}
