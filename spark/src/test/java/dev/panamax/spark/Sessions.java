package dev.panamax.spark;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Spark for a class of tests. */
final class Sessions {
    private Sessions() {}

    /** In this process, with two threads. */
    static SparkSession local() {
        return with("local[2]", Map.of());
    }

    static SparkSession with(String master, Map<String, String> settings) {
        SparkSession.Builder builder = SparkSession.builder()
                .master(master)
                .appName("panamax")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.default.parallelism", "2")
                .config("spark.sql.warehouse.dir", System.getenv("SPARK_HOME") + "/warehouse")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"));
        settings.forEach(builder::config);
        return builder.getOrCreate();
    }
}
