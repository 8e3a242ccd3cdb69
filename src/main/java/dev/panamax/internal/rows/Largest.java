package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.Kernels;

/**
 * The k largest elements of a row without NaN, in descending order; of equal ones the first comes first.
 *
 * <p>The row is cut into groups. The k best elements lie in the k groups with the largest maxima, of equal maxima the first
 * ones: each of these groups has an element, its maximum, that comes before all elements of every other group. These groups
 * are searched from the largest maximum on for elements that pass a bound, which is first the k-th largest maximum. What
 * passes is collected; where there is no room, the k best are kept, and the last of them is the new bound. So few elements are
 * looked at, in whatever order the row is.
 */
final class Largest {
    /** What passes the bound is searched for in whole groups. */
    private static final int LONGEST_GROUP = 512;

    /** Maxima of shorter groups take longer than what they save. */
    private static final int SHORTEST_GROUP = 16;

    /** So many groups for each of the k, and few elements pass that are none of the best. */
    private static final int GROUPS_FOR_ONE = 2;

    /** What is collected besides the best: as many again, or so many. */
    private static final int LEAST_ROOM = 32;

    private final RankedPlaces found = new RankedPlaces();
    private final RankedPlaces maxima = new RankedPlaces();
    private int k;
    private int length;
    private int group;
    private int searched;
    private int room;

    // The first element that is too late: a smaller value, or as large a one at this place or later.
    private double bound;
    private int placeOfBound;

    /** Where the i-th best is, counted from the start of the row. */
    int place(int i) {
        return found.place(i);
    }

    /** The room that this has, in floats. */
    long elements() {
        return found.elements() + maxima.elements();
    }

    /**
     * Begins with a row.
     *
     * @param bestOf k, from 1 to {@code rowLength}
     * @return its maximum; NaN only if it has a NaN
     */
    float begin(Kernels kernels, float[] x, int from, int rowLength, int bestOf) {
        cut(rowLength, bestOf);
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(group, length - i);
            float ofGroup = kernels.maxOfTile(x, from + i, part);
            max = ofGroup > max || Float.isNaN(ofGroup) ? ofGroup : max;
            maxima.add(ofGroup, i);
        }
        return max;
    }

    /** The same of doubles. */
    double begin(DoubleKernels kernels, double[] x, int from, int rowLength, int bestOf) {
        cut(rowLength, bestOf);
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0, part; i < length; i += part) {
            part = Math.min(group, length - i);
            double ofGroup = kernels.max(x, from + i, part);
            max = ofGroup > max || Double.isNaN(ofGroup) ? ofGroup : max;
            maxima.add(ofGroup, i);
        }
        return max;
    }

    private void cut(int rowLength, int bestOf) {
        k = bestOf;
        length = rowLength;
        int most = Math.max(SHORTEST_GROUP, Integer.highestOneBit(Math.max(1, length / GROUPS_FOR_ONE / k)));
        boolean hasBound = length / SHORTEST_GROUP > k;
        group = hasBound ? Math.min(LONGEST_GROUP, most) : LONGEST_GROUP;
        maxima.clear(length / group + 1);
        room = k + Math.max(k, LEAST_ROOM);
        found.clear(room);
    }

    /** Finds the best of the row that was begun with. */
    void find(Kernels kernels, float[] x, int from) {
        orderGroups();
        for (int g = 0; g < searched && passes(maxima.value(g), maxima.place(g)); g++) {
            int start = maxima.place(g);
            int end = start + Math.min(group, length - start);
            for (int i = start; i < end; i++) {
                // Where one passes, the next one often does.
                if (x[from + i] < bound) {
                    int next = kernels.indexOfLarger(x, from + i, end - i, Math.nextDown((float) bound));
                    if (next == Kernels.NONE) {
                        break;
                    }
                    i += next;
                }
                offer(x[from + i], i);
            }
        }
        found.sort(k);
    }

    /** The same of doubles. */
    void find(double[] x, int from) {
        orderGroups();
        for (int g = 0; g < searched && passes(maxima.value(g), maxima.place(g)); g++) {
            int start = maxima.place(g);
            int end = start + Math.min(group, length - start);
            for (int i = start; i < end; i++) {
                if (x[from + i] >= bound) {
                    offer(x[from + i], i);
                }
            }
        }
        found.sort(k);
    }

    /** Finds the best of a short row by insertion, without a beginning; their places go to an array. */
    static void find(float[] x, int from, int length, int k, int[] places, int to) {
        for (int i = 0; i < length; i++) {
            float value = x[from + i];
            if (i >= k && !(value > x[from + places[to + k - 1]])) {
                continue;
            }
            int slot = Math.min(i, k - 1);
            while (slot > 0 && x[from + places[to + slot - 1]] < value) {
                places[to + slot] = places[to + slot - 1];
                slot--;
            }
            places[to + slot] = i;
        }
    }

    private void orderGroups() {
        bound = Double.NEGATIVE_INFINITY;
        placeOfBound = Integer.MAX_VALUE;
        maxima.sort(k);
        searched = maxima.count();
        if (searched > k) {
            searched = k;
            bound = maxima.value(k - 1);
        }
    }

    private boolean passes(double value, int place) {
        return value > bound || value == bound && place < placeOfBound;
    }

    private void offer(double value, int place) {
        if (!passes(value, place)) {
            return;
        }
        found.add(value, place);
        if (found.count() == room) {
            found.keep(k);
            int last = found.last();
            bound = found.value(last);
            placeOfBound = found.place(last);
        }
    }
}
