package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is none of what it is taken for is called by its name. */
class RefusalsTest {
    @TempDir
    private Path directory;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text, StandardCharsets.ISO_8859_1);
    }

    /** By the first bytes alone: a name says nothing. */
    @ParameterizedTest
    @CsvSource({
        "BZh91AY&SY, compressed by bzip2",
        "\u00fd7zXZ\0\0, compressed by xz",
        "(\u00b5/\u00fd$, compressed by zstd",
        "7z\u00bc\u00af'\u001c, a 7z archive",
        "PAR1\u0015, a Parquet file"
    })
    void whatOthersPackedIsNamed(String begin, String what) throws IOException {
        Path file = write("rows", begin + "\0\1\2");
        String refusal = file + " is " + what + "; only gzip is unpacked on the way";
        assertEquals(refusal, Program.refusal("train", file));
        assertEquals(refusal, Program.refusal("train", "--format", "libsvm", file));
        assertEquals(refusal, Program.refusal("train", "--images", file, "--labels", file));
    }

    @Test
    void archivesAreNamed() throws IOException {
        Path zip = directory.resolve("rows.csv");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("rows.csv"));
            out.write("1,a\n2,b\n".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(
                zip + " is a zip archive or a workbook; only gzip is unpacked on the way",
                Program.refusal("train", zip));
        // A tar archive is packed by gzip, as a rule.
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.writeBytes("rows.csv".getBytes(StandardCharsets.UTF_8));
        tar.writeBytes(new byte[257 - tar.size()]);
        tar.writeBytes("ustar\0".getBytes(StandardCharsets.UTF_8));
        tar.writeBytes(new byte[1024]);
        Path packed = directory.resolve("rows.tgz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(tar.toByteArray());
        }
        assertEquals(packed + " is a tar archive; only gzip is unpacked on the way", Program.refusal("train", packed));
    }

    /** Where the names of what is packed might be a header. */
    @Test
    void textThatBeginsAlikeIsText() throws IOException {
        Path file = write("rows.csv", "PAR2,BZh,kind\n" + "1,2,a\n3,4,b\n".repeat(5));
        assertTrue(Program.succeed("train", file).out().contains("10 rows, 2 features, 2 classes (a, b)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train %s --out", "train %s --onnx", "train %s --test"})
    void anEmptyNameIsNone(String arguments) throws IOException {
        Path file = write("rows.csv", "1,a\n2,b\n".repeat(5));
        String[] words = (arguments + " ").formatted(file).split(" ", -1);
        assertEquals("\"\" is no name of a file", Program.refusal((Object[]) words));
    }

    @Test
    void linksThatGoRoundInACircleLeadNowhere() throws IOException {
        Assumptions.assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "no links");
        Path file = write("rows.csv", "1,a\n2,b\n".repeat(5));
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        Files.createSymbolicLink(first, second);
        Files.createSymbolicLink(second, first);
        assertEquals(
                first + " cannot be written: its symbolic links go round in a circle",
                Program.refusal("train", file, "--out", first));
        assertTrue(Files.isSymbolicLink(first) && Files.isSymbolicLink(second));
    }

    @Test
    void aClassWhoseRowsWeighNothingIsNamed() throws IOException {
        Path file = write("rows.csv", "x,w,kind\n" + "1,1,a\n2,0.5,b\n3,0,c\n".repeat(5));
        assertEquals(file + ": every row with the label c weighs 0", Program.refusal("train", file, "--weight", "w"));
    }

    @Test
    void theNameOfTheLabelIsThatOfNoFeature() throws IOException {
        Path file = write("rows.csv", "kind,x,kind\n" + "1,2,a\n3,4,b\n".repeat(5));
        assertEquals(
                file + " has two columns \"kind\", number 1 and 3; --drop with a number leaves one out",
                Program.refusal("train", file, "--label", "3"));
    }

    @Test
    void aNumberThatIsACategoryIsWrittenInOneWay() throws IOException {
        Path file = write("rows.csv", "x,size,kind\n" + "1,1,a\n2,2,b\n3,1.0,a\n4,2,b\n".repeat(5));
        assertEquals(
                file
                        + ", line 4, column 2 (size) is the category 1.0, the same number as 1 in line 2; write both in one way",
                Program.refusal("train", file, "--categorical", "size"));
        // What is one number in one column may be another in the next one.
        Path two = write("two.csv", "size,width,kind\n" + "1,01,a\n2,02,b\n".repeat(10));
        Program.succeed("train", two, "--categorical", "size,width");
    }

    @Test
    void indicesOfLibsvmEndSomewhere() throws IOException {
        Path file = write("rows.svm", "a 1:1\nb 2000000000:1\n");
        assertEquals(
                file + ", line 2, column 3 has the index 2000000000, but indices end at 999999999",
                Program.refusal("train", file));
    }

    @Test
    void aClassHasOneWeight() throws IOException {
        Path file = write("rows.csv", "1,\"a, b\"\n2,c\n".repeat(5));
        assertEquals("--class-weight names \"c\" twice", Program.refusal("train", file, "--class-weight", "c=2,c=3"));
        assertEquals(
                "--class-weight has \"a\", which is neither balanced nor like rose=2",
                Program.refusal("train", file, "--class-weight", "a, b=2"));
        String plain = Program.succeed("train", file).out();
        String weighted = Program.succeed("train", file, "--class-weight", "\"a, b=1\",c=1")
                .out();
        assertEquals(plain.replaceAll(", [0-9.]+ s\n", "\n"), weighted.replaceAll(", [0-9.]+ s\n", "\n"));
        assertTrue(
                Program.succeed("train", file, "--class-weight", "\"a, b=9\"").number("training loss")
                        != Program.succeed("train", file).number("training loss"));
    }
}
