package dev.panamax.cli;

import java.util.function.Supplier;

/** Arguments that the library judges. */
final class Arguments {
    private Arguments() {}

    /** Passes on what the library says against an argument, as what the user sees. */
    static <T> T checked(Supplier<T> use) {
        try {
            return use.get();
        } catch (IllegalArgumentException e) {
            throw new InputException(e.getMessage(), e);
        }
    }
}
