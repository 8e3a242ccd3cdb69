package dev.panamax.learn;

import dev.panamax.internal.learn.ClassNames;
import java.util.List;
import java.util.Objects;

/**
 * What the classes, the features and the label of examples or of a model are called.
 *
 * @param classes the name of each class, no two of them equal
 * @param features the name of each feature, no two of them equal; empty if they have none
 * @param label the name of the label; empty if it has none
 */
record Names(List<String> classes, List<String> features, String label) {
    static Names ofClasses(List<String> classNames) {
        return new Names(ClassNames.checked(classNames, "classNames"), List.of(), "");
    }

    Names withClasses(List<String> classNames) {
        List<String> checked = ClassNames.checked(classNames, "classNames");
        if (checked.size() != classes.size()) {
            throw new IllegalArgumentException(
                    "classNames has " + checked.size() + " elements, but there are " + classes.size() + " classes");
        }
        return new Names(checked, features, label);
    }

    Names withFeatures(List<String> featureNames, int count) {
        List<String> checked = ClassNames.checked(featureNames, "featureNames");
        if (checked.size() != count) {
            throw new IllegalArgumentException(
                    "featureNames has " + checked.size() + " elements, but there are " + count + " features");
        }
        return new Names(classes, checked, label);
    }

    Names withLabel(String labelName) {
        return new Names(classes, features, Objects.requireNonNull(labelName, "labelName"));
    }

    /** These, and where there are none, those of another. */
    Names orElse(Names other) {
        return new Names(
                classes, features.isEmpty() ? other.features : features, label.isEmpty() ? other.label : label);
    }
}
