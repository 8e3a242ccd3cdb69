package dev.panamax.internal.format;

/**
 * What a file holds of a model.
 *
 * @param features the number of features
 * @param weights one row per class
 * @param bias one number per class
 * @param notes the rest
 */
public record ModelContent(int features, float[] weights, float[] bias, ModelNotes notes) {}
