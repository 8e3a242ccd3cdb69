package dev.panamax.spark;

import java.util.Optional;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.sql.connect.plugin.MLBackendPlugin;

/**
 * Lets the {@code LogisticRegression} of clients of Spark Connect, such as {@code pyspark.ml.classification}, train with
 * Panamax without a change of their code: the server has this class under {@code spark.connect.ml.backend.classes}.
 */
public final class PanamaxBackend implements MLBackendPlugin {
    /** For Spark, which makes it by name. */
    public PanamaxBackend() {}

    @Override
    public Optional<String> transform(String mlName) {
        return mlName.equals(LogisticRegression.class.getName())
                ? Optional.of(PanamaxLogisticRegression.class.getName())
                : Optional.empty();
    }
}
