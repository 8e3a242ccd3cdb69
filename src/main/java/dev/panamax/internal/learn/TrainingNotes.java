package dev.panamax.internal.learn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** How a model came about: what a trained model has as metadata. */
public final class TrainingNotes {
    private TrainingNotes() {}

    /** What is known before the first step. */
    public static Map<String, String> of(Objective minimised, ObjectiveSettings settings, String optimizer, long seed) {
        Map<String, String> notes = new TreeMap<>();
        notes.put("library", ("Panamax " + version()).strip());
        notes.put("training.rows", String.valueOf(minimised.rowCount()));
        notes.put("training.optimizer", optimizer);
        notes.put("training.seed", String.valueOf(seed));
        notes.put("training.l2", String.valueOf(minimised.l2()));
        if (minimised.l1() > 0) {
            notes.put("training.l1", String.valueOf(minimised.l1()));
        }
        if (!settings.intercept()) {
            notes.put("training.intercept", "false");
        }
        notes.put("training.loss", settings.hinge() == null ? "cross-entropy" : "hinge " + settings.hinge());
        notes.put("training.labelSmoothing", String.valueOf(settings.labelSmoothing()));
        notes.put("training.classWeights", settings.balanced() ? "balanced" : Arrays.toString(settings.classWeights()));
        notes.put("training.scale", String.valueOf(settings.standardize() ? 1 : settings.scale()));
        notes.put("training.standardized", settings.standardize() + "; the weights are for features as they are");
        String coarse = minimised.coarseFeatures();
        if (!coarse.isEmpty()) {
            notes.put("training.coarseFeatures", coarse);
        }
        return notes;
    }

    /** That of the POM, which Maven writes beside classes and so into jars; empty where somebody has left the file out. */
    private static String version() {
        try (InputStream in = TrainingNotes.class.getResourceAsStream("/META-INF/panamax.version")) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds how it went, with the numbers of the model that was kept. */
    public static void addOutcome(Map<String, String> notes, Run run, Coefficients found) {
        Report kept = run.kept();
        if (notes.containsKey("training.l1")) {
            int weights = found.features() * found.classes();
            notes.put("training.nonzeroWeights", found.nonzeroWeights() + " of " + weights);
        }
        notes.put("training.stop", run.ending().toString());
        notes.put("training.iterations", String.valueOf(kept.iteration()));
        notes.put("training.finalLoss", String.valueOf(kept.value().loss()));
        notes.put("training.gradientNorm", String.valueOf(kept.gradientNorm()));
        if (!Double.isNaN(kept.validationLoss())) {
            notes.put("training.validationLoss", String.valueOf(kept.validationLoss()));
        }
    }
}
