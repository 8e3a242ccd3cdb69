package dev.panamax.cli;

import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.Features;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

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
 * @param origin where each row stands in it
 * @param incomplete the features row after row, with {@link CsvRows#MISSING} where means shall stand instead of the zeros
 *     in {@code features}; null if none shall
 * @param gaps what was missing in the file
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
        Map<String, String> notes,
        Origin origin,
        float[] incomplete,
        MissingCells gaps) {
    static Examples unlabelled(String source, Features features) {
        return of(source, features, List.of(), null);
    }

    /** Examples whose table is that of the labels that occur. */
    static Examples of(String source, Features features, List<String> labels, float[] weights) {
        List<String> names = Numbers.sorted(new LinkedHashSet<>(labels));
        Map<String, Integer> index = index(names);
        int[] places = labels.stream().mapToInt(index::get).toArray();
        return new Examples(
                        source,
                        features,
                        places,
                        names,
                        weights,
                        List.of(),
                        "",
                        null,
                        Map.of(),
                        Origin.ROWS,
                        null,
                        MissingCells.NONE)
                .described(List.of(), "", null, Map.of());
    }

    /** The same examples with what is known of their table. */
    Examples described(List<String> names, String label, Boolean hasHeader, Map<String, String> remembered) {
        Map<String, String> all = new HashMap<>(remembered);
        all.put(Known.UNSCALED, "true");
        return new Examples(
                source,
                features,
                labels,
                classNames,
                weights,
                names,
                label,
                hasHeader,
                Map.copyOf(all),
                origin,
                incomplete,
                gaps);
    }

    /** The same examples, whose rows stand there. */
    Examples from(Origin place) {
        return new Examples(
                source,
                features,
                labels,
                classNames,
                weights,
                featureNames,
                labelName,
                header,
                notes,
                place,
                incomplete,
                gaps);
    }

    /** The same examples of a file in which something was missing; some features may still be to be {@linkplain #filled filled}. */
    Examples lacking(float[] cells, MissingCells missing) {
        return with(features, cells, missing);
    }

    private Examples with(float[] cells) {
        return with(Features.of(FloatMatrix.of(cells, features.rows(), features.cols())), null, gaps);
    }

    private Examples with(Features others, float[] cells, MissingCells missing) {
        return new Examples(
                source,
                others,
                labels,
                classNames,
                weights,
                featureNames,
                labelName,
                header,
                notes,
                origin,
                cells,
                missing);
    }

    boolean isWeighted() {
        return weights != null;
    }

    /** Whether any number is missing. */
    boolean isIncomplete() {
        for (int i = 0; incomplete != null && i < incomplete.length; i++) {
            if (Float.isNaN(incomplete[i])) {
                return true;
            }
        }
        return false;
    }

    /**
     * The same examples with a mean in the place of each number that is missing, which the model shall remember.
     *
     * @param training the rows whose mean it is
     */
    Examples filled(UnaryOperator<Dataset> training) {
        if (incomplete == null) {
            return this;
        }
        float[] known = new float[incomplete.length];
        for (int i = 0; i < known.length; i++) {
            known[i] = Float.isNaN(incomplete[i]) ? 0 : 1;
        }
        // The mean of what is known is that of all, with zeros for the others, over the share that is known.
        double[] means = training.apply(dataset()).columnStatistics().means();
        double[] shares =
                training.apply(with(known).dataset()).columnStatistics().means();
        List<String> texts = new ArrayList<>();
        for (int f = 0; f < means.length; f++) {
            if (!(shares[f] > 0)) {
                throw new InputException(
                        source + ": feature " + (f + 1) + " is missing in every training row that counts");
            }
            means[f] /= shares[f];
            texts.add(Float.toString((float) means[f]));
        }
        float[] cells = incomplete.clone();
        for (int i = 0; i < cells.length; i++) {
            cells[i] = Float.isNaN(cells[i]) ? (float) means[i % means.length] : cells[i];
        }
        Map<String, String> remembered = new HashMap<>(notes);
        remembered.put(Known.MEANS, CsvLine.of(texts));
        return with(cells).described(featureNames, labelName, header, remembered);
    }

    /** For learning, which needs two classes. */
    Dataset dataset() {
        if (classNames.size() < 2) {
            throw new InputException(
                    source + ": every label is " + classNames.getFirst() + ", but learning needs two classes or more"
                            + (header == null ? "" : "; --label says which column is the label"));
        }
        Dataset data = dataset(labels, classNames);
        requireWeights();
        return data;
    }

    /** No class can be learned whose rows all weigh nothing. */
    private void requireWeights() {
        boolean[] weigh = new boolean[classNames.size()];
        for (int row = 0; row < labels.length; row++) {
            weigh[labels[row]] |= weights == null || weights[row] > 0;
        }
        for (int c = 0; c < weigh.length; c++) {
            DataSource.require(weigh[c], source + ": every row with the label " + classNames.get(c) + " weighs 0");
        }
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
                        + Text.names(known.classNames())
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
