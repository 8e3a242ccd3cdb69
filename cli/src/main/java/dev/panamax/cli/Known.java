package dev.panamax.cli;

import dev.panamax.learn.SoftmaxRegression;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a model, or the examples that a model learns from, knows of its data: other examples have to agree with it.
 *
 * @param source what knows it
 * @param classNames the label table; empty if nothing is known yet
 * @param features how many there are; 0 if nothing is known yet
 * @param featureNames the name of each; empty if they have none
 * @param labelName the name of the label's column; empty if it has none
 * @param notes what the program notes in models
 */
record Known(
        String source,
        List<String> classNames,
        int features,
        List<String> featureNames,
        String labelName,
        Map<String, String> notes) {
    /** Nothing is known yet. */
    static final Known NOTHING = new Known("", List.of(), 0, List.of(), "", Map.of());

    /** The number of the label's column, where it has no name. */
    static final String LABEL_COLUMN = "data.labelColumn";
    /** The number of the lines that were skipped. */
    static final String SKIPPED_LINES = "data.skippedLines";
    /** The names of the columns that are no features, as a line of CSV. */
    static final String OTHER_COLUMNS = "data.otherColumns";
    /** The numbers of the columns that are no features, from 1, as a line of CSV. */
    static final String OTHER_NUMBERS = "data.otherNumbers";
    /** The names of the columns that hold categories, as a line of CSV. */
    static final String CATEGORICAL_COLUMNS = "data.categoricalColumns";
    /** What stands for a feature that is missing: a number for each, as a line of CSV. */
    static final String MEANS = "data.means";
    /** That features are as they are in files: pixels of pictures are from 0 to 255. Older models want them from 0 to 1. */
    static final String UNSCALED = "data.unscaled";

    static Known of(SoftmaxRegression model, String source) {
        return new Known(
                source,
                model.classNames(),
                model.featureCount(),
                model.featureNames(),
                model.labelName(),
                model.metadata());
    }

    static Known of(Examples examples) {
        return new Known(
                examples.source(),
                examples.classNames(),
                examples.features().cols(),
                examples.featureNames(),
                examples.labelName(),
                examples.notes());
    }

    /** The model with the program's notes. */
    static SoftmaxRegression noted(SoftmaxRegression model, Examples examples) {
        Map<String, String> notes = new HashMap<>(model.metadata());
        notes.putAll(examples.notes());
        return model.withMetadata(notes);
    }

    boolean isModel() {
        return features > 0;
    }

    /** Whether features are as they are in files. */
    boolean isUnscaled() {
        return !isModel() || notes.containsKey(UNSCALED);
    }

    /** The lines to skip unless an option says otherwise. */
    int skippedLines() {
        String lines = notes.getOrDefault(SKIPPED_LINES, "0");
        return lines.matches("\\d{1,9}") ? Integer.parseInt(lines) : 0;
    }

    /** The label's column, or null. */
    Column labelColumn() {
        String number = notes.get(LABEL_COLUMN);
        return number == null || !number.matches("-?\\d{1,9}") ? null : new Column(number);
    }

    /** The names of columns that are no features. */
    List<String> otherColumns() {
        return CsvLine.parse(notes.getOrDefault(OTHER_COLUMNS, ""));
    }

    /** The numbers, from 1, of columns that are no features. */
    List<String> otherNumbers() {
        return CsvLine.parse(notes.getOrDefault(OTHER_NUMBERS, ""));
    }

    /** How many columns a table has that is like that of training: features, the label and others. */
    int tableColumns() {
        return features + 1 + otherNumbers().size();
    }

    /** The names of columns that hold categories. */
    List<String> categoricalColumns() {
        return CsvLine.parse(notes.getOrDefault(CATEGORICAL_COLUMNS, ""));
    }

    /** The names of the columns from which the features come, those of categories among them. */
    Set<String> columns() {
        Set<String> columns = new LinkedHashSet<>(categoricalColumns());
        for (String name : featureNames) {
            if (categoricalColumns().stream().noneMatch(column -> name.startsWith(CsvRows.featureName(column, "")))) {
                columns.add(name);
            }
        }
        return columns;
    }

    /** What stands for each feature that is missing, or null. */
    float[] means() {
        List<String> texts = CsvLine.parse(notes.getOrDefault(MEANS, ""));
        if (!isModel() || texts.size() != features || !texts.stream().allMatch(Numbers::isNumber)) {
            return null;
        }
        float[] means = new float[features];
        for (int f = 0; f < features; f++) {
            means[f] = Float.parseFloat(texts.get(f));
        }
        return means;
    }
}
