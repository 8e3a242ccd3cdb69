package dev.panamax.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.Serializable;
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
import org.apache.spark.ml.param.ParamMap;
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
    private static final double REG_PARAM = 1e-4;

    private SparkBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        String work = arguments[1];
        int executors = Integer.parseInt(arguments[2]);
        Map<String, String> settings =
                Map.of("spark.executor.extraJavaOptions", System.getProperty("executor.options", ""));
        try (Cluster cluster = new Cluster(executors, 3072, settings)) {
            Dataset<Row> data = data(work, cluster.spark(), arguments[3]).persist(StorageLevel.MEMORY_ONLY());
            long rows = data.count();
            ObjectNode result = measured(data);
            result.put("work", work);
            result.put("executors", executors);
            result.put("rows", rows);
            add(file, result);
        }
    }

    /** Of one partition for each core of two executors. */
    private static Dataset<Row> data(String work, SparkSession spark, String folder) {
        return switch (work) {
            case "mnist" -> generated(spark, part -> mnistRows(folder, part));
            case "dense" -> generated(spark, part -> denseRows(200_000 / PARTITIONS, part));
            case "text" -> generated(spark, part -> textRows(100_000 / PARTITIONS, part));
            default -> throw new IllegalArgumentException("work is " + work + ", not mnist, dense or text");
        };
    }

    private static final int PARTITIONS = 2;

    /** Every partition reads the files, which all executors see, and keeps its rows. */
    private static Iterator<Row> mnistRows(String folder, int part) throws IOException {
        byte[] pixels = bytes(Path.of(folder, "mnist-train-images-idx3-ubyte.gz"), 16);
        byte[] labels = bytes(Path.of(folder, "mnist-train-labels-idx1-ubyte.gz"), 8);
        int cols = pixels.length / labels.length;
        int rows = labels.length / PARTITIONS;
        return IntStream.range(part * rows, (part + 1) * rows)
                .mapToObj(row -> {
                    double[] features = new double[cols];
                    Arrays.setAll(features, col -> (pixels[row * cols + col] & 255) / 255.0);
                    return Frames.row(labels[row], 1, features);
                })
                .iterator();
    }

    private static byte[] bytes(Path file, int header) throws IOException {
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            in.skipNBytes(header);
            return in.readAllBytes();
        }
    }

    private interface Rows extends Serializable {
        Iterator<Row> of(int part) throws IOException;
    }

    private static Dataset<Row> generated(SparkSession spark, Rows rows) {
        var parts = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(IntStream.range(0, PARTITIONS).boxed().toList(), PARTITIONS)
                .flatMap(rows::of);
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

    /**
     * Spark's training, unless the objective to reach is given; then Panamax's to its own end, which tells in how many
     * iterations it gets there; then Panamax's once more, with so many.
     */
    private static ObjectNode measured(Dataset<Row> data) {
        LogisticRegression theirs =
                new LogisticRegression().setFamily("multinomial").setRegParam(REG_PARAM);
        SoftmaxRegression ours = new SoftmaxRegression().setRegParam(REG_PARAM);
        ObjectNode result = new ObjectMapper().createObjectNode();
        if (System.getProperty("goal") == null) {
            // So that classes are loaded and compiled.
            theirs.copy(new ParamMap()).setMaxIter(10).fit(data.sample(0.1, 1));
            long start = System.nanoTime();
            LogisticRegressionModel model = theirs.fit(data);
            result.put("mllibSeconds", seconds(start));
            double[] history = model.summary().objectiveHistory();
            result.put("mllibIterations", history.length - 1);
            result.put("goal", history[history.length - 1]);
        } else {
            result.put("goal", Double.parseDouble(System.getProperty("goal")));
        }
        System.out.println(result);
        long start = System.nanoTime();
        double[] history = ours.fit(data).summary().objectiveHistory();
        result.put("panamaxConvergedSeconds", seconds(start));
        result.put("panamaxConvergedIterations", history.length - 1);
        result.put("panamaxConvergedObjective", history[history.length - 1]);
        int enough = 0;
        while (enough < history.length - 1
                && history[enough] > result.get("goal").doubleValue()) {
            enough++;
        }
        start = System.nanoTime();
        ours.setMaxIter(enough).fit(data);
        result.put("panamaxSeconds", seconds(start));
        start = System.nanoTime();
        ours.copy(new ParamMap()).setMaxIter(0).fit(data);
        result.put("panamaxWithoutIterationsSeconds", seconds(start));
        result.put("panamaxIterations", enough);
        result.put("panamaxObjective", history[enough]);
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
