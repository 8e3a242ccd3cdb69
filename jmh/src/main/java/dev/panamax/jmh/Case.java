package dev.panamax.jmh;

/**
 * One thing to time, and one row of the results.
 *
 * @param engine a name of {@link Engines}
 */
public record Case(Operation operation, Shape shape, boolean inPlace, String engine) {
    /** Elements that the calls of one timed sweep in place cover: enough that the clock's own time is below 1 %. */
    private static final int SWEEP = 1 << 14;

    static Case of(Operation operation, String shape, String engine) {
        return new Case(operation, Shape.of(shape), false, engine);
    }

    Case withEngine(String name) {
        return new Case(operation, shape, inPlace, name);
    }

    /** Copies of the input that a sweep in place goes through before they are restored. */
    int copies() {
        return inPlace ? Math.max(1, SWEEP / shape.elements()) : 1;
    }

    @Override
    public String toString() {
        return operation + " " + shape + (inPlace ? " in-place " : " ") + engine;
    }
}
