package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
}
