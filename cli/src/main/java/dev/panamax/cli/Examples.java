package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.Features;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What a file holds: rows of features, each with a label.
 *
 * @param source where they come from
 * @param features finite numbers
 * @param labels for each row, an index into {@code classNames}; empty if there are none
 * @param classNames the label table
 * @param weights what each row weighs; null for ones
 */
record Examples(String source, Features features, int[] labels, List<String> classNames, float[] weights) {
    static Examples unlabelled(String source, Features features) {
        return new Examples(source, features, new int[0], List.of(), null);
    }

    /** Examples whose table is that of the labels that occur. */
    static Examples of(String source, Features features, List<String> labels, float[] weights) {
        List<String> names = Numbers.sorted(new LinkedHashSet<>(labels));
        Map<String, Integer> index = index(names);
        int[] places = labels.stream().mapToInt(index::get).toArray();
        return new Examples(source, features, places, names, weights);
    }

    /** For learning, which needs two classes. */
    Dataset dataset() {
        if (classNames.size() < 2) {
            throw new InputException(
                    source + ": every label is " + classNames.getFirst() + ", but learning needs two classes or more");
        }
        return dataset(labels, classNames);
    }

    /** For comparison with examples or a model that have a label table of their own. */
    Dataset under(List<String> known, int knownFeatures, String knownSource) {
        checkFeatures(knownFeatures, knownSource);
        Map<String, Integer> index = index(known);
        int[] places = new int[labels.length];
        Arrays.setAll(places, row -> {
            String name = classNames.get(labels[row]);
            Integer place = index.get(name);
            if (place == null) {
                throw new InputException(source + ", example " + (row + 1) + " has the label " + name
                        + ", which is not among those of " + knownSource + ": " + TrainReport.abbreviated(known));
            }
            return place;
        });
        return dataset(places, known);
    }

    private Dataset dataset(int[] places, List<String> names) {
        Dataset data = Dataset.of(features, places, names);
        try {
            return weights == null ? data : data.withRowWeights(weights);
        } catch (IllegalArgumentException e) {
            throw new InputException(source + ": " + e.getMessage(), e);
        }
    }

    void checkFeatures(int known, String knownSource) {
        if (features.cols() != known) {
            throw new InputException(
                    source + " has " + features.cols() + " features, but " + knownSource + " has " + known);
        }
    }

    private static Map<String, Integer> index(List<String> names) {
        Map<String, Integer> index = new HashMap<>();
        names.forEach(name -> index.put(name, index.size()));
        return index;
    }
}
