package dev.panamax.jmh;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A JVM that trains a few times and prints the seconds of each as a line of JSON: the first time it is cold, and the
 * objective is compared after it.
 */
public final class TrainingProgram {
    private TrainingProgram() {}

    /**
     * What to train.
     *
     * @param threads how many the learner may use
     * @param data the folder of the data
     * @param c the weight of the losses beside half the squares of the weights
     * @param target the loss to reach; NaN if the learner shall stop by its own rule
     */
    public record Task(int threads, Path data, double c, double target) {}

    /**
     * A program's answer.
     *
     * @param lossAtWeights what its objective is at {@link Images#weights}; null if it has compared that itself
     */
    record Answer(List<Double> seconds, double loss, String note, Double lossAtWeights) {
        static Answer parse(String line) throws IOException {
            return new ObjectMapper().readValue(line, Answer.class);
        }
    }

    /** Takes the class of the {@link Training}, threads, data, C, target and how often to train. */
    public static void main(String[] args) throws Exception {
        Locale.setDefault(Locale.ROOT);
        Task task = new Task(
                Integer.parseInt(args[1]), Path.of(args[2]), Double.parseDouble(args[3]), Double.parseDouble(args[4]));
        Training training = Class.forName(args[0])
                .asSubclass(Training.class)
                .getConstructor(Task.class)
                .newInstance(task);
        List<Double> seconds = new ArrayList<>();
        Training.Trained trained = null;
        for (int i = 0; i < Integer.parseInt(args[5]); i++) {
            System.gc();
            long begin = System.nanoTime();
            trained = training.fit();
            seconds.add((System.nanoTime() - begin) / 1e9);
            if (i == 0) {
                training.check();
            }
        }
        System.out.println(
                new ObjectMapper().writeValueAsString(new Answer(seconds, trained.loss(), trained.note(), null)));
        System.exit(0);
    }
}
