package dev.panamax.jmh;

/** An engine that is not there; the message says why. */
final class MissingEngineException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MissingEngineException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
