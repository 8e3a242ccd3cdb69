package dev.panamax.spark;

import java.io.Serializable;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;

/**
 * The parameters that {@link SoftmaxRegression} and its models have beside those of every probabilistic classifier of Spark.
 * Names and meaning are those of Spark's {@code LogisticRegression}.
 */
public interface SoftmaxRegressionParams extends Params {
    /** The parameters themselves, made once for each instance. */
    final class Own implements Serializable {
        private static final long serialVersionUID = 1;

        private final Param<String> weightCol;
        private final DoubleParam regParam;
        private final BooleanParam fitIntercept;
        private final BooleanParam standardization;
        private final IntParam maxIter;
        private final DoubleParam tol;
        private final IntParam aggregationDepth;
        private final DoubleParam maxBlockSizeInMB;

        Own(String uid) {
            weightCol =
                    new Param<>(uid, "weightCol", "column of the weights of rows; if unset or empty, all weigh 1.0");
            regParam = new DoubleParam(
                    uid, "regParam", "strength of the L2 penalty (>= 0)", ParamValidators.<Object>gtEq(0));
            fitIntercept = new BooleanParam(uid, "fitIntercept", "whether to fit an intercept for each class");
            standardization = new BooleanParam(
                    uid, "standardization", "whether the penalty is on the coefficients of standardised features");
            maxIter = new IntParam(uid, "maxIter", "most iterations (>= 0)", ParamValidators.<Object>gtEq(0));
            tol = new DoubleParam(
                    uid,
                    "tol",
                    "what the gradient may be where training has converged (>= 0)",
                    ParamValidators.<Object>gtEq(0));
            aggregationDepth = new IntParam(
                    uid, "aggregationDepth", "depth of the tree of sums (>= 2)", ParamValidators.<Object>gtEq(2));
            maxBlockSizeInMB = new DoubleParam(
                    uid,
                    "maxBlockSizeInMB",
                    "most memory of a block of rows and its scores in MB (>= 0); 0.0 lets the program choose",
                    ParamValidators.<Object>gtEq(0));
        }

        void setDefaults(Params params) {
            params.setDefault(regParam, 0.0);
            params.setDefault(fitIntercept, true);
            params.setDefault(standardization, true);
            params.setDefault(maxIter, 100);
            params.setDefault(tol, 1e-6);
            params.setDefault(aggregationDepth, 2);
            params.setDefault(maxBlockSizeInMB, 0.0);
        }
    }

    /** The parameters of this instance. */
    Own own();

    /** The column of the weights of rows. */
    default Param<String> weightCol() {
        return own().weightCol;
    }

    /** The strength of the penalty: {@code regParam / 2 * ||W||^2} beside the weighted mean of the losses. */
    default DoubleParam regParam() {
        return own().regParam;
    }

    /** Whether each class has an intercept, which is never penalised. */
    default BooleanParam fitIntercept() {
        return own().fitIntercept;
    }

    /** Whether the penalty is on the coefficients of features of deviation 1, or on those of the features as they are. */
    default BooleanParam standardization() {
        return own().standardization;
    }

    /** The most iterations of L-BFGS. */
    default IntParam maxIter() {
        return own().maxIter;
    }

    /**
     * When training has converged: where no entry of the gradient, with regard to standardised features, is beyond a hundredth
     * of this. It also ends after 20 iterations without a smaller gradient or, beyond the rounding of float,
     * a lower objective.
     */
    default DoubleParam tol() {
        return own().tol;
    }

    /** The depth of the tree in which the sums of the partitions are added up. */
    default IntParam aggregationDepth() {
        return own().aggregationDepth;
    }

    /** The most memory that a block of rows, with the scores of all classes, takes. */
    default DoubleParam maxBlockSizeInMB() {
        return own().maxBlockSizeInMB;
    }

    /** The name of the column of weights; empty if there is none. */
    default String getWeightCol() {
        return isDefined(weightCol()) ? getOrDefault(weightCol()) : "";
    }

    /** The strength of the penalty. */
    default double getRegParam() {
        return (Double) getOrDefault(regParam());
    }

    /** Whether each class has an intercept. */
    default boolean getFitIntercept() {
        return (Boolean) getOrDefault(fitIntercept());
    }

    /** Whether the penalty is on the coefficients of standardised features. */
    default boolean getStandardization() {
        return (Boolean) getOrDefault(standardization());
    }

    /** The most iterations. */
    default int getMaxIter() {
        return (Integer) getOrDefault(maxIter());
    }

    /** What the gradient may be where training has converged. */
    default double getTol() {
        return (Double) getOrDefault(tol());
    }

    /** The depth of the tree of sums. */
    default int getAggregationDepth() {
        return (Integer) getOrDefault(aggregationDepth());
    }

    /** The most memory of a block in MB; 0 for the program's choice. */
    default double getMaxBlockSizeInMB() {
        return (Double) getOrDefault(maxBlockSizeInMB());
    }
}
