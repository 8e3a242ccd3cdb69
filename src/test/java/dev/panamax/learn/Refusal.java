package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/** What is said against an argument. */
public final class Refusal {
    private Refusal() {}

    public static String message(Executable refused) {
        return assertThrows(IllegalArgumentException.class, refused).getMessage();
    }
}
