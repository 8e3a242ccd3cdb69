package dev.panamax.jmh;

import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** What the reports have in common. */
final class Markdown {
    private Markdown() {}

    static String environment(Environment environment) {
        StringJoiner list = new StringJoiner("\n- ", "- ", "\n");
        list.add("CPU: " + environment.cpu() + ", " + environment.cores() + " cores");
        list.add("caches: "
                + environment.caches().entrySet().stream()
                        .map(cache -> cache.getKey() + " " + (cache.getValue() >> 10) + " KiB")
                        .collect(Collectors.joining(", ")));
        list.add("system: " + environment.os());
        list.add("JDK: " + environment.jdk());
        if (!environment.jvmArguments().isEmpty()) {
            list.add("options of each fork: " + "`" + String.join(" ", environment.jvmArguments()) + "`");
        }
        list.add("command: " + "`java -jar jmh/target/benchmarks.jar " + String.join(" ", environment.arguments())
                + "`");
        list.add("call sites: " + (environment.polluted() ? "called in other ways before" : "called in one way only"));
        list.add("commit: " + environment.commit());
        list.add("date: " + environment.date());
        list.add("versions: "
                + environment.versions().entrySet().stream()
                        .map(version -> version.getKey() + " " + version.getValue())
                        .collect(Collectors.joining(", ")));
        return list.toString();
    }

    /** Three significant digits. */
    static String number(double value) {
        int digits = value <= 0 ? 0 : 2 - (int) Math.floor(Math.log10(value));
        return String.format(Locale.ROOT, "%." + Math.clamp(digits, 0, 6) + "f", value);
    }

    static String factor(double value) {
        return Double.isNaN(value) ? "-" : ratio(value) + "x";
    }

    static String ratio(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }

    /** A Markdown table. */
    static final class Table {
        private final StringBuilder text = new StringBuilder();

        Table(String... head) {
            add(head);
            text.append("|---".repeat(head.length)).append("|\n");
        }

        void add(String... cells) {
            text.append("| ").append(String.join(" | ", cells)).append(" |\n");
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
