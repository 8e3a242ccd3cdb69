package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as they come from spreadsheets and other programs: what can be read is read right, all else is refused with its place. */
class TextFilesTest {
    private static final List<String> KINDS = List.of("setosa", "café", "日本");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "csv,UTF-8,false", "csv,UTF-16LE,false", "csv,UTF-16BE,false", "csv,UTF-16LE,true",
        "svm,UTF-8,false", "svm,UTF-16LE,false", "svm,UTF-16BE,false", "svm,UTF-8,true"
    })
    void aByteOrderMarkChangesNothing(String format, String encoding, boolean gzip) throws IOException {
        String text = format.equals("csv") ? csv(60, ',') : libsvm(60);
        Path plain = write("plain." + format, text.getBytes(StandardCharsets.UTF_8));
        byte[] marked = ("\ufeff" + text).getBytes(Charset.forName(encoding));
        Path file = write("marked." + format, gzip ? gzipped(marked) : marked);
        Path model = directory.resolve("model");
        Program expected = Program.succeed("train", plain, "--out", model);
        assertTrue(expected.out().contains("60 rows, 2 features, 3 classes"), expected::out);
        assertEquals(expected.timeless(), said(Program.succeed("train", file, "--out", model), file, plain));
        assertEquals(
                said(Program.succeed("evaluate", "--model", model, plain), plain, plain),
                said(Program.succeed("evaluate", "--model", model, file), file, plain));
        assertEquals(
                Program.succeed("predict", "--model", model, plain).out(),
                Program.succeed("predict", "--model", model, file).out());
    }

    private static String said(Program run, Path file, Path by) {
        return run.timeless().replace(file.toString(), by.toString());
    }

    @ParameterizedTest
    @CsvSource({"csv,'line 3, byte 36'", "svm,'line 2, byte 23'"})
    void anotherEncodingIsRefusedUnlessItIsNamed(String format, String place) throws IOException {
        String text = format.equals("csv") ? csv(60, ',') : libsvm(60);
        Path utf8 = write("utf8." + format, text.replace("日本", "cafè").getBytes(StandardCharsets.UTF_8));
        Path latin1 = write("latin1." + format, text.replace("日本", "cafè").getBytes(StandardCharsets.ISO_8859_1));
        Path model = directory.resolve("model");
        Program expected = Program.succeed("train", utf8, "--out", model);
        assertTrue(expected.out().contains("3 classes"), expected::out);
        String refusal = latin1 + ", " + place + " of the file is not UTF-8: e9;"
                + " --encoding says what else it is, as in --encoding windows-1252";
        assertEquals(refusal, Program.refusal("train", latin1));
        assertEquals(refusal, Program.refusal("train", utf8, "--test", latin1));
        assertEquals(refusal, Program.refusal("evaluate", "--model", model, latin1));
        assertEquals(refusal, Program.refusal("predict", "--model", model, latin1));
        Program named = Program.succeed("train", latin1, "--encoding", "windows-1252");
        assertEquals(said(Program.succeed("train", utf8), utf8, utf8), said(named, latin1, utf8));
        assertEquals(
                Program.succeed("predict", "--model", model, utf8).out(),
                Program.succeed("predict", "--model", model, latin1, "--encoding", "latin1")
                        .out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "svm"})
    void utf16WithoutAMarkIsRefused(String format) throws IOException {
        String text = format.equals("csv") ? "1,2,a\n3,4,b\n" : "1 1:2\n2 1:3\n";
        Path file = write("unmarked." + format, text.getBytes(StandardCharsets.UTF_16LE));
        assertEquals(
                file
                        + ", line 1 has a character of code 0: it is not text, or in UTF-16 without a byte order mark, which"
                        + " --encoding UTF-16LE or UTF-16BE reads",
                Program.refusal("train", file));
        assertTrue(Program.refusal("train", file, "--encoding", "UTF-16LE").contains("has one row only"));
        // Half a character at the end.
        Path cut = write("cut." + format, new byte[] {'1', ' ', (byte) 0xe6, (byte) 0x97});
        assertTrue(Program.refusal("train", cut).startsWith(cut + ", line 1, byte 3 of the file is not UTF-8: e6 97;"));
    }

    @Test
    void rowsWithoutLabelsArePredictedAndElseRefused() throws IOException {
        Path labelled = write("labelled.svm", numbered(60));
        Path unlabelled = write("unlabelled.svm", numbered(60).replaceAll("(?m)^\\d ", ""));
        Path model = directory.resolve("model");
        Program.succeed("train", labelled, "--out", model);
        String predictions =
                Program.succeed("predict", "--model", model, labelled).out();
        assertEquals(61, predictions.lines().count());
        assertEquals(
                predictions,
                Program.succeed("predict", "--model", model, unlabelled).out());
        String refusal = unlabelled + ", line 1, column 1 is \"1:1.0\", an entry, where the label should be";
        assertEquals(refusal, Program.refusal("train", unlabelled));
        assertEquals(refusal, Program.refusal("train", labelled, "--test", unlabelled));
        assertEquals(refusal, Program.refusal("evaluate", "--model", model, unlabelled));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1:1;2 1:2        | , line 2, column 1 is \"2\", a label, but line 1 has no label",
                "1 1:1;;1:2       | , line 3, column 1 is \"1:2\", no label, but line 1 begins with a label",
                "1:1;;1:2         | , line 2 is empty, which may be a row of zeros without a label, or no row; write 1:0"
                        + " or remove it"
            })
    void whatMayBeALabelOrNoneIsRefused(String text, String refusal) throws IOException {
        Path model = directory.resolve("model");
        Program.succeed("train", write("train.svm", numbered(60)), "--out", model);
        Path file = write("mixed.svm", text.replace(';', '\n'));
        assertEquals(file + refusal, Program.refusal("predict", "--model", model, file));
    }

    @Test
    void emptyLinesAndCommentsAroundRowsAreNoRows() throws IOException {
        Path model = directory.resolve("model");
        Program.succeed("train", write("train.svm", numbered(60)), "--out", model);
        Path file = write("new.svm", "\n# new ones\n1:0.5 # so\n# and\n1:0\n\n\n");
        assertEquals(
                3,
                Program.succeed("predict", "--model", model, file).out().lines().count());
    }

    @Test
    void labelsOfLibsvmAreNumbersHoweverTheyAreWritten() throws IOException {
        String one = "+1.0 1:1 2:2\n-1 1:2 2:3\n1 1:1 2:2\n-1.0 1:3 2:4\n1e0 1:1\n-01 2:9\n";
        Path file = write("pmf.svm", one);
        Path model = directory.resolve("model");
        Program run = Program.succeed("train", file, "--out", model);
        assertTrue(run.out().contains("6 rows, 2 features, 2 classes (-1, 1)"), run::out);
        assertTrue(Program.succeed("evaluate", "--model", model, file).out().contains(" of 6)"));
        Path other = write("other.svm", one.replace("+1.0", "1.000"));
        Program.succeed("train", file, "--test", other);
        assertTrue(Program.refusal("train", write("nan.svm", "1 1:1\nNaN 1:2\n"))
                .endsWith("line 2, column 1 is the label NaN, not a finite number"));
    }

    @Test
    void whereTwoTextsAreOneNumberAnOptionDecides() throws IOException {
        Path file = write("mix.csv", "a,kind\n" + "1,2\n2,0.0\n3,1\n4,2.0\n5,0\n6,1.0\n7,01\n".repeat(3));
        Path model = directory.resolve("model");
        assertEquals(
                file + ", line 5, column 2 (kind) is the label 2.0, the same number as 2 in line 2; --label-type number"
                        + " takes them for one class, --label-type text for two",
                Program.refusal("train", file));
        Program numbers = Program.succeed("train", file, "--label-type", "number", "--out", model);
        assertTrue(numbers.out().contains("3 classes (0, 1, 2)"), numbers::out);
        Program texts = Program.succeed("train", file, "--label-type", "text");
        assertTrue(texts.out().contains("7 classes (0, 0.0, 01, 1, 1.0, 2, 2.0)"), texts::out);
        assertTrue(Program.refusal("evaluate", "--model", model, file).contains("the same number as 2 in line 2"));
        Path other = write("other.csv", "a,kind\n1,2.0\n");
        assertEquals(
                other + ", example 1 has the label 2.0, which is not among those of " + model
                        + ": 0, 1, 2; --label-type number takes it for 2",
                Program.refusal("evaluate", "--model", model, other));
        Program.succeed("evaluate", "--model", model, other, "--label-type", "NUMBER");
        assertTrue(Program.refusal("train", write("word.csv", "a,kind\n1,2\n2,x\n"), "--label-type", "number")
                .endsWith("line 3, column 2 (kind) is \"x\", not a number, as --label-type says"));
    }

    @Test
    void aQuoteThatIsNeverClosedIsRefused() throws IOException {
        String[] lines = csv(60, ',').split("\n");
        Path whole = write("whole.csv", String.join("\n", lines));
        lines[30] = lines[30].replaceAll(",([^,]*)$", ",\"$1");
        Path file = write("stray.csv", String.join("\n", lines));
        Path model = directory.resolve("model");
        Program.succeed("train", whole, "--out", model);
        String refusal = file + ", line 31: a quote that is opened is never closed";
        assertEquals(refusal, Program.refusal("train", file));
        assertEquals(refusal, Program.refusal("train", whole, "--test", file));
        assertEquals(refusal, Program.refusal("evaluate", "--model", model, file));
        assertEquals(refusal, Program.refusal("predict", "--model", model, file));
        // Closed by another one that is astray.
        lines[40] = lines[40] + '"';
        Path two = write("two.csv", String.join("\n", lines));
        assertTrue(Program.refusal("train", two)
                .startsWith(two + ", line 31, column 3 (kind) is a label of several lines, the first of them \""));
        Path after = write("after.csv", "a,kind\n1,\"x\"y\n");
        assertTrue(
                Program.refusal("train", after).startsWith(after + ", line 2: "),
                () -> Program.refusal("train", after));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NA,NA,x", "?,NaN,x", ",,x"})
    void aRowInWhichAllIsMissingIsNoHeader(String first) throws IOException {
        Path file = write("missing.csv", first + "\n" + "1,2,x\n3,4,y\n".repeat(10));
        String refusal = Program.refusal("train", file);
        assertTrue(refusal.startsWith(file + ", line 1, column 1 is "), refusal);
        assertTrue(refusal.endsWith("; --missing drop leaves such rows out, --missing mean takes the mean"), refusal);
        Program dropped = Program.run("train", file, "--missing", "drop");
        assertTrue(dropped.out().contains("20 rows, 2 features, 2 classes (x, y); without a header"), dropped::out);
        assertEquals(
                "warning: " + file
                        + ": 1 row left out of 21, in which 2 cells were missing: 1 in column 1, 1 in column 2\n",
                dropped.err());
        if (!first.startsWith("?")) {
            assertTrue(Program.refusal("train", file, "--header").contains(" has two columns \""));
            return;
        }
        Program header = Program.succeed("train", file, "--header");
        assertTrue(header.out().contains("20 rows, 2 features, 2 classes (x, y); with a header"), header::out);
    }

    @Test
    void aHeaderOfNumbersIsOneIfItIsSaid() throws IOException {
        Path file = write("years.csv", "2019,2020,kind\n" + "1,2,x\n3,4,y\n".repeat(10));
        assertTrue(Program.refusal("train", file)
                .endsWith("has one row only, which cannot be in both parts; --test takes a test set of its own"));
        assertTrue(Program.succeed("train", file, "--header").out().contains("20 rows, 2 features, 2 classes (x, y)"));
        Path names = write("names.csv", "a,b,x\n" + "1,2,x\n3,4,y\n".repeat(10));
        assertTrue(Program.succeed("train", names).out().contains("20 rows, 2 features, 2 classes (x, y); with"));
        assertEquals(
                names + ", line 1, column 1 is \"a\", not a number", Program.refusal("train", names, "--no-header"));
    }

    @Test
    void aClassOfOneRowIsNamedWithItsFile() throws IOException {
        String rows = csv(60, ',') + "1,2,rare\n";
        Path file = write("rare.csv", rows);
        assertEquals(
                file
                        + ": class 1, \"rare\", has one row only, which cannot be in both parts; --test takes a test set of its own",
                Program.refusal("train", file));
        Path test = write("test.csv", csv(60, ','));
        Program.succeed("train", file, "--test", test);
        Path sparse = write("rare.svm", numbered(60) + "7 1:1\n");
        assertEquals(
                sparse
                        + ": class 3, \"7\", has one row only, which cannot be in both parts; --test takes a test set of its own",
                Program.refusal("train", sparse));
        Path two = write("two.csv", rows + "3,4,rare\n");
        Program split = Program.succeed("train", two, "--test-fraction", 0.01);
        assertTrue(split.out().contains("58 rows to train, 4 rows to test"), split::out);
    }

    @Test
    void moreParametersThanMemoryAreRefused() throws IOException {
        Path file = write("far.svm", "1 1:1\n2 999999999:1\n3 2:1\n".repeat(3));
        String refusal = Program.refusal("train", file);
        assertTrue(
                refusal.startsWith(
                        file + ": 999999999 features and 3 classes need 96.0 GB of memory or more; Java may use "),
                refusal);
    }

    @Test
    void aTableMayHaveAnyNumberOfColumns() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 6; row++) {
            for (int column = 0; column < 20_000; column++) {
                rows.append(column % 7 + row % 2).append(',');
            }
            rows.append(row % 2 == 0 ? 'a' : 'b').append('\n');
        }
        Path file = write("wide.csv", rows.toString());
        Path model = directory.resolve("model");
        Program run = Program.succeed("train", file, "--epochs", 1, "--out", model);
        assertTrue(run.out().contains("6 rows, 20000 features, 2 classes"), run::out);
        Program.succeed("evaluate", "--model", model, file);
        assertEquals(
                7,
                Program.succeed("predict", "--model", model, file).out().lines().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t", ",", "|", " "})
    void theSeparatorIsFoundOrNamed(String separator) throws IOException {
        Path expected = write("comma.csv", csv(60, ','));
        Path file = write("other.csv", csv(60, separator.charAt(0)));
        Path model = directory.resolve("model");
        boolean found = "|; ".indexOf(separator) != 0 && !separator.equals(" ");
        if (!found) {
            assertTrue(Program.refusal("train", file).contains("has one field only; "));
        }
        List<Object> options = found ? List.of() : List.of("--separator", separator);
        Program.succeed(with(options, "train", file, "--out", model));
        assertEquals(
                Program.succeed("predict", "--model", model, expected).out(),
                Program.succeed(with(options, "predict", "--model", model, file))
                        .out());
        Path tabs = write("both.csv", "a;\tb;\tk\n1;\t2;\tx\n");
        assertEquals(
                tabs + ", line 1 has semicolons and tabs; --separator says which of them separates fields",
                Program.refusal("train", tabs));
        assertTrue(Program.refusal("train", tabs, "--separator", "tab").contains("is \"1;\", not a number"));
        Path decimal = write("decimal.csv", "a;k\n1,5;x\n");
        assertEquals(
                decimal + ", line 2, column 1 (a) is \"1,5\", not a number: a decimal point is needed, not a comma",
                Program.refusal("train", decimal));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,2, 'x';3,4,y           | , line 1 has a space before its quote",
                "a,b,k;1,2,x;3,4, 'y'     | , line 3, column 3 (k) has a space before its quote",
                "a,b,a,k;1,2,3,x          | ' has two columns \"a\", number 1 and 3; --drop with a number leaves one out'",
                "1 1:2 3:4;2 1:3          | , line 1 has one field only; a feature and a label are needed, separated by"
                        + " commas, semicolons or tabs, or by what --separator says; --format libsvm reads what it looks"
                        + " like"
            },
            quoteCharacter = '`')
    void whatAnotherReaderMightTakeInAnotherWayIsRefused(String text, String refusal) throws IOException {
        Path file = write("odd.csv", text.replace('\'', '"').replace(';', '\n'));
        assertEquals(file + refusal.replace("'", ""), Program.refusal("train", file));
    }

    private static Object[] with(List<Object> options, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(options);
        return all.toArray();
    }

    @Test
    void controlCharactersAreNotEchoed() throws IOException {
        Path file = write("escape.csv", "a,kind\n\u001b]0;title\u0007,x\n");
        assertEquals(
                file + ", line 2, column 1 (a) is \"\\u001b]0;title\\u0007\", not a number",
                Program.refusal("train", file));
        Path labels = write("labels.csv", "a,kind\n" + "1,\u001b[31mred\n2,x\u202ey\n".repeat(5));
        Path model = directory.resolve("model");
        Program run = Program.succeed("train", labels, "--out", model);
        assertTrue(run.out().contains("(\\u001b[31mred, x\\u202ey)"), run::out);
        Program evaluated = Program.succeed("evaluate", "--model", model, labels);
        assertEquals(-1, evaluated.out().indexOf('\u001b'), evaluated::out);
        assertTrue(Program.refusal("train", labels, "--label", "\u001b[2J").contains("\"\\u001b[2J\""));
        assertTrue(Program.refusal("train", "--optimizer", "\u001bx").contains("'\\u001bx' is none of "));
    }

    /** Three kinds in three places. */
    private static String csv(int rows, char separator) {
        StringBuilder text = new StringBuilder("a,b,kind\n".replace(',', separator));
        for (int row = 0; row < rows; row++) {
            text.append(String.format(Locale.ROOT, "%.1f,%.1f,%s%n", x(row), y(row), KINDS.get(row % 3))
                    .replace(',', separator));
        }
        return text.toString();
    }

    private static String libsvm(int rows) {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            text.append(String.format(Locale.ROOT, "%s 1:%.1f 2:%.1f%n", KINDS.get(row % 3), x(row), y(row)));
        }
        return text.toString();
    }

    private static String numbered(int rows) {
        String text = libsvm(rows);
        for (int kind = 0; kind < KINDS.size(); kind++) {
            text = text.replace(KINDS.get(kind) + " ", kind + " ");
        }
        return text;
    }

    private static double x(int row) {
        return 1 + row % 3 * 2 + row % 7 * 0.1;
    }

    private static double y(int row) {
        return (row % 3 == 1 ? 4 : 0) + row % 5 * 0.1;
    }

    private Path write(String name, String text) throws IOException {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "svm"})
    void numbersThatVanishAreCounted(String format) throws IOException {
        StringBuilder text = new StringBuilder(format.equals("csv") ? "x,y,kind\n" : "");
        for (int i = 0; i < 20; i++) {
            String small = List.of("1e-50", "-0.3E-60", "0e-50", "1e-4").get(i % 4);
            text.append(format.equals("csv") ? i + "," + small + "," + i % 2 : i % 2 + " 1:" + i + " 2:" + small)
                    .append('\n');
        }
        Path file = write("small." + format, text.toString());
        Program run = Program.run("train", file);
        assertEquals(0, run.exit(), run::err);
        assertTrue(run.err().contains(": 10 numbers are nearer to 0 than any float, and count as 0"), run::err);
    }

    /** Members one after the other are one text; what follows the last one is not passed over. */
    @Test
    void whatFollowsAGzipFileIsNotLost() throws IOException {
        byte[] head = "x,kind\n1,a\n2,b\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8);
        byte[] rows = "1,a\n2,b\n1,a\n2,b\n1,a\n2,b\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8);
        byte[] whole = joined(gzipped(head), gzipped(rows));
        assertTrue(Program.succeed("train", write("whole.csv.gz", whole)).out().contains("12 rows"));
        byte[] second = gzipped(rows);
        for (byte[] tail : new byte[][] {
            Arrays.copyOfRange(second, 1, second.length),
            Arrays.copyOf(second, 6),
            "1,a\n".getBytes(StandardCharsets.UTF_8),
            {0}
        }) {
            Path file = write("tail.csv.gz", joined(gzipped(head), tail));
            String complaint = Program.refusal("train", file);
            assertTrue(complaint.contains("damaged gzip file") || complaint.endsWith("is truncated"), complaint);
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] gzipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        }
        return zipped.toByteArray();
    }
}
