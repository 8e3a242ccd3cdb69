package dev.panamax.spark;

import dev.panamax.Softmax;
import dev.panamax.data.DoubleMatrix;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.classification.LogisticRegressionTrainingSummary;
import org.apache.spark.ml.classification.LogisticRegressionTrainingSummaryImpl;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.BLAS;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Tuple3;

/**
 * A model that {@link SoftmaxRegression} trained, or of given coefficients. Scores are linear in the features, and the softmax
 * of the scores gives the probabilities.
 */
public final class SoftmaxRegressionModel extends ProbabilisticClassificationModel<Vector, SoftmaxRegressionModel>
        implements SoftmaxRegressionParams, MLWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final Own own;
    private final Matrix coefficientMatrix;
    private final Vector interceptVector;
    private transient LogisticRegressionTrainingSummary summary;

    /**
     * A model of given coefficients.
     *
     * @param uid a name
     * @param coefficientMatrix one row per class, one column per feature
     * @param interceptVector one number per class
     * @throws IllegalArgumentException if the sizes do not match, or there are fewer than two classes
     */
    public SoftmaxRegressionModel(String uid, Matrix coefficientMatrix, Vector interceptVector) {
        this.uid = uid;
        this.own = new Own(uid);
        this.coefficientMatrix = coefficientMatrix;
        this.interceptVector = interceptVector;
        super();
        if (coefficientMatrix.numRows() != interceptVector.size() || interceptVector.size() < 2) {
            throw new IllegalArgumentException("coefficientMatrix has " + coefficientMatrix.numRows()
                    + " rows and interceptVector " + interceptVector.size()
                    + " elements; both need one for each of at least two classes");
        }
        own.setDefaults(this);
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public Own own() {
        return own;
    }

    /** The coefficients, one row per class. */
    public Matrix coefficientMatrix() {
        return coefficientMatrix;
    }

    /** The intercepts, one per class. */
    public Vector interceptVector() {
        return interceptVector;
    }

    @Override
    public int numClasses() {
        return interceptVector.size();
    }

    @Override
    public int numFeatures() {
        return coefficientMatrix.numCols();
    }

    /** Whether the model comes from a training in this program, which it can tell about. */
    public boolean hasSummary() {
        return summary != null;
    }

    /**
     * How training went: the objective at the start and after each iteration, and what the model makes of the training rows.
     *
     * @throws IllegalStateException if the model was read or made of coefficients
     */
    public LogisticRegressionTrainingSummary summary() {
        if (summary == null) {
            throw new IllegalStateException("model " + uid + " has no summary, as it was not trained in this program");
        }
        return summary;
    }

    SoftmaxRegressionModel summarised(Dataset<?> trained, double[] objectiveHistory) {
        SoftmaxRegressionModel named = withAllColumns();
        summary = new LogisticRegressionTrainingSummaryImpl(
                named.transform(trained),
                named.getProbabilityCol(),
                named.getPredictionCol(),
                getLabelCol(),
                getFeaturesCol(),
                getWeightCol().isEmpty() ? "weightCol" : getWeightCol(),
                objectiveHistory);
        return this;
    }

    /** This, or a copy that has names for the columns of which it has none. */
    private SoftmaxRegressionModel withAllColumns() {
        SoftmaxRegressionModel named = copy(new ParamMap());
        if (getProbabilityCol().isEmpty()) {
            named.setProbabilityCol("probability_" + UUID.randomUUID());
        }
        if (getPredictionCol().isEmpty()) {
            named.setPredictionCol("prediction_" + UUID.randomUUID());
        }
        return named;
    }

    /** Declared, as Java takes the two methods of the classes above for different ones. */
    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public Tuple3 findSummaryModel() {
        SoftmaxRegressionModel named = withAllColumns();
        return new Tuple3(named, named.getProbabilityCol(), named.getPredictionCol());
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        Columns.requireFeatures(dataset.schema(), getFeaturesCol());
        return super.transform(dataset);
    }

    @Override
    public Vector predictRaw(Vector features) {
        if (features.size() != numFeatures()) {
            throw new IllegalArgumentException("column \"" + getFeaturesCol() + "\" has a vector of size "
                    + features.size() + ", but the model has " + numFeatures() + " features");
        }
        double[] scores = interceptVector.toArray().clone();
        DenseVector result = new DenseVector(scores);
        BLAS.gemv(1, coefficientMatrix, features, 1, result);
        return result;
    }

    @Override
    public Vector raw2probabilityInPlace(Vector rawPrediction) {
        DenseVector scores = rawPrediction.toDense();
        DoubleMatrix row = DoubleMatrix.of(scores.values(), 1, scores.size());
        Softmax.softmax(row, row);
        return scores;
    }

    @Override
    public SoftmaxRegressionModel copy(ParamMap extra) {
        SoftmaxRegressionModel copy =
                copyValues(new SoftmaxRegressionModel(uid, coefficientMatrix, interceptVector), extra);
        copy.summary = summary;
        copy.setParent(parent());
        return copy;
    }

    @Override
    public MLWriter write() {
        return new Writer(this);
    }

    /** Reads what {@link #write} wrote. */
    public static MLReader<SoftmaxRegressionModel> read() {
        return new Reader();
    }

    /** Reads what was saved to a path. */
    public static SoftmaxRegressionModel load(String path) {
        return read().load(path);
    }

    @Override
    public String toString() {
        return "SoftmaxRegressionModel: uid=" + uid + ", numClasses=" + numClasses() + ", numFeatures=" + numFeatures();
    }

    /** As Spark's own models are written: metadata in JSON, numbers in Parquet. */
    private static final class Writer extends MLWriter {
        private static final StructType SCHEMA = new StructType()
                .add("interceptVector", SQLDataTypes.VectorType())
                .add("coefficientMatrix", SQLDataTypes.MatrixType());

        private final SoftmaxRegressionModel model;

        Writer(SoftmaxRegressionModel model) {
            this.model = model;
        }

        @Override
        public void saveImpl(String path) {
            DefaultParamsWriter.saveMetadata(model, path, sparkSession());
            Row row = RowFactory.create(model.interceptVector, model.coefficientMatrix);
            sparkSession()
                    .createDataFrame(List.of(row), SCHEMA)
                    .coalesce(1)
                    .write()
                    .parquet(new Path(path, "data").toString());
        }
    }

    private static final class Reader extends MLReader<SoftmaxRegressionModel> {
        @Override
        public SoftmaxRegressionModel load(String path) {
            DefaultParamsReader.Metadata metadata =
                    DefaultParamsReader.loadMetadata(path, sparkSession(), SoftmaxRegressionModel.class.getName());
            Row row = sparkSession()
                    .read()
                    .parquet(new Path(path, "data").toString())
                    .select("interceptVector", "coefficientMatrix")
                    .head();
            SoftmaxRegressionModel model =
                    new SoftmaxRegressionModel(metadata.uid(), (Matrix) row.get(1), (Vector) row.get(0));
            metadata.getAndSetParams(model, Option.empty());
            return model;
        }
    }
}
