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
    private static final int GROUPS_FOR_ONE = 4;

    /** What is collected besides the best. */
    private static final int ROOM = LONGEST_GROUP;

    /** Up to so many elements, insertion is faster than a partition. */
    private static final int FEW = 12;

    /** Values and where they are, in the order of the row or sorted. */
    private static final class Places {
        double[] values = new double[2 * ROOM];
        int[] places = new int[2 * ROOM];
        int count;

        void clear(int room) {
            count = 0;
            if (values.length < room) {
                values = new double[room];
                places = new int[room];
            }
        }

        void add(double value, int place) {
            values[count] = value;
            places[count++] = place;
        }

        /** Sorts those that come before all but the first k. */
        void sort(int k) {
            sort(0, count, k);
        }

        private void sort(int from, int to, int k) {
            int first = from;
            int end = to;
            while (end - first > FEW && first < k) {
                int middle = partition(first, end);
                sort(first, middle, k);
                first = middle;
            }
            for (int i = first + 1; i < end && first < k; i++) {
                double value = values[i];
                int place = places[i];
                int j = i;
                for (; j > first && isBefore(value, place, j - 1); j--) {
                    values[j] = values[j - 1];
                    places[j] = places[j - 1];
                }
                values[j] = value;
                places[j] = place;
            }
        }

        /** Hoare's, around the median of three; each part has an element at least. */
        private int partition(int from, int to) {
            int middle = from + to >>> 1;
            int last = to - 1;
            int pivot = median(from, middle, last);
            double value = values[pivot];
            int place = places[pivot];
            int i = from - 1;
            int j = to;
            while (true) {
                do {
                    i++;
                } while (isAfter(value, place, i));
                do {
                    j--;
                } while (isBefore(value, place, j));
                if (i >= j) {
                    return Math.min(j + 1, last);
                }
                swap(i, j);
            }
        }

        private int median(int a, int b, int c) {
            if (isBefore(values[a], places[a], b)) {
                return isBefore(values[b], places[b], c) ? b : isBefore(values[a], places[a], c) ? c : a;
            }
            return isBefore(values[a], places[a], c) ? a : isBefore(values[b], places[b], c) ? c : b;
        }

        private void swap(int i, int j) {
            double value = values[i];
            int place = places[i];
            values[i] = values[j];
            places[i] = places[j];
            values[j] = value;
            places[j] = place;
        }

        /** Whether an element comes before the i-th. */
        private boolean isBefore(double value, int place, int i) {
            return value > values[i] || value == values[i] && place < places[i];
        }

        private boolean isAfter(double value, int place, int i) {
            return value < values[i] || value == values[i] && place > places[i];
        }
    }

    private final Places found = new Places();
    private final Places maxima = new Places();
    private int k;
    private int length;
    private int group;

    // The first element that is too late: a smaller value, or as large a one at this place or later.
    private double bound;
    private int placeOfBound;

    /** Where the i-th best is, counted from the start of the row. */
    int place(int i) {
        return found.places[i];
    }

    /** The room that this has, in floats. */
    long elements() {
        return 3L * (found.values.length + maxima.values.length);
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
        found.clear(k + ROOM);
    }

    /** Finds the best of the row that was begun with. */
    void find(Kernels kernels, float[] x, int from) {
        orderGroups();
        for (int g = 0; g < maxima.count && passes(maxima.values[g], maxima.places[g]); g++) {
            int start = maxima.places[g];
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
        for (int g = 0; g < maxima.count && passes(maxima.values[g], maxima.places[g]); g++) {
            int start = maxima.places[g];
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
        if (maxima.count > k) {
            maxima.count = k;
            bound = maxima.values[k - 1];
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
        if (found.count == k + ROOM) {
            found.sort(k);
            found.count = k;
            bound = found.values[k - 1];
            placeOfBound = found.places[k - 1];
        }
    }
}
