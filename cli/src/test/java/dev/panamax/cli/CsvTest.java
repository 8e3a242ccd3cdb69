package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
    private static final String FLOWERS = "kind,width,height\nrose,1,10\ntulip,2,20\nrose,3,30\n";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"kind", "1", "-3"})
    void findsTheLabelByNameAndNumber(String label) throws IOException {
        Examples examples = read(FLOWERS, label);
        assertEquals(List.of("rose", "tulip"), examples.classNames());
        assertArrayEquals(new int[] {0, 1, 0}, examples.labels());
        assertEquals(3, examples.features().rows());
        assertArrayEquals(new float[] {1, 10, 2, 20, 3, 30}, Program.cells(examples));
    }

    @Test
    void takesTheLastColumnWithoutAHeader() throws IOException {
        Examples examples = read("1,2,a\n3,4,b\n", "-1");
        assertArrayEquals(new float[] {1, 2, 3, 4}, Program.cells(examples));
        assertArrayEquals(new int[] {0, 1}, examples.labels());
    }

    @Test
    void sortsLabelsByValueIfAllAreNumbers() throws IOException {
        assertEquals(
                List.of("-1", "2", "10"), read("1,10\n1,2\n1,-1\n1,10\n", "-1").classNames());
        assertEquals(List.of("10", "2", "x"), read("1,x\n1,2\n1,10\n", "-1").classNames());
    }

    @Test
    void readsQuotesSpacesEmptyLinesAndAByteOrderMark() throws IOException {
        Examples examples = read("\ufeffname,\"a \"\"b\"\"\"\r\n u , 1.5 \r\n\r\n\"v\",\"-2e-3\"\r\n", "name");
        assertEquals(List.of("u", "v"), examples.classNames());
        assertArrayEquals(new float[] {1.5f, -2e-3f}, Program.cells(examples));
    }

    @Test
    void trainsOnFilesPlainAndGzip() throws IOException {
        String text = table(100);
        Program plain = Program.succeed("train", file("plain.csv", text), "--label", "kind");
        assertTrue(plain.out().contains("100 rows, 2 features, 3 classes (blue, green, red)"), plain::out);
        assertTrue(plain.out().contains("rows to test; standardized"), plain::out);
        assertTrue(plain.number("test accuracy") >= 95, plain::out);
        Path zipped = directory.resolve("zipped.csv");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        Program unzipped = Program.succeed("train", zipped, "--label", "kind");
        assertEquals(plain.timeless().replace("plain.csv", "zipped.csv"), unzipped.timeless());
    }

    @Test
    void skipsLinesAndStillCountsThem() throws IOException {
        Path csv = file("notes.csv", "made by hand\nin a hurry\n1,2,a\n3,x,b\n");
        assertEquals(
                csv + ", line 4, column 2 is \"x\", not a number", Program.refusal("train", csv, "--skip-lines", 2));
        assertTrue(
                Program.refusal("train", csv, "--skip-lines", 9).equals(csv + " has 4 lines, but 9 are to be skipped"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b,k;1,2,u;3,x,v             | , line 3, column 2 (b) is \"x\", not a number",
                "a,b,k;1,2,u;3,NaN,v           | , line 3, column 2 (b) is \"NaN\"; --missing drop leaves such rows out, --missing mean takes the mean",
                "a,b,k;1,2,u;3,1e39,v          | , line 3, column 2 (b) is 1e39, which is not a finite float",
                "a,b,k;1,2,u;3,4f,v            | , line 3, column 2 (b) is \"4f\", not a number",
                "a,b,k;1,2,u;;,4,v             | , line 4, column 1 (a) is empty; --missing drop leaves such rows out, --missing mean takes the mean",
                "1,2,u;3,4,                    | , line 2, column 3 is empty; --missing drop leaves such rows out",
                "a,b,k;1,2,u;3,4               | , line 3 has 2 fields, but line 1 has 3",
                "1,2,u;3,4,v,5                 | , line 2 has 4 fields, but line 1 has 3",
                "1,x,u;3,4,v        | "
                        + ", line 1 may be a header or a row: column 2 is \"x\", not a number, but column 1 is 1;"
                        + " say --header or --no-header",
                "1,2,u;3,4,u                   | : every label is u, but learning needs two classes or more; --label"
                        + " says which column is the label",
                "a,b,k                         | ' has a header, but no examples'",
                "''                            | ' is empty'",
                "1;2                           | "
                        + ", line 1 has one field only; a feature and a label are needed, separated by commas,"
                        + " semicolons or tabs, or by what --separator says",
                "1,2,u;3,4,v                   | : class 0, \"u\", has one row only, which cannot be in both parts; --test takes a test set of its own"
            })
    void namesThePlaceOfAnError(String text, String message) throws IOException {
        Path csv = file("bad.csv", text.replace(';', '\n'));
        assertEquals(csv + message, Program.refusal("train", csv));
    }

    /** A header has a name for each feature, and no row could have it there. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ",,u;1,2,v;3,4,u       | , line 1, column 1 is empty; --missing drop leaves such rows out, --missing mean takes the mean",
                "' , ,u;1,2,v;3,4,u'   | , line 1, column 1 is empty; --missing drop leaves such rows out, --missing mean takes the mean",
                "a,,u;1,2,u;3,4,u      | , line 1 may be a header or a row: column 1 is \"a\", not a number, but column 2"
                        + " is empty; say --header or --no-header",
                ",a,u;1,2,u;3,4,u      | , line 1 may be a header or a row: column 2 is \"a\", not a number, but column 1"
                        + " is empty; say --header or --no-header",
                "NA,NA,x;1,2,u;3,4,u   | , line 1, column 1 is \"NA\"; --missing drop leaves such rows out, --missing mean takes the mean",
                "NA,a,x;1,2,u;3,4,u    | , line 1 may be a header or a row: column 2 is \"a\", not a number, but column 1"
                        + " is NA; say --header or --no-header",
                ",1,u;1,2,u;3,4,u      | , line 1, column 1 is empty; --missing drop leaves such rows out, --missing mean takes the mean"
            })
    void anEmptyCellIsNoName(String text, String message) throws IOException {
        Path csv = file("empty.csv", text.replace(';', '\n'));
        assertEquals(csv + message, Program.refusal("train", csv));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "color | FILE has no column \"color\"; its columns are kind, width, height",
                "4     | there is no column 4 in FILE, which has columns 1 to 3, or -1 to -3 from the end",
                "0     | there is no column 0 in FILE, which has columns 1 to 3, or -1 to -3 from the end",
                "-4    | there is no column -4 in FILE, which has columns 1 to 3, or -1 to -3 from the end"
            })
    void refusesALabelColumnThatIsNotThere(String label, String message) throws IOException {
        Path csv = file("flowers.csv", FLOWERS);
        assertEquals(message.replace("FILE", csv.toString()), Program.refusal("train", csv, "--label", label));
    }

    @Test
    void aRowOfWeightTwoIsTwoRows() throws IOException {
        StringBuilder weighted = new StringBuilder("x,weight,kind\n");
        StringBuilder copied = new StringBuilder("x,kind\n");
        for (int row = 0; row < 40; row++) {
            // A row without weight may be anything.
            double x = row % 4 == 0 ? 1e6 : row % 7 + row % 2 * 3;
            weighted.append(x).append(',').append(row % 4).append(',').append(row % 2 == 0 ? 'a' : 'b');
            weighted.append('\n');
            for (int copy = 0; copy < row % 4; copy++) {
                copied.append(x).append(',').append(row % 2 == 0 ? 'a' : 'b').append('\n');
            }
        }
        Path weights = file("weights.csv", weighted.toString());
        Path copies = file("copies.csv", copied.toString());
        Path model = directory.resolve("model");
        Program ofWeights = Program.succeed(
                "train",
                weights,
                "--test",
                weights,
                "--weight",
                "weight",
                "--penalty",
                "smile-lambda=0.5",
                "--out",
                model);
        Program ofCopies = Program.succeed("train", copies, "--test", copies, "--penalty", "smile-lambda=0.5");
        assertTrue(
                ofWeights.out().contains("40 rows (weight 60) to train, 40 rows (weight 60) to test"), ofWeights::out);
        for (String figure : List.of("training loss", "test loss", "test accuracy")) {
            assertEquals(ofCopies.number(figure), ofWeights.number(figure), 1e-4, figure);
        }
        assertTrue(ofWeights.out().contains(" of 60 by weight)\n"), ofWeights::out);
        assertTrue(ofCopies.out().contains(" of 60)\n"), ofCopies::out);
        Program evaluated = Program.succeed("evaluate", "--model", model, weights, "--weight", -2);
        assertEquals(ofWeights.number("test loss"), evaluated.number("loss"), 1e-4);
        Program predicted = Program.succeed("predict", "--model", model, weights, "--label", 3, "--weight", 2);
        assertEquals(41, predicted.out().lines().count());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "w | x,w,k;1,1,a;2,-1,b  | FILE, line 3, column 2 (w) is -1, but weights are 0 or more",
                "w | x,w,k;1,1,a;2,y,b   | FILE, line 3, column 2 (w) is \"y\", not a number",
                "2 | 1,1,a;2,inf,b       | FILE, line 2, column 2 is \"inf\", not a number",
                "2 | 1,1,a;2,1e99,b      | FILE, line 2, column 2 is 1e99, which is not a finite float",
                "w | x,w,k;1,0,a;2,0,b   | FILE: rowWeights are all 0, which leaves nothing to learn from",
                "v | x,w,k;1,1,a         | FILE has no column \"v\"; its columns are x, w, k",
                "-1| 1,1,a;2,1,b         | column 3 of FILE cannot be label and weight",
                "1 | 1,a;2,b             | FILE, line 1 has no column left for a feature"
            })
    void refusesWeightsWithoutMeaning(String weight, String text, String message) throws IOException {
        Path csv = file("weights.csv", text.replace(';', '\n'));
        assertEquals(message.replace("FILE", csv.toString()), Program.refusal("train", csv, "--weight", weight));
    }

    @Test
    void refusesANameThatTwoColumnsHave() throws IOException {
        Path csv = file("twice.csv", "k,a,k\n1,2,3\n");
        assertEquals(
                csv + " has two columns \"k\", number 1 and 3; give the number",
                Program.refusal("train", csv, "--label", "k"));
    }

    @Test
    void refusesFilesThatCannotBeRead() throws IOException {
        Path missing = directory.resolve("missing.csv");
        assertEquals(missing + " does not exist", Program.refusal("train", missing));
        assertEquals(directory + " is a directory", Program.refusal("train", directory));
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(zipped)) {
            out.write(table(1000).getBytes(StandardCharsets.UTF_8));
        }
        Path half = directory.resolve("half.csv.gz");
        Files.write(half, Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2));
        assertEquals(half + " is truncated", Program.refusal("train", half));
    }

    /** A gzip file begins with two bytes; text may begin with the first of them, or be that byte alone. */
    @Test
    void theFirstByteOfGzipDoesNotMakeAFileCompressed() throws IOException {
        Path text = file("text.csv", "\u001f1,2,a\n3,4,b\n");
        assertEquals(
                text
                        + ": class 0, \"a\", has one row only, which cannot be in both parts; --test takes a test set of its own",
                Program.refusal("train", text));
        Path byteAlone = file("byte.csv", "\u001f");
        assertEquals(
                byteAlone + ", line 1 has one field only; a feature and a label are needed, separated by commas,"
                        + " semicolons or tabs, or by what --separator says",
                Program.refusal("train", byteAlone));
        Path second = directory.resolve("second.csv");
        Files.write(second, new byte[] {(byte) 0x8b, ',', '1', ',', 'a', '\n', '1', ',', '1', ',', 'b', '\n'});
        assertTrue(Program.refusal("train", second)
                .startsWith(second + ", line 1, byte 1 of the file is not UTF-8: 8b; "));
        Path both = directory.resolve("both.csv");
        Files.write(both, new byte[] {0x1f, (byte) 0x8b, ',', '1'});
        assertTrue(Program.refusal("train", both).startsWith(both + " cannot be read: it is a damaged gzip file: "));
    }

    @Test
    void tinyFeaturesFailWithAdvice() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 40; row++) {
            rows.append(row % 7 + row % 2 * 3).append("e-40,").append(row % 2).append('\n');
        }
        Path model = directory.resolve("model");
        Program run = Program.run("train", file("tiny.csv", rows.toString()), "--out", model);
        assertEquals(1, run.exit(), run::err);
        assertEquals(
                "panamax: training leads to weights beyond the range of float after iteration 0: multiply tiny features by"
                        + " a constant\n",
                run.err());
        assertFalse(Files.exists(model));
    }

    /** Seconds since 1970 on one afternoon. */
    @Test
    void timesAreLearntAndTheirCoarsenessIsSaid() throws IOException {
        StringBuilder near = new StringBuilder();
        StringBuilder far = new StringBuilder();
        for (int row = 0; row < 200; row++) {
            int seconds = row * 37 % 101 * 128;
            char label = (seconds + row % 5 * 1500 > 8000) ? 'a' : 'b';
            near.append(seconds).append(',').append(label).append('\n');
            far.append(1_700_000_000L / 128 * 128 + seconds)
                    .append(',')
                    .append(label)
                    .append('\n');
        }
        Program expected = Program.succeed("train", file("near.csv", near.toString()));
        Program run = Program.run("train", file("far.csv", far.toString()));
        assertEquals(0, run.exit());
        for (String figure : List.of("training loss", "test loss", "test accuracy")) {
            assertEquals(expected.number(figure), run.number(figure), 1e-4, figure);
        }
        assertTrue(
                run.err()
                        .matches(
                                "warning: feature 0 varies by 37\\d\\d.* about 1.7\\d*E9, where floats are 128.0 apart:"
                                        + " subtract a constant from such columns to use all their digits\n"),
                run::err);
    }

    @Test
    void aFailedCheckIsAWarning() throws IOException {
        // The same features under both labels.
        Path csv = file("contradictions.csv", "1,2,a\n1,2,b\n".repeat(20));
        Program run = Program.run("train", csv, "--check");
        assertEquals(0, run.exit(), run::err);
        assertTrue(run.out().contains("check          FAILED: overfitting: "), run::out);
        assertEquals("warning: the check of overfitting failed\n", run.err());
    }

    @ParameterizedTest
    @CsvSource({"iris.csv,150,4,0.9", "wine_data.csv,178,13,0.9", "breast_cancer.csv,569,30,0.95"})
    void learnsRealData(String name, int rows, int features, double accuracy) {
        Path csv = Path.of("../../shared/data").resolve(name);
        assumeTrue(Files.exists(csv), csv + " is not here");
        Program run = Program.succeed("train", csv, "--skip-lines", 1);
        assertTrue(run.out().contains(rows + " rows, " + features + " features"), run::out);
        assertTrue(run.number("test accuracy") >= 100 * accuracy, run::out);
    }

    private static Examples read(String text, String label) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Examples[] all = new Examples[1];
        CsvOptions options = CsvOptions.defaults().withLabel(label);
        new CsvData("test", options, Known.NOTHING, true, Program::fail, ExampleReader.ALL, found -> all[0] = found)
                .read(new ByteArrayInputStream(bytes), "test", null);
        return all[0];
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    /** Three colours, each in its own corner of the plane. */
    private static String table(int rows) {
        StringBuilder text = new StringBuilder("x,kind,y\n");
        for (int row = 0; row < rows; row++) {
            int corner = row % 3;
            double x = (corner == 1 ? 1000 : 0) + row % 7 * 10;
            double y = (corner == 2 ? 0.01 : 0) + row % 5 * 0.0001;
            text.append(x).append(',').append(List.of("red", "green", "blue").get(corner));
            text.append(',').append(y).append('\n');
        }
        return text.toString();
    }
}
