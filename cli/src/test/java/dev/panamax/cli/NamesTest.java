package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of names, in which each name can be told from two. */
class NamesTest {
    private static final String FILE = """
            "width, cm",height,kind
            1,2,"big, red"
            3,4,big
            5,6,"a ""b\"""
            1,2,"big, red"
            3,4,big
            5,6,"a ""b\"""
            """;

    private static final String CLASSES = "\"a \"\"b\"\"\", big, \"big, red\"";

    @TempDir
    private Path directory;

    @Test
    void namesAreInQuotesWhereTheyNeedThem() {
        List<String> names = List.of("a", "b c", "d, e", "", " f", "g\"h", "i\u001bj");
        assertEquals("a, b c, \"d, e\", \"\", \" f\", \"g\"\"h\", i\\u001bj", Text.names(names));
        assertEquals("", Text.names(List.of()));
    }

    /** A name is whole, or says where something is left out of it; so does the list. */
    @Test
    void listsHaveRoomInALine() {
        String fits = "n".repeat(60);
        assertEquals(fits, Text.names(List.of(fits)));
        assertEquals(fits + " and 1 more", Text.names(List.of(fits, "x")));
        String path = "Products / " + "between / ".repeat(20);
        String shown = "Products / between / betwee...etween / between / between / ";
        assertEquals(shown + "a and 1 more", Text.names(List.of(path + "a", path + "b")));
        assertEquals(60, Text.shortened(path + "a").length());
        assertTrue(Text.shortened(path + "b").endsWith("between / b"), "ends tell paths apart");
        assertEquals(
                "\ud83c\udf39".repeat(27) + "..." + "\ud83c\udf39".repeat(30),
                Text.shortened("\ud83c\udf39".repeat(99)));
        assertEquals(
                "ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab and 985 more",
                Text.names(Collections.nCopies(1000, "ab")));
    }

    @Test
    void commandsListClassesAndColumnsSo() throws IOException {
        Path csv = Files.writeString(directory.resolve("names.csv"), FILE);
        Path model = directory.resolve("model");
        Program trained = Program.succeed("train", csv, "--test", csv, "--out", model);
        assertTrue(trained.out().contains("2 features, 3 classes (" + CLASSES + "); with a header\n"), trained::out);
        Program evaluated = Program.succeed("evaluate", "--model", model, csv);
        assertTrue(evaluated.out().contains("2 features, 3 classes (" + CLASSES + ")\n"), evaluated::out);
        assertEquals(
                "--class-weight names \"red\", which is not among " + CLASSES,
                Program.refusal("train", csv, "--class-weight", "red=2"));
        Path other = Files.writeString(directory.resolve("other.csv"), FILE.replace(",big\n", ",red\n"));
        assertEquals(
                other + ", example 2 has the label red, which is not among those of " + model + ": " + CLASSES,
                Program.refusal("evaluate", "--model", model, other));
        assertEquals(
                csv + " has no column \"width\"; its columns are \"width, cm\", height, kind",
                Program.refusal("train", csv, "--drop", "width"));
        Path lacks = Files.writeString(directory.resolve("lacks.csv"), "\"a,b\",c,kind\n1,2,big\n");
        assertEquals(
                lacks + " lacks the features \"width, cm\", height and has the columns \"a,b\", c, which are none of "
                        + model + "; --drop leaves columns out",
                Program.refusal("evaluate", "--model", model, lacks));
    }
}
