package dev.panamax.jmh;

/**
 * One thing of the learner's to time, and one row of its results.
 *
 * @param work what is done
 * @param by who does it, and how
 */
public record LearnerCase(String work, String by) {
    static final String GRADIENT = "loss and gradient of MNIST";
    static final String TRAIN_ON_ONE_CORE = "training on MNIST, 1 core";
    static final String TRAIN_ON_TWO_CORES = "training on MNIST, 2 cores";
    static final String TRAIN_ON_TEXT = "training on text";

    @Override
    public String toString() {
        return work + ", " + by;
    }
}
