import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a class for each family of kernels, in which either twin of a kernel serves. What the vector kernels have in their own
 * way has a tier; docs/templates.md says more.
 */
record Tiers(String family, String getter, List<String> fields, List<String> methods) {
    private static final String ROOT = "dev/panamax/internal/";

    /** A logarithm in {@code double} takes fifteen times as long as what has none. */
    private static final Pattern IS_LOG = Pattern.compile("logs[A-Z].*");

    /** What takes an exponential or a logarithm for an element takes three times as long as what does not. */
    private static final Pattern IS_SLOW = Pattern.compile("(?i).*(exp|softmax|sigmoid|entropy|logs).*");

    private static final String IMPORT = "import dev.panamax.internal.kernel.ExpTerm;";

    public static void main(String[] folders) throws IOException {
        Path java = Path.of(folders[0]);
        Path templates = Path.of(folders[1]);
        Path to = Files.createDirectories(Path.of(folders[2]).resolve(ROOT + "backend"));
        String set = Files.readString(java.resolve(ROOT + "kernel/KernelSet.java"));
        Matcher families =
                Pattern.compile("\n    (\\w+Kernels|Kernels) (\\w+)\\(\\);").matcher(set);
        while (families.find()) {
            String family = families.group(1);
            Path vectors = Stream.of(java, templates)
                    .map(folder -> folder.resolve(ROOT + "panama/Panama" + family + ".java"))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
            Tiers tiers = new Tiers(family, families.group(2), new ArrayList<>(), new ArrayList<>());
            tiers.add(Files.readString(vectors), Files.readString(java.resolve(ROOT + "kernel/" + family + ".java")));
            Path file = to.resolve("Tiered" + family + ".java");
            // The compiler starts over where a source is newer than its class.
            if (!Files.exists(file) || !Files.readString(file).equals(tiers.text())) {
                Files.writeString(file, tiers.text());
            }
        }
    }

    /** All kernels: those of the vectors' own, and what else the contract asks for. */
    private void add(String vectors, String contract) {
        Set<String> tried = new HashSet<>();
        Matcher own = Pattern.compile("\n    @Override\n    public (\\w+) (\\w+)\\(([^)]*)\\)")
                .matcher(vectors);
        while (own.find()) {
            if (!tried.add(own.group(2))) {
                throw new IllegalArgumentException(family + " has two kernels of the name " + own.group(2));
            }
            add(own, true);
        }
        Matcher asked = Pattern.compile("\n    (\\w+) (\\w+)\\(([^)]*)\\);").matcher(contract);
        while (asked.find()) {
            if (!tried.contains(asked.group(2))) {
                add(asked, false);
            }
        }
    }

    private void add(Matcher kernel, boolean isTried) {
        String name = kernel.group(2);
        List<String> parameters = Stream.of(kernel.group(3).strip().split("\\s*,\\s*"))
                .map(parameter -> parameter.substring(parameter.lastIndexOf(' ') + 1))
                .toList();
        String call = name + parameters.stream().collect(Collectors.joining(", ", "(", ");"));
        String start = kernel.group(1).equals("void") ? "" : "return ";
        methods.add("    @Override");
        methods.add("    public " + kernel.group(1) + " " + name + "("
                + kernel.group(3).strip() + ") {");
        if (isTried) {
            fields.add("    final Tier " + name + " = tier(\"" + getter + "." + name + "\", " + nanos(name) + ");");
            methods.add("        if (this." + name + ".serves(" + elements(parameters) + ")) {");
            methods.add("            " + start + "vectors()." + call);
            if (start.isEmpty()) {
                methods.add("            return;");
            }
            methods.add("        }");
        }
        methods.add("        " + start + "SCALAR." + call);
        methods.add("    }\n");
    }

    private static int nanos(String name) {
        return IS_LOG.matcher(name).matches() ? 15 : IS_SLOW.matcher(name).matches() ? 3 : 1;
    }

    /** How many elements a call has. */
    private static String elements(List<String> parameters) {
        Set<String> names = new HashSet<>(parameters);
        if (names.contains("depth")) {
            return "(long) rows * cols * depth";
        }
        if (names.contains("classes")) {
            return names.contains("rows") ? "(long) rows * features * classes" : "(long) (end - from) * classes";
        }
        if (names.contains("cols")) {
            return names.contains("rows") ? "(long) rows * cols" : "(long) (end - first) * cols";
        }
        return names.contains("starts") ? "starts[count]" : names.contains("count") ? "count" : "length";
    }

    private String text() {
        return """
                package dev.panamax.internal.backend;

                $imports
                import dev.panamax.internal.kernel.$F;
                import dev.panamax.internal.scalar.Scalar$F;

                /** Kernels of which either twin serves. */
                final class Tiered$F extends TieredFamily implements $F {
                    static final $F SCALAR = new Scalar$F();

                $fields

                    private Exercise exercise;

                    /** A constant for the compiler, when there are vectors. */
                    private static final class Vectors {
                        static final $F KERNELS = TieredSet.Vectors.SET.$getter();
                    }

                    static $F vectors() {
                        return Vectors.KERNELS;
                    }

                    @Override
                    Exercise exercise() {
                        return exercise == null ? exercise = new $FExercise(this) : exercise;
                    }

                $methods
                }
                """.replace("$imports", methods.toString().contains("ExpTerm ") ? IMPORT : "")
                .replace("$fields", String.join("\n", fields))
                .replace("$methods", String.join("\n", methods).stripTrailing())
                .replace("$getter", getter)
                .replace("$F", family);
    }
}
