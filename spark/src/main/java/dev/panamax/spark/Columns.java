package dev.panamax.spark;

import java.util.Arrays;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/** Refuses columns that are not there or of the wrong type. */
final class Columns {
    private Columns() {}

    static void requireTrainable(StructType schema, String features, String label, String weight) {
        requireFeatures(schema, features);
        requireNumbers(schema, label, "labelCol");
        if (!weight.isEmpty()) {
            requireNumbers(schema, weight, "weightCol");
        }
    }

    static void requireFeatures(StructType schema, String name) {
        DataType type = type(schema, name, "featuresCol");
        if (!type.equals(SQLDataTypes.VectorType())) {
            throw new IllegalArgumentException(
                    "column \"" + name + "\" (featuresCol) is of type " + type.catalogString() + ", not vector");
        }
    }

    private static void requireNumbers(StructType schema, String name, String param) {
        DataType type = type(schema, name, param);
        if (!(type instanceof NumericType)) {
            throw new IllegalArgumentException(
                    "column \"" + name + "\" (" + param + ") is of type " + type.catalogString() + ", not numeric");
        }
    }

    private static DataType type(StructType schema, String name, String param) {
        if (!Arrays.asList(schema.fieldNames()).contains(name)) {
            throw new IllegalArgumentException("there is no column \"" + name + "\" (" + param + "), only "
                    + String.join(", ", schema.fieldNames()));
        }
        return schema.apply(name).dataType();
    }
}
