package dev.panamax.cli;

import dev.panamax.learn.Evaluation;
import java.util.List;

/**
 * All that a report shows: what its page has as JSON. Rows and classes are counted from 0 on in the page's data; what stands in a
 * file has its own number.
 *
 * @param title what was done
 * @param judged the rows that the figures are about
 * @param classNames the name of each class
 * @param facts what the program prints of data and training: names and values
 * @param missing what was missing in each file in which something was
 * @param settings what the model notes of its training: names and values
 * @param summary the numbers of the whole
 * @param training how training went; null if nothing was trained
 * @param softness how the penalty shapes the probabilities; null if nothing was trained
 * @param confusion which classes are taken for which
 * @param reliability what the calibration error is made of
 * @param classScores precision and recall
 * @param coefficients what the model looks at
 * @param worst the errors that cost most
 * @param rows rows over the whole range of losses
 * @param lessons some rows from scores to probabilities
 */
record ReportPage(
        String title,
        Judged judged,
        List<String> classNames,
        List<Entry> facts,
        List<Missing> missing,
        List<Entry> settings,
        Summary summary,
        Training training,
        Softness softness,
        Confusion confusion,
        List<Evaluation.Bin> reliability,
        ClassScores classScores,
        Coefficients coefficients,
        Worst worst,
        RowSample rows,
        List<Lesson> lessons) {
    /**
     * The rows that the figures are about.
     *
     * @param what what they are, as in "test rows"
     * @param unit what their numbers count: line, image or row
     * @param source the name of their file
     * @param rows how many they are
     * @param weighted whether they have weights
     * @param seen whether the model has learned from them
     */
    record Judged(String what, String unit, String source, int rows, boolean weighted, boolean seen) {}

    /** Something that is known. */
    record Entry(String name, String value) {}

    /**
     * What was missing in a file.
     *
     * @param rows how many rows the file has, with those that were left out
     */
    record Missing(String file, long rows, List<MissingColumn> columns) {}

    /** How many cells of a column. */
    record MissingColumn(String name, long cells) {}

    /**
     * The numbers of the whole.
     *
     * @param chance the loss of equal probabilities for all classes
     */
    record Summary(double loss, double accuracy, double hits, double weight, double calibrationError, double chance) {
        static Summary of(Evaluation evaluation, int classes) {
            return new Summary(
                    evaluation.loss(),
                    evaluation.accuracy(),
                    evaluation.hits(),
                    evaluation.weight(),
                    evaluation.calibrationError(),
                    Math.log(classes));
        }
    }

    /**
     * How training went.
     *
     * @param unit what an iteration is called
     * @param stop why it ended
     * @param kept the iteration that the model is of
     */
    record Training(String unit, String stop, int kept, List<Step> history) {}

    /** Where training stood; without a validation set its loss is NaN. */
    record Step(int iteration, double objective, double loss, double gradientNorm, double validationLoss) {}

    /**
     * How the penalty shapes the probabilities.
     *
     * @param how of which models the points are, or why there are none
     * @param model the model itself, which may be calibrated, or trained in another way than those of the points; null if there
     *     are none
     * @param points the strongest first; empty if there are none
     */
    record Softness(String how, SoftnessPoint model, List<SoftnessPoint> points) {}

    /**
     * The probabilities of a model.
     *
     * @param l2 its strength
     * @param loss its mean loss on the judged rows
     * @param largest the mean probability of the likeliest class
     * @param entropy the mean entropy, in nats
     * @param foldLoss the mean loss over the folds; NaN without folds
     * @param foldError its standard error
     */
    record SoftnessPoint(double l2, double loss, double largest, double entropy, double foldLoss, double foldError) {}

    /**
     * Which classes are taken for which.
     *
     * @param cells of each pair that is shown its label, its prediction and what its rows weigh together; the heaviest first
     * @param mistaken how many pairs of different classes there are among all
     * @param shown how many of them are among the cells
     */
    record Confusion(List<Evaluation.Confusion> cells, int mistaken, int shown) {}

    /**
     * Precision and recall.
     *
     * @param shown the classes with the heaviest support
     * @param of how many classes there are
     */
    record ClassScores(List<ClassScore> shown, int of) {}

    /** Those of a class. */
    record ClassScore(int index, double support, double predicted, double precision, double recall, double f1) {}

    /**
     * What the model looks at.
     *
     * @param features how many features there are
     * @param deviationsOf the rows whose deviations make effects of weights
     * @param imageWidth how many pixels a line of an image has; 0 if features are no pixels
     * @param largestWeight the largest magnitude among the weights of the images
     * @param shown the classes with the heaviest support
     * @param of how many classes there are
     */
    record Coefficients(
            int features,
            String deviationsOf,
            int imageWidth,
            float largestWeight,
            List<ClassCoefficients> shown,
            int of) {}

    /**
     * Those of a class.
     *
     * @param image a byte for each weight, from -127 to 127 times the largest, in Base64; null if features are no pixels
     * @param top those of the largest effects
     */
    record ClassCoefficients(int index, float bias, String image, List<Coefficient> top) {}

    /**
     * A coefficient.
     *
     * @param feature the index of the feature
     * @param effect what one standard deviation of the feature adds to the score
     */
    record Coefficient(int feature, String name, float weight, double effect) {}

    /**
     * The errors that cost most.
     *
     * @param errors how many errors there are
     */
    record Worst(List<WorstRow> shown, int errors) {}

    /**
     * A row that is taken for another class.
     *
     * @param number its number in the unit of the judged rows
     * @param image a byte for each pixel, from 0 to 255, in Base64; null if features are no pixels
     * @param reasons the features that speak most for the prediction against the label, beside a row of means
     */
    record WorstRow(
            int number,
            int label,
            int prediction,
            float labelProbability,
            float predictionProbability,
            double loss,
            float weight,
            String image,
            List<Reason> reasons) {}

    /**
     * A feature of a row.
     *
     * @param advantage what it adds to the score of the prediction above that of the label, beside the mean of the feature
     */
    record Reason(String name, float value, double advantage) {}

    /**
     * Rows over the whole range of losses, the least first.
     *
     * @param of of how many rows of weight they are
     */
    record RowSample(List<RowPoint> points, int of) {}

    /**
     * A row.
     *
     * @param probability of its label
     * @param loss its cross-entropy
     * @param margin the score of its label above the largest other one
     * @param hinge its hinge loss
     * @param right whether its label is predicted
     */
    record RowPoint(int number, float probability, double loss, double margin, float hinge, boolean right) {}

    /**
     * A row from scores to probabilities.
     *
     * @param why what is special about it
     * @param classes those of the largest scores, and the label
     */
    record Lesson(String why, int number, int label, double loss, List<LessonClass> classes) {}

    /** A class in it. */
    record LessonClass(int index, float score, float probability) {}
}
