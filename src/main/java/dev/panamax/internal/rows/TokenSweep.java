package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;

/**
 * The terms of a row's tokens tile by tile, of all that come before a bound: a token comes before another one if its logit is
 * larger, or as large and its place the smaller one.
 */
final class TokenSweep {
    /** Elements of which the sum tells whether the token is among them: a sum takes as long as two or three terms alone. */
    private static final int PIECE = 4 * Kernels.STEP;

    private double[] masses = new double[64];
    private Kernels kernels;
    private float[] x;
    private int from;
    private int length;
    private float base;
    private float rounder;
    private float smallest;

    // The bound: tokens before the place need a logit as large as this, those behind it a larger one.
    private float value;
    private int place;

    /** Begins with a row, all of it. */
    void begin(float[] row, int start, int rowLength) {
        x = row;
        from = start;
        length = rowLength;
        value = Float.NEGATIVE_INFINITY;
        place = 0;
    }

    /** Chooses whose terms they are, those of a temperature. */
    void use(Kernels newKernels, float max) {
        kernels = newKernels;
        ExpTerm term = kernels.term();
        int exponent = term.exponent(max);
        base = term.base(max);
        rounder = ExpTerm.rounder(exponent);
        smallest = term.smallest(exponent);
    }

    /** Leaves out what does not come before a token. */
    void boundBy(int token) {
        value = x[from + token];
        place = token;
    }

    /** Leaves out logits that are less than this. */
    void boundFrom(double least) {
        float rounded = (float) least;
        value = Math.nextDown(rounded < least ? Math.nextUp(rounded) : rounded);
        place = 0;
    }

    private float least(int i) {
        return i < place ? value : Math.nextUp(value);
    }

    private int part(int i) {
        return Math.min(Kernels.TILE, (i < place ? place : length) - i);
    }

    /** The sum of the terms, which are kept for {@link #token}. */
    double mass() {
        double sum = 0;
        int tile = 0;
        // The place cuts one tile in two.
        int tiles = Math.ceilDiv(length, Kernels.TILE) + 1;
        if (masses.length < tiles) {
            masses = new double[tiles];
        }
        for (int i = 0, part; i < length; i += part) {
            part = part(i);
            masses[tile] = massOfTile(from + i, part, Math.max(smallest, least(i) - base));
            sum += masses[tile++];
        }
        return sum;
    }

    private double massOfTile(int start, int count, float least) {
        int whole = count - count % Kernels.STEP;
        double sum =
                whole == 0 ? 0 : kernels.sumExpOfSteps(kernels.term(), x, start, whole, base, rounder, least, null, 0);
        return whole == count
                ? sum
                : sum
                        + kernels.sumExpOfStep(
                                kernels.term(),
                                x,
                                start + whole,
                                count - whole,
                                Kernels.NONE,
                                base,
                                rounder,
                                least,
                                null,
                                0);
    }

    /** The token at which the sum of the terms, in the order of the row, exceeds a target below {@link #mass}. */
    int token(double target) {
        double left = target;
        double before = left;
        int last = 0;
        int tile = 0;
        for (int i = 0, part; i < length && left >= 0; i += part, tile++) {
            part = part(i);
            if (masses[tile] > 0) {
                last = i;
                before = left;
                left -= masses[tile];
            }
        }
        // Rounded sums may end before the target: then it is the last token.
        return tokenOfTile(last, left < 0 ? before : Double.MAX_VALUE);
    }

    /** Piece by piece, and one by one in the last piece. */
    private int tokenOfTile(int tile, double target) {
        float least = Math.max(smallest, least(tile) - base);
        double left = target;
        double before = left;
        int last = tile;
        int end = tile + part(tile);
        for (int i = tile, part; i < end && left >= 0; i += part) {
            part = Math.min(PIECE, end - i);
            double mass = massOfTile(from + i, part, least);
            if (mass > 0) {
                last = i;
                before = left;
                left -= mass;
            }
        }
        return tokenOfPiece(last, Math.min(PIECE, end - last), least, left < 0 ? before : Double.MAX_VALUE);
    }

    private int tokenOfPiece(int piece, int count, float least, double target) {
        ExpTerm term = kernels.term();
        double left = target;
        int last = piece;
        for (int i = piece; i < piece + count && left >= 0; i++) {
            float mass = term.of(x[from + i] - base, rounder, least);
            if (mass > 0) {
                last = i;
                left -= mass;
            }
        }
        return last;
    }

    /**
     * The token whose logit over the temperature, plus a Gumbel variate of its own, is the largest: a draw by its terms
     * (Gumbel 1954; Maddison, Tarlow and Minka 2014). Of most tokens nothing but random bits is computed: those who cannot
     * pass the best one so far.
     *
     * @param max the largest logit
     * @param first where it is, one that comes before the bound
     */
    int race(long key, float max, int first) {
        double inverse = kernels.term().inverse();
        int best = first;
        double score = CounterRandom.gumbel(CounterRandom.bits(key, first));
        for (int i = 0, part; i < length; i += part) {
            part = part(i);
            float least = least(i);
            float largest = kernels.maxOfTile(x, from + i, part);
            if (largest < least) {
                continue;
            }
            long limit = limit(score - ((double) largest - max) * inverse);
            for (int j = i; j < i + part; j++) {
                long bits = CounterRandom.bits(key, j);
                if (bits >>> 11 <= limit && x[from + j] >= least && j != first) {
                    double other = ((double) x[from + j] - max) * inverse + CounterRandom.gumbel(bits);
                    if (other > score) {
                        score = other;
                        best = j;
                        limit = limit(score - ((double) largest - max) * inverse);
                    }
                }
            }
        }
        return best;
    }

    /** Random bits above this make a Gumbel variate less than a score. */
    private static long limit(double score) {
        return (long) (-StrictMath.expm1(-StrictMath.exp(-score)) * 0x1p53) + 1;
    }

    void clear() {
        x = null;
        kernels = null;
    }

    long elements() {
        return 2L * masses.length;
    }
}
