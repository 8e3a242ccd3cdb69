package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model knows of the files that it learnt from: names, the label, lines to skip, and the scale of the features. */
class KnownDataTest {
    private static final String ROWS = "1,10,x\n2,20,y\n3,10,x\n4,25,y\n".repeat(5);

    @TempDir
    private Path directory;

    private Path model;

    @Test
    void columnsAreFoundByTheirNames() throws IOException {
        Path train = write("train.csv", "a,b,kind\n" + ROWS);
        train(train);
        String predictions = Program.succeed("predict", "--model", model, train).out();
        String evaluated = Program.succeed("evaluate", "--model", model, train).out();
        Path moved = write("moved.csv", "kind,b,a\n" + ROWS.replaceAll("(.*),(.*),(.*)", "$3,$2,$1"));
        assertEquals(
                predictions, Program.succeed("predict", "--model", model, moved).out());
        assertEquals(
                evaluated.replace(train.toString(), moved.toString()),
                Program.succeed("evaluate", "--model", model, moved).out());
        assertTrue(Program.succeed("train", train, "--test", moved).out().contains("test accuracy  100.00 %"));
        Path unlabelled = write("unlabelled.csv", "b,a\n" + ROWS.replaceAll("(.*),(.*),(.*)", "$2,$1"));
        assertEquals(
                predictions,
                Program.succeed("predict", "--model", model, unlabelled).out());
        Path nameless = write("nameless.csv", ROWS.replaceAll(",[xy]\n", "\n"));
        assertEquals(
                predictions,
                Program.succeed("predict", "--model", model, nameless).out());
        Path labelled = write("labelled.csv", ROWS);
        assertEquals(
                predictions,
                Program.succeed("predict", "--model", model, labelled).out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,kind;1,x     | FILE lacks the features b of MODEL",
                "a,b,c,kind;1,2,3,x | FILE has the columns c, which are none of MODEL; --drop leaves columns out",
                "a,c,kind;1,2,x | FILE lacks the features b and has the columns c, which are none of MODEL; --drop leaves"
                        + " columns out",
                "a,b,a,kind;1,2,3,x | FILE has two columns \"a\", number 1 and 3; give the number"
            })
    void missingAndUnknownColumnsAreRefused(String text, String refusal) throws IOException {
        train(write("train.csv", "a,b,kind\n" + ROWS));
        Path file = write("other.csv", text.replace(';', '\n'));
        String expected = refusal.replace("FILE", file.toString()).replace("MODEL", model.toString());
        assertEquals(expected, Program.refusal("predict", "--model", model, file));
        assertEquals(expected, Program.refusal("evaluate", "--model", model, file));
    }

    @Test
    void columnsThatWereDroppedStayOut() throws IOException {
        Path train = write("train.csv", "id,a,b,note,kind,w\n" + ROWS.replaceAll("(.*),(.*),(.*)", "7,$1,$2,no,$3,1"));
        Path plain = write("plain.csv", "a,b,kind\n" + ROWS);
        model = directory.resolve("model");
        Program dropped = Program.succeed(
                "train", train, "--drop", "id,note", "--label", "kind", "--weight", "w", "--out", model);
        assertTrue(dropped.out().contains("20 rows, 2 features, 2 classes (x, y); with a header"), dropped::out);
        String predictions = Program.succeed("predict", "--model", model, train).out();
        assertEquals(
                predictions, Program.succeed("predict", "--model", model, plain).out());
        Program.succeed("evaluate", "--model", model, train);
        Program chosen = Program.succeed("train", train, "--features", "2,b", "--label", "kind", "--weight", "w");
        assertEquals(dropped.timeless().replace("saved          " + model + "\n", ""), chosen.timeless());
        assertEquals(
                "give either --features or --drop, not both",
                Program.refusal("train", train, "--features", "a", "--drop", "b"));
        assertTrue(Program.refusal("train", train, "--drop", "c").contains("has no column \"c\""));
        assertTrue(Program.refusal("train", plain, "--drop", "a,b").contains("has no column left for a feature"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,kind,b\n", ""})
    void theLabelNeedsToBeSaidOnce(String header) throws IOException {
        String rows = ROWS.replaceAll("(.*),(.*),(.*)", "$1,$3,$2");
        Path train = write("train.csv", "# measured by hand\n" + header + rows);
        model = directory.resolve("model");
        Program.succeed("train", train, "--label", 2, "--skip-lines", 1, "--out", model);
        Program evaluated = Program.succeed("evaluate", "--model", model, train);
        assertTrue(evaluated.out().contains("accuracy       100.00 % (20 of 20)"), evaluated::out);
        assertEquals(
                Program.succeed("predict", "--model", model, train, "--label", 2, "--skip-lines", 1)
                        .out(),
                Program.succeed("predict", "--model", model, train).out());
        // No line is lost that looks like a row.
        Path bare = write("bare.csv", rows);
        assertEquals(
                bare + ", line 1 looks like a row, but " + model
                        + " was trained with --skip-lines 1; say --skip-lines 0," + " or again --skip-lines 1",
                Program.refusal("predict", "--model", model, bare));
        Program.succeed("predict", "--model", model, bare, "--skip-lines", 0);
    }

    @Test
    void whatMayBeTheLabelIsHintedAt() throws IOException {
        Path train = write("train.svm", "1 1:1\n2 2:1\n".repeat(5));
        train(train);
        Path file = write("rows.csv", "1,2,3\n");
        assertEquals(
                file + " has 3 features, but " + model + " has 2; if one column is the label, --label says which",
                Program.refusal("predict", "--model", model, file));
        Path named = write("named.csv", "a,b,kind\n" + ROWS);
        train(named);
        Path other = write("other.csv", "a,b,klass\n" + ROWS);
        assertEquals(
                other + " has no column \"kind\", the label of " + model + "; --label says which column is the label",
                Program.refusal("evaluate", "--model", model, other));
        Program.succeed("evaluate", "--model", model, other, "--label", "klass");
    }

    @Test
    void theSameDigitsInAFileAreTheSame() throws IOException {
        Path digits = directory.resolve("digits.csv");
        try (InputStream in =
                InputFiles.unpacked(KnownDataTest.class.getResourceAsStream("/dev/panamax/cli/digits.csv.gz"))) {
            Files.write(digits, in.readAllBytes());
        }
        model = directory.resolve("model");
        Program.succeed("train", "--out", model);
        Program builtIn = Program.succeed("evaluate", "--model", model);
        assertTrue(builtIn.number("accuracy") > 99, builtIn::out);
        Program file = Program.succeed("evaluate", "--model", model, digits);
        assertEquals(
                builtIn.out().lines().skip(2).toList(),
                file.out().lines().skip(2).toList());
        assertEquals(
                Program.succeed("predict", "--model", model).out(),
                Program.succeed("predict", "--model", model, digits).out());
        // And the other way round.
        Path scaled = directory.resolve("scaled");
        Program trained = Program.succeed("train", digits, "--scale", 0.0625, "--out", scaled);
        assertTrue(trained.out().contains("359 rows to test\n"), trained::out);
        assertEquals(
                builtIn.out().lines().skip(2).toList(),
                Program.succeed("evaluate", "--model", scaled)
                        .out()
                        .lines()
                        .skip(2)
                        .toList());
        Program.succeed("train", digits, "--out", scaled);
        assertTrue(Program.succeed("evaluate", "--model", scaled).number("accuracy") > 99);
        assertEquals(
                "give either --standardize or --scale, not both",
                Program.refusal("train", digits, "--standardize", "--scale", 2));
    }

    @Test
    void thePixelsOfImagesAreThoseOfATable() throws IOException {
        int count = 40;
        byte[] pixels = new byte[4 * count];
        byte[] labels = new byte[count];
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 4);
            pixels[4 * i + i % 4] = (byte) (150 + i % 100);
            for (int p = 0; p < 4; p++) {
                table.append(pixels[4 * i + p] & 255).append(',');
            }
            table.append(i % 4).append('\n');
        }
        Path images = write(
                "images",
                ByteBuffer.allocate(16 + pixels.length)
                        .putInt(0x803)
                        .putInt(count)
                        .putInt(2)
                        .putInt(2)
                        .put(pixels));
        Path numbers = write(
                "labels",
                ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count).put(labels));
        Path csv = write("pixels.csv", table.toString());
        for (List<Object> source :
                List.<List<Object>>of(List.of("--images", images, "--labels", numbers), List.of(csv))) {
            model = directory.resolve("model");
            Program.succeed(arguments(List.of("train", "--out", model), source));
            Program ofImages = Program.succeed("evaluate", "--model", model, "--images", images, "--labels", numbers);
            Program ofTable = Program.succeed("evaluate", "--model", model, csv, "--label", -1);
            assertEquals(
                    ofImages.out().lines().skip(2).toList(),
                    ofTable.out().lines().skip(2).toList());
        }
        // A model of pixels from 0 to 1, as older versions made them.
        float[] weights = new float[16];
        for (int i = 0; i < 4; i++) {
            weights[5 * i] = 1;
        }
        Path old = directory.resolve("old");
        SoftmaxRegression.of(FloatMatrix.of(weights, 4, 4), new float[4], List.of("0", "1", "2", "3"))
                .save(old);
        Program judged = Program.succeed("evaluate", "--model", old, "--images", images, "--labels", numbers);
        assertTrue(judged.number("loss") > 0.9, judged::out);
    }

    @Test
    void aGraphIsNoModel() throws IOException {
        Path onnx = directory.resolve("digits.onnx");
        Program.succeed("train", "--epochs", 1, "--onnx", onnx);
        for (String command : List.of("evaluate", "predict")) {
            assertEquals(
                    onnx + " is no model that Panamax saved: it looks like an ONNX graph, which is for other programs",
                    Program.refusal(command, "--model", onnx));
        }
        assertTrue(Program.refusal("train", "--start", onnx).contains("it looks like an ONNX graph"));
        assertEquals(directory + " is a directory", Program.refusal("predict", "--model", directory));
    }

    /** The mean of the rows as they weigh: of 1, 2 twice and 6 it is 2.75. */
    @Test
    void meansOfTrainingStandForWhatIsMissing() throws IOException {
        String rows = "a,b,w,kind\n1,0,1,x\n2,0,2,x\n6,1,1,y\n,1,1,y\n9,1,0,y\n";
        Path train = write("train.csv", rows);
        model = directory.resolve("model");
        assertEquals(
                train
                        + ", line 5, column 1 (a) is empty; --missing drop leaves such rows out, --missing mean takes the mean",
                Program.refusal("train", train, "--weight", "w"));
        Program trained =
                Program.succeed("train", train, "--test", train, "--weight", "w", "--missing", "mean", "--out", model);
        Path filled = write("filled.csv", rows.replace("\n,1,", "\n2.75,1,"));
        Path same = directory.resolve("same");
        Program.succeed("train", filled, "--test", filled, "--weight", "w", "--out", same);
        assertArrayEquals(
                SoftmaxRegression.load(same).weights(),
                SoftmaxRegression.load(model).weights());
        assertTrue(trained.out().contains("5 rows, 2 features"), trained::out);
        Path missing = write("missing.csv", "b,a\n1,NA\n?,2\n");
        Path given = write("given.csv", "b,a\n1,2.75\n0.4,2\n");
        String expected = Program.succeed("predict", "--model", model, given, "--probabilities")
                .out();
        Program predicted = Program.run("predict", "--model", model, missing, "--probabilities");
        assertEquals(expected, predicted.out());
        assertEquals(
                "warning: " + missing
                        + ": 2 missing cells in 2 of 2 rows have the mean of the training rows: 1 in b, 1 in a\n",
                predicted.err());
        String line = "missing        " + train
                + ": 1 missing cell in 1 of 5 rows has the mean of the training rows: 1 in a\n";
        assertEquals(2, trained.out().split(Pattern.quote(line), -1).length - 1, "of the file and of the test set");
        Program evaluated = Program.succeed("evaluate", "--model", model, train, "--weight", "w");
        assertTrue(evaluated.out().contains(line), evaluated::out);
        assertTrue(Program.refusal("predict", "--model", model, missing, "--missing", "refuse")
                .contains("is \"NA\""));
        assertEquals(
                "--missing mean needs the means of training, but " + same + " knows none",
                Program.refusal("predict", "--model", same, missing, "--missing", "mean"));
        assertEquals(
                "predict has no --missing drop: predictions would no longer be in the lines of their rows",
                Program.refusal("predict", "--model", same, missing, "--missing", "drop"));
        Path never = write("never.csv", "a,b,kind\n,1,x\n,2,y\n");
        assertEquals(
                never + ": feature 1 is missing in every training row that counts",
                Program.refusal("train", never, "--test", never, "--missing", "mean"));
    }

    /** Of 16 rows, 4 test and 4 validate: a number moves the mean of its column in the 8 others alone. */
    @Test
    void rowsThatAreHeldOutAreNoPartOfTheMeans() throws IOException {
        model = directory.resolve("model");
        float without = meanWith(-1);
        int moving = 0;
        for (int row = 0; row < 16; row++) {
            float moved = meanWith(row) - without;
            assertTrue(moved == 0 || moved == 1, () -> "by " + moved);
            moving += (int) moved;
        }
        assertEquals(8, moving);
    }

    /** The mean of column b where one row has 8 more than its number, and a number is missing in column a. */
    private float meanWith(int row) throws IOException {
        StringBuilder rows = new StringBuilder("a,b,kind\n");
        for (int i = 0; i < 16; i++) {
            rows.append(i == 5 ? "" : i % 3)
                    .append(',')
                    .append(i % 2 + (i == row ? 8 : 0))
                    .append(i % 4 < 2 ? ",x\n" : ",y\n");
        }
        Path train = write("train.csv", rows.toString());
        Program.succeed(
                "train",
                train,
                "--missing",
                "mean",
                "--test-fraction",
                0.25,
                "--validation",
                0.3,
                "--epochs",
                1,
                "--out",
                model);
        return Float.parseFloat(
                SoftmaxRegression.load(model).metadata().get(Known.MEANS).split(",")[1]);
    }

    @Test
    void eachCategoryIsAFeature() throws IOException {
        StringBuilder rows = new StringBuilder("size,color,kind\n");
        StringBuilder coded = new StringBuilder("size,color=blue,\"color=dark, red\",color=green,kind\n");
        List<String> colors = List.of("green", "\"dark, red\"", "blue");
        for (int row = 0; row < 30; row++) {
            int color = row % 3;
            char kind = color == 1 ? 'x' : 'y';
            rows.append(row % 7)
                    .append(',')
                    .append(colors.get(color))
                    .append(',')
                    .append(kind)
                    .append('\n');
            coded.append(row % 7)
                    .append(',')
                    .append(color == 2 ? 1 : 0)
                    .append(',')
                    .append(color == 1 ? 1 : 0);
            coded.append(',')
                    .append(color == 0 ? 1 : 0)
                    .append(',')
                    .append(kind)
                    .append('\n');
        }
        Path table = write("table.csv", rows.toString());
        Path codes = write("codes.csv", coded.toString());
        Path ofCodes = directory.resolve("codes");
        model = directory.resolve("model");
        Program run = Program.succeed("train", table, "--categorical", "color", "--out", model);
        assertTrue(run.out().contains("30 rows, 4 features, 2 classes (x, y)"), run::out);
        Program.succeed("train", codes, "--out", ofCodes);
        SoftmaxRegression expected = SoftmaxRegression.load(ofCodes);
        assertEquals(expected.featureNames(), SoftmaxRegression.load(model).featureNames());
        assertArrayEquals(expected.weights(), SoftmaxRegression.load(model).weights());
        String predictions = Program.succeed("predict", "--model", model, table).out();
        assertEquals(
                predictions,
                Program.succeed("predict", "--model", ofCodes, codes).out());
        Program.succeed("evaluate", "--model", model, table);
        Program.succeed("train", table, "--categorical", "2", "--test", table);
        Path moved = write("moved.csv", "color,size\nblue,3\n\"dark, red\",1\n");
        assertEquals(
                "prediction\ny\nx\n",
                Program.succeed("predict", "--model", model, moved).out());
        Path unseen = write("unseen.csv", "color,size\npink,3\n");
        assertEquals(
                unseen + ", line 2, column 1 (color) is \"pink\", a category that " + model + " has not seen",
                Program.refusal("predict", "--model", model, unseen));
        Path nameless = write("nameless.csv", "1,1,0,0\n");
        assertEquals(
                nameless + " does not name its columns, but " + model
                        + " has columns of categories, which are found by their names",
                Program.refusal("predict", "--model", model, nameless));
        Path without = write("without.csv", "size,kind\n1,x\n");
        assertEquals(
                without + " lacks the features color of " + model,
                Program.refusal("evaluate", "--model", model, without));
        assertEquals(
                "--categorical has \"size\", which had no categories when " + model + " was trained",
                Program.refusal("predict", "--model", model, table, "--categorical", "size"));
        Program.succeed("evaluate", "--model", model, table, "--categorical", "color");
        assertTrue(Program.refusal("train", table, "--categorical", "kind").endsWith(", which is no feature"));
        assertEquals(
                "--categorical needs a table with a header",
                Program.refusal("train", write("bare.csv", "1,a,x\n2,b,y\n"), "--categorical", "2"));
        Path twice = write("twice.csv", "color=a,color,kind\n1,a,x\n2,b,y\n");
        assertTrue(Program.refusal("train", twice, "--categorical", "color").startsWith(twice + ": featureNames has "));
        Path empty = write("empty.csv", "size,color,kind\n1,,x\n2,b,y\n");
        assertTrue(Program.refusal("train", empty, "--categorical", "color", "--missing", "mean")
                .startsWith(empty + ", line 2, column 2 (color) is empty; "));
    }

    private static Object[] arguments(List<Object> first, List<Object> second) {
        return java.util.stream.Stream.concat(first.stream(), second.stream()).toArray();
    }

    private void train(Path file) {
        model = directory.resolve("model");
        Program.succeed("train", file, "--out", model);
    }

    private Path write(String name, String text) throws IOException {
        return Files.write(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    private Path write(String name, ByteBuffer bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes.array());
    }
}
