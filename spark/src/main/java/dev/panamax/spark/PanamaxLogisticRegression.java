package dev.panamax.spark;

import java.util.Optional;
import org.apache.spark.ml.classification.BinaryLogisticRegressionTrainingSummaryImpl;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.LogisticRegressionTrainingSummary;
import org.apache.spark.ml.classification.LogisticRegressionTrainingSummaryImpl;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Some;

/**
 * Spark's {@code LogisticRegression}, whose multinomial models are trained by Panamax. The models are Spark's own. What
 * Panamax does not train is left to Spark, and the log says why: a penalty with an L1 part, bounds, the family "binomial",
 * which "auto" chooses for two classes, and labels of one class only.
 */
public final class PanamaxLogisticRegression extends LogisticRegression {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(PanamaxLogisticRegression.class);

    /** With the default parameters. */
    public PanamaxLogisticRegression() {
        this(Identifiable$.MODULE$.randomUID("logreg"));
    }

    /**
     * With the default parameters and a name.
     *
     * @param uid the name
     */
    public PanamaxLogisticRegression(String uid) {
        super(uid);
    }

    @Override
    public LogisticRegressionModel train(Dataset<?> dataset) {
        Optional<String> obstacle = obstacle();
        if (obstacle.isEmpty()) {
            Training training = new Training(settings(), dataset);
            obstacle = obstacle(training);
            if (obstacle.isEmpty()) {
                return model(training.run(uid()), dataset);
            }
        }
        LOG.warn("{}: trained by Spark and not by Panamax, as {}", uid(), obstacle.get());
        return super.train(dataset);
    }

    /** What the parameters ask for that Panamax does not have. */
    Optional<String> obstacle() {
        if (getElasticNetParam() != 0 && getRegParam() != 0) {
            return Optional.of("elasticNetParam is " + getElasticNetParam() + ", a penalty with an L1 part");
        }
        if (usingBoundConstrainedOptimization()) {
            return Optional.of("there are bounds of coefficients or intercepts");
        }
        return getFamily().equalsIgnoreCase("binomial") ? Optional.of("family is binomial") : Optional.empty();
    }

    private Optional<String> obstacle(Training training) {
        if (getFamily().equalsIgnoreCase("auto") && training.classes() <= 2) {
            return Optional.of("family is auto, which is binomial for two classes");
        }
        return training.isOfOneClass()
                ? Optional.of("column \"" + getLabelCol() + "\" has one class only")
                : Optional.empty();
    }

    private Training.Settings settings() {
        return new Training.Settings(
                getFeaturesCol(),
                getLabelCol(),
                isDefined(weightCol()) ? getWeightCol() : "",
                getRegParam(),
                getFitIntercept(),
                getStandardization(),
                getMaxIter(),
                getTol(),
                getAggregationDepth(),
                getMaxBlockSizeInMB(),
                isDefined(thresholds()) ? getThresholds().length : 0);
    }

    private LogisticRegressionModel model(Training.Result found, Dataset<?> dataset) {
        int classes = found.intercepts().size();
        LogisticRegressionModel model = copyValues(
                new LogisticRegressionModel(uid(), found.coefficients(), found.intercepts(), classes, true),
                new ParamMap());
        var named = model.findSummaryModel();
        Dataset<Row> predictions = named._1().transform(dataset);
        String weights = isDefined(weightCol()) ? getWeightCol() : "weightCol";
        LogisticRegressionTrainingSummary summary = classes <= 2
                ? new BinaryLogisticRegressionTrainingSummaryImpl(
                        predictions,
                        named._2(),
                        named._3(),
                        getLabelCol(),
                        getFeaturesCol(),
                        weights,
                        found.objectiveHistory())
                : new LogisticRegressionTrainingSummaryImpl(
                        predictions,
                        named._2(),
                        named._3(),
                        getLabelCol(),
                        getFeaturesCol(),
                        weights,
                        found.objectiveHistory());
        model.setSummary(new Some<>(summary));
        return model;
    }

    @Override
    public PanamaxLogisticRegression copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads what was written. */
    public static MLReader<LogisticRegression> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads what was saved to a path. */
    public static LogisticRegression load(String path) {
        return read().load(path);
    }
}
