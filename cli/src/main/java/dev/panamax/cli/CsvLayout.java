package dev.panamax.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** What each column of a table is, as its first line, the options and the model say. */
final class CsvLayout {
    /** In {@link #places}: neither feature nor label nor weight. */
    static final int NOTHING = -1;

    static final int LABEL = -2;
    static final int WEIGHT = -3;
    static final int CATEGORY = -4;

    private final CsvOptions options;
    private final Known known;
    private final boolean labelled;
    private final String source;
    private final long line;
    private final List<String> fields;
    private final boolean header;
    private final int label;
    private final int weight;
    /** The numbers of columns that are no features, which the model and no option says. */
    private final Set<String> others;

    private final int[] places;
    private final List<String> featureNames;

    /**
     * Decides.
     *
     * @param first the fields of the first line
     * @param line its number
     * @param labelled whether labels matter
     */
    CsvLayout(List<String> first, long line, CsvOptions options, Known known, boolean labelled, String source) {
        this.options = options;
        this.known = known;
        this.labelled = labelled;
        this.source = source;
        this.line = line;
        fields = first.stream()
                .map(field -> CsvCells.stripped(field, () -> source + ", line " + line))
                .toList();
        boolean[] features = new boolean[fields.size()];
        Arrays.fill(features, true);
        label = labelColumn();
        weight = options.weight() == null ? -1 : options.weight().in(fields, options.header(), source);
        if (label >= 0 && label == weight) {
            throw new InputException("column " + (label + 1) + " of " + source + " cannot be label and weight");
        }
        chooseFeatures(features);
        Set<Integer> categorical = categoricalColumns(features);
        boolean asked = !options.features().isEmpty() || !options.drop().isEmpty();
        others = asked ? Set.of() : new LinkedHashSet<>(known.otherNumbers());
        boolean[] inOrder = withoutOthers(features);
        header = decideHeader(inOrder, categorical);
        // Until here, numbers could be names.
        options.columns().forEach(column -> column.in(fields, header, source));
        DataSource.require(header || categorical.isEmpty(), "--categorical needs a table with a header");
        boolean named = header && !known.featureNames().isEmpty();
        places = named ? placesByName(features) : placesInOrder(inOrder);
        if (label >= 0) {
            places[label] = labelled ? LABEL : NOTHING;
        }
        if (weight >= 0) {
            places[weight] = WEIGHT;
        }
        featureNames = named ? known.featureNames() : names();
        if (!known.isModel()) {
            categorical.forEach(column -> places[column] = CATEGORY);
        }
    }

    private Set<Integer> categoricalColumns(boolean[] features) {
        Set<Integer> categorical = new HashSet<>();
        for (Column column : options.categorical()) {
            int index = column.in(fields, options.header(), source);
            DataSource.require(
                    features[index],
                    "--categorical has column " + (index + 1) + " of " + source + ", which is no feature");
            categorical.add(index);
        }
        for (int column : categorical) {
            DataSource.require(
                    !known.isModel() || known.categoricalColumns().contains(fields.get(column)),
                    "--categorical has \"" + fields.get(column) + "\", which had no categories when " + known.source()
                            + " was trained");
        }
        return categorical;
    }

    private int labelColumn() {
        if (options.label() != null) {
            return options.label().in(fields, options.header(), source);
        }
        String name = known.labelName();
        if (!name.isEmpty() && fields.contains(name)) {
            return new Column(name).named(fields, source);
        }
        if (isHeaderOfModel()) {
            if (labelled && !name.isEmpty()) {
                throw new InputException(source + " has no column \"" + name + "\", the label of " + known.source()
                        + "; --label says which column is the label");
            }
            return labelled ? Column.LAST.numbered(fields.size(), source) : -1;
        }
        Column numbered = known.labelColumn();
        if (labelled) {
            return (numbered == null ? Column.LAST : numbered).numbered(fields.size(), source);
        }
        // Without a name, a table that has as many columns as that of training has the label, too.
        boolean room = numbered != null && fields.size() == known.tableColumns();
        return room ? numbered.numbered(fields.size(), source) : -1;
    }

    private void chooseFeatures(boolean[] features) {
        if (fields.size() < 2 && labelled) {
            boolean libsvm = fields.getFirst().matches("(\\S+ )?\\d+:\\S+( .*)?");
            throw new InputException(source + ", line " + line
                    + " has one field only; a feature and a label are needed, separated by commas, semicolons or"
                    + " tabs, or by what --separator says"
                    + (libsvm ? "; --format libsvm reads what it looks like" : ""));
        }
        if (!options.features().isEmpty()) {
            Arrays.fill(features, false);
            options.features().forEach(column -> features[column.in(fields, options.header(), source)] = true);
        }
        options.drop().forEach(column -> features[column.in(fields, options.header(), source)] = false);
        for (int column : new int[] {label, weight}) {
            if (column >= 0) {
                features[column] = false;
            }
        }
        if (count(features) == 0) {
            throw new InputException(source + ", line " + line + " has no column left for a feature");
        }
    }

    /** Without names, the columns that were no features in training are known by their numbers. */
    private boolean[] withoutOthers(boolean[] features) {
        boolean[] left = features.clone();
        if (!others.isEmpty() && isLikeTraining()) {
            for (int column = 0; column < left.length; column++) {
                boolean behindLabel = label < 0 && column >= trainedLabel();
                left[column] &= !others.contains(Integer.toString(column + (behindLabel ? 2 : 1)));
            }
        }
        return left;
    }

    /** Whether the table has the columns of that of training, with or without the label. */
    private boolean isLikeTraining() {
        int columns = known.tableColumns();
        return label < 0 ? fields.size() == columns - 1 : fields.size() == columns && label == trainedLabel();
    }

    private int trainedLabel() {
        Column numbered = known.labelColumn();
        return (numbered == null ? Column.LAST : numbered).numbered(known.tableColumns(), known.source());
    }

    private static int count(boolean[] features) {
        int count = 0;
        for (boolean feature : features) {
            count += feature ? 1 : 0;
        }
        return count;
    }

    /** A header has a name for each feature, that no row could have in its place. */
    private boolean decideHeader(boolean[] features, Set<Integer> categorical) {
        if (options.header() != null) {
            return options.header();
        }
        if (options.areNamed() || isHeaderOfModel()) {
            return true;
        }
        int name = -1;
        int number = -1;
        for (int column = 0; column < features.length; column++) {
            if (categorical.contains(column)) {
                continue;
            }
            if (features[column] && isName(fields.get(column))) {
                name = name < 0 ? column : name;
            } else if (features[column]) {
                number = number < 0 ? column : number;
            }
        }
        if (name >= 0 && number >= 0) {
            String other = fields.get(number);
            throw new InputException(source + ", line " + line + " may be a header or a row: column " + (name + 1)
                    + " is \"" + fields.get(name) + "\", not a number, but column " + (number + 1) + " is "
                    + (other.isEmpty() ? "empty" : other) + "; say --header or --no-header");
        }
        return name >= 0;
    }

    private boolean isHeaderOfModel() {
        return !known.featureNames().isEmpty() && fields.containsAll(known.columns());
    }

    private static boolean isName(String field) {
        return !CsvCells.isMissing(field) && !Numbers.isNumber(field);
    }

    private int[] placesInOrder(boolean[] features) {
        if (!known.categoricalColumns().isEmpty()) {
            throw new InputException(source + " does not name its columns, but " + known.source()
                    + " has columns of categories, which are found by their names");
        }
        if (!others.isEmpty() && !isLikeTraining()) {
            throw new InputException(source + " has " + fields.size() + " columns"
                    + (options.label() == null ? "" : ", of which " + (label + 1) + " is the label")
                    + ", but " + known.source() + " was trained on " + known.tableColumns() + ", of which "
                    + (trainedLabel() + 1) + " is the label and no features are " + Text.names(List.copyOf(others))
                    + "; --features says which columns are features");
        }
        int[] order = new int[features.length];
        int place = 0;
        for (int column = 0; column < features.length; column++) {
            order[column] = features[column] ? place++ : NOTHING;
        }
        if (known.isModel() && place != known.features()) {
            boolean oneMore = place == known.features() + 1 && options.label() == null && label < 0;
            throw new InputException(source + " has " + place + " features, but " + known.source() + " has "
                    + known.features() + (oneMore ? "; if one column is the label, --label says which" : ""));
        }
        return order;
    }

    /** Columns are found by the names that the model knows, in any order. */
    private int[] placesByName(boolean[] features) {
        Map<String, Integer> wanted = Examples.index(known.featureNames());
        List<String> categorical = known.categoricalColumns();
        Set<String> columns = known.columns();
        Set<String> others = new HashSet<>(known.otherColumns());
        int[] order = new int[features.length];
        Set<String> found = new HashSet<>();
        List<String> unknown = new ArrayList<>();
        for (int column = 0; column < features.length; column++) {
            String name = fields.get(column);
            boolean taken = features[column] && columns.contains(name);
            order[column] = !taken ? NOTHING : categorical.contains(name) ? CATEGORY : wanted.get(name);
            if (taken && !found.add(name)) {
                new Column(name).named(fields, source);
            }
            if (features[column] && !taken && !others.contains(name)) {
                unknown.add(name);
            }
        }
        List<String> missing =
                columns.stream().filter(name -> !found.contains(name)).toList();
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            String lacks = missing.isEmpty() ? "" : " lacks the features " + Text.names(missing);
            String has = unknown.isEmpty() ? "" : " has the columns " + Text.names(unknown);
            throw new InputException(source
                    + lacks
                    + (lacks.isEmpty() || has.isEmpty() ? "" : " and")
                    + has
                    + (has.isEmpty() ? " of " : ", which are none of ")
                    + known.source()
                    + (has.isEmpty() ? "" : "; --drop leaves columns out"));
        }
        return order;
    }

    /** The features' names, by which a model finds them, so that no two may be the same. */
    private List<String> names() {
        if (!header || known.isModel()) {
            return List.of();
        }
        Map<String, Integer> names = new LinkedHashMap<>();
        for (int column = 0; column < places.length; column++) {
            if (places[column] >= 0) {
                String name = fields.get(column);
                boolean isLabel = label >= 0 && fields.get(label).equals(name);
                if (names.put(name, column) != null || isLabel) {
                    throw new InputException(
                            source + " has two columns \"" + name + "\", number " + (fields.indexOf(name) + 1) + " and "
                                    + (fields.lastIndexOf(name) + 1) + "; --drop with a number leaves one out");
                }
            }
        }
        return List.copyOf(names.keySet());
    }

    int columns() {
        return fields.size();
    }

    boolean hasHeader() {
        return header;
    }

    boolean hasWeights() {
        return weight >= 0;
    }

    /** What each column is: the index of a feature, {@link #LABEL}, {@link #WEIGHT} or {@link #NOTHING}. */
    int[] places() {
        return places;
    }

    /** For each column that is a feature or holds categories, whether it holds categories. */
    boolean[] categorical() {
        List<Boolean> all = Arrays.stream(places)
                .filter(place -> place >= 0 || place == CATEGORY)
                .mapToObj(place -> place == CATEGORY)
                .toList();
        boolean[] categorical = new boolean[all.size()];
        for (int column = 0; column < categorical.length; column++) {
            categorical[column] = all.get(column);
        }
        return categorical;
    }

    /** What a column is called. */
    String name(int column) {
        return fields.get(column);
    }

    /** A column in words: its name, or its number. */
    String column(int column) {
        return header ? fields.get(column) : "column " + (column + 1);
    }

    List<String> featureNames() {
        return featureNames;
    }

    String labelName() {
        return header && label >= 0 ? fields.get(label) : "";
    }

    /** What a model shall remember of the file. */
    Map<String, String> notes(int skippedLines) {
        Map<String, String> notes = new HashMap<>();
        if (label >= 0) {
            boolean fromBehind = label >= places.length / 2;
            notes.put(Known.LABEL_COLUMN, Integer.toString(fromBehind ? label - places.length : label + 1));
        }
        if (skippedLines > 0) {
            notes.put(Known.SKIPPED_LINES, Integer.toString(skippedLines));
        }
        List<Integer> others = IntStream.range(0, places.length)
                .filter(column -> places[column] == NOTHING || places[column] == WEIGHT)
                .boxed()
                .toList();
        if (!others.isEmpty()) {
            List<String> numbers =
                    others.stream().map(column -> Integer.toString(column + 1)).toList();
            notes.put(Known.OTHER_NUMBERS, CsvLine.of(numbers));
        }
        if (header) {
            if (!others.isEmpty()) {
                notes.put(
                        Known.OTHER_COLUMNS,
                        CsvLine.of(others.stream().map(fields::get).toList()));
            }
            List<String> categorical = IntStream.range(0, places.length)
                    .filter(column -> places[column] == CATEGORY)
                    .mapToObj(fields::get)
                    .toList();
            if (!categorical.isEmpty()) {
                notes.put(Known.CATEGORICAL_COLUMNS, CsvLine.of(categorical));
            }
        }
        return notes;
    }

    /** Where a field is, in words. */
    String place(long lineNumber, int column) {
        String name = header ? " (" + fields.get(column) + ")" : "";
        return source + ", line " + lineNumber + ", column " + (column + 1) + name;
    }
}
