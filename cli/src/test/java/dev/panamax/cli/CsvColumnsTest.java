package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which column is what and which line is a row, where a file may be read in two ways. */
class CsvColumnsTest {
    private static final String ROWS = "1,10,x\n2,20,y\n3,10,x\n4,25,y\n".repeat(5);

    @TempDir
    private Path directory;

    private Path model;

    @BeforeEach
    void nameTheModel() {
        model = directory.resolve("model");
    }

    /** Among the columns a, b and kind: one that is no feature, and one of weights. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7,$1,$2,$3,1 | 7,$1,$2,1   | --drop 1 --weight 5 --label 4",
                "$3,$1,7,1,$2 | $1,7,1,$2   | --drop 3 --weight 4 --label 1",
                "$1,1,$3,7,$2 | $1,1,7,$2   | --features 1,5 --label 3",
                "7,1,$1,$2,$3 | 7,1,$1,$2   | --drop 1,2"
            })
    void columnsThatAreNoFeaturesAreFoundByTheirNumber(String labelled, String unlabelled, String options)
            throws IOException {
        String pattern = "(.*),(.*),(.*)";
        Path plain = write("plain.csv", ROWS);
        Program.succeed("train", plain, "--out", model);
        String expected = Program.succeed("predict", "--model", model, plain).out();
        String header = labelled.replace("$1", "a").replace("$2", "b").replace("$3", "kind") + "\n";
        for (String first : List.of("", header.replace("7", "id").replace("1", "w"))) {
            Path train = write("train.csv", first + ROWS.replaceAll(pattern, labelled));
            Program.succeed((Object[]) ("train " + train + " " + options + " --out " + model).split(" "));
            Path rows = write("rows.csv", ROWS.replaceAll(pattern, labelled));
            assertEquals(
                    expected, Program.succeed("predict", "--model", model, rows).out());
            Program evaluated = Program.succeed("evaluate", "--model", model, rows);
            assertTrue(evaluated.out().contains("100.00 % (20 of 20)"), evaluated::out);
            Path bare = write("bare.csv", ROWS.replaceAll(pattern, unlabelled));
            assertEquals(
                    expected, Program.succeed("predict", "--model", model, bare).out());
        }
    }

    @Test
    void filesThatHaveOtherColumnsThanThatOfTrainingAreRefused() throws IOException {
        Path train = write("train.csv", ROWS.replaceAll("(.*),(.*),(.*)", "7,$1,$2,$3"));
        Program.succeed("train", train, "--drop", 1, "--out", model);
        String pattern = "(.*),(.*),(.*)";
        Path features = write("features.csv", ROWS.replaceAll(pattern, "$1,$2"));
        Path more = write("more.csv", ROWS.replaceAll(pattern, "7,7,$1,$2,$3"));
        Path moved = write("moved.csv", ROWS.replaceAll(pattern, "$1,$3,7,$2"));
        String expects = ", but " + model + " was trained on 4, of which 4 is the label and no features are 1;"
                + " --features says which columns are features";
        assertEquals(features + " has 2 columns" + expects, Program.refusal("predict", "--model", model, features));
        assertEquals(more + " has 5 columns" + expects, Program.refusal("evaluate", "--model", model, more));
        assertEquals(
                moved + " has 4 columns, of which 2 is the label" + expects,
                Program.refusal("evaluate", "--model", model, moved, "--label", 2));
        String expected = Program.succeed("predict", "--model", model, train).out();
        assertEquals(
                expected,
                Program.succeed("predict", "--model", model, features, "--features", "1,2")
                        .out());
        assertEquals(
                expected,
                Program.succeed("predict", "--model", model, moved, "--label", 2, "--drop", 3)
                        .out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b,kind", "b;\"a\"", "x\tb \ta"})
    void aHeaderIsNotSkipped(String header) throws IOException {
        Program.succeed("train", write("train.csv", "# a, b\na,b,kind\n" + ROWS), "--skip-lines", 1, "--out", model);
        Path bare = write("bare.csv", header + "\n1,10,x\n2,20,y\n");
        for (String command : List.of("evaluate", "predict")) {
            assertEquals(
                    bare + ", line 1 looks like a header, but " + model + " was trained with --skip-lines 1; say"
                            + " --skip-lines 0, or again --skip-lines 1",
                    Program.refusal(command, "--model", model, bare));
        }
        Program.succeed("predict", "--model", model, bare, "--skip-lines", 1);
        Path commented = write("commented.csv", "# a, b\na,b\n1,10\n");
        Program.succeed("predict", "--model", model, commented);
    }

    /** Predictions are in the lines of their rows. */
    @ParameterizedTest
    @CsvSource({
        "'a,b\n1,10\n\n2,20\n', 3",
        "'a,b\n\n1,10\n', 2",
        "'\n1,10\n', 1",
        "'1,10\r\n\r\n\r\n2,20\r\n', 2",
        "'\"a\",\"b\"\r\r\"1\",10', 2",
        "'1,10\n\n2,x\n', 2"
    })
    void anEmptyLineBetweenRowsIsNotPredicted(String text, int line) throws IOException {
        Program.succeed("train", write("train.csv", "a,b,kind\n" + ROWS), "--out", model);
        Path rows = write("rows.csv", text);
        assertEquals(
                rows + ", line " + line + " is empty; predictions would no longer be in the lines of their rows",
                Program.refusal("predict", "--model", model, rows));
    }

    @Test
    void emptyLinesThatMoveNoPredictionAreNoRows() throws IOException {
        Path train = write("train.csv", "\n\na,b,kind\n\n" + ROWS.replace("\n2,20", "\n\n2,20") + "\n\n");
        Program.succeed("train", train, "--out", model);
        Program evaluated = Program.succeed("evaluate", "--model", model, train);
        assertTrue(evaluated.out().contains("100.00 % (20 of 20)"), evaluated::out);
        for (String text : List.of("\n\na,b\n1,10\n2,20\n\n\n", "1,10\n2,20\n\n")) {
            assertEquals(
                    "prediction\nx\ny\n",
                    Program.succeed("predict", "--model", model, write("rows.csv", text))
                            .out());
        }
    }

    /** Where a row has one column, an empty line may be a row in which it is missing. */
    @Test
    void anEmptyLineIsNoRowOfOneColumn() throws IOException {
        String rows = "1,x\n2,y\n1,x\n2,y\n".repeat(3);
        Program.succeed("train", write("train.csv", "a,kind\n" + rows), "--missing", "mean", "--out", model);
        for (String text : List.of("a\n1\n\n2\n", "1\n\n2\n\n")) {
            Path file = write("rows.csv", text);
            assertTrue(Program.refusal("predict", "--model", model, file).startsWith(file + ", line "));
        }
        Path quoted = write("quoted.csv", "a\n1\n\"\"\n2\n\"\"\n");
        Program predicted = Program.run("predict", "--model", model, quoted);
        assertEquals(5, predicted.out().lines().count());
        assertEquals(
                "warning: " + quoted + ": 2 missing cells in 2 of 4 rows have the mean of the training rows: 2 in a\n",
                predicted.err());
    }

    /** Columns whose names are numbers, of which some are those of other columns. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7,a,b,kind | --drop 7",
                "7,a,b,kind | --drop 1",
                "a,7,b,kind | --features 1,b",
                "0,a,b,kind | --features a,3",
                "a,b,c,0    | --drop c --label 0",
                "a,b,7,kind | --weight 7",
                "a,b,3,kind | --weight 3",
                "5,6,7,8    | --header --drop 7",
                "0,1,2,3    | --header --drop 0 --label -1",
                "1,2,3,4    | --header --label 4 --drop 3"
            })
    void aNumberIsTheNameOrTheNumberOfAColumn(String header, String options) throws IOException {
        Path train = write("train.csv", header + "\n" + "1,2,3,x\n2,4,6,y\n".repeat(6));
        Program run = Program.succeed((Object[]) ("train " + train + " " + options).split(" "));
        assertTrue(run.out().contains("12 rows, 2 features, 2 classes (x, y); with a header"), run::out);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2,a,b,kind | --header --drop 2              | 2 | 1 | -4 | -3",
                "a,b,2,kind | --weight 2 --drop a   | 2 | 3 | -2 | -3",
                "3,1,2,4    | --header --features 3 | 3 | 1 | -4 | -2",
                "0,1,2,y    | --header --label 3 --drop 2 | 2 | 3 | -2 | -3"
            })
    void aNumberThatIsTheNameOfOneColumnAndTheNumberOfAnotherIsRefused(
            String header, String options, String text, int named, int byName, int byNumber) throws IOException {
        Path train = write("train.csv", header + "\n" + "1,2,3,x\n2,4,6,y\n".repeat(5));
        assertEquals(
                text + " is the name of column " + named + " of " + train + " and the number of another; say " + byName
                        + " for the one or " + byNumber + " for the other",
                Program.refusal((Object[]) ("train " + train + " " + options).split(" ")));
        Program.succeed(
                (Object[]) ("train " + train + " --header --label 4 --drop " + byName + "," + byNumber).split(" "));
    }

    /** Cells are no names. */
    @Test
    void numbersOfARowAreNoNames() throws IOException {
        Path rows = write("rows.csv", "2,5,5,x\n1,2,9,y\n".repeat(5));
        Program run = Program.succeed("train", rows, "--drop", "1");
        assertTrue(run.out().contains("10 rows, 2 features"), run::out);
        assertEquals(
                "there is no column 5 in " + rows + ", which has columns 1 to 4, or -1 to -4 from the end",
                Program.refusal("train", rows, "--drop", "5"));
        assertEquals(
                "there is no column 5 in " + rows + ", which has columns 1 to 4, or -1 to -4 from the end",
                Program.refusal("train", rows, "--drop", "5", "--no-header"));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
