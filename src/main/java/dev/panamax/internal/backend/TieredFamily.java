package dev.panamax.internal.backend;

/** A family of kernels, each of which is on its way from the scalar twin to the vector twin: see {@link Tier}. */
abstract class TieredFamily {
    /** The kernel of a tier, on numbers of the family's own. */
    abstract static class Exercise {
        @SuppressWarnings("UnusedVariable")
        private double last;

        /** A kernel that makes do with little of the Vector API: it is called first, so that no call loads all of it. */
        abstract Tier simplest();

        /**
         * One call, which is no caller's. C2 leaves out what it has not seen, and the first call that needs it would run on
         * objects again: so turns differ in what is optional, in whether the output is an input, and in what ends a loop.
         *
         * @param isVector which twin is called
         * @param length about how many elements it has; 0 for as few as reach the innermost method
         * @param turn counts the trials
         */
        abstract void call(Tier tier, boolean isVector, int length, int turn);

        /** Takes a result: C2 leaves out a kernel that nobody wants anything of. */
        final void use(double result) {
            last = result;
        }

        final void use(boolean result) {
            last = result ? 1 : 0;
        }
    }

    /** Whether no kernel of the family has been tried. */
    boolean isUntried = true;

    /** What trials call. It is not asked for before the first one, as it has the memory for them. */
    abstract Exercise exercise();

    /**
     * A tier of this family's.
     *
     * @param kernel what operators read
     * @param nanosOfElement what an element takes the scalar kernel
     */
    final Tier tier(String kernel, int nanosOfElement) {
        return new Tier(this, kernel, nanosOfElement);
    }
}
