package dev.panamax.cli;

import java.io.Serial;

/** The user's arguments or files cannot be used. The message is all that the user sees. */
final class InputException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    InputException(String message) {
        super(message);
    }

    InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
