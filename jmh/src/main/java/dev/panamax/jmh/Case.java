package dev.panamax.jmh;

/**
 * One thing to time, and one row of the results.
 *
 * @param input null stands for floats, which results of before there were other inputs do not name
 * @param engine a name of {@link Engines}
 */
public record Case(Operation operation, Shape shape, Input input, boolean inPlace, String engine) {
    /** Elements that the calls of one timed sweep in place cover: enough that the clock's own time is below 1 %. */
    private static final int SWEEP = 1 << 14;

    /** Names the input. */
    public Case {
        if (input == null) {
            input = Input.FLOATS;
        }
    }

    /** On floats, not in place. */
    static Case of(Operation operation, String shape, String engine) {
        return new Case(operation, Shape.of(shape), Input.FLOATS, false, engine);
    }

    Case withEngine(String name) {
        return new Case(operation, shape, input, inPlace, name);
    }

    Case withInput(Input other) {
        return new Case(operation, shape, other, inPlace, engine);
    }

    /** On floats, in place. */
    Case overwriting() {
        return new Case(operation, shape, Input.FLOATS, true, engine);
    }

    /** Whether there is one row to take a token from, and enough to choose from; so for whatever is no decoding. */
    boolean hasTokens() {
        return !operation.isOfDecoding() || !inPlace && shape.rows() == 1 && shape.cols() >= Operation.BEST;
    }

    /** Copies of the input that a sweep in place goes through before they are restored. */
    int copies() {
        return inPlace ? Math.max(1, SWEEP / shape.elements()) : 1;
    }

    /** As {@link Operation#bytesPerElement}, of this input. */
    int bytesPerElement() {
        return operation.bytesPerElement() * input.encoding().bytes() / Float.BYTES;
    }

    /** What is done, whoever does it. */
    String work() {
        return operation + " " + shape + (input == Input.FLOATS ? "" : " " + input) + (inPlace ? " in place" : "");
    }

    @Override
    public String toString() {
        String how = inPlace ? " in-place " : " ";
        return operation + " " + shape + (input == Input.FLOATS ? "" : " " + input) + how + engine;
    }
}
