package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** This run has the backend that it is named after; skipped, and with it the run, on a machine that cannot have it. */
class BackendTest {
    private static final String FORCED = System.getProperty("panamax.backend");

    @BeforeEach
    void theMachineHasVectorsOfThisWidth() {
        assumeTrue(
                PanamaWidthFilter.missingBits() <= 0, "this machine has no " + FORCED + ": the whole run is skipped");
    }

    @Test
    void theBackendThatThisRunClaimsIsTheOneThatRuns() {
        assertEquals(
                System.getProperty("panamax.test.expected", FORCED),
                Backend.current().name());
    }

    @Test
    void theNameTellsTheWidth() {
        Backend backend = Backend.current();
        assertEquals(backend.vectorBits() == 0 ? "scalar" : "vector" + backend.vectorBits(), backend.name());
        assertFalse(backend.reason().isBlank());
    }

    @Test
    void aWarmUpEndsAtItsLimit() {
        int[] calls = {0};
        Backend.warmUp(Duration.ZERO, () -> calls[0]++);
        assertEquals(1, calls[0]);
        Backend.warmUp(Duration.ofSeconds(Long.MIN_VALUE), () -> calls[0]++);
        assertEquals(2, calls[0]);
    }

    @Test
    void aWarmUpEndsWithACallThatThrows() {
        IllegalStateException thrown = new IllegalStateException("this call has no model");
        Runnable call = () -> {
            throw thrown;
        };
        assertSame(
                thrown,
                assertThrows(
                        IllegalStateException.class,
                        () -> Backend.warmUp(Duration.ofSeconds(Long.MAX_VALUE), () -> {}, call)));
        assertThrows(NullPointerException.class, () -> Backend.warmUp(null, call), "limit");
    }
}
