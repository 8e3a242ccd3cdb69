package dev.panamax.spark;

import dev.panamax.learn.SoftmaxRegression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * Scores with a model of Panamax, wherever it was trained: the rows of a partition go through the kernels a batch at a time.
 * The numbers are those that the model gives without Spark, bit for bit.
 *
 * <p>It adds the columns whose names are not empty: scores ("rawPrediction"), probabilities ("probability"), the index of the
 * most probable class ("prediction"), and its name (none by default).
 */
public final class SoftmaxScorer extends Transformer implements MLWritable {
    private static final long serialVersionUID = 1;

    private static final String MODEL_FILE = "model.safetensors";

    private final String uid;
    private final Param<String> featuresCol;
    private final Param<String> rawPredictionCol;
    private final Param<String> probabilityCol;
    private final Param<String> predictionCol;
    private final Param<String> classNameCol;
    private final transient SoftmaxRegression model;

    /**
     * With the usual names of columns.
     *
     * @param model what scores
     */
    public SoftmaxScorer(SoftmaxRegression model) {
        this(Identifiable$.MODULE$.randomUID("softmaxscorer"), model);
    }

    private SoftmaxScorer(String uid, SoftmaxRegression model) {
        this.uid = uid;
        this.model = model;
        super();
        featuresCol = column("featuresCol", "features column name", "features");
        rawPredictionCol = column("rawPredictionCol", "scores column name; empty for none", "rawPrediction");
        probabilityCol = column("probabilityCol", "probabilities column name; empty for none", "probability");
        predictionCol = column("predictionCol", "class index column name; empty for none", "prediction");
        classNameCol = column("classNameCol", "class name column name; empty for none", "");
    }

    private Param<String> column(String name, String doc, String usual) {
        Param<String> param = new Param<>(uid, name, doc);
        setDefault(param, usual);
        return param;
    }

    /**
     * Reads a model file.
     *
     * @param path such as {@code hdfs:///models/digits.safetensors}
     * @param spark knows the file systems
     * @return the scorer
     * @throws IOException if the file cannot be read, or is no model
     */
    public static SoftmaxScorer ofFile(String path, SparkSession spark) throws IOException {
        return new SoftmaxScorer(PanamaxModels.read(path, spark));
    }

    @Override
    public String uid() {
        return uid;
    }

    /** What scores. */
    public SoftmaxRegression model() {
        return model;
    }

    /** The column of the features, vectors. */
    public Param<String> featuresCol() {
        return featuresCol;
    }

    /** The column of the scores; empty for none. */
    public Param<String> rawPredictionCol() {
        return rawPredictionCol;
    }

    /** The column of the probabilities; empty for none. */
    public Param<String> probabilityCol() {
        return probabilityCol;
    }

    /** The column of the index of the most probable class; empty for none. */
    public Param<String> predictionCol() {
        return predictionCol;
    }

    /** The column of the name of the most probable class; empty for none. */
    public Param<String> classNameCol() {
        return classNameCol;
    }

    /** Sets the column of the features. */
    public SoftmaxScorer setFeaturesCol(String value) {
        set(featuresCol, value);
        return this;
    }

    /** Sets the column of the scores. */
    public SoftmaxScorer setRawPredictionCol(String value) {
        set(rawPredictionCol, value);
        return this;
    }

    /** Sets the column of the probabilities. */
    public SoftmaxScorer setProbabilityCol(String value) {
        set(probabilityCol, value);
        return this;
    }

    /** Sets the column of the index of the most probable class. */
    public SoftmaxScorer setPredictionCol(String value) {
        set(predictionCol, value);
        return this;
    }

    /** Sets the column of the name of the most probable class. */
    public SoftmaxScorer setClassNameCol(String value) {
        set(classNameCol, value);
        return this;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        Columns.requireFeatures(schema, getOrDefault(featuresCol));
        StructType result = schema;
        result = with(result, rawPredictionCol, SQLDataTypes.VectorType());
        result = with(result, probabilityCol, SQLDataTypes.VectorType());
        result = with(result, predictionCol, DataTypes.DoubleType);
        return with(result, classNameCol, DataTypes.StringType);
    }

    private StructType with(StructType schema, Param<String> param, DataType type) {
        String name = getOrDefault(param);
        if (Arrays.asList(schema.fieldNames()).contains(name)) {
            throw new IllegalArgumentException(
                    "there is a column \"" + name + "\" already (" + param.name() + " adds one)");
        }
        return name.isEmpty() ? schema : schema.add(name, type, false);
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        String features = getOrDefault(featuresCol);
        int column = dataset.schema().fieldIndex(features);
        ScoredRows.Wanted wanted = new ScoredRows.Wanted(
                !getOrDefault(rawPredictionCol).isEmpty(),
                !getOrDefault(probabilityCol).isEmpty(),
                !getOrDefault(predictionCol).isEmpty(),
                !getOrDefault(classNameCol).isEmpty());
        Broadcast<SharedModel> shared = JavaSparkContext.fromSparkContext(
                        dataset.sparkSession().sparkContext())
                .broadcast(new SharedModel(bytes()));
        MapPartitionsFunction<Row, Row> scored =
                rows -> new ScoredRows(rows, shared.value().model(), features, column, wanted);
        return dataset.toDF().mapPartitions(scored, Encoders.row(schema));
    }

    private byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            model.save(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public SoftmaxScorer copy(ParamMap extra) {
        return copyValues(new SoftmaxScorer(uid, model), extra);
    }

    @Override
    public MLWriter write() {
        return new Writer(this);
    }

    /** Reads what {@link #write} wrote. */
    public static MLReader<SoftmaxScorer> read() {
        return new Reader();
    }

    /** Reads what was saved to a path. */
    public static SoftmaxScorer load(String path) {
        return read().load(path);
    }

    private static String modelFile(String path) {
        return path + "/" + MODEL_FILE;
    }

    /** Metadata in JSON, and beside them the model file. */
    private static final class Writer extends MLWriter {
        private final SoftmaxScorer scorer;

        Writer(SoftmaxScorer scorer) {
            this.scorer = scorer;
        }

        @Override
        public void saveImpl(String path) {
            DefaultParamsWriter.saveMetadata(scorer, path, sparkSession());
            try {
                PanamaxModels.write(scorer.model, modelFile(path), sparkSession());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Reader extends MLReader<SoftmaxScorer> {
        @Override
        public SoftmaxScorer load(String path) {
            DefaultParamsReader.Metadata metadata =
                    DefaultParamsReader.loadMetadata(path, sparkSession(), SoftmaxScorer.class.getName());
            try {
                SoftmaxScorer scorer =
                        new SoftmaxScorer(metadata.uid(), PanamaxModels.read(modelFile(path), sparkSession()));
                metadata.getAndSetParams(scorer, Option.empty());
                return scorer;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
