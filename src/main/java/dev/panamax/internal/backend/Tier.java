package dev.panamax.internal.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.FlightRecorder;

/**
 * Which twin of one kernel serves. Until C2 has compiled a kernel its vectors are objects, and it takes up to a thousand
 * times longer than its scalar twin. So that one serves first, and what it serves is the credit for trials of the vector
 * kernel: small ones, on memory of their own. Once it is faster on pieces of every length, the vector kernel serves.
 *
 * <p>Threads share tiers without synchronisation: what gets lost makes a trial come later, and changes no result.
 */
final class Tier {
    /** What a call is worth beside its elements, in nanoseconds of a compiled scalar kernel, as all credit is. */
    private static final int NANOS_OF_CALL = 10;

    /** A trial takes half of what was served since the last one: a loop over {@code Math.exp} takes more than both. */
    private static final int SHARE = 2;

    /** Elements that a kernel serves before it is worth the trouble. */
    private static final int WORTH_TRYING = 1_000_000;

    /** The first trial of all loads and links what the Vector API is made of, and others what else they need of it. */
    private static final long COST_OF_LOADING = 250_000_000;

    /** The first one took long for what it loaded. */
    private static final long COST_OF_SECOND = 50_000;

    /** Lengths in turn, so that C2 has seen loops of many turns and of none: small ones while vectors are objects. */
    private static final int[] SMALL = {32, 17, 64, 32, 48, 32, 100, 32};

    private static final int[] LENGTHS = {2048, 48, 333, 64, 1000, 17, 640, 100};

    /**
     * The smallest calls of a trial. C2 compiles what was called 5000 times, and that costs little where there is little to
     * do: 320 trials are enough for it to have seen all there is.
     */
    private static final int SMALLEST_CALLS = 15;

    /** A compiled kernel takes less than this, and one that is not takes more: five to a hundred microseconds. */
    private static final int COMPILED_NANOS_OF_CALL = 1000;

    private static final int COMPILED_NANOS_OF_ELEMENT = 6;

    /** Trials compared with the scalar twin before it is decided which one is faster. */
    private static final int ENOUGH = 4 * LENGTHS.length;

    /** Where a kernel does not become faster, trials take less and less of the time. */
    private static final long PATIENCE_NANOS = 200_000_000;

    /** After so many of them a warm-up waits between trials. */
    private static final int TRIALS_UNTIL_QUEUED = 400;

    private static final long NANOS_OF_PAUSE = 50_000;

    /** Trials of a warm-up that found a kernel to be slower; the first comparison may be of a passing version. */
    private static final int TRIALS_OF_SLOWER = 5000;

    /** A hundred times what it takes. */
    private static final int MOST_TRIALS = 200_000;

    /** The tiers there are; those of a family are made when it is used for the first time. */
    static final List<Tier> ALL = new ArrayList<>();

    /** What was served since the last trial of any kernel. */
    private static long credit;

    /** What was served since the last first trial of a kernel. */
    private static long creditOfFirst;

    /** What must have been served before another kernel is tried for the first time. */
    static long costOfFirst = COST_OF_LOADING;

    /** Whether the vector kernel serves. */
    boolean serves;

    private final TieredFamily family;
    private final String kernel;

    /** What an element takes the scalar kernel. */
    private final int nanosOfElement;

    private long elements;
    private long cost;
    private long spent;
    private int trials;
    private boolean isCompiled;
    private int compared;
    private boolean isSlower;
    private long vectorNanos;
    private long scalarNanos;

    Tier(TieredFamily family, String kernel, int nanosOfElement) {
        this.family = family;
        this.kernel = kernel;
        this.nanosOfElement = nanosOfElement;
        synchronized (ALL) {
            ALL.add(this);
        }
    }

    /**
     * Whether the vector kernel serves a call.
     *
     * @param length how many elements the call has
     */
    boolean serves(long length) {
        return serves || isDue(length) && tryOut();
    }

    private boolean tryOut() {
        Trial.of(this, family);
        return serves;
    }

    /** The vector kernels of a family serve from now on, compiled or not. */
    static void serve(TieredFamily family) {
        synchronized (ALL) {
            for (Tier tier : ALL) {
                tier.serves |= tier.family == family;
            }
        }
    }

    /** How many kernels that calls have used are still scalar, without being the faster ones. */
    static int countWarming() {
        int count = 0;
        synchronized (ALL) {
            for (Tier tier : ALL) {
                count += tier.elements > 0 && !tier.serves && !tier.isSlower ? 1 : 0;
            }
        }
        return count;
    }

    /**
     * Tries kernels in turn, so that C2 compiles one while others run, until their vectors serve or prove not to be faster.
     *
     * @param areAll all there are; else those that calls have used
     * @param deadline in the time of {@link System#nanoTime}
     */
    static void warmUp(boolean areAll, long deadline) {
        List<Tier> tiers;
        synchronized (ALL) {
            tiers = new ArrayList<>(ALL);
        }
        for (int round = 0; !tiers.isEmpty() && System.nanoTime() - deadline < 0; round++) {
            tiers.removeIf(tier -> tier.isDone() || !areAll && tier.elements == 0);
            tiers.forEach(Tier::tryOut);
            if (round > TRIALS_UNTIL_QUEUED) {
                // C2 has them in its queue, and may need the core.
                LockSupport.parkNanos(NANOS_OF_PAUSE);
            }
        }
    }

    /** Counts what the scalar kernel is about to serve; true if a trial is due. */
    boolean isDue(long length) {
        elements += length;
        long nanos = NANOS_OF_CALL + length * nanosOfElement;
        credit += nanos;
        creditOfFirst += nanos;
        return (trials == 0 ? creditOfFirst > costOfFirst : credit > cost) && elements > WORTH_TRYING;
    }

    private boolean isDone() {
        return serves || trials > (isSlower ? TRIALS_OF_SLOWER : MOST_TRIALS);
    }

    /** The next first trial waits for what loading took. */
    static void noteLoading(long nanos) {
        creditOfFirst = 0;
        costOfFirst = SHARE * nanos;
    }

    int trials() {
        return trials;
    }

    /** Begins a trial; returns its length. */
    int begin() {
        credit = 0;
        int[] lengths = isCompiled ? LENGTHS : SMALL;
        return lengths[trials++ & lengths.length - 1];
    }

    /** How many of the smallest calls come before the one that is timed. */
    int smallestCalls() {
        return isCompiled ? 0 : SMALLEST_CALLS;
    }

    /** Whether the trial is compared with the scalar kernel. */
    boolean isCompared() {
        return isCompiled;
    }

    /**
     * Notes a trial.
     *
     * @param ofVector what a call of the vector kernel took
     * @param ofScalar what the scalar kernel took for the same, if they are compared
     * @param nanos what all of the trial took
     */
    void note(int length, long ofVector, long ofScalar, long nanos) {
        if (trials == 1) {
            cost = COST_OF_SECOND;
            noteLoading(nanos);
            return;
        }
        spent += nanos;
        cost = SHARE * nanos * (1 + spent / PATIENCE_NANOS);
        boolean isFast = ofVector < COMPILED_NANOS_OF_CALL + (long) COMPILED_NANOS_OF_ELEMENT * length;
        if (!isFast || !isCompiled) {
            isCompiled = isFast;
            startComparing();
            return;
        }
        vectorNanos += ofVector;
        scalarNanos += ofScalar;
        if (++compared == ENOUGH) {
            // Short pieces take most vector kernels as long, being left to the scalar ones.
            serves = vectorNanos < 1.1 * scalarNanos;
            isSlower = !serves;
            startComparing();
            if (serves) {
                record();
            }
        }
    }

    /** Loads no event unless the recorder runs. */
    private void record() {
        try {
            if (FlightRecorder.isInitialized()) {
                new KernelReady(kernel, trials, spent).commit();
            }
        } catch (LinkageError noRecorder) {
            // A runtime without the module jdk.jfr.
        }
    }

    private void startComparing() {
        compared = 0;
        vectorNanos = 0;
        scalarNanos = 0;
    }
}
