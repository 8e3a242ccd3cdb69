package dev.panamax.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a table from which a model shall learn: numbers, some of which may be missing, and categories, each of which
 * becomes a feature of its own when all of them are known.
 */
final class CsvRows {
    /** In the place of a number that is missing. */
    static final float MISSING = Float.NaN;

    private final List<String> names;
    /** For each column its categories; null where there are numbers. */
    private final List<Map<String, String>> categories = new ArrayList<>();

    private final FloatList numbers = new FloatList();
    private final List<String> texts = new ArrayList<>();
    private int rows;

    /**
     * No rows yet.
     *
     * @param names the name of each column; empty if they have none
     * @param categorical for each column, whether it holds categories
     */
    CsvRows(List<String> names, boolean[] categorical) {
        this.names = names;
        for (boolean categories : categorical) {
            this.categories.add(categories ? new HashMap<>() : null);
        }
    }

    /**
     * Adds a row.
     *
     * @param values a number for each column, or {@link #MISSING}; where there are categories, of no meaning
     * @param texts the category of each column; where there are numbers, null
     */
    void add(float[] values, String[] texts) {
        for (int column = 0; column < values.length; column++) {
            if (categories.get(column) == null) {
                numbers.add(values[column]);
            } else {
                // Equal categories share one string.
                this.texts.add(categories.get(column).computeIfAbsent(texts[column], text -> text));
            }
        }
        rows++;
    }

    int rows() {
        return rows;
    }

    /** The features' names, with one for each category. */
    List<String> featureNames() {
        List<String> all = new ArrayList<>();
        for (int column = 0; column < categories.size() && !names.isEmpty(); column++) {
            String name = names.get(column);
            if (categories.get(column) == null) {
                all.add(name);
            } else {
                sorted(column).forEach(category -> all.add(featureName(name, category)));
            }
        }
        return all;
    }

    /** What the feature of a category is called. */
    static String featureName(String column, String category) {
        return column + "=" + category;
    }

    private List<String> sorted(int column) {
        return Numbers.sorted(categories.get(column).keySet());
    }

    /** The features, row after row; where nothing is known, {@link #MISSING}. */
    float[] features() {
        int width = 0;
        int[] starts = new int[categories.size()];
        List<Map<String, Integer>> places = new ArrayList<>();
        for (int column = 0; column < starts.length; column++) {
            starts[column] = width;
            places.add(categories.get(column) == null ? null : Examples.index(sorted(column)));
            width += places.get(column) == null ? 1 : places.get(column).size();
        }
        float[] cells = new float[Math.multiplyExact(rows, width)];
        int number = 0;
        int text = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < starts.length; column++) {
                int cell = row * width + starts[column];
                if (places.get(column) == null) {
                    cells[cell] = numbers.get(number++);
                } else {
                    cells[cell + places.get(column).get(texts.get(text++))] = 1;
                }
            }
        }
        return cells;
    }
}
