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
import java.util.stream.IntStream;
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

    /** Panamax itself on floats, where something else is timed. */
    private static final String FLOATS = "panamax on float[]";

    /** The others, in colours that the colour-blind can tell apart (P. Tol's bright scheme). */
    private static final Map<String, Color> SERIES = new LinkedHashMap<>();

    static {
        SERIES.put(Engines.ONNX_RUNTIME, new Color(0x4477aa));
        SERIES.put(Engines.LIBTORCH, new Color(0xee6677));
        SERIES.put(Engines.ONEDNN, new Color(0xccbb44));
        SERIES.put(Engines.C, new Color(0x999999));
        SERIES.put(FLOATS, new Color(0x228833));
    }

    private Chart() {}

    static void write(Results results, Path file) throws IOException {
        DefaultCategoryDataset dataset = dataset(results);
        List<Color> colours = IntStream.range(0, dataset.getRowCount())
                .mapToObj(row -> SERIES.get(dataset.getRowKey(row)))
                .toList();
        write("Time relative to Panamax = 1", dataset, colours, file);
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

    private static Case other(Case what, String series) {
        if (!series.equals(FLOATS)) {
            return what.withEngine(series);
        }
        // On floats it would be the case itself.
        return what.input() == Input.FLOATS ? null : what.withInput(Input.FLOATS);
    }

    /** Every engine of the run and every case gets its place, in this order, also where there is no number. */
    private static DefaultCategoryDataset dataset(Results results) {
        List<Case> cases = Claims.of(results).stream()
                .map(Claim::what)
                .filter(what -> what.engine().equals(Engines.PANAMAX) && !what.inPlace())
                .filter(what -> results.nanosecondsPerElement(what).isPresent())
                .toList();
        DefaultCategoryDataset dataset = new DefaultCategoryDataset();
        for (String series : SERIES.keySet()) {
            List<Case> others = cases.stream().map(what -> other(what, series)).toList();
            if (results.rows().stream().noneMatch(row -> others.contains(row.what()))) {
                continue;
            }
            for (int i = 0; i < cases.size(); i++) {
                double ours = results.nanosecondsPerElement(cases.get(i)).getAsDouble();
                OptionalDouble time = results.nanosecondsPerElement(others.get(i));
                Double ratio = time.isPresent() ? time.getAsDouble() / ours : null;
                dataset.addValue(ratio, series, cases.get(i).work());
            }
        }
        return dataset;
    }
}
