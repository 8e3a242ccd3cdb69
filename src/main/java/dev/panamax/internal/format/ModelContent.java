package dev.panamax.internal.format;

import java.util.List;
import java.util.Map;

/**
 * What a file holds of a model.
 *
 * @param features the number of features
 * @param weights one row per class
 * @param bias one number per class
 * @param differences whether scores are small differences of large numbers
 * @param classNames the name of each class; null if a file that was read has none, which makes them the numbers from 0 on
 * @param metadata the notes on the model
 */
public record ModelContent(
        int features,
        float[] weights,
        float[] bias,
        boolean differences,
        List<String> classNames,
        Map<String, String> metadata) {}
