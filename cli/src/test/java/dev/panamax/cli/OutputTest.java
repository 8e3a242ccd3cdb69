package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panamax.learn.SoftmaxRegression;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written arrives, or the program says that it does not. */
class OutputTest {
    @TempDir
    private Path directory;

    /** A disk that is full, or a reader that has gone. */
    private static final class Broken extends OutputStream {
        private final String reason;

        Broken(String reason) {
            this.reason = reason;
        }

        @Override
        public void write(int b) throws IOException {
            throw new IOException(reason);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"train --epochs 1", "evaluate", "predict", "info", "--help", "predict --help", "help", "-V"})
    void outputThatCannotBeWrittenIsAFailure(String arguments) throws IOException {
        String command = arguments.matches("evaluate|predict") ? arguments + " --model " + digits() : arguments;
        StringWriter err = new StringWriter();
        Object[] words = command.split(" ");
        assertEquals(1, Program.run(InputStream.nullInputStream(), new Broken("No space left on device"), err, words));
        assertEquals("panamax: standard output cannot be written: No space left on device\n", err.toString());
        StringWriter quiet = new StringWriter();
        assertEquals(141, Program.run(InputStream.nullInputStream(), new Broken("Broken pipe"), quiet, words));
        assertEquals("", quiet.toString());
    }

    /** The fault is in the output, however little is read from a file or standard input. */
    @Test
    void aFullDiskIsNoFaultOfTheInput() throws IOException {
        Path data = directory.resolve("data.csv");
        Files.writeString(data, "x,kind\n1,a\n2,b\n1,a\n2,b\n1,a\n2,b\n1,a\n2,b\n1,a\n2,b\n");
        Path model = directory.resolve("model");
        Program.succeed("train", data, "--out", model);
        Path rows = directory.resolve("rows.csv");
        Files.writeString(rows, "x\n1\n2\n");
        for (String reason : List.of("No space left on device", "Broken pipe")) {
            StringWriter err = new StringWriter();
            int exit = Program.run(
                    InputStream.nullInputStream(), new Broken(reason), err, "predict", "--model", model, rows);
            assertEquals(reason.startsWith("No") ? 1 : 141, exit);
            assertEquals(
                    reason.startsWith("No") ? "panamax: standard output cannot be written: " + reason + "\n" : "",
                    err.toString());
        }
        Path full = Path.of("/dev/full");
        if (Files.exists(full)) {
            Program run = Program.run("predict", "--model", model, rows, "--out", full);
            assertEquals(1, run.exit());
            assertEquals("panamax: /dev/full cannot be written: No space left on device\n", run.err());
        }
    }

    @Test
    void whatIsReadIsNotWrittenOver() throws IOException {
        Path data = directory.resolve("data.csv");
        Files.writeString(data, "x,kind\n1,a\n2,b\n1,a\n2,b\n1,a\n2,b\n1,a\n2,b\n1,a\n2,b\n");
        Path test = Files.copy(data, directory.resolve("test.csv"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), data);
        Path model = directory.resolve("model");
        Program.succeed("train", data, "--out", model);
        byte[] trained = Files.readAllBytes(model);
        for (Object[] words : new Object[][] {
            {"train", data, "--out", data},
            {"train", data, "--out", link},
            {"train", data, "--onnx", data},
            {"train", data, "--test", test, "--out", test},
            {"predict", "--model", model, data, "--out", data},
            {"predict", "--model", model, data, "--out", model}
        }) {
            String complaint = Program.refusal(words);
            assertTrue(complaint.contains(" would be written over "), complaint);
        }
        assertEquals(Files.readString(test), Files.readString(data));
        assertArrayEquals(trained, Files.readAllBytes(model));
    }

    @Test
    void linesEndAsThoseOfEveryProgram() throws IOException {
        Path out = directory.resolve("predictions.csv");
        String printed = Program.succeed("predict", "--model", digits()).out();
        assertTrue(printed.startsWith("prediction\n0\n1\n"), () -> printed.substring(0, 20));
        Program.succeed("predict", "--model", digits(), "--out", out);
        assertEquals(printed, Files.readString(out));
        for (String option : List.of("--probabilities", "--top=2")) {
            assertEquals(
                    -1,
                    Program.succeed("predict", "--model", digits(), option)
                            .out()
                            .indexOf('\r'));
        }
    }

    @Test
    void aLinkStaysALinkAndAFileKeepsItsPermissions() throws IOException {
        Path target = Files.writeString(
                Files.createDirectory(directory.resolve("far")).resolve("file"), "old");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("far", "file"));
        Path second = Files.createSymbolicLink(directory.resolve("second"), link.toAbsolutePath());
        Path model = digits();
        for (List<Object> writes : List.of(
                List.<Object>of("train", "--epochs", 1, "--out", second),
                List.<Object>of("train", "--epochs", 1, "--onnx", second),
                List.<Object>of("predict", "--model", model, "--out", second))) {
            Files.writeString(target, "old");
            Program.succeed(writes.toArray());
            assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(second));
            assertTrue(Files.size(target) > "old".length());
            assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
            try (Stream<Path> files = Files.list(target.getParent())) {
                assertEquals(List.of(target), files.toList());
            }
        }
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("far", "new"));
        Program.succeed("train", "--epochs", 1, "--out", dangling);
        assertTrue(Files.isSymbolicLink(dangling) && Files.isRegularFile(dangling.toRealPath()));
    }

    @Test
    void aModelGoesToStandardOutput() throws IOException {
        Path file = digits();
        for (String name : List.of("-", "/dev/stdout", "/proc/self/fd/1")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            StringWriter err = new StringWriter();
            Object[] arguments = {"train", "--epochs", 1, "--out", name};
            assertEquals(0, Program.run(InputStream.nullInputStream(), out, err, arguments));
            assertArrayEquals(
                    SoftmaxRegression.load(file).weights(),
                    SoftmaxRegression.load(out.toByteArray()).weights());
            assertTrue(err.toString().contains("test accuracy"), err::toString);
        }
        assertEquals(
                "--out and --onnx cannot both go to standard output",
                Program.refusal("train", "--out", "-", "--onnx", "/dev/stdout"));
        ByteArrayOutputStream onnx = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        Program.run(InputStream.nullInputStream(), onnx, err, "train", "--epochs", 1, "--onnx", "-");
        Path graph = directory.resolve("graph");
        SoftmaxRegression.load(file).exportOnnx(graph);
        assertEquals(Files.size(graph), onnx.size());
    }

    @Test
    void aDeviceIsWrittenToAndNotReplaced() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no such device here");
        Path model = digits();
        for (List<Object> writes : List.of(
                List.<Object>of("train", "--epochs", 1, "--out", full),
                List.<Object>of("train", "--epochs", 1, "--onnx", full),
                List.<Object>of("predict", "--model", model, "--out", full))) {
            Program run = Program.run(writes.toArray());
            assertEquals("panamax: /dev/full cannot be written: No space left on device\n", run.err());
            assertEquals(1, run.exit());
        }
        assertFalse(Files.isRegularFile(full));
        Program.succeed("train", "--epochs", 1, "--out", "/dev/null");
        assertFalse(Files.isRegularFile(Path.of("/dev/null")));
    }

    @Test
    void standardInputIsAFile() throws IOException {
        String rows = "a,b,kind\n" + "1,2,x\n3,1,y\n".repeat(10);
        Path file = Files.writeString(directory.resolve("rows.csv"), rows);
        Path model = directory.resolve("model");
        Program expected = Program.succeed("train", file);
        Program trained = Program.runWith(rows, "train", "-", "--out", model);
        assertEquals(
                expected.timeless().replace(file.toString(), "standard input"),
                trained.timeless().replace("saved          " + model + "\n", ""));
        assertEquals(
                Program.succeed("predict", "--model", model, file).out(),
                Program.runWith(rows, "predict", "--model", model, "-").out());
        assertTrue(
                Program.runWith(rows, "evaluate", "--model", model, "-").out().contains("standard input: 20 rows"));
        Program libsvm = Program.runWith("1 1:1\n2 2:1\n".repeat(5), "train", "-", "--format", "libsvm");
        assertTrue(libsvm.out().contains("standard input: 10 rows, 2 features"), libsvm::out);
        Program bad = Program.runWith("a,b,kind\n1,2,x\n3,?,y\n", "predict", "--model", model, "-");
        assertEquals(2, bad.exit());
        assertEquals("panamax: standard input, line 3, column 2 (b) is \"?\"\n", bad.err());
        assertEquals("two files cannot both come from standard input", Program.refusal("train", "-", "--test", "-"));
    }

    /** Whoever writes a row may wait for its prediction before writing the next. */
    @ParameterizedTest
    @CsvSource({"csv,true", "csv,false", "libsvm,false"})
    void aRowInIsALineOut(String format, boolean header) throws Exception {
        Path model = directory.resolve("model");
        boolean csv = format.equals("csv");
        String rows = !csv
                ? "1 1:1\n2 2:1\n".repeat(10)
                : header ? "a,b,kind\n" + "1,2,x\n3,1,y\n".repeat(10) : "1,x\n3,y\n".repeat(10);
        Program.runWith(rows, "train", "-", "--format", format, "--out", model);
        PipedInputStream in = new PipedInputStream();
        PipedOutputStream question = new PipedOutputStream(in);
        try (PipedInputStream answer = new PipedInputStream();
                PipedOutputStream out = new PipedOutputStream(answer)) {
            StringWriter err = new StringWriter();
            Thread program = Thread.ofPlatform()
                    .start(() -> Program.run(in, out, err, "predict", "--model", model, "-", "--format", format));
            String[] said = !csv
                    ? new String[] {"1:1\n", "2:1\n"}
                    : header ? new String[] {"b,a\n2,1\n", "1,3\n"} : new String[] {"1\n", "3\n"};
            String[] heard = csv ? new String[] {"prediction\nx\n", "y\n"} : new String[] {"prediction\n1\n", "2\n"};
            for (int i = 0; i < said.length; i++) {
                question.write(said[i].getBytes(StandardCharsets.UTF_8));
                question.flush();
                assertEquals(heard[i], new String(answer.readNBytes(heard[i].length()), StandardCharsets.UTF_8));
            }
            question.close();
            program.join();
            assertEquals("", err.toString());
        }
    }

    @Test
    void manyRowsArePredictedAsFew() throws IOException {
        Path model = digits();
        List<String> lines = Program.succeed("predict", "--model", model, "--probabilities")
                .out()
                .lines()
                .toList();
        assertEquals(1798, lines.size());
        try (InputStream digits =
                InputFiles.unpacked(OutputTest.class.getResourceAsStream("/dev/panamax/cli/digits.csv.gz"))) {
            String text = new String(digits.readAllBytes(), StandardCharsets.UTF_8);
            ByteArrayInputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Program.run(in, out, new StringWriter(), "predict", "--model", model, "--probabilities", "-", "--label=-1");
            assertEquals(lines, out.toString(StandardCharsets.UTF_8).lines().toList());
        }
    }

    /** A class may have a name that renames the window. In a file it is what it is. */
    @Test
    void terminalsAreShownNoControlCharacters() {
        Path model = directory.resolve("model");
        Program.runWith("1,\u001b[2Jx\n2,y\n".repeat(5), "train", "-", "--out", model);
        for (boolean terminal : new boolean[] {true, false}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            InputStream in = new ByteArrayInputStream("1\n".getBytes(StandardCharsets.UTF_8));
            PrintWriter err = new PrintWriter(new StringWriter());
            Streams streams = new Streams(in, out, StandardCharsets.UTF_8, terminal, err);
            assertEquals(0, Main.run(streams, "predict", "-", "--model", model.toString()));
            String name = terminal ? "\\u001b[2Jx" : "\u001b[2Jx";
            assertEquals("prediction\n" + name + "\n", out.toString(StandardCharsets.UTF_8));
        }
    }

    private Path digits() throws IOException {
        Path model = directory.resolve("digits.safetensors");
        if (!Files.exists(model)) {
            Program.succeed("train", "--epochs", 1, "--out", model);
        }
        return model;
    }
}
