package com.example.documentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.Predictor;
import org.junit.jupiter.api.Test;

/**
 * The Python in the documentation does not run here. It finds classes, parameters and methods by their names: each name that the block has, and those that
 * PySpark's own classes call for it, are there.
 */
class PythonBlockTest {
    private static final Path PAGE = Path.of("../../docs/spark.md");

    private static final Pattern BLOCK =
            Pattern.compile("^```python\\n(.*?)^```\\n(.*?)$", Pattern.DOTALL | Pattern.MULTILINE);

    /** What pyspark.ml.base and pyspark.ml.classification give every probabilistic classifier. */
    private static final List<String> INHERITED =
            List.of("featuresCol", "labelCol", "predictionCol", "rawPredictionCol", "probabilityCol", "thresholds");

    private static final List<String> CALLED_ON_MODELS =
            List.of("predict", "predictRaw", "predictProbability", "numClasses", "numFeatures");

    @Test
    void everyNameIsThere() throws Exception {
        List<MatchResult> blocks =
                BLOCK.matcher(Files.readString(PAGE)).results().toList();
        assertEquals(1, blocks.size());
        String code = blocks.getFirst().group(1);
        String named = first("_new_java_obj\\(\"([\\w.]+)\", self.uid\\)", code);
        Predictor<?, ?, ?> estimator = (Predictor<?, ?, ?>)
                Class.forName(named).getConstructor(String.class).newInstance("of its own");
        assertEquals("of its own", estimator.uid());

        List<String> parameters = new ArrayList<>(INHERITED);
        for (MatchResult mixin : Pattern.compile("\\bHas(\\w)(\\w+)")
                .matcher(code + blocks.getFirst().group(2))
                .results()
                .toList()) {
            parameters.add(mixin.group(1).toLowerCase(Locale.ROOT) + mixin.group(2));
        }
        assertTrue(parameters.containsAll(List.of("regParam", "weightCol")), parameters::toString);
        parameters.add(first("^`SoftmaxRegression\\((\\w+)=", blocks.getFirst().group(2)));
        for (String parameter : parameters) {
            assertTrue(estimator.hasParam(parameter), parameter);
        }

        Class<?> model = estimator
                .getClass()
                .getMethod("train", org.apache.spark.sql.Dataset.class)
                .getReturnType();
        assertTrue(PredictionModel.class.isAssignableFrom(model), model::getName);
        for (String method : CALLED_ON_MODELS) {
            assertTrue(
                    Arrays.stream(model.getMethods())
                            .anyMatch(one -> one.getName().equals(method)),
                    method);
        }
    }

    private static String first(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
        assertTrue(matcher.find(), pattern);
        return matcher.group(1);
    }
}
