package dev.panamax.spark;

import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Softmax regression, also called multinomial logistic regression, trained by Panamax on the executors of Spark. It has the
 * parameters and the objective of Spark's {@code LogisticRegression} of the family "multinomial" without an L1 penalty, and
 * takes its place in pipelines and grids.
 *
 * <p>Minimised is the weighted mean of the losses plus {@code regParam / 2 * ||W||^2}. The intercepts are not penalised and
 * have a mean of 0 over the classes; without a penalty, so have the coefficients of each feature. A feature that does not
 * vary has coefficients of 0. Two classes make a model of two rows.
 *
 * <p>For the same rows in the same partitions the model has the same bits, whatever the cluster and the order in which tasks
 * end, and whichever of them are run again.
 *
 * <p>Rows of weight 0 count as absent. What cannot be used is refused with an {@link IllegalArgumentException} that names
 * the column, the value, and the place of the row.
 */
public final class SoftmaxRegression extends ProbabilisticClassifier<Vector, SoftmaxRegression, SoftmaxRegressionModel>
        implements SoftmaxRegressionParams, MLWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final Own own;

    /** With the default parameters. */
    public SoftmaxRegression() {
        this(Identifiable$.MODULE$.randomUID("softmaxreg"));
    }

    /**
     * With the default parameters and a name.
     *
     * @param uid the name
     */
    public SoftmaxRegression(String uid) {
        // Parameters of the classes above ask for the name.
        this.uid = uid;
        this.own = new Own(uid);
        super();
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

    /** Sets the column of the weights of rows, of any numeric type; without one, all rows weigh 1. */
    public SoftmaxRegression setWeightCol(String value) {
        set(weightCol(), value);
        return this;
    }

    /** Sets the strength of the penalty; 0 by default. */
    public SoftmaxRegression setRegParam(double value) {
        set(regParam(), value);
        return this;
    }

    /** Sets whether each class has an intercept; true by default. */
    public SoftmaxRegression setFitIntercept(boolean value) {
        set(fitIntercept(), value);
        return this;
    }

    /** Sets whether the penalty is on the coefficients of standardised features; true by default. */
    public SoftmaxRegression setStandardization(boolean value) {
        set(standardization(), value);
        return this;
    }

    /** Sets the most iterations; 100 by default. */
    public SoftmaxRegression setMaxIter(int value) {
        set(maxIter(), value);
        return this;
    }

    /** Sets what the gradient may be where training has {@linkplain #tol converged}; 1e-6 by default. */
    public SoftmaxRegression setTol(double value) {
        set(tol(), value);
        return this;
    }

    /** Sets the depth of the tree of sums; 2 by default. */
    public SoftmaxRegression setAggregationDepth(int value) {
        set(aggregationDepth(), value);
        return this;
    }

    /** Sets the most memory of a block of rows and their scores in MB; 0, the default, leaves it to the program. */
    public SoftmaxRegression setMaxBlockSizeInMB(double value) {
        set(maxBlockSizeInMB(), value);
        return this;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        Columns.requireTrainable(schema, getFeaturesCol(), getLabelCol(), getWeightCol());
        return super.transformSchema(schema);
    }

    @Override
    public SoftmaxRegressionModel train(Dataset<?> dataset) {
        Training.Settings settings = new Training.Settings(
                getFeaturesCol(),
                getLabelCol(),
                getWeightCol(),
                getRegParam(),
                getFitIntercept(),
                getStandardization(),
                getMaxIter(),
                getTol(),
                getAggregationDepth(),
                getMaxBlockSizeInMB(),
                isDefined(thresholds()) ? getThresholds().length : 0);
        Training.Result result = new Training(settings, dataset).run(uid);
        SoftmaxRegressionModel model =
                copyValues(new SoftmaxRegressionModel(uid, result.coefficients(), result.intercepts()), new ParamMap());
        return model.summarised(dataset, result.objectiveHistory());
    }

    @Override
    public SoftmaxRegression copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public MLWriter write() {
        return new DefaultParamsWriter(this);
    }

    /** Reads what {@link #write} wrote. */
    public static MLReader<SoftmaxRegression> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads what was saved to a path. */
    public static SoftmaxRegression load(String path) {
        return read().load(path);
    }
}
