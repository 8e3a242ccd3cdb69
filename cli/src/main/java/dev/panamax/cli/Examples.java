package dev.panamax.cli;

import dev.panamax.FloatMatrix;
import dev.panamax.learn.Dataset;
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
record Examples(String source, FloatMatrix features, int[] labels, List<String> classNames) {
    Examples {
        int[] one = labels;
        if (Arrays.stream(labels).allMatch(label -> label == one[0])) {
            throw new InputException(source + ": every label is " + classNames.get(labels[0])
                    + ", but learning needs two classes or more");
        }
    }

    Dataset dataset() {
        return Dataset.of(features, labels, classNames.size());
    }
}
