package dev.panamax.internal.backend;

import java.util.concurrent.atomic.AtomicBoolean;

/** A trial of a vector kernel: some calls, and their time. There is one at a time, in the thread whose call made it due. */
final class Trial {
    private static final AtomicBoolean IS_RUNNING = new AtomicBoolean();

    /** As long as nobody wants a trial to take: a kernel that fails is not tried again soon. */
    private static final long NANOS_OF_FAILURE = 1_000_000_000;

    /** Where there are no vectors, no trial is due any more. */
    private static final long FOREVER = Long.MAX_VALUE / 4;

    private static boolean isLoaded;

    private Trial() {}

    /** Nothing happens if another thread is at a trial, or if there are no vectors. */
    static void of(Tier tier, TieredFamily family) {
        if (IS_RUNNING.get() || !IS_RUNNING.compareAndSet(false, true)) {
            return;
        }
        try {
            if (!isLoaded) {
                load();
            } else if (TieredSet.Vectors.SET != null) {
                run(tier, family);
            }
        } catch (Error failed) {
            // The caller asked for no trial. Whatever vectors on objects lack, its call is served by the scalar kernel.
            tier.note(1, NANOS_OF_FAILURE, 0, NANOS_OF_FAILURE);
            Tier.noteLoading(NANOS_OF_FAILURE);
        } finally {
            IS_RUNNING.set(false);
        }
    }

    /** Some of what the first trial of all would load; no call is to wait for all of it. */
    private static void load() {
        isLoaded = true;
        long start = System.nanoTime();
        Tier.noteLoading(TieredSet.Vectors.SET == null ? FOREVER : System.nanoTime() - start);
    }

    /** What is timed follows calls that are not, which bring code and numbers to the caches. */
    private static void run(Tier tier, TieredFamily family) {
        TieredFamily.Exercise exercise = family.exercise();
        if (family.isUntried) {
            family.isUntried = false;
            long start = System.nanoTime();
            exercise.call(exercise.simplest(), true, Numbers.ROOM / 2, 0);
            Tier.noteLoading(System.nanoTime() - start);
            return;
        }
        int turn = tier.trials();
        int length = tier.begin();
        boolean isCompared = tier.isCompared();
        long start = System.nanoTime();
        for (int i = tier.smallestCalls(); i > 0; i--) {
            exercise.call(tier, true, 0, turn + i);
        }
        long ofVector = nanos(exercise, tier, true, length, turn, isCompared);
        long ofScalar = isCompared ? nanos(exercise, tier, false, length, turn, true) : 0;
        tier.note(length, ofVector, ofScalar, System.nanoTime() - start);
    }

    private static long nanos(
            TieredFamily.Exercise exercise, Tier tier, boolean isVector, int length, int turn, boolean isTwice) {
        if (isTwice) {
            exercise.call(tier, isVector, length, turn);
        }
        long start = System.nanoTime();
        exercise.call(tier, isVector, length, turn);
        return System.nanoTime() - start;
    }
}
