package dev.panamax.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
                for (Input input : Input.values()) {
                    Case what = new Case(operation, shape, input, false, name);
                    checked += check(engine, what) + check(engine, what.overwriting());
                }
            }
        }
        assertTrue(checked > 0, name);
    }

    /** How many problems there were. */
    private static int check(Engine engine, Case what) throws Exception {
        if (!engine.supports(what)) {
            return 0;
        }
        Operation operation = what.operation();
        Problem[] problems = what.inPlace()
                ? Problem.inPlace(what.shape(), 2)
                : new Problem[] {Problem.repeatable(operation, what.shape(), what.input())};
        List<Engine.Prepared> prepared = new ArrayList<>();
        for (Problem problem : problems) {
            try {
                prepared.add(engine.prepare(operation, problem));
            } catch (MissingEngineException e) {
                assertTrue(e.getMessage().startsWith("no kernel for " + operation), e.getMessage());
                return 0;
            }
        }
        for (int i = 0; i < problems.length; i++) {
            // Twice: what a call left behind must not show in the next.
            Agreement.check(what.engine(), operation, problems[i], prepared.get(i), engine.tolerance(what));
            Agreement.check(what.engine(), operation, problems[i], prepared.get(i), engine.tolerance(what));
        }
        return problems.length;
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
        Problem problem = Problem.repeatable(operation, new Shape(3, 40), Input.FLOATS);
        Engine.Prepared right = new PlainEngine().prepare(operation, problem);
        Engine.Prepared wrong = new Engine.Prepared(
                () -> right.call().getAsDouble() * 1.0001,
                () -> {
                    double[] output = right.output().get();
                    output[output.length / 2] *= 1.0001;
                    return output;
                },
                right.restore());
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> Agreement.check("wrong", operation, problem, wrong, 5e-6));
        assertTrue(e.getMessage().startsWith("wrong, " + operationName + " of 3x40"), e.getMessage());
    }

    /** Whoever computes the same but with less accuracy than the input's, under no mask, or in other rows. */
    @ParameterizedTest
    @EnumSource(names = "FLOATS", mode = EnumSource.Mode.EXCLUDE)
    void aWrongEngineIsCaughtOn(Input input) throws Exception {
        Shape shape = new Shape(4, 40);
        Case what =
                Case.of(Operation.SOFTMAX, shape.toString(), Engines.PANAMAX).withInput(input);
        Problem problem = Problem.repeatable(what.operation(), shape, input);
        Engine.Prepared right = new PanamaxEngine().prepare(what.operation(), problem);
        // The right result has an error of its own.
        double error = 2.2 * input.encoding().rounding() + (input == Input.DOUBLES ? 1e-12 : 1e-6);
        UnaryOperator<double[]> wrong = switch (input) {
            // As if it were a plain matrix of floats.
            case MASKED, CAUSAL, RAGGED, COLUMNS -> output -> plain(problem);
            default ->
                output -> {
                    output[largest(output)] *= 1 + error;
                    return output;
                };
        };
        Engine.Prepared prepared = new Engine.Prepared(
                right.call(), () -> wrong.apply(right.output().get()), right.restore());
        double tolerance = new PanamaxEngine().tolerance(what);
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> Agreement.check("wrong", what.operation(), problem, prepared, tolerance));
        assertTrue(e.getMessage().startsWith("wrong, softmax of 4x40 " + input), e.getMessage());
    }

    private static double[] plain(Problem problem) {
        new PlainEngine().prepare(Operation.SOFTMAX, problem).call().getAsDouble();
        return problem.output();
    }

    private static int largest(double[] values) {
        return IntStream.range(0, values.length).reduce(0, (a, b) -> values[b] > values[a] ? b : a);
    }

    @Test
    void masksLeaveHalfAndRaggedRowsHaveAllElements() {
        Shape shape = new Shape(1000, 20);
        Problem masked = Problem.small(shape, Input.MASKED);
        for (int r = 0; r < shape.rows(); r++) {
            int from = r * shape.cols();
            assertEquals(
                    10,
                    IntStream.range(from, from + shape.cols())
                            .filter(masked::isAllowed)
                            .count());
            assertTrue(masked.isAllowed(from + masked.labels[r]));
        }
        Problem ragged = Problem.small(shape, Input.RAGGED);
        assertEquals(shape.elements(), ragged.offsets[shape.rows()]);
        IntSummaryStatistics lengths =
                IntStream.range(0, shape.rows()).map(ragged::length).summaryStatistics();
        assertEquals(1, lengths.getMin());
        assertEquals(40, lengths.getMax());
    }

    @ParameterizedTest
    @ValueSource(strings = {"onnxruntime", "smile"})
    void aMissingEngineSaysWhy(String name) {
        assumeFalse(Engines.isBuilt(name), "built with the peers");
        MissingEngineException e = assertThrows(MissingEngineException.class, () -> Engines.engine(name));
        assertEquals("built without the Maven profile peers", e.getMessage());
    }

    /** Whatever a verdict on other inputs needs is in its plan and exists, and its limit is the same work on floats. */
    @Test
    void thePlanOfInputsHasWhatItsClaimsNeed() {
        Map<Case, Integer> plan = Plan.inputs(3);
        PanamaxEngine panamax = new PanamaxEngine();
        for (Claim claim : Claims.inputs()) {
            Case what = claim.what();
            List<Case> needs = List.of(what, what.withInput(Input.FLOATS));
            needs.forEach(need -> assertEquals(3, plan.get(need), need.toString()));
            assertTrue(needs.stream().allMatch(panamax::supports), what.toString());
            assertEquals(List.of(what.withInput(Input.FLOATS)), claim.limit().needs());
            assertTrue(claim.atMost() >= 1, what.toString());
        }
        assertEquals(
                EnumSet.complementOf(EnumSet.range(Input.ASCENDING, Input.HEAVY_TAILED)),
                plan.keySet().stream()
                        .map(Case::input)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Input.class))));
    }

    /** Whatever a verdict on decoding needs is in its plan and exists; rows in every order, and as halves. */
    @Test
    void thePlanOfDecodingHasWhatItsClaimsNeed() {
        Map<Case, Integer> plan = Plan.decoding(3);
        PanamaxEngine panamax = new PanamaxEngine();
        PlainEngine plain = new PlainEngine();
        for (Claim claim : Claims.decoding()) {
            assertEquals(3, plan.get(claim.what()), claim.what().toString());
            assertTrue(panamax.supports(claim.what()), claim.what().toString());
            if (claim.limit() != null) {
                assertTrue(claim.limit().needs().stream().allMatch(panamax::supports), claim.toString());
            }
            if (claim.peers().contains(Engines.PLAIN)) {
                assertTrue(plain.supports(claim.what()), claim.what().toString());
            }
        }
        EnumSet<Input> inputs = EnumSet.range(Input.ASCENDING, Input.HEAVY_TAILED);
        inputs.addAll(List.of(Input.FLOATS, Input.NATIVE_BFLOAT16, Input.MASKED));
        assertEquals(
                inputs,
                plan.keySet().stream()
                        .map(Case::input)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Input.class))));
    }

    @Test
    void theLongPlanHasTheShortOne() {
        Map<Case, Integer> everything = Plan.everything();
        Plan.headline(2).keySet().forEach(what -> assertEquals(5, everything.get(what), what.toString()));
        assertEquals(1, everything.get(Case.of(Operation.LOG_SUM_EXP, "64x10", Engines.PLAIN)));
        // An engine that is not there, as C without AVX-512, stays in the plan to say so; else what it does not offer
        // is left out.
        Integer forks = new CLoopEngine().missing().isPresent() ? 1 : null;
        assertEquals(forks, everything.get(Case.of(Operation.LOG_SUM_EXP, "64x10", Engines.C_LOOP)));
    }
}
