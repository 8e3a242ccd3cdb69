package dev.panamax.spark;

import dev.panamax.data.FloatMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.SparkSession;

/**
 * Models of Panamax without Spark, as models of Spark and back, and their safetensors files in any file system that Spark
 * reaches.
 */
public final class PanamaxModels {
    private PanamaxModels() {}

    /**
     * The model with the same coefficients. Spark's models know classes by their index alone.
     *
     * @param model a model of at least two classes
     * @return the model
     * @throws IllegalArgumentException if there is one class only
     */
    public static SoftmaxRegressionModel toSpark(dev.panamax.learn.SoftmaxRegression model) {
        return new SoftmaxRegressionModel(
                Identifiable$.MODULE$.randomUID("softmaxreg"),
                new DenseMatrix(model.classes(), model.featureCount(), widened(model.weights()), true),
                new DenseVector(widened(model.bias())));
    }

    /**
     * The model with the same coefficients, rounded to {@code float}, whose classes are named by their index.
     *
     * @param model the model
     * @return the model
     * @throws IllegalArgumentException if a coefficient does not fit {@code float}
     */
    public static dev.panamax.learn.SoftmaxRegression toPanamax(SoftmaxRegressionModel model) {
        return toPanamax(
                model,
                IntStream.range(0, model.numClasses()).mapToObj(String::valueOf).toList());
    }

    /**
     * The model with the same coefficients, rounded to {@code float}.
     *
     * @param model the model
     * @param classNames the name of each class, such as the labels of a {@code StringIndexerModel}
     * @return the model
     * @throws IllegalArgumentException if a coefficient does not fit {@code float}, or there are not as many names as
     *     classes, or one occurs twice
     */
    public static dev.panamax.learn.SoftmaxRegression toPanamax(SoftmaxRegressionModel model, List<String> classNames) {
        int features = model.numFeatures();
        float[] weights = new float[Math.multiplyExact(model.numClasses(), features)];
        model.coefficientMatrix().foreachActive((c, f, value) -> {
            weights[(Integer) c * features + (Integer) f] = ((Double) value).floatValue();
            return null;
        });
        float[] bias = new float[model.numClasses()];
        for (int c = 0; c < bias.length; c++) {
            bias[c] = (float) model.interceptVector().apply(c);
        }
        return dev.panamax.learn.SoftmaxRegression.of(FloatMatrix.of(weights, bias.length, features), bias, classNames);
    }

    /**
     * Reads a model file.
     *
     * @param path such as {@code hdfs:///models/digits.safetensors}
     * @param spark knows the file systems
     * @return the model
     * @throws IOException if the file cannot be read, or is no model
     */
    public static dev.panamax.learn.SoftmaxRegression read(String path, SparkSession spark) throws IOException {
        Path file = new Path(path);
        try (InputStream in = files(file, spark).open(file)) {
            return dev.panamax.learn.SoftmaxRegression.load(in);
        }
    }

    /**
     * Writes a model file, which appears as a whole; an existing one is replaced.
     *
     * @param model the model
     * @param path such as {@code hdfs:///models/digits.safetensors}
     * @param spark knows the file systems
     * @throws IOException if the file cannot be written
     */
    public static void write(dev.panamax.learn.SoftmaxRegression model, String path, SparkSession spark)
            throws IOException {
        Path file = new Path(path);
        FileContext files = files(file, spark);
        Path draft = new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
        try {
            try (OutputStream out =
                    files.create(draft, EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent())) {
                model.save(out);
            }
            files.rename(draft, file, Options.Rename.OVERWRITE);
        } catch (IOException e) {
            files.delete(draft, false);
            throw e;
        }
    }

    private static FileContext files(Path path, SparkSession spark) throws IOException {
        Configuration known = spark.sparkContext().hadoopConfiguration();
        return path.toUri().getScheme() == null
                ? FileContext.getFileContext(known)
                : FileContext.getFileContext(path.toUri(), known);
    }

    private static double[] widened(float[] numbers) {
        double[] wide = new double[numbers.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = numbers[i];
        }
        return wide;
    }
}
