package dev.panamax.cli;

import java.util.function.Supplier;

/** Arguments that the library judges. */
final class Arguments {
    private Arguments() {}

    /** Passes on what the library says against an argument, as what the user sees. */
    static <T> T checked(Supplier<T> use) {
        return judged("", use);
    }

    /** The same for what is wrong with a file. */
    static <T> T checked(String source, Supplier<T> use) {
        return judged(source + ": ", use);
    }

    private static <T> T judged(String prefix, Supplier<T> use) {
        try {
            return use.get();
        } catch (IllegalArgumentException e) {
            throw new InputException(prefix + e.getMessage(), e);
        }
    }
}
