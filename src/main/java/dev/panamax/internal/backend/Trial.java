package dev.panamax.internal.backend;

import java.util.concurrent.atomic.AtomicBoolean;

/** A trial of a vector kernel: some calls, and their time. There is one at a time, in the thread whose call made it due. */
final class Trial {
    private static final AtomicBoolean IS_RUNNING = new AtomicBoolean();

    /** As long as nobody wants a trial to take: a kernel that fails is not tried again soon. */
    private static final long NANOS_OF_FAILURE = 1_000_000_000;

    private Trial() {}

    /** Nothing happens if another thread is at a trial, or if there are no vectors. */
    static void of(Tier tier, TieredFamily family) {
        if (IS_RUNNING.get() || TieredSet.Vectors.SET == null || !IS_RUNNING.compareAndSet(false, true)) {
            return;
        }
        try {
            run(tier, family.exercise());
        } catch (Error failed) {
            // The caller asked for no trial: its call is served by the scalar kernel, whatever vectors on objects lack,
            // memory or
            // stack.
            tier.note(1, NANOS_OF_FAILURE, 0);
        } finally {
            IS_RUNNING.set(false);
        }
    }

    private static void run(Tier tier, TieredFamily.Exercise exercise) {
        int turn = tier.trials();
        int length = tier.begin();
        boolean isCompared = tier.isCompared();
        long nanos = nanos(exercise, tier, true, length, turn);
        for (int i = tier.callsWithoutElements(); i > 0; i--) {
            exercise.call(tier, true, 0, turn);
        }
        tier.note(length, nanos, isCompared ? nanos(exercise, tier, false, length, turn) : 0);
    }

    private static long nanos(TieredFamily.Exercise exercise, Tier tier, boolean isVector, int length, int turn) {
        long start = System.nanoTime();
        exercise.call(tier, isVector, length, turn);
        return System.nanoTime() - start;
    }
}
