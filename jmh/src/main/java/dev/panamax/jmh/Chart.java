package dev.panamax.jmh;

import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.text.TextUtils;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.svg.SVGGraphics2D;

/** The time of each engine, relative to Panamax, for the shapes that have a number to reach. */
final class Chart {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 480;

    /** What is 2 times as fast as Panamax still has a bar. */
    private static final double LEAST = 0.5;

    private Chart() {}

    static void write(Results results, Path file) throws IOException {
        System.setProperty("java.awt.headless", "true");
        // Rotated text as text, not as outlines.
        TextUtils.setUseDrawRotatedStringWorkaround(false);
        ChartFactory.setChartTheme(theme());
        JFreeChart chart = ChartFactory.createBarChart(
                "Time relative to Panamax",
                null,
                "times Panamax's",
                dataset(results),
                PlotOrientation.VERTICAL,
                true,
                false,
                false);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(2);
        plot.getDomainAxis().setCategoryLabelPositions(CategoryLabelPositions.UP_45);
        LogAxis axis = new LogAxis("times Panamax's");
        axis.setSmallestValue(LEAST);
        axis.setLowerBound(LEAST);
        axis.setNumberFormatOverride(new DecimalFormat("0.#", DecimalFormatSymbols.getInstance(Locale.ROOT)));
        plot.setRangeAxis(axis);
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setBase(LEAST);

        SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, HEIGHT);
        // Names that do not depend on the clock.
        graphics.setDefsKeyPrefix("chart");
        chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        Files.writeString(file, graphics.getSVGDocument());
    }

    private static StandardChartTheme theme() {
        StandardChartTheme theme = new StandardChartTheme("plain");
        theme.setExtraLargeFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
        theme.setLargeFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        theme.setRegularFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        theme.setSmallFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        return theme;
    }

    private static DefaultCategoryDataset dataset(Results results) {
        List<String> engines = new ArrayList<>(Engines.NATIVE_PEERS);
        engines.add(Engines.C);
        engines.add(Engines.PANAMAX);
        DefaultCategoryDataset dataset = new DefaultCategoryDataset();
        for (String engine : engines) {
            for (Claim claim : Claims.all()) {
                Case what = claim.what();
                OptionalDouble ours = results.nanosecondsPerElement(what);
                OptionalDouble time = results.nanosecondsPerElement(what.withEngine(engine));
                boolean shown = what.engine().equals(Engines.PANAMAX) && !what.inPlace();
                if (shown && ours.isPresent() && time.isPresent()) {
                    String category = what.operation() + " " + what.shape();
                    dataset.addValue(time.getAsDouble() / ours.getAsDouble(), engine, category);
                }
            }
        }
        return dataset;
    }
}
