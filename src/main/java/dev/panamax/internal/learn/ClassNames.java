package dev.panamax.internal.learn;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;

/** Tables of names of classes, and of features. */
public final class ClassNames {
    private static final int LISTED = 10;

    private ClassNames() {}

    /** The numbers from 0 on, for classes that have no names; they take no memory. */
    private static final class Numbers extends AbstractList<String> implements RandomAccess {
        private final int size;

        Numbers(int size) {
            this.size = size;
        }

        @Override
        public String get(int index) {
            return Integer.toString(Objects.checkIndex(index, size));
        }

        @Override
        public int size() {
            return size;
        }
    }

    public static List<String> numbers(int classes) {
        return new Numbers(Checks.positive(classes, "classes"));
    }

    /** Names for a message, the first ones of many. */
    public static String listed(List<String> names) {
        int more = names.size() - LISTED;
        return more <= 0 ? names.toString() : names.subList(0, LISTED) + " and " + more + " more";
    }

    /** The distinct names in their natural order. */
    public static List<String> distinct(String[] labels) {
        notNull(labels);
        return Arrays.stream(labels).distinct().sorted().toList();
    }

    /**
     * A copy of a table in which no name occurs twice.
     *
     * @param argument what the table is called in messages
     */
    public static List<String> checked(List<String> names, String argument) {
        if (names instanceof Numbers) {
            return names;
        }
        Objects.requireNonNull(names, argument);
        List<String> copy = List.copyOf(names);
        Checks.positive(copy.size(), "the number of " + argument);
        HashSet<String> seen = new HashSet<>();
        for (String name : copy) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException(argument + " has \"" + name + "\" twice");
            }
        }
        return copy;
    }

    /** The place of each label in the table. */
    public static int[] indices(String[] labels, List<String> names) {
        notNull(labels);
        Map<String, Integer> index = new HashMap<>();
        names.forEach(name -> index.put(name, index.size()));
        int[] indices = new int[labels.length];
        for (int row = 0; row < labels.length; row++) {
            Integer found = index.get(labels[row]);
            if (found == null) {
                throw new IllegalArgumentException(
                        "labels[" + row + "] is \"" + labels[row] + "\", which is not among the classNames");
            }
            indices[row] = found;
        }
        return indices;
    }

    private static void notNull(String[] labels) {
        for (int row = 0; row < labels.length; row++) {
            Objects.requireNonNull(labels[row], "labels[" + row + "]");
        }
    }
}
