package dev.panamax.cli;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.Features;
import java.util.Arrays;
import java.util.List;

/**
 * What a file holds: rows of features, each with a label.
 *
 * @param source where they come from
 * @param features finite numbers
 * @param labels for each row, an index into {@code classNames}
 * @param classNames the label table
 */
record Examples(String source, Features features, int[] labels, List<String> classNames) {
    Examples {
        int[] one = labels;
        if (Arrays.stream(labels).allMatch(label -> label == one[0])) {
            throw new InputException(source + ": every label is " + classNames.get(labels[0])
                    + ", but learning needs two classes or more");
        }
    }

    /** The examples with the label table of others. */
    Dataset under(List<String> known) {
        int[] places = new int[labels.length];
        for (int row = 0; row < places.length; row++) {
            places[row] = known.indexOf(classNames.get(labels[row]));
            if (places[row] < 0) {
                throw new InputException(source + ", example " + (row + 1) + " has the label "
                        + classNames.get(labels[row]) + ", which is not among " + String.join(", ", known));
            }
        }
        return Dataset.of(features, places, known);
    }

    Dataset dataset() {
        return Dataset.of(features, labels, classNames);
    }
}
