package dev.panamax.jmh;

/** A learner with its data in memory. Implementations have a constructor that takes a {@link TrainingProgram.Task}. */
public interface Training {
    /** Trains once; what is timed. */
    Trained fit();

    /** Throws {@link IllegalStateException} unless the objective is the one that is asked. Not timed. */
    default void check() {}

    /** What came of it. Nothing here is timed. */
    interface Trained {
        /** The mean loss: of the training pictures, or of the held-out documents. */
        double loss();

        /** How it was done, in a few words. */
        String note();
    }
}
