package dev.panamax.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every engine of this build computes what it is timed for, and a wrong one is caught. */
class EnginesTest {
    private static final List<Shape> SHAPES = List.of(
            new Shape(1, 1),
            new Shape(1, 16),
            new Shape(3, 10),
            new Shape(5, 64),
            new Shape(2, 1003),
            new Shape(1, 9000));

    static List<String> engines() {
        return Engines.names();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void agrees(String name) throws Exception {
        Engine engine = null;
        String missing = "";
        try {
            engine = Engines.engine(name);
        } catch (MissingEngineException e) {
            missing = e.getMessage();
        }
        assumeTrue(engine != null, name + ": " + missing);
        int checked = 0;
        for (Operation operation : Operation.values()) {
            for (Shape shape : SHAPES) {
                for (boolean inPlace : new boolean[] {false, true}) {
                    if (engine.supports(operation, shape, inPlace)) {
                        check(name, engine, operation, shape, inPlace);
                        checked++;
                    }
                }
            }
        }
        assertTrue(checked > 0, name);
    }

    private static void check(String name, Engine engine, Operation operation, Shape shape, boolean inPlace)
            throws Exception {
        Problem[] problems = inPlace ? Problem.inPlace(shape, 2) : new Problem[] {Problem.repeatable(operation, shape)};
        List<Engine.Prepared> prepared = new ArrayList<>();
        for (Problem problem : problems) {
            prepared.add(engine.prepare(operation, problem));
        }
        for (int i = 0; i < problems.length; i++) {
            // Twice: what a call left behind must not show in the next.
            Agreement.check(name, operation, problems[i], prepared.get(i), engine.tolerance(shape));
            Agreement.check(name, operation, problems[i], prepared.get(i), engine.tolerance(shape));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "softmax",
                "log-softmax",
                "log-sum-exp",
                "cross-entropy",
                "cross-entropy-and-gradient",
                "copy",
                "scale"
            })
    void aWrongEngineIsCaught(String operationName) throws Exception {
        Operation operation = Operation.of(operationName);
        Problem problem = Problem.repeatable(operation, new Shape(3, 40));
        Engine.Prepared right = new PlainEngine().prepare(operation, problem);
        Engine.Prepared wrong = new Engine.Prepared(
                () -> right.call().getAsDouble() * 1.0001,
                () -> {
                    float[] output = right.output().get();
                    output[output.length / 2] *= 1.0001f;
                    return output;
                },
                right.restore());
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> Agreement.check("wrong", operation, problem, wrong, 5e-6));
        assertTrue(e.getMessage().startsWith("wrong, " + operationName + " of 3x40"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"onnxruntime", "smile"})
    void aMissingEngineSaysWhy(String name) {
        assumeFalse(Engines.isBuilt(name), "built with the peers");
        MissingEngineException e = assertThrows(MissingEngineException.class, () -> Engines.engine(name));
        assertEquals("built without the Maven profile peers", e.getMessage());
    }

    @Test
    void theLongPlanHasTheShortOne() {
        Map<Case, Integer> everything = Plan.everything();
        Plan.headline(2).keySet().forEach(what -> assertEquals(5, everything.get(what), what.toString()));
        assertEquals(1, everything.get(Case.of(Operation.LOG_SUM_EXP, "64x10", Engines.PLAIN)));
        assertNull(everything.get(Case.of(Operation.LOG_SUM_EXP, "64x10", Engines.C_LOOP)));
    }
}
