package dev.panamax.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * The time to the objective that Spark's own training ends with, beside that training: in one program, on one cluster of
 * executors that are processes of their own, on the same cached data. Each result is added to the file.
 *
 * <p>Arguments: the file of the results, mnist, dense or text, the number of executors, the folder of MNIST.
 */
final class SparkBenchmark {
    private static final int ROUNDS = 2;

    private SparkBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        String work = arguments[1];
        int executors = Integer.parseInt(arguments[2]);
        try (Cluster cluster = new Cluster(
                executors,
                Map.of(
                        "spark.executor.memory",
                        "3g",
                        "spark.executor.extraJavaOptions",
                        System.getProperty("executor.options", "")))) {
            Dataset<Row> data = data(work, cluster.spark(), arguments[3]).persist(StorageLevel.MEMORY_ONLY());
            long rows = data.count();
            ObjectNode result = measured(data);
            result.put("work", work);
            result.put("executors", executors);
            result.put("rows", rows);
            add(file, result);
        }
    }

    /** Of two partitions for each core of two executors. */
    private static Dataset<Row> data(String work, SparkSession spark, String folder) throws IOException {
        return switch (work) {
            case "mnist" -> mnist(spark, Path.of(folder));
            case "dense" -> generated(spark, 200_000, SparkBenchmark::denseRows);
            case "text" -> generated(spark, 100_000, SparkBenchmark::textRows);
            default -> throw new IllegalArgumentException("work is " + work + ", not mnist, dense or text");
        };
    }

    private static final int PARTITIONS = 4;

    private static Dataset<Row> mnist(SparkSession spark, Path folder) throws IOException {
        byte[] pixels = bytes(folder.resolve("mnist-train-images-idx3-ubyte.gz"), 16);
        byte[] labels = bytes(folder.resolve("mnist-train-labels-idx1-ubyte.gz"), 8);
        int cols = pixels.length / labels.length;
        return Frames.of(
                spark,
                IntStream.range(0, labels.length)
                        .mapToObj(row -> {
                            double[] features = new double[cols];
                            Arrays.setAll(features, col -> (pixels[row * cols + col] & 255) / 255.0);
                            return Frames.row(labels[row], 1, features);
                        })
                        .toList(),
                PARTITIONS);
    }

    private static byte[] bytes(Path file, int header) throws IOException {
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            in.skipNBytes(header);
            return in.readAllBytes();
        }
    }

    private interface Rows extends java.io.Serializable {
        Iterator<Row> of(int rows, long seed);
    }

    private static Dataset<Row> generated(SparkSession spark, int rows, Rows generator) {
        var parts = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(IntStream.range(0, PARTITIONS).boxed().toList(), PARTITIONS)
                .flatMap(part -> generator.of(rows / PARTITIONS, part));
        return spark.createDataFrame(parts, Frames.SCHEMA);
    }

    /** 100 features, 50 classes that overlap. */
    private static Iterator<Row> denseRows(int rows, long seed) {
        double[][] centres = new double[50][100];
        Random fixed = new Random(-1);
        for (double[] centre : centres) {
            Arrays.setAll(centre, f -> 0.3 * fixed.nextGaussian());
        }
        Random random = new Random(seed);
        return IntStream.range(0, rows)
                .mapToObj(row -> {
                    int label = random.nextInt(centres.length);
                    double[] features = new double[100];
                    Arrays.setAll(features, f -> centres[label][f] + random.nextGaussian());
                    return Frames.row(label, 1, features);
                })
                .iterator();
    }

    /** Texts of up to 100 words of 50,000, frequent and rare as words are, 20 classes with words of their own. */
    private static Iterator<Row> textRows(int rows, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, rows)
                .mapToObj(row -> {
                    int label = random.nextInt(20);
                    TreeMap<Integer, Double> counts = new TreeMap<>();
                    for (int i = 0; i < 100; i++) {
                        int word = (int) Math.pow(50_000, random.nextDouble()) - 1;
                        boolean own = random.nextInt(10) == 0;
                        counts.merge(own ? word / 20 * 20 + label : word, 1.0, Double::sum);
                    }
                    return RowFactory.create(
                            (double) label,
                            1.0,
                            Vectors.sparse(
                                    50_000,
                                    counts.keySet().stream().mapToInt(i -> i).toArray(),
                                    counts.values().stream().mapToDouble(v -> v).toArray()));
                })
                .iterator();
    }

    private static ObjectNode measured(Dataset<Row> data) {
        LogisticRegression theirs = new LogisticRegression()
                .setFamily("multinomial")
                .setRegParam(1e-4)
                .setMaxIter(Integer.getInteger("most.iterations", 100));
        SoftmaxRegression ours = new SoftmaxRegression().setRegParam(1e-4);
        // Both have their classes loaded and compiled before they are timed.
        theirs.copy(new org.apache.spark.ml.param.ParamMap()).setMaxIter(3).fit(data);
        SoftmaxRegressionModel whole = ours.fit(data);

        long start = System.nanoTime();
        LogisticRegressionModel model = theirs.fit(data);
        double theirSeconds = seconds(start);
        double[] theirHistory = model.summary().objectiveHistory();
        double goal = theirHistory[theirHistory.length - 1];
        double[] history = whole.summary().objectiveHistory();
        int enough = 0;
        while (enough < history.length - 1 && history[enough] > goal) {
            enough++;
        }
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            start = System.nanoTime();
            ours.setMaxIter(enough).fit(data);
            best = Math.min(best, seconds(start));
        }
        ObjectNode result = new ObjectMapper().createObjectNode();
        result.put("mllibSeconds", theirSeconds);
        result.put("mllibIterations", theirHistory.length - 1);
        result.put("mllibObjective", goal);
        result.put("panamaxSeconds", best);
        result.put("panamaxIterations", enough);
        result.put("panamaxObjective", history[enough]);
        result.put("panamaxConvergedIterations", history.length - 1);
        result.put("panamaxConvergedObjective", history[history.length - 1]);
        return result;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void add(Path file, ObjectNode result) throws IOException {
        result.put("date", Instant.now().toString());
        result.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        result.put("cores", Runtime.getRuntime().availableProcessors());
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ArrayNode results = Files.exists(file) ? (ArrayNode) json.readTree(file.toFile()) : json.createArrayNode();
        results.add(result);
        json.writeValue(file.toFile(), results);
        System.out.println(result);
    }
}
