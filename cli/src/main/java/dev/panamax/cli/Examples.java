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
 * @param featureNames the name of each feature; empty if they have none
 * @param labelName the name of the label's column; empty if it has none
 * @param header whether the first line of the file is a header; null if it can have none
 * @param notes what a model shall remember of the file
 */
record Examples(
        String source,
        Features features,
        int[] labels,
        List<String> classNames,
        float[] weights,
        List<String> featureNames,
        String labelName,
        Boolean header,
        Map<String, String> notes) {
    static Examples unlabelled(String source, Features features) {
        return of(source, features, List.of(), null);
    }

    /** Examples whose table is that of the labels that occur. */
    static Examples of(String source, Features features, List<String> labels, float[] weights) {
        List<String> names = Numbers.sorted(new LinkedHashSet<>(labels));
        Map<String, Integer> index = index(names);
        int[] places = labels.stream().mapToInt(index::get).toArray();
        return new Examples(source, features, places, names, weights, List.of(), "", null, Map.of())
                .described(List.of(), "", null, Map.of());
    }

    /** The same examples with what is known of their table. */
    Examples described(List<String> names, String label, Boolean hasHeader, Map<String, String> remembered) {
        Map<String, String> all = new HashMap<>(remembered);
        all.put(Known.UNSCALED, "true");
        return new Examples(source, features, labels, classNames, weights, names, label, hasHeader, Map.copyOf(all));
    }

    /** For learning, which needs two classes. */
    Dataset dataset() {
        if (classNames.size() < 2) {
            throw new InputException(
                    source + ": every label is " + classNames.getFirst() + ", but learning needs two classes or more"
                            + (header == null ? "" : "; --label says which column is the label"));
        }
        return dataset(labels, classNames);
    }

    /** For comparison with examples or a model that have a label table of their own. */
    Dataset under(Known known) {
        checkFeatures(known);
        Map<String, Integer> index = index(known.classNames());
        int[] places = new int[labels.length];
        Arrays.setAll(places, row -> {
            String name = classNames.get(labels[row]);
            Integer place = index.get(name);
            if (place == null) {
                boolean number = index.containsKey(Numbers.plain(name));
                throw new InputException(source + ", example " + (row + 1) + " has the label " + name
                        + ", which is not among those of " + known.source() + ": "
                        + TrainReport.abbreviated(known.classNames())
                        + (number ? "; --label-type number takes it for " + Numbers.plain(name) : ""));
            }
            return place;
        });
        return dataset(places, known.classNames());
    }

    private Dataset dataset(int[] places, List<String> names) {
        Dataset data = Dataset.of(features, places, names).withLabelName(labelName);
        try {
            Dataset named = featureNames.isEmpty() ? data : data.withFeatureNames(featureNames);
            return weights == null ? named : named.withRowWeights(weights);
        } catch (IllegalArgumentException e) {
            throw new InputException(source + ": " + e.getMessage(), e);
        }
    }

    void checkFeatures(Known known) {
        if (features.cols() != known.features()) {
            throw new InputException(source + " has " + features.cols() + " features, but " + known.source() + " has "
                    + known.features());
        }
    }

    /** The place of each name. */
    static Map<String, Integer> index(List<String> names) {
        Map<String, Integer> index = new HashMap<>();
        names.forEach(name -> index.put(name, index.size()));
        return index;
    }
}
