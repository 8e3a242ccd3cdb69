package dev.panamax.jmh;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.text.TextUtils;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.svg.SVGGraphics2D;

/** The time of each engine, relative to Panamax, for the shapes that have a number to reach. */
final class Chart {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 520;

    /** The others, in colours that the colour-blind can tell apart (P. Tol's bright scheme). */
    private static final Map<String, Color> ENGINES = new LinkedHashMap<>();

    static {
        ENGINES.put(Engines.ONNX_RUNTIME, new Color(0x4477aa));
        ENGINES.put(Engines.LIBTORCH, new Color(0xee6677));
        ENGINES.put(Engines.ONEDNN, new Color(0xccbb44));
        ENGINES.put(Engines.C, new Color(0x999999));
    }

    private Chart() {}

    static void write(Results results, Path file) throws IOException {
        write("Time relative to Panamax = 1", dataset(results), ENGINES.values(), file);
    }

    /** Bars in groups: a colour for each row of the data, a group for each column. */
    static void write(String title, DefaultCategoryDataset dataset, Collection<Color> colours, Path file)
            throws IOException {
        System.setProperty("java.awt.headless", "true");
        // Rotated text as text, not as outlines.
        TextUtils.setUseDrawRotatedStringWorkaround(false);
        ChartFactory.setChartTheme(theme());
        JFreeChart chart =
                ChartFactory.createBarChart(title, null, null, dataset, PlotOrientation.VERTICAL, true, false, false);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.setRangeAxis(axis(dataset));
        plot.addRangeMarker(new ValueMarker(1, Color.BLACK, new BasicStroke(1.5f)));
        CategoryAxis shapes = plot.getDomainAxis();
        shapes.setMaximumCategoryLabelWidthRatio(2);
        shapes.setCategoryLabelPositions(CategoryLabelPositions.UP_45);
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setItemMargin(0);
        renderer.setBase(1);
        int series = 0;
        for (Color colour : colours) {
            renderer.setSeriesPaint(series++, colour);
        }

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

    /** From one power of two to another, 1 within. */
    private static LogAxis axis(DefaultCategoryDataset dataset) {
        double least = 0.5;
        double largest = 1;
        for (int row = 0; row < dataset.getRowCount(); row++) {
            for (int column = 0; column < dataset.getColumnCount(); column++) {
                Number value = dataset.getValue(row, column);
                if (value != null) {
                    least = Math.min(least, value.doubleValue());
                    largest = Math.max(largest, value.doubleValue());
                }
            }
        }
        LogAxis axis = new LogAxis("times as long");
        axis.setBase(2);
        axis.setTickUnit(new NumberTickUnit(1));
        axis.setNumberFormatOverride(new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)));
        axis.setRange(Math.scalb(1.0, Math.getExponent(least)), Math.scalb(2.0, Math.getExponent(largest)));
        return axis;
    }

    /** Every engine and every case gets its place, in this order, also where there is no number. */
    private static DefaultCategoryDataset dataset(Results results) {
        List<Case> cases = Claims.all().stream()
                .map(Claim::what)
                .filter(what -> what.engine().equals(Engines.PANAMAX) && !what.inPlace())
                .filter(what -> results.nanosecondsPerElement(what).isPresent())
                .toList();
        DefaultCategoryDataset dataset = new DefaultCategoryDataset();
        for (String engine : ENGINES.keySet()) {
            for (Case what : cases) {
                double ours = results.nanosecondsPerElement(what).getAsDouble();
                OptionalDouble time = results.nanosecondsPerElement(what.withEngine(engine));
                Double ratio = time.isPresent() ? time.getAsDouble() / ours : null;
                dataset.addValue(ratio, engine, what.operation() + " " + what.shape());
            }
        }
        return dataset;
    }
}
