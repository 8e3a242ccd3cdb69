package dev.panamax.internal.rows;

/** Values and where they are. A larger value comes before a smaller one, of equal ones that with the smaller place. */
final class RankedPlaces {
    /** Up to so many elements, insertion is faster than a partition. */
    private static final int FEW = 12;

    private double[] values = new double[128];
    private int[] places = new int[128];
    private int count;

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

    int count() {
        return count;
    }

    double value(int i) {
        return values[i];
    }

    int place(int i) {
        return places[i];
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

    /** Keeps the first k, in any order. */
    void keep(int k) {
        int from = 0;
        int end = count;
        while (from < k && end > k) {
            int middle = partition(from, end);
            if (middle <= k) {
                from = middle;
            } else {
                end = middle;
            }
        }
        count = Math.min(count, k);
    }

    /** Which one comes after all others. */
    int last() {
        int last = 0;
        for (int i = 1; i < count; i++) {
            last = isBefore(values[last], places[last], i) ? i : last;
        }
        return last;
    }

    /**
     * Hoare's partition: the elements before the result come before the others, of which there is one at least on either
     * side. The pivot is the median of three from anywhere: of three from certain places, rows whose logits rise and fall
     * make as many partitions as there are elements.
     */
    int partition(int from, int to) {
        int last = to - 1;
        int pivot = median(anywhere(from, to, 1), anywhere(from, to, 2), anywhere(from, to, 3));
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

    private static int anywhere(int from, int to, int which) {
        long bits = CounterRandom.bits(from, which) >>> 33;
        return from + (int) (bits * (to - from) >>> 31);
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

    /** The room that this has, in floats. */
    long elements() {
        return 3L * values.length;
    }
}
