package dev.panamax.internal.format;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a file says of a model besides its numbers. In files all of it is one map of strings, in which the model's own keys
 * begin with {@link #OWN}.
 *
 * @param classNames the name of each class; empty if a file that was read has none, which makes them the numbers from 0 on
 * @param featureNames the name of each feature; empty if they have none
 * @param labelName what the label is called; empty if nothing
 * @param differences whether scores are small differences of large numbers
 * @param temperature by which the coefficients were divided; 1 for none
 * @param metadata the user's notes
 */
public record ModelNotes(
        List<String> classNames,
        List<String> featureNames,
        String labelName,
        boolean differences,
        double temperature,
        Map<String, String> metadata) {
    /** What the model's own keys begin with. */
    public static final String OWN = "panamax.";

    static final String CLASSES = OWN + "classes";
    private static final String FEATURES = OWN + "features";
    private static final String LABEL = OWN + "label";
    private static final String DIFFERENCES = OWN + "differences";
    private static final String TEMPERATURE = OWN + "temperature";

    /** How many own keys there are. */
    static final int OWN_NOTES = 5;

    /** All notes, in the order of their keys. */
    Map<String, String> toMap() {
        Map<String, String> map = new TreeMap<>(metadata);
        if (!areNumbers(classNames)) {
            map.put(CLASSES, Json.quoted(classNames));
        }
        if (!featureNames.isEmpty()) {
            map.put(FEATURES, Json.quoted(featureNames));
        }
        if (!labelName.isEmpty()) {
            map.put(LABEL, labelName);
        }
        if (differences) {
            map.put(DIFFERENCES, "true");
        }
        if (temperature != 1) {
            map.put(TEMPERATURE, Double.toString(temperature));
        }
        return map;
    }

    /** Names that readers put there by themselves. */
    private static boolean areNumbers(List<String> classNames) {
        return IntStream.range(0, classNames.size())
                .allMatch(c -> classNames.get(c).equals(Integer.toString(c)));
    }

    /**
     * The notes of a file.
     *
     * @param map what {@link #toMap} gave; the own keys are taken out
     */
    static ModelNotes of(Map<String, String> map, int features, int classes) {
        List<String> classNames = names(map.remove(CLASSES), CLASSES, classes);
        List<String> featureNames = names(map.remove(FEATURES), FEATURES, features);
        String label = map.remove(LABEL);
        String differences = map.remove(DIFFERENCES);
        if (differences != null && !differences.equals("true")) {
            throw new IllegalArgumentException(
                    "it has the note " + DIFFERENCES + " \"" + differences + "\", not \"true\"");
        }
        double temperature = temperature(map.remove(TEMPERATURE));
        return new ModelNotes(
                classNames, featureNames, label == null ? "" : label, differences != null, temperature, map);
    }

    private static List<String> names(String table, String key, int count) {
        if (table == null) {
            return List.of();
        }
        Json json = new Json(table);
        List<String> names = json.strings(count);
        json.end();
        if (names.size() < count) {
            throw new IllegalArgumentException(
                    "it has the note " + key + " with " + names.size() + " names, not " + count);
        }
        return names;
    }

    private static double temperature(String note) {
        double temperature = Double.NaN;
        try {
            temperature = note == null ? 1 : Double.parseDouble(note);
        } catch (NumberFormatException e) {
            // NaN is refused, too.
        }
        if (!(temperature > 0 && temperature <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "it has the note " + TEMPERATURE + " \"" + note + "\", not a finite number above 0");
        }
        return temperature;
    }

    /** A bound of the characters that a file needs for them, which takes little to find. */
    long leastLength() {
        long least = 0;
        for (List<String> names : List.of(classNames, featureNames)) {
            for (String name : names) {
                least += name.length();
            }
        }
        for (Map.Entry<String, String> note : metadata.entrySet()) {
            least += note.getKey().length() + note.getValue().length();
        }
        return least + labelName.length();
    }
}
