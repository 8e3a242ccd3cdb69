package dev.panamax.internal.rows;

/**
 * Random numbers by counting: number {@code i} under a key is a function of the two, so that they come out the same in any
 * order, on any machine. Under one key they are the sequence of SplitMix64 (Steele, Lea and Flood 2014), which starts at
 * the key.
 */
final class CounterRandom {
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private CounterRandom() {}

    /** The key of a position under a seed. */
    static long key(long seed, long position) {
        return bits(bits(seed, 0), position);
    }

    /** 64 random bits. */
    static long bits(long key, long i) {
        long z = key + (i + 1) * STEP;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** 53 random bits as a number from 0, inclusive, to 1, exclusive. */
    static double uniform(long bits) {
        return (bits >>> 11) * 0x1p-53;
    }

    /** A Gumbel variate, -log(-log u), of 53 random bits: finite, and with a long enough right tail, which decides. */
    static double gumbel(long bits) {
        return -StrictMath.log(-StrictMath.log1p(-((bits >>> 11) + 0.5) * 0x1p-53));
    }
}
