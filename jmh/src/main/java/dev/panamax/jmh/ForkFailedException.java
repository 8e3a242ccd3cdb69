package dev.panamax.jmh;

/** A fork that ended without a result; the message says why. */
final class ForkFailedException extends Exception {
    private static final long serialVersionUID = 1;

    ForkFailedException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
