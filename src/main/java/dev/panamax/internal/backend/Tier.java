package dev.panamax.internal.backend;

import java.util.ArrayList;
import java.util.List;

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
     * C2 compiles what was called 5000 times, and that costs nothing where there is nothing to do: 320 trials are enough for
     * it to have seen all there is.
     */
    private static final int CALLS_WITHOUT_ELEMENTS = 15;

    /** A compiled kernel takes less than this, and one that is not takes much more. */
    private static final int COMPILED_NANOS_OF_CALL = 200;

    private static final int COMPILED_NANOS_OF_ELEMENT = 6;

    /** Trials compared with the scalar twin before it is decided which one is faster. */
    private static final int ENOUGH = 4 * LENGTHS.length;

    /** Where a kernel does not become faster, trials take less and less of the time. */
    private static final long PATIENCE_NANOS = 200_000_000;

    /** The tiers there are; those of a family are made when it is used for the first time. */
    static final List<Tier> ALL = new ArrayList<>();

    private static boolean doAllServe;

    /** What was served since the last trial of any kernel. */
    private static long credit;

    /** What must have been served before another kernel is tried. */
    static long costOfFirst = COST_OF_LOADING;

    /** Whether the vector kernel serves. */
    boolean serves;

    private final TieredFamily family;

    /** What an element takes the scalar kernel. */
    private final int nanosOfElement;

    private long elements;
    private long cost;
    private long spent;
    private int trials;
    private boolean isCompiled;
    private int compared;
    private long vectorNanos;
    private long scalarNanos;

    Tier(TieredFamily family, int nanosOfElement) {
        this.family = family;
        this.nanosOfElement = nanosOfElement;
        synchronized (ALL) {
            serves = doAllServe;
            ALL.add(this);
        }
    }

    /** From now on vector kernels serve, compiled or not, those of families that nobody has used yet included. */
    static void serveAll() {
        synchronized (ALL) {
            doAllServe = true;
            for (Tier tier : ALL) {
                tier.serves = true;
            }
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

    /** Counts what the scalar kernel is about to serve; true if a trial is due. */
    boolean isDue(long length) {
        elements += length;
        credit += NANOS_OF_CALL + length * nanosOfElement;
        return credit > (trials == 0 ? costOfFirst : cost) && elements > WORTH_TRYING;
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

    /** How often the next trial is repeated without elements. */
    int callsWithoutElements() {
        return isCompiled ? 0 : CALLS_WITHOUT_ELEMENTS;
    }

    /** Whether the trial is compared with the scalar kernel. */
    boolean isCompared() {
        return isCompiled;
    }

    /** Notes a trial, and what the scalar kernel took for the same if that was measured. */
    void note(int length, long nanos, long ofScalar) {
        if (trials == 1) {
            cost = COST_OF_SECOND;
            costOfFirst = SHARE * nanos;
            return;
        }
        spent += nanos + ofScalar;
        cost = SHARE * (nanos + ofScalar) * (1 + spent / PATIENCE_NANOS);
        boolean isFast = nanos < COMPILED_NANOS_OF_CALL + (long) COMPILED_NANOS_OF_ELEMENT * length;
        if (!isFast || !isCompiled) {
            isCompiled = isFast;
            startComparing();
            return;
        }
        vectorNanos += nanos;
        scalarNanos += ofScalar;
        if (++compared == ENOUGH) {
            // Short pieces take most vector kernels as long, being left to the scalar ones.
            serves = vectorNanos < 1.1 * scalarNanos;
            startComparing();
        }
    }

    private void startComparing() {
        compared = 0;
        vectorNanos = 0;
        scalarNanos = 0;
    }
}
