package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.ExpTerm;

/**
 * Some tokens of a row with their terms, of which filters keep fewer and fewer.
 *
 * <p>A filter keeps the first tokens in some order until they have a share of the terms. They are found without sorting all:
 * by parts of the list, as quickselect does, of which sums are taken.
 */
final class Candidates {
    private static final double DROPPED = -1;

    private float[] values = new float[64];
    private int[] places = new int[64];
    private double[] masses = new double[64];

    /** The order of a filter: the candidates by their numbers. */
    private final RankedPlaces order = new RankedPlaces();

    private int count;
    private double mass;
    private int first;

    void clear(int room) {
        count = 0;
        if (values.length < room) {
            values = new float[room];
            places = new int[room];
            masses = new double[room];
        }
    }

    /** Adds a token; one of equal logits comes after those with smaller places. */
    void add(float value, int place) {
        values[count] = value;
        places[count++] = place;
    }

    int count() {
        return count;
    }

    int place(int i) {
        return places[i];
    }

    /** The share that a candidate has of the terms. */
    double share(int i) {
        return masses[i] / mass;
    }

    /** Where the largest logit is. */
    int first() {
        return places[first];
    }

    /** Computes the terms, those of a temperature. */
    void weigh(ExpTerm term) {
        findFirst();
        float max = values[first];
        mass = 0;
        for (int i = 0; i < count; i++) {
            masses[i] = term.of(values[i], max);
            mass += masses[i];
        }
    }

    private void findFirst() {
        first = 0;
        for (int i = 1; i < count; i++) {
            if (values[i] > values[first] || values[i] == values[first] && places[i] < places[first]) {
                first = i;
            }
        }
    }

    /** Keeps the largest logits until they have a share; at least one. */
    void keepTop(double share) {
        order.clear(count);
        for (int i = 0; i < count; i++) {
            order.add(values[i], i);
        }
        keepUntil(share * mass);
    }

    /** Keeps the logits that are at least so much, which is not above 0, above the largest. */
    void keepNear(double distance) {
        double least = values[first] + distance;
        for (int i = 0; i < count; i++) {
            if (values[i] < least) {
                masses[i] = DROPPED;
            }
        }
        moveTogether();
    }

    /**
     * Keeps the tokens whose information is closest to the mean one, the entropy, until they have a share; at least one
     * (Meister et al. 2022).
     *
     * @param inverse one over the temperature of the terms
     */
    void keepTypical(double share, double inverse) {
        double ofFirst = StrictMath.log(mass / masses[first]);
        double entropy = 0;
        for (int i = 0; i < count; i++) {
            entropy += masses[i] == 0 ? 0 : masses[i] / mass * (ofFirst + distance(i, inverse));
        }
        order.clear(count);
        for (int i = 0; i < count; i++) {
            order.add(-Math.abs(ofFirst + distance(i, inverse) - entropy), i);
        }
        keepUntil(share * mass);
    }

    /** How much more information a candidate has than the likeliest one. */
    private double distance(int i, double inverse) {
        return ((double) values[first] - values[i]) * inverse;
    }

    /** Keeps the first candidates of the order until their terms reach a target; at least one. */
    private void keepUntil(double target) {
        int from = 0;
        int to = count;
        double before = 0;
        while (to - from > 1) {
            int middle = order.partition(from, to);
            double ofPart = 0;
            for (int i = from; i < middle; i++) {
                ofPart += masses[order.place(i)];
            }
            if (before + ofPart >= target) {
                to = middle;
            } else {
                before += ofPart;
                from = middle;
            }
        }
        for (int i = from + 1; i < count; i++) {
            masses[order.place(i)] = DROPPED;
        }
        moveTogether();
    }

    /** Forgets the candidates that were dropped; the others keep their order. */
    private void moveTogether() {
        int kept = 0;
        mass = 0;
        for (int i = 0; i < count; i++) {
            if (masses[i] != DROPPED) {
                values[kept] = values[i];
                places[kept] = places[i];
                masses[kept] = masses[i];
                mass += masses[kept++];
            }
        }
        count = kept;
        findFirst();
    }

    /** The token at which the sum of the terms exceeds a share of all. */
    int token(double share) {
        double left = share * mass;
        int last = first;
        for (int i = 0; i < count && left >= 0; i++) {
            if (masses[i] > 0) {
                last = i;
                left -= masses[i];
            }
        }
        return places[last];
    }

    /** See {@link TokenSweep#race}; for the same tokens and key, the same one. */
    int race(long key, double inverse) {
        int best = first;
        double score = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            double other = ((double) values[i] - values[first]) * inverse
                    + CounterRandom.gumbel(CounterRandom.bits(key, places[i]));
            if (other > score || other == score && places[i] < places[best]) {
                score = other;
                best = i;
            }
        }
        return places[best];
    }

    long elements() {
        return 4L * values.length + order.elements();
    }
}
