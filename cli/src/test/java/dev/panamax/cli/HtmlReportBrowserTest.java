package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.Evaluation;
import dev.panamax.learn.Features;
import dev.panamax.learn.SoftmaxRegression;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.print.PrintOptions;
import org.openqa.selenium.remote.http.ClientConfig;

/** The page of a report in a browser. Without Chromium it is skipped, unless {@code -Dpanamax.browser=required} says otherwise. */
class HtmlReportBrowserTest {
    private static final int HEIGHT = 900;
    /** Less than JUnit has. */
    private static final Duration PATIENCE = Duration.ofMinutes(9);

    private static final int MANY = 120;
    private static final int MANY_ROWS = 3000;

    private static final String EVIL = "<img src=x onerror=\"document.title='run'\">";

    private static final List<String> WORDY = List.of(
            "Products / Home and garden / Furniture for the living room / Sofas with three seats",
            "Products / Home and garden / Furniture for the living room / Sofas with two seats",
            "setosa, small");

    private static final String FEATURE = "the length of the sepal, in cm, as it was measured in the field by hand";

    /** What was printed of the pages with these names. */
    private static Program wordy;

    @TempDir
    private static Path directory;

    private static ChromeDriver browser;
    /** A model at random, which takes rows for any class. */
    private static SoftmaxRegression wild;

    private static Dataset wildData;

    @BeforeAll
    static void makePages() throws IOException {
        Path chromium = program("chromium", "chromium-browser", "google-chrome");
        Path driver = program("chromedriver");
        boolean there = chromium != null && driver != null;
        assertTrue(
                there || !"required".equals(System.getProperty("panamax.browser")),
                "there is no chromium and chromedriver on the path, but -Dpanamax.browser=required");
        assumeTrue(there, "there is no chromium and chromedriver on the path");
        Program.succeed("train", "--epochs", 30, "--report", page("digits"));
        Program.succeed("train", "--epochs", 5, "--loss", "weston-watkins", "--report", page("hinge"));
        makeEvil();
        makeWordy();
        makeWild();
        start(chromium, driver);
    }

    private static Path program(String... names) {
        String path = System.getenv("PATH");
        return Stream.of(names)
                .flatMap(name -> Stream.of(path.split(File.pathSeparator))
                        .map(folder -> Path.of(folder).resolve(name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    private static Path page(String name) {
        return directory.resolve(name + ".html");
    }

    /** Names that would run if they were markup, and very long ones; rows with weights. */
    private static void makeEvil() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder rows =
                new StringBuilder(EVIL.replace("\"", "") + ",{b|" + "long ".repeat(30) + "},weight,kind\n");
        List<String> names =
                List.of(EVIL, "</script><script>document.title='run'</script>", "a{x|y}" + "z".repeat(200));
        for (int row = 0; row < 120; row++) {
            rows.append(String.format(
                    Locale.ROOT,
                    "%.2f,%.2f,%d,\"%s\"%n",
                    random.nextGaussian(row % 3, 1),
                    random.nextGaussian(row % 3, 3),
                    row % 4,
                    names.get(row % 3).replace("\"", "\"\"")));
        }
        Path csv = Files.writeString(directory.resolve("evil & <b>.csv"), rows);
        Program.succeed("train", csv, "--weight", "weight", "--validation", 0.2, "--report", page("evil"));
    }

    /** Names of several words, two of which differ at their ends; rows with weights; cells that are missing. */
    private static void makeWordy() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        StringBuilder rows = new StringBuilder('"' + FEATURE + "\",width,share,kind\n");
        for (int row = 0; row < 200; row++) {
            rows.append(String.format(
                    Locale.ROOT,
                    "%s,%.2f,%s,\"%s\"%n",
                    row % 10 == 3 ? "" : String.format(Locale.ROOT, "%.2f", random.nextGaussian(row % 3, 1)),
                    random.nextGaussian(row % 2, 2),
                    row % 5 / 2.0,
                    WORDY.get(row % 3)));
        }
        Path csv = Files.writeString(directory.resolve("wordy.csv"), rows);
        Path model = directory.resolve("wordy");
        Program.succeed(
                "train", csv, "--weight", "share", "--missing", "mean", "--out", model, "--report", page("wordy"));
        wordy = Program.succeed(
                "evaluate", "--model", model, csv, "--weight", "share", "--report", page("wordy again"));
    }

    private static void makeWild() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        float[] weights = new float[MANY * 3];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        List<String> names =
                IntStream.range(0, MANY).mapToObj(c -> "class number " + c).toList();
        wild = SoftmaxRegression.of(FloatMatrix.of(weights, MANY, 3), new float[MANY], names);
        float[] cells = new float[MANY_ROWS * 3];
        int[] labels = new int[MANY_ROWS];
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < MANY_ROWS; row++) {
            for (int f = 0; f < 3; f++) {
                cells[row * 3 + f] = Math.round(random.nextGaussian() * 100) / 100f;
                rows.append(cells[row * 3 + f]).append(',');
            }
            labels[row] = random.nextInt(MANY);
            rows.append(names.get(labels[row])).append('\n');
        }
        wildData = Dataset.of(Features.of(FloatMatrix.of(cells, MANY_ROWS, 3)), labels, names);
        Path csv = Files.writeString(directory.resolve("wild.csv"), rows);
        wild.save(directory.resolve("wild"));
        Program.succeed("evaluate", "--model", directory.resolve("wild"), csv, "--report", page("wild"));
        Path far = Files.writeString(directory.resolve("far.csv"), "-2000,3000,-1000,class number 7\n".repeat(2));
        Program.succeed("evaluate", "--model", directory.resolve("wild"), far, "--report", page("far"));
    }

    private static void start(Path chromium, Path driver) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + directory.resolve("profile"));
        // With a path of its own there is nothing to be looked for on the network.
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.toFile())
                        .build(),
                options,
                // A machine that stands still for minutes is no fault of the page.
                ClientConfig.defaultConfig().readTimeout(PATIENCE));
        browser.manage().timeouts().scriptTimeout(PATIENCE).pageLoadTimeout(PATIENCE);
        // What a new tab shows asks for things of its own.
        browser.get("about:blank");
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
    }

    private static void open(String name, int width, boolean dark) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        browser.manage().logs().get(LogType.BROWSER);
        browser.manage().logs().get(LogType.PERFORMANCE);
        // The driver of a busy machine may be done before the browser has left the last page.
        browser.executeScript("window.isLast = true");
        browser.get(page(name).toUri().toString());
        while (!Boolean.TRUE.equals(
                browser.executeScript("return !window.isLast && document.readyState === 'complete'"))) {
            Thread.onSpinWait();
        }
        // What is opened can be reached when it has been painted.
        browser.executeAsyncScript("document.querySelectorAll('details').forEach(one => one.open = true);"
                + "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))");
    }

    private static Object inPage(String script, Object... arguments) throws IOException {
        try (InputStream in = HtmlReportBrowserTest.class.getResourceAsStream("report-checks.js")) {
            return browser.executeScript(
                    new String(in.readAllBytes(), StandardCharsets.UTF_8) + "\n" + script, arguments);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "digits, 400, false", "digits, 400, true", "digits, 1280, false", "digits, 1280, true",
        "evil,   400, false", "evil,   400, true", "evil,   1280, false", "evil,   1280, true",
        "wordy,  390, false", "wordy,  390, true", "wordy,  1280, false", "wordy,  1280, true",
        "wild,   400, false", "wild,   400, true", "wild,   1280, false", "wild,   1280, true"
    })
    void nothingOverlapsNorIsEmptyNorComplains(String name, int width, boolean dark) throws IOException {
        open(name, width, dark);
        assertEquals(List.of(), inPage("return layoutProblems();"));
        if (width > 1000) {
            assertEquals(List.of(), inPage("return contrastProblems();"), "colours are the same in any width");
        }
        assertEquals(List.of(), complaints());
        assertEquals(Set.of(page(name).toUri().toString()), requests());
    }

    private static List<String> complaints() {
        return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** What the browser asked for, but for what stands in the page itself. */
    private static Set<String> requests() throws IOException {
        Set<String> requests = new LinkedHashSet<>();
        for (LogEntry entry : browser.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message = new ObjectMapper().readTree(entry.getMessage()).get("message");
            if (message.get("method").asText().equals("Network.requestWillBeSent")) {
                String url = message.get("params").get("request").get("url").asText();
                if (!url.startsWith("data:")) {
                    requests.add(url);
                }
            }
        }
        return requests;
    }

    /** Wherever a class or a feature is named beside a bar or a cell. */
    @ParameterizedTest
    @CsvSource({"390, false", "390, true", "1280, false", "1280, true"})
    void longNamesAreWhole(int width, boolean dark) throws IOException {
        open("wordy", width, dark);
        for (String part : List.of("#confusion", "#classes", "#softmax .lesson")) {
            assertEquals(List.of(), inPage("return cutNames(arguments[0], arguments[1]);", part, WORDY));
        }
        assertEquals(
                List.of(),
                inPage("return cutNames(arguments[0], arguments[1]);", "#coefficients", List.of(FEATURE, "width")));
    }

    /** A name that is too long for that keeps its ends, and is whole in the table. */
    @Test
    void theLongestNamesKeepTheirEnds() throws IOException {
        String longest = "a{x|y}" + "z".repeat(200);
        open("evil", 400, false);
        for (String part : List.of("#classes", "#softmax .lesson", "#confusion")) {
            List<?> names = (List<?>) browser.executeScript(
                    "return echarts.getInstanceByDom(document.querySelector(arguments[0] + ' .chart')).getOption().yAxis[0].data",
                    part);
            assertTrue(
                    names.stream()
                            .map(name -> name.toString().replace("\n", ""))
                            .anyMatch(name -> name.matches("a\\{x\\|y}z{20,}…z{20,}( \\((label|taken\u00a0for)\\))?")),
                    names::toString);
        }
        assertTrue(
                rows("#classes table").stream().anyMatch(row -> row.getFirst().equals(longest)));
    }

    /** Blue is right, orange is wrong, and neither is anything else. */
    @ParameterizedTest
    @CsvSource({"digits, false", "wordy, false", "wordy, true", "hinge, true"})
    void aColourMeansOneThing(String name, boolean dark) throws IOException {
        open(name, 1280, dark);
        assertEquals(List.of(), inPage("return colourProblems();"));
        JsonNode lessons = ReportFile.data(page(name)).get("lessons");
        boolean right = false;
        boolean wrong = false;
        for (int i = 0; i < lessons.size(); i++) {
            browser.executeScript(
                    "const select = document.querySelector('.lesson select'); select.value = arguments[0];"
                            + "select.dispatchEvent(new Event('change'))",
                    String.valueOf(i));
            int label = lessons.get(i).get("label").asInt();
            List<String> expected = new ArrayList<>();
            for (JsonNode one : lessons.get(i).get("classes")) {
                String what = one.get("index").asInt() == label
                        ? " (label): right"
                        : expected.isEmpty() ? " (taken\u00a0for): wrong" : ": muted";
                expected.add(ReportFile.data(page(name))
                                .get("classNames")
                                .get(one.get("index").asInt())
                                .asText()
                        + what);
            }
            assertEquals(expected, inPage("return barMeanings();"));
            String text = browser.findElement(By.cssSelector(".lesson p")).getText();
            assertEquals(expected.getFirst().endsWith("wrong"), text.contains("wrongly taken for"), text);
            right |= expected.getFirst().endsWith("right");
            wrong |= expected.getFirst().endsWith("wrong");
        }
        assertTrue(right && wrong, "both are there");
    }

    /** Numbers of rows and sums of weights are told apart, and both are those that are printed. */
    @Test
    void whatIsCountedByWeightSaysSo() throws IOException {
        open("wordy again", 1280, false);
        JsonNode data = ReportFile.data(page("wordy again"));
        assertEquals(200, value("rows"));
        assertEquals("evaluated rows, weight 200", note("rows"));
        String hits = note("accuracy");
        assertTrue(hits.endsWith(" of 200 by weight"), hits);
        assertTrue(wordy.out().contains("(" + hits + ")\n"), wordy::out);
        assertTrue(browser.findElement(By.id("judged"))
                .getText()
                .contains("the 200 evaluated rows of wordy.csv, each counted by its weight: 200 in all."));
        assertEquals(
                List.of("Class", "Support (weight)", "Taken for it (weight)", "Precision", "Recall", "F1"),
                heads("#classes"));
        assertEquals(List.of("Label", "Taken for", "Weight", "Share of the label"), heads("#confusion"));
        assertEquals(List.of("From", "To", "Rows", "Weight", "Share right", "Mean probability"), heads("#reliability"));
        double weight = 0;
        double rows = 0;
        for (int b = 0; b < 15; b++) {
            List<String> bin = rows("#reliability table").get(b);
            assertEquals(data.get("reliability").get(b).get("weight").doubleValue(), Double.parseDouble(bin.get(3)));
            rows += Double.parseDouble(bin.get(2));
            weight += Double.parseDouble(bin.get(3));
        }
        assertEquals(160, rows, "a fifth weighs 0");
        assertEquals(200, weight);
        Object drawn = browser.executeScript(
                "return echarts.getInstanceByDom(document.querySelectorAll('#reliability .chart')[1])"
                        + ".getOption().series[0].data.reduce((sum, one) => sum + one.value[2], 0)");
        assertEquals(200, ((Number) drawn).doubleValue());
        open("digits", 1280, false);
        assertEquals("test rows", note("rows"));
        assertTrue(note("accuracy").endsWith(" of 359"));
        assertEquals(List.of("From", "To", "Rows", "Share right", "Mean probability"), heads("#reliability"));
    }

    @Test
    void whatWasMissingIsInATable() throws IOException {
        for (String name : List.of("wordy", "wordy again")) {
            open(name, 1280, false);
            assertEquals(List.of(List.of(FEATURE, "20", "0.1")), rows("#facts details table"));
            String facts = browser.findElement(By.cssSelector("#facts table")).getText();
            assertTrue(
                    facts.contains(
                            "Missing wordy.csv: 20 missing cells in 20 of 200 rows have the mean of the training rows: "
                                    + "20 in \"the length of the sepal, in... measured in the field by hand\""),
                    facts);
            assertTrue(facts.contains("Weights wordy.csv: 200 rows weigh 200, 40 of them 0"), facts);
        }
    }

    private static String note(String id) {
        return browser.findElement(By.cssSelector("#" + id + " + small")).getText();
    }

    private static List<?> heads(String part) {
        return (List<?>) browser.executeScript(
                "return [...document.querySelector(arguments[0] + ' table').tHead.rows[0].cells].map(cell => cell.textContent)",
                part);
    }

    @Test
    void numbersInThePageAreThoseOfTheLibrary() {
        Evaluation evaluation = wild.evaluate(wildData);
        open("wild", 1280, false);
        assertEquals(evaluation.accuracy(), value("accuracy"));
        assertEquals(evaluation.loss(), value("loss"));
        assertEquals(evaluation.calibrationError(), value("calibration"));
        assertEquals(MANY_ROWS, value("rows"));
        List<List<String>> classes = rows("#classes table");
        assertEquals(MANY, classes.size());
        for (int c = 0; c < MANY; c++) {
            Evaluation.ClassScore score = evaluation.classScores().get(c);
            List<String> row = classes.get(c);
            assertEquals("class number " + c, row.get(0));
            assertEquals(score.support(), Double.parseDouble(row.get(1)));
            assertEquals(score.predicted(), Double.parseDouble(row.get(2)));
            assertEquals(score.precision(), Double.parseDouble(row.get(3)));
            assertEquals(score.recall(), Double.parseDouble(row.get(4)));
            assertEquals(score.f1(), Double.parseDouble(row.get(5)));
        }
        List<List<String>> confusions = rows("#confusion table");
        assertEquals(50, confusions.size());
        for (int i = 0; i < 50; i++) {
            Evaluation.Confusion cell = evaluation.confusions().get(i);
            assertEquals("class number " + cell.label(), confusions.get(i).get(0));
            assertEquals("class number " + cell.prediction(), confusions.get(i).get(1));
            assertEquals(cell.weight(), Double.parseDouble(confusions.get(i).get(2)));
        }
        List<List<String>> bins = rows("#reliability table");
        for (int b = 0; b < 15; b++) {
            Evaluation.Bin bin = evaluation.reliability().get(b);
            assertEquals(bin.rows(), Double.parseDouble(bins.get(b).get(2)));
            assertEquals(bin.accuracy(), Double.parseDouble(bins.get(b).get(3)));
            assertEquals(bin.confidence(), Double.parseDouble(bins.get(b).get(4)));
        }
        assertEquals(
                String.format(Locale.ROOT, "%.2f %%", 100 * evaluation.accuracy()),
                browser.findElement(By.id("accuracy")).getText());
    }

    private static double value(String id) {
        return Double.parseDouble(browser.findElement(By.id(id)).getDomAttribute("value"));
    }

    /** The first table that matches: numbers as they are, all else as it is shown. */
    private static List<List<String>> rows(String selector) {
        Object found = browser.executeScript(
                "return [...document.querySelector(arguments[0]).tBodies[0].rows].map(row => [...row.cells].map("
                        + "cell => cell.dataset.value ?? cell.textContent))",
                selector);
        List<List<String>> rows = new ArrayList<>();
        for (Object row : (List<?>) found) {
            rows.add(((List<?>) row).stream().map(Object::toString).toList());
        }
        return rows;
    }

    @Test
    void theCurvesHaveTheNumbersOfTraining() throws IOException {
        open("digits", 1280, false);
        JsonNode history = ReportFile.data(page("digits")).get("training").get("history");
        Object drawn = browser.executeScript("return [...document.querySelectorAll('#training .chart')].map(chart => "
                + "echarts.getInstanceByDom(chart).getOption().series[0].data)");
        String[] fields = {"objective", "gradientNorm"};
        for (int chart = 0; chart < 2; chart++) {
            List<?> points = (List<?>) ((List<?>) drawn).get(chart);
            assertEquals(history.size(), points.size());
            for (int i = 0; i < points.size(); i++) {
                List<?> point = (List<?>) points.get(i);
                assertEquals(history.get(i).get("iteration").intValue(), ((Number) point.get(0)).intValue());
                assertEquals(history.get(i).get(fields[chart]).doubleValue(), ((Number) point.get(1)).doubleValue());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"digits", "evil", "wild"})
    void theKeyboardReachesEverything(String name) throws IOException {
        open(name, 1280, false);
        long wanted = (Long) inPage("return focusable().length;");
        assertTrue(wanted > 20, "there is something to reach");
        new Actions(browser).sendKeys(Keys.TAB).perform();
        assertEquals("Skip to the figures", browser.switchTo().activeElement().getText());
        browser.executeScript("document.activeElement.dataset.reached = 'true';"
                + "addEventListener('focusin', event => event.target.dataset.reached = 'true')");
        new Actions(browser).sendKeys(Keys.TAB.toString().repeat((int) wanted)).perform();
        assertEquals(
                List.of(),
                inPage(
                        "return focusable().filter(one => !one.dataset.reached).map(one => one.outerHTML.slice(0, 200));"));
    }

    @Test
    void tablesAreSortedAndClassesChosenWithoutAMouse() {
        open("wild", 1280, false);
        WebElement recall = browser.findElement(By.xpath("//section[@id='classes']//button[text()='Recall']"));
        recall.sendKeys(Keys.ENTER);
        double most = wild.evaluate(wildData).classScores().stream()
                .mapToDouble(Evaluation.ClassScore::recall)
                .max()
                .orElseThrow();
        assertEquals(most, Double.parseDouble(rows("#classes table").getFirst().get(4)));
        assertEquals("descending", recall.findElement(By.xpath("..")).getDomAttribute("aria-sort"));
        recall.sendKeys(Keys.ENTER);
        assertEquals(0, Double.parseDouble(rows("#classes table").getFirst().get(4)));
        browser.findElement(By.cssSelector("#coefficients select")).sendKeys("class number 77");
        assertTrue(browser.findElement(By.cssSelector("#coefficients figcaption"))
                .getText()
                .startsWith("The largest effects on the score of class number 77"));
        assertTrue(browser.findElement(By.cssSelector("#coefficients .caption"))
                .getText()
                .contains("class number 77"));
        browser.findElement(By.cssSelector("#confusion select")).sendKeys("class number 77");
        Object names = browser.executeScript(
                "return echarts.getInstanceByDom(document.querySelector('#confusion .chart')).getOption().yAxis[0].data");
        List<String> expected = IntStream.concat(
                        IntStream.of(77),
                        wild.evaluate(wildData).confusions().stream()
                                .filter(cell -> cell.label() == 77 || cell.prediction() == 77)
                                .mapToInt(cell -> cell.label() + cell.prediction() - 77))
                .distinct()
                .sorted()
                .mapToObj(c -> "class number " + c)
                .toList();
        assertTrue(expected.size() > 5 && expected.size() <= 15, "few enough to be shown");
        assertEquals(expected, names);
    }

    @Test
    void namesNeverRun() throws IOException {
        open("evil", 1280, false);
        Object shown = inPage("return showTips();");
        assertTrue(((List<?>) shown).stream().anyMatch(text -> text.toString().contains(EVIL)), shown::toString);
        assertEquals(0, browser.findElements(By.cssSelector("img, main script")).size());
        assertFalse(browser.getTitle().equals("run"));
        assertEquals(
                "Training: evil & <b>.csv",
                browser.findElement(By.tagName("h1")).getText());
        assertTrue(
                browser.findElement(By.cssSelector("#classes tbody")).getText().contains("</script><script>"));
        assertEquals(List.of(), complaints());
    }

    /** Whoever hears the page: what it is called, its language, its parts, and what each chart shows. */
    @Test
    void partsAndChartsHaveNames() throws IOException {
        open("evil", 400, false);
        assertEquals(List.of(), inPage("return namingProblems();"));
    }

    @Test
    void printsOnLightPaper() throws IOException {
        open("digits", 1280, true);
        Object dark = inPage("return textColour();");
        browser.executeScript("dispatchEvent(new Event('beforeprint'))");
        Object paper = inPage("return textColour();");
        browser.executeScript("dispatchEvent(new Event('afterprint'))");
        assertEquals(dark, inPage("return textColour();"));
        open("digits", 1280, false);
        Object light = inPage("return textColour();");
        assertEquals(light, paper);
        assertNotEquals(light, dark);
        browser.executeScript("dispatchEvent(new Event('beforeprint'))");
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
        // A sheet is narrower than the window in which charts were drawn.
        assertEquals(List.of(), inPage("document.body.style.width = '700px'; return layoutProblems();"));
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "screen"));
        byte[] pdf =
                Base64.getDecoder().decode(browser.print(new PrintOptions()).getContent());
        String text = new String(pdf, StandardCharsets.ISO_8859_1);
        assertTrue(text.startsWith("%PDF-"));
        List<Integer> sheets = lengthsOfSheets(text);
        assertTrue(sheets.size() > 3, "several sheets");
        assertFalse(sheets.contains(0), () -> "a sheet is blank: " + sheets);
    }

    /** The bytes of what is drawn on each sheet of a PDF. */
    private static List<Integer> lengthsOfSheets(String pdf) {
        return Pattern.compile("/Type /Page\\b.*?/Contents (\\d+) 0 R", Pattern.DOTALL)
                .matcher(pdf)
                .results()
                .map(sheet -> Pattern.compile("\\n" + sheet.group(1) + " 0 obj\\s*<<[^>]*/Length (\\d+)")
                        .matcher(pdf))
                .map(content -> content.find() ? Integer.parseInt(content.group(1)) : -1)
                .toList();
    }

    /** Rows far from all that was learned: losses and margins whose exponentials are beyond the range of double. */
    @Test
    void curvesReachTheFarthestRows() throws IOException {
        open("far", 1280, false);
        assertTrue(ReportFile.data(page("far")).get("summary").get("loss").doubleValue() > 1000, "far beyond ln 1e308");
        Object lines = browser.executeScript("return ['cost', 'hinge'].map(part => echarts.getInstanceByDom("
                + "document.querySelector(`#softmax .${part} .chart`)).getOption().series.filter(one => one.type === 'line')"
                + ".flatMap(one => one.data).filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)).length)");
        assertEquals(List.of(201L, 482L), lines);
    }

    /** A name that is written from right to left would turn the numbers behind it around. */
    @Test
    void namesOfFeaturesKeepTheirDirectionToThemselves() throws IOException {
        open("evil", 1280, false);
        JsonNode worst = ReportFile.data(page("evil")).get("worst").get("shown");
        List<String> names = new ArrayList<>();
        worst.forEach(error -> error.get("reasons")
                .forEach(reason -> names.add(reason.get("name").asText())));
        assertTrue(names.size() > 1);
        assertEquals(
                names,
                browser.executeScript(
                        "return [...document.querySelectorAll('#worst li > bdi')].map(one => one.textContent)"));
    }

    @Test
    void aHingeIsNoSoftmaxAndThePageSaysSo() {
        open("hinge", 1280, false);
        String notice = browser.findElement(By.cssSelector("#summary .notice")).getText();
        assertTrue(notice.contains("hinge weston-watkins") && notice.contains("mean little"), notice);
        open("digits", 1280, false);
        assertEquals(0, browser.findElements(By.cssSelector("#summary .notice")).size());
    }
}
