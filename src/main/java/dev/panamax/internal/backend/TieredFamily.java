package dev.panamax.internal.backend;

/** A family of kernels, each of which is on its way from the scalar twin to the vector twin: see {@link Tier}. */
abstract class TieredFamily {
    /** The kernel of a tier, on numbers of the family's own. */
    abstract static class Exercise {
        /**
         * One call, which is no caller's. C2 leaves out what it has not seen, and the first call that needs it would run on
         * objects again: so turns differ in what is optional, in whether the output is an input, and in what ends a loop.
         *
         * @param isVector which twin is called
         * @param length about how many elements it has; 0 for a call without any
         * @param turn counts the trials
         */
        abstract void call(Tier tier, boolean isVector, int length, int turn);
    }

    /** What trials call. It is not asked for before the first one, as it has the memory for them. */
    abstract Exercise exercise();

    final Tier tier(int nanosOfElement) {
        return new Tier(this, nanosOfElement);
    }
}
