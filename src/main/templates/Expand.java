import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Writes the Java files that the templates of a folder stand for; docs/templates.md says what a template may contain. */
record Expand(Map<String, List<Line>> macros, List<String> out) {
    record Line(String place, String text, int opens) {}

    public static void main(String[] folders) throws IOException {
        Path from = Path.of(folders[0]);
        Path to = Files.createDirectories(Path.of(folders[1]));
        for (String name : to.toFile().list((folder, name) -> !Files.exists(from.resolve(name)))) {
            Files.delete(to.resolve(name));
        }
        Expand shared = new Expand(Map.of(), from.resolve("Macros.java"));
        shared.out.removeIf(line -> !line.startsWith("import "));
        for (String name : from.toFile().list((folder, name) -> !name.equals("Macros.java"))) {
            Expand own = new Expand(shared.macros, from.resolve(name));
            own.out.addAll(2, shared.out);
            Path file = to.resolve(name);
            // The compiler starts over where a source is newer than its class.
            if (!Files.exists(file) || !Files.readAllLines(file).equals(own.out)) {
                Files.write(file, own.out);
            }
        }
    }

    private Expand(Map<String, List<Line>> macros, Path file) throws IOException {
        this(new HashMap<>(macros), new ArrayList<>());
        List<Line> lines = new ArrayList<>();
        for (String text : Files.readAllLines(file)) {
            int opens = text.matches(" *// \\$(macro|for|each) .*") ? 1 : text.endsWith("// $end") ? -1 : 0;
            lines.add(new Line(file + ":" + (lines.size() + 1), text, opens));
        }
        expand(lines, Map.of(), 0);
    }

    private void expand(List<Line> lines, Map<String, String> values, int shift) {
        for (int start = 0, end = 0; start < lines.size(); start = ++end) {
            Line line = lines.get(start);
            try {
                for (int open = line.opens; open > 0; open += lines.get(++end).opens) {}
                expand(line.text, lines.subList(start, end), values, shift);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(line.place + ": " + line.text.strip() + "\n" + e.getMessage());
            }
        }
    }

    /** Expands a line. Of a directive with an end, the block has all lines before the end, the directive itself included. */
    private void expand(String line, List<Line> block, Map<String, String> values, int shift) {
        String text = Pattern.compile("(?<!// )\\$([A-Za-z]*)")
                .matcher(line)
                .replaceAll(name -> Objects.requireNonNull(values.get(name.group(1)), name.group() + " has no value"));
        List<String> words = List.of(text.strip().split(" +"));
        switch (text.strip().startsWith("// $") ? words.get(1) : "") {
            case "" -> out.add(text.indent(shift).stripTrailing());
            case "$macro" -> macros.put(words.get(2), block);
            case "$use" -> {
                List<Line> macro = Objects.requireNonNull(macros.get(words.get(2)), "There is no such macro");
                String header = macro.get(0).text;
                List<String> names = List.of(header.strip().split(" +"));
                Map<String, String> arguments = new HashMap<>();
                for (int i = 3; i < Math.max(names.size(), words.size()); i++) {
                    arguments.put(names.get(i), words.get(i));
                }
                expand(macro.subList(1, macro.size()), arguments, shift + text.indexOf('/') - header.indexOf('/'));
            }
            case "$for", "$each" -> {
                for (int start = 1, end = 2; end <= block.size(); end++) {
                    if (end == block.size()
                            || text.contains("$each") && block.get(end - 1).text.endsWith(";")) {
                        repeat(words.subList(2, words.size()), block.subList(start, end), values, shift);
                        start = end;
                    }
                }
            }
            default -> throw new IllegalArgumentException("There is no such directive");
        }
    }

    private void repeat(List<String> ranges, List<Line> lines, Map<String, String> values, int shift) {
        for (int i = Integer.parseInt(ranges.get(1)); i < Integer.parseInt(ranges.get(2)); i++) {
            Map<String, String> inner = new HashMap<>(values);
            inner.put(ranges.get(0), String.valueOf(i));
            if (ranges.size() == 3) {
                expand(lines, inner, shift);
            } else {
                repeat(ranges.subList(3, ranges.size()), lines, inner, shift);
            }
        }
    }
}
