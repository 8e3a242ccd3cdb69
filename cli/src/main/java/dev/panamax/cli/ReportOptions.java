package dev.panamax.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of the page with pictures. */
final class ReportOptions {
    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Where a page of HTML goes that shows data, model and errors in pictures.")
    private Path file;

    @Option(
            names = "--image-width",
            paramLabel = "N",
            description =
                    "The report shows features as the pixels of images, N in a line. Default: as --images and the "
                            + "built-in digits say; features of other files are no pixels.")
    private Integer imageWidth;

    /** Null if none is asked for. */
    Path file() {
        return file;
    }

    boolean isWanted() {
        return file != null;
    }

    void check() {
        DataSource.require(isWanted() || imageWidth == null, "--image-width needs --report");
        DataSource.require(imageWidth == null || imageWidth >= 1, "--image-width is " + imageWidth + ", less than 1");
    }

    void write(ReportPage page, Streams streams, PrintWriter out) {
        OutputFiles.write(file, streams.out(), to -> HtmlReport.write(page, to));
        out.println("reported       " + Text.printable(file.toString()));
    }

    /** How many pixels a line of an image has; 0 if features are no pixels. */
    int imageWidth(Examples examples) {
        int features = examples.features().cols();
        int width = imageWidth == null ? examples.origin().imageWidth() : imageWidth;
        DataSource.require(
                width == 0 || features % width == 0,
                "--image-width is " + width + ", but the " + features + " features of " + examples.source()
                        + " are no whole number of such lines");
        return width;
    }
}
