package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.SoftmaxRegression;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One run of the program.
 *
 * @param exit the exit code
 * @param out what it printed
 * @param err what it complained about
 */
record Program(int exit, String out, String err) {
    static Program run(Object... arguments) {
        return runWith("", arguments);
    }

    /** A run that has something to read on its standard input. */
    static Program runWith(String input, Object... arguments) {
        ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        int exit = run(in, out, err, arguments);
        return new Program(exit, out.toString(StandardCharsets.UTF_8), err.toString());
    }

    /** A run with streams of one's own. */
    static int run(InputStream in, OutputStream out, Writer err, Object... arguments) {
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        return Main.run(new Streams(in, out, StandardCharsets.UTF_8, false, new PrintWriter(err, true)), texts);
    }

    /** Runs what must succeed without a complaint. */
    static Program succeed(Object... arguments) {
        Program run = run(arguments);
        assertEquals("", run.err);
        assertEquals(0, run.exit);
        return run;
    }

    /** What it printed, but for how long that took. */
    String timeless() {
        return out.replaceAll(", [0-9.]+ s\n", "\n");
    }

    /** Runs what must be refused, and returns the one line that says why. */
    static String refusal(Object... arguments) {
        Program run = run(arguments);
        assertEquals(2, run.exit, run::err);
        assertEquals(1, run.err.lines().count(), run::err);
        assertTrue(run.err.startsWith("panamax: "), run::err);
        return run.err.strip().substring("panamax: ".length());
    }

    /** The features of examples, row after row. */
    static float[] cells(Examples examples) {
        // A model whose weights are the unit matrix gives the features back.
        int cols = examples.features().cols();
        float[] unit = new float[cols * cols];
        for (int i = 0; i < cols; i++) {
            unit[i * cols + i] = 1;
        }
        SoftmaxRegression identity = SoftmaxRegression.of(
                FloatMatrix.of(unit, cols, cols),
                new float[cols],
                IntStream.range(0, cols).mapToObj(Integer::toString).toList());
        float[] cells = new float[examples.features().rows() * cols];
        identity.scores(
                examples.features(), FloatMatrix.of(cells, examples.features().rows(), cols));
        return cells;
    }

    /** For whatever must not happen. */
    static void fail(String what) {
        throw new AssertionError(what);
    }

    /** The number that follows a label in the output. */
    double number(String label) {
        Matcher matcher = Pattern.compile("^" + label + "\\s+([0-9.]+)", Pattern.MULTILINE)
                .matcher(out);
        assertTrue(matcher.find(), () -> label + " is missing in " + out);
        return Double.parseDouble(matcher.group(1));
    }
}
