package com.example.documentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;

/**
 * Each block of Java in the README and in docs, and each example in the Javadoc, compiles against the jars, without a warning, and runs. What a block leaves
 * out for brevity stands before it in a comment that readers do not see: {@code <!-- given ... -->}. Blocks of XML
 * name what the project's own modules are called.
 */
class CodeBlocksTest {
    private static final Path ROOT = Path.of("../..");

    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- given\\n(.*?)-->\\n)?^```java\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private static final Pattern XML_BLOCK =
            Pattern.compile("^```xml\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private static final Pattern SNIPPET =
            Pattern.compile("\\{@snippet :\\n(.*?)^ \\* }$", Pattern.DOTALL | Pattern.MULTILINE);

    private static final String EXPORTED = """
            import dev.panamax.*;
            import dev.panamax.data.*;
            import dev.panamax.decode.*;
            import dev.panamax.learn.*;
            """;

    @TempDir
    private Path directory;

    /** A block, by the line that it begins at. */
    record Block(String file, int line, String code) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>(snippets());
        for (Path file : files()) {
            // A template is no program.
            if (file.endsWith("templates.md")) {
                continue;
            }
            String text = Files.readString(file);
            for (MatchResult found : BLOCK.matcher(text).results().toList()) {
                String given = found.group(1) == null ? "" : found.group(1);
                int line = 1 + (int) text.substring(0, found.start(2)).lines().count();
                blocks.add(new Block(ROOT.relativize(file).toString(), line, given + found.group(2)));
            }
        }
        return blocks;
    }

    /** What the Javadoc shows. */
    private static List<Block> snippets() throws IOException {
        List<Block> snippets = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(ROOT.resolve("src/main/java"))) {
            for (Path file :
                    sources.filter(one -> one.toString().endsWith(".java")).toList()) {
                String text = Files.readString(file);
                for (MatchResult found : SNIPPET.matcher(text).results().toList()) {
                    int line =
                            1 + (int) text.substring(0, found.start(1)).lines().count();
                    String code = found.group(1).replaceAll("(?m)^ \\* ?", "");
                    snippets.add(new Block(ROOT.relativize(file).toString(), line, EXPORTED + code));
                }
            }
        }
        return snippets;
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.sorted())
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }

    @Test
    void blocksAreFound() throws IOException {
        List<Block> blocks = blocks();
        for (String file :
                List.of("README.md", "getting-started.md", "learner.md", "decoding.md", "spark.md", "Softmax.java")) {
            assertTrue(blocks.stream().anyMatch(block -> block.file().endsWith(file)), file);
        }
        long fences = 0;
        for (Path file : files()) {
            fences += file.endsWith("templates.md")
                    ? 0
                    : Files.readString(file).lines().filter("```java"::equals).count();
        }
        assertEquals(fences + snippets().size(), blocks.size(), "each has its end");
        assertTrue(snippets().size() > 20, "an example for each operation");
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void compilesAndRuns(Block block) throws Exception {
        compile(source(block.code()));
        if (block.code().contains("SparkSession")) {
            spark();
        }
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
            loader.loadClass("Block").getMethod("main").invoke(null);
        }
    }

    /** The session that {@code SparkSession.active()} then is. */
    private static void spark() {
        SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
    }

    @AfterAll
    static void stopSpark() {
        SparkSession.getDefaultSession().foreach(spark -> {
            spark.stop();
            return null;
        });
    }

    /** Those that a reader copies: they would find nothing under a name that no module has. */
    @Test
    void dependenciesAreTheModulesOfTheProject() throws Exception {
        List<String> modules = new ArrayList<>();
        for (String module : List.of("src", "spark", "cli", "bom")) {
            modules.add(coordinates(Files.readString(ROOT.resolve(module).resolve("pom.xml"))));
        }
        int dependencies = 0;
        for (Path file : files()) {
            for (MatchResult found :
                    XML_BLOCK.matcher(Files.readString(file)).results().toList()) {
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(found.group(1))));
                if (found.group(1).startsWith("<dependency>")) {
                    String named = coordinates(found.group(1));
                    assertTrue(
                            modules.contains(named), () -> file + " names " + named + ", the modules are " + modules);
                    dependencies++;
                }
            }
        }
        assertEquals(3, dependencies);
    }

    private static String coordinates(String xml) {
        // A module's own name comes after its parent's, whose group and version it has.
        String own = xml.replaceFirst("(?s)<artifactId>[^<]*</artifactId>(.*</parent>)", "$1");
        return element(own, "groupId") + ":" + element(own, "artifactId") + ":" + element(own, "version");
    }

    private static String element(String xml, String name) {
        Matcher matcher = Pattern.compile("<" + name + ">([^<]*)</").matcher(xml);
        assertTrue(matcher.find(), () -> name + " in " + xml);
        return matcher.group(1);
    }

    /** Imports first; what is left are statements, or the members that one of the lines calls so. */
    private String source(String code) {
        String imports = code.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
        String rest = code.lines().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n"));
        // Files that a block names lie in a folder of its own.
        String placed = rest.replace("Path.of(\"", "Path.of(\"" + directory + "/")
                .replace("hdfs:///models/", "file:" + directory + "/");
        return imports + "\npublic class Block {\n    public static void main() throws Exception {\n" + placed
                + "\n    }\n}\n";
    }

    private void compile(String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> complaints = new DiagnosticCollector<>();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Block.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        boolean compiled = compiler.getTask(
                        null,
                        null,
                        complaints,
                        List.of("-d", directory.toString(), "-Xlint:all,-processing,-classfile,-path", "-proc:none"),
                        null,
                        List.of(file))
                .call();
        List<String> texts = complaints.getDiagnostics().stream()
                .filter(one -> one.getKind() != Diagnostic.Kind.NOTE)
                .map(one -> one.getLineNumber() + ": " + one.getMessage(Locale.ROOT))
                .toList();
        assertEquals(List.of(), texts, source);
        assertTrue(compiled, source);
    }
}
