package com.example.spark;

import dev.panamax.spark.PanamaxModels;
import dev.panamax.spark.SoftmaxRegression;
import dev.panamax.spark.SoftmaxRegressionModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A pipeline of Spark that ends with Panamax, and its model without Spark. */
public final class Main {
    private static final StructType SCHEMA = new StructType()
            .add("fruit", DataTypes.StringType)
            .add("grams", DataTypes.DoubleType)
            .add("centimetres", DataTypes.DoubleType);

    private Main() {}

    /**
     * Trains, evaluates and predicts.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder()
                .master("local[*]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
        Dataset<Row> fruits = spark.createDataFrame(fruits(), SCHEMA).repartition(4);
        Dataset<Row>[] parts = fruits.randomSplit(new double[] {0.8, 0.2}, 1);

        SoftmaxRegression classifier = new SoftmaxRegression().setRegParam(1e-4);
        PipelineModel model = new Pipeline()
                .setStages(new PipelineStage[] {
                    new StringIndexer()
                            .setInputCol("fruit")
                            .setOutputCol("label")
                            .setStringOrderType("alphabetAsc"),
                    new VectorAssembler()
                            .setInputCols(new String[] {"grams", "centimetres"})
                            .setOutputCol("features"),
                    classifier
                })
                .fit(parts[0]);

        double accuracy = new MulticlassClassificationEvaluator()
                .setMetricName("accuracy")
                .evaluate(model.transform(parts[1]));
        check(accuracy > 0.9, "accuracy " + accuracy);
        SoftmaxRegressionModel trained = (SoftmaxRegressionModel) model.stages()[2];
        System.out.printf(
                "accuracy %.3f after %d iterations%n",
                accuracy, trained.summary().objectiveHistory().length - 1);

        String[] names = ((StringIndexerModel) model.stages()[0]).labelsArray()[0];
        spark.stop();
        var alone = PanamaxModels.toPanamax(trained, List.of(names));
        var prediction = alone.predict(new float[] {118, 19});
        check(prediction.name().equals("banana"), prediction.toString());
        System.out.println("118 g and 19 cm, without Spark: " + prediction);
    }

    private static List<Row> fruits() {
        Random random = new Random(1);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            rows.add(fruit("apple", 180 + 30 * random.nextGaussian(), 8 + random.nextGaussian()));
            rows.add(fruit("banana", 120 + 20 * random.nextGaussian(), 19 + 2 * random.nextGaussian()));
            rows.add(fruit("plum", 60 + 15 * random.nextGaussian(), 5 + random.nextGaussian()));
        }
        return rows;
    }

    private static Row fruit(String name, double grams, double centimetres) {
        return RowFactory.create(name, grams, centimetres);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("unexpected: " + what);
        }
    }
}
