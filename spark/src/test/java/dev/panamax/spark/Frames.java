package dev.panamax.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Data sets as data frames of label, weight and features. */
final class Frames {
    static final StructType SCHEMA = new StructType()
            .add("label", DataTypes.DoubleType)
            .add("weight", DataTypes.DoubleType)
            .add("features", SQLDataTypes.VectorType());

    private Frames() {}

    static Dataset<Row> of(SparkSession spark, List<Row> rows, int partitions) {
        return spark.createDataFrame(
                JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows, partitions), SCHEMA);
    }

    static Row row(double label, double weight, double... features) {
        return RowFactory.create(label, weight, Vectors.dense(features));
    }

    /** Handwritten digits, 8 x 8 pixels from 0 to 16, some of which never vary. */
    static List<Row> digits() throws IOException {
        Path file = Path.of("../cli/src/main/resources/dev/panamax/cli/digits.csv.gz");
        try (Reader reader =
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8)) {
            return numbers(reader, 0);
        }
    }

    static List<Row> iris() throws IOException {
        try (Reader reader = Files.newBufferedReader(Path.of("../src/test/resources/golden/iris.csv"))) {
            return numbers(reader, 1);
        }
    }

    /** Lines of numbers of which the last is the label. */
    private static List<Row> numbers(Reader reader, int skipped) {
        List<Row> rows = new ArrayList<>();
        new BufferedReader(reader).lines().skip(skipped).forEach(line -> {
            double[] numbers = Arrays.stream(line.split(","))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            int features = numbers.length - 1;
            rows.add(row(numbers[features], 1, Arrays.copyOf(numbers, features)));
        });
        return rows;
    }

    /**
     * Dense rows whose features differ in mean and deviation, drawn from classes that overlap, with weights. The last
     * feature does not vary.
     */
    static List<Row> random(int count, int features, int classes, long seed) {
        Random random = new Random(seed);
        double[][] centres = new double[classes][features];
        for (double[] centre : centres) {
            Arrays.setAll(centre, f -> random.nextGaussian() * 0.5);
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = random.nextInt(classes);
            double[] numbers = new double[features];
            for (int f = 0; f < features; f++) {
                numbers[f] = (centres[label][f] + random.nextGaussian()) * Math.pow(3, f % 5 - 2) + f % 7 * 3;
            }
            numbers[features - 1] = 0.1;
            rows.add(row(label, 0.5 + random.nextInt(4), numbers));
        }
        return rows;
    }

    /** Sparse rows: a few words of many, some of which tell the class. */
    static List<Row> words(int count, int vocabulary, int classes, long seed) {
        Random random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = random.nextInt(classes);
            double[] counts = new double[vocabulary];
            for (int word = 0; word < 12; word++) {
                int any = (int) (vocabulary * Math.pow(random.nextDouble(), 3));
                counts[random.nextInt(3) == 0 ? (any / classes * classes + label) % vocabulary : any]++;
            }
            Vector vector = Vectors.dense(counts).toSparse();
            rows.add(RowFactory.create((double) label, 0.5 + random.nextInt(4), vector));
        }
        return rows;
    }
}
