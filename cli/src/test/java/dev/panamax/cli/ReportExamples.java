package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.Features;
import dev.panamax.learn.Optimizer;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Rows of which the page of a report is made, and what the library is told of them. */
abstract class ReportExamples {
    static final int ROWS = 90;
    static final List<String> KINDS = List.of("a", "b", "c");
    private static final List<String> COLOURS = List.of("blue", "red");

    @TempDir
    Path directory;

    Path csv;
    Path model;
    Path page;
    /** What stands in the file, in the order of the model's features, but for rows that lack something. */
    final float[] cells = new float[ROWS * 4];

    final float[] weights = new float[ROWS];
    final int[] labels = new int[ROWS];
    final int[] lines = new int[ROWS];

    /** Categories, weights, a column that is no feature, and a line that is left out, so that lines are not rows. */
    @BeforeEach
    final void writeExamples() throws IOException {
        csv = directory.resolve("some.csv");
        model = directory.resolve("model");
        page = directory.resolve("page.html");
        SplittableRandom random = new SplittableRandom(5);
        StringBuilder text = new StringBuilder("note,height,colour,width,share,kind\n");
        int line = 1;
        for (int row = 0; row < ROWS; row++) {
            line++;
            if (row % 20 == 7) {
                text.append("left out,,red,1,1,a\n");
                line++;
            }
            int colour = random.nextInt(2);
            labels[row] = row % 3;
            lines[row] = line;
            weights[row] = row % 10 == 3 ? 0 : 1 + row % 4 * 0.25f;
            cells[row * 4] = Math.round(random.nextGaussian(labels[row], 1) * 100) / 100f;
            cells[row * 4 + 1 + colour] = 1;
            cells[row * 4 + 3] = Math.round(random.nextGaussian(colour, 10) * 100) / 100f;
            text.append(String.format(
                    Locale.ROOT,
                    "n%d,%s,%s,%s,%s,%s%n",
                    row,
                    cells[row * 4],
                    COLOURS.get(colour),
                    cells[row * 4 + 3],
                    weights[row],
                    KINDS.get(labels[row])));
        }
        Files.writeString(csv, text.toString().replace("\r", ""));
    }

    /** The rows as the library takes them. */
    final Dataset dataset() {
        return Dataset.of(Features.of(FloatMatrix.of(cells, ROWS, 4)), labels, KINDS)
                .withRowWeights(weights);
    }

    /** Trains on all rows, and judges by them. */
    final Program train(Object... more) {
        Object[] all = Stream.concat(
                        Stream.of(
                                "train",
                                csv,
                                "--test",
                                csv,
                                "--categorical",
                                "colour",
                                "--drop",
                                "note",
                                "--weight",
                                "share",
                                "--missing",
                                "drop",
                                "--report",
                                page,
                                "--out",
                                model),
                        Stream.of(more))
                .toArray();
        Program run = Program.run(all);
        assertEquals(0, run.exit(), run::err);
        return run;
    }

    /** As the command line's defaults are for a table. */
    static Trainer trainer() {
        return SoftmaxRegression.trainer()
                .l2(1e-4)
                .standardize(true)
                .seed(42)
                .optimizer(Optimizer.lbfgs().maxIterations(200).tolerance(1e-5));
    }
}
