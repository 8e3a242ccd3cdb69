package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page of a report says, and that it says it to nobody else. */
class HtmlReportTest extends ReportExamples {
    /** Lines of the file, whichever rows the test set has, and before that of the training rows. */
    @Test
    void rowsOfASplitHaveTheirLines() throws IOException {
        Object[][] ways = {
            {"--test-fraction", 0.4}, {"--cross-validate", 3, "--validation", 0.4}, {"--cross-validate", 3}
        };
        List<String> names = List.of("test rows", "validation rows", "training rows");
        List<String> text = Files.readAllLines(csv);
        for (int way = 0; way < ways.length; way++) {
            Object[] arguments = Stream.concat(
                            Stream.of(
                                    "train",
                                    csv,
                                    "--categorical",
                                    "colour",
                                    "--drop",
                                    "note,share",
                                    "--missing",
                                    "drop",
                                    "--report",
                                    page,
                                    "--out",
                                    model),
                            Stream.of(ways[way]))
                    .toArray();
            Program.run(arguments);
            SoftmaxRegression saved = SoftmaxRegression.load(model);
            JsonNode data = ReportFile.data(page);
            JsonNode judged = data.get("judged");
            assertEquals(names.get(way), judged.get("what").asText());
            assertEquals(way == 2, judged.get("seen").asBoolean());
            assertEquals(way == 2 ? ROWS : 36, judged.get("rows").asInt());
            JsonNode shown = data.get("worst").get("shown");
            assertTrue(shown.size() > 3);
            for (JsonNode error : shown) {
                String[] fields = text.get(error.get("number").asInt() - 1).split(",");
                float[] x = {
                    Float.parseFloat(fields[1]),
                    fields[2].equals("blue") ? 1 : 0,
                    fields[2].equals("red") ? 1 : 0,
                    Float.parseFloat(fields[3])
                };
                float[] probabilities = saved.probabilities(x);
                assertEquals(KINDS.indexOf(fields[5]), error.get("label").asInt());
                assertEquals(saved.predict(x).index(), error.get("prediction").asInt());
                assertEquals(
                        probabilities[error.get("label").asInt()],
                        error.get("labelProbability").floatValue());
            }
        }
    }

    @Test
    void pixelsAreImages() throws IOException {
        Program.succeed("train", "--epochs", 5, "--report", page, "--out", model);
        SoftmaxRegression saved = SoftmaxRegression.load(model);
        JsonNode coefficients = ReportFile.data(page).get("coefficients");
        assertEquals(8, coefficients.get("imageWidth").asInt());
        float largest = coefficients.get("largestWeight").floatValue();
        for (int c = 0; c < 10; c++) {
            byte[] image = Base64.getDecoder()
                    .decode(coefficients.get("shown").get(c).get("image").asText());
            assertEquals(64, image.length);
            for (int f = 0; f < 64; f++) {
                assertEquals(saved.weights()[c * 64 + f], image[f] * largest / 127, largest / 250);
            }
        }
        byte[] row = Base64.getDecoder()
                .decode(ReportFile.data(page)
                        .get("worst")
                        .get("shown")
                        .get(0)
                        .get("image")
                        .asText());
        assertEquals(64, row.length);
        // A file says nothing of pixels, but whoever gives it may.
        Path digits = directory.resolve("digits.csv");
        Files.writeString(digits, "1,2,3,4,5,6,x\n2,1,0,0,0,1,y\n".repeat(5));
        Program.succeed("train", digits, "--report", page);
        assertEquals(
                0, ReportFile.data(page).get("coefficients").get("imageWidth").asInt());
        Program.succeed("train", digits, "--report", page, "--image-width", 3);
        assertEquals(
                3, ReportFile.data(page).get("coefficients").get("imageWidth").asInt());
        assertEquals(
                "--image-width is 4, but the 6 features of " + digits + " are no whole number of such lines",
                Program.refusal("train", digits, "--report", page, "--image-width", 4));
    }

    @Test
    void whatIsLeftOutIsSaid() throws IOException {
        train("--loss", "crammer-singer");
        JsonNode softness = ReportFile.data(page).get("softness");
        assertEquals(0, softness.get("points").size());
        assertEquals(
                "Left out: --loss crammer-singer has no probabilities to be shaped.",
                softness.get("how").asText());
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 2400; row++) {
            rows.append(row).append(",c").append(row % 1200).append('\n');
        }
        Path many = Files.writeString(directory.resolve("many.csv"), rows);
        Program.succeed("train", many, "--test", many, "--epochs", 1, "--loss", "crammer-singer", "--report", page);
        JsonNode data = ReportFile.data(page);
        assertEquals(1000, data.get("classScores").get("shown").size());
        assertEquals(1200, data.get("classScores").get("of").asInt());
        assertEquals(300, data.get("coefficients").get("shown").size());
        assertEquals(1200, data.get("coefficients").get("of").asInt());
        assertEquals(24, data.get("worst").get("shown").size());
        assertTrue(data.get("worst").get("errors").asInt() > 1000);
        assertEquals(400, data.get("rows").get("points").size());
        assertEquals(2400, data.get("rows").get("of").asInt());
        assertTrue(Files.size(page) < 3_000_000, "a page that anybody opens");
    }

    @Test
    void hugeDataGetAPathOfSomeRows() throws IOException {
        // 40 million products are the bound: 9000 rows of 10 features and 500 classes are a bit above it. The rows of
        // each class
        // are the same, so that there is nothing to learn, and that at once.
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 9000; row++) {
            rows.append(row % 500 + 1);
            for (int f = 1; f <= 10; f++) {
                rows.append(' ').append(f).append(':').append(row / 500 * f % 7 + 1);
            }
            rows.append('\n');
        }
        Path svm = Files.writeString(directory.resolve("huge.svm"), rows);
        Program.succeed("train", svm, "--test", svm, "--epochs", 1, "--report", page);
        JsonNode softness = ReportFile.data(page).get("softness");
        assertTrue(
                softness.get("how")
                        .asText()
                        .contains(" on 4500 of the 9000 training rows, every so many of each class,"),
                softness.get("how")::asText);
    }

    @Test
    void namesStayText() throws IOException {
        List<String> names = List.of(
                "<img src=x onerror=alert(1)>",
                "</script><script>alert(1)</script>",
                "<!--",
                "a\u2028b",
                "&lt;{{script}}");
        StringBuilder rows = new StringBuilder("<b>x</b>,kind\n");
        for (int row = 0; row < 50; row++) {
            rows.append(row % 7).append(",\"").append(names.get(row % 5)).append("\"\n");
        }
        Files.writeString(csv, rows);
        Program.succeed("train", csv, "--report", page);
        String html = Files.readString(page);
        assertFalse(ReportFile.text(html).contains("<"), "nothing in the data is markup");
        assertTrue(ReportFile.text(html).contains("alert(1)"));
        assertEquals(4, html.split("</script>", -1).length, "three elements are closed");
        JsonNode data = ReportFile.data(page);
        assertEquals(5, data.get("classNames").size());
        for (JsonNode name : data.get("classNames")) {
            assertTrue(names.contains(name.asText().replace("\\u2028", "\u2028")), name::asText);
        }
    }

    @Test
    void theSameCommandWritesTheSamePage() throws IOException {
        train("--validation", 0.2, "--threads", 1);
        byte[] first = Files.readAllBytes(page);
        train("--validation", 0.2, "--threads", 2);
        assertArrayEquals(first, Files.readAllBytes(page));
        String html = Files.readString(page);
        assertFalse(html.contains(directory.getFileName().toString()), "where files lie is nobody's business");
        assertFalse(ReportFile.text(html).contains("seconds"), "times differ");
    }

    @Test
    void aPageMayGoToStandardOutput() throws IOException {
        Program run = Program.run("train", "--epochs", 1, "--report", "-");
        assertEquals(0, run.exit());
        assertTrue(run.out().startsWith("<!DOCTYPE html>") && run.out().endsWith("</html>\n"));
        assertTrue(run.err().contains("test accuracy") && run.err().contains("reported       -"), run::err);
        assertEquals("Training", ReportFile.data(run.out()).get("title").asText());
        Program.run("train", "--epochs", 1, "--out", model);
        Program evaluated = Program.run("evaluate", "--model", model, "--report", "-");
        assertEquals("Evaluation", ReportFile.data(evaluated.out()).get("title").asText());
        assertTrue(evaluated.err().contains("accuracy"), evaluated::err);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--report m --out m              | --out and --report are the same file, m",
                "--report ./m --onnx m           | --onnx and --report are the same file, ./m",
                "--report - --out -              | --out and --report cannot both go to standard output",
                "--report nowhere/page.html      | nowhere/page.html cannot be written: there is no directory that may be "
                        + "written to",
                "--image-width 8                 | --image-width needs --report",
                "--image-width 0 --report m      | --image-width is 0, less than 1"
            })
    void refusesBeforeTraining(String options, String complaint) {
        Object[] arguments = Stream.concat(Stream.of("train"), Stream.of(options.split(" +")))
                .toArray();
        assertEquals(complaint, Program.refusal(arguments).replace("\n", ""));
    }

    @Test
    void neitherDataNorModelIsWrittenOver() throws IOException {
        assertEquals(
                csv + " would be written over " + csv + ", which is read",
                Program.refusal("train", csv, "--report", csv));
        Program.succeed("train", "--epochs", 1, "--out", model);
        byte[] before = Files.readAllBytes(model);
        String complaint = model + " would be written over " + model + ", which is read";
        assertEquals(complaint, Program.refusal("evaluate", "--model", model, "--report", model));
        assertEquals(complaint, Program.refusal("train", "--start", model, "--report", model));
        assertArrayEquals(before, Files.readAllBytes(model));
        assertEquals(
                directory + " cannot be written: it is a directory",
                Program.refusal("evaluate", "--model", model, "--report", directory));
    }

    @Test
    void aPageThatIsLostIsAFailure() {
        assumeTrue(Files.exists(Path.of("/dev/full")), "no such device here");
        Program run = Program.run("train", "--epochs", 1, "--out", model, "--report", "/dev/full");
        assertEquals(1, run.exit());
        assertEquals(
                "panamax: /dev/full cannot be written: No space left on device",
                run.err().strip());
        assertTrue(Files.exists(model), "the model is there all the same");
    }
}
