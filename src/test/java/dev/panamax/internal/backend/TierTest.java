package dev.panamax.internal.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a kernel is tried, and when it serves, with times that are made up. */
class TierTest {
    private static final int SERVED = 2000;

    private final long costOfFirst = Tier.costOfFirst;
    private final Tier tier = new Tier(null, "kernel", 1);

    @BeforeEach
    void loaded() {
        Tier.costOfFirst = 0;
    }

    @AfterEach
    void forget() {
        Tier.costOfFirst = costOfFirst;
        Tier.ALL.remove(tier);
    }

    /** Calls that are served until a trial is due. */
    private int callsUntilDue() {
        int calls = 1;
        while (!tier.isDue(SERVED)) {
            calls++;
        }
        return calls;
    }

    /** A trial, in which an element takes the vector kernel and the scalar one so many nanoseconds. */
    private long trial(double ofVector, double ofScalar) {
        callsUntilDue();
        int length = tier.begin();
        boolean isCompared = tier.isCompared();
        long nanos = (long) (ofVector * length);
        long nanosOfScalar = isCompared ? (long) (ofScalar * length) : 0;
        tier.note(length, nanos, nanosOfScalar, nanos + nanosOfScalar);
        return nanos;
    }

    private void trials(int count, double ofVector, double ofScalar) {
        for (int i = 0; i < count; i++) {
            trial(ofVector, ofScalar);
        }
    }

    @Test
    void whatIsFasterServes() {
        trials(100, 1000, 2);
        assertFalse(tier.serves, "vectors are objects");
        trials(100, 0.3, 2);
        assertTrue(tier.serves);
    }

    /** What operators see, and only of a kernel that serves. */
    @Test
    void anEventTells() throws IOException {
        Path file = Files.createTempFile("panamax", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.panamax.KernelReady");
            recording.start();
            trials(100, 3, 2);
            while (!tier.serves) {
                trials(1, 0.3, 2);
            }
            recording.stop();
            recording.dump(file);
            List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            assertEquals(1, events.size());
            assertEquals("kernel", events.getFirst().getString("kernel"));
            int trials = events.getFirst().getInt("trials");
            assertTrue(trials > 100 && trials <= 200, trials + " trials");
            assertTrue(events.getFirst().getDuration("timeOfTrials").isPositive());
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void whatIsSlowerDoesNot() {
        trials(1000, 3, 2);
        assertFalse(tier.serves);
        trials(100, 0.3, 2);
        assertTrue(tier.serves, "another compilation made it faster");
    }

    /** A kernel that C2 gives up between two trials was not faster all the time. */
    @Test
    void oneSlowTrialAmongFastOnesStartsAgain() {
        trial(0, 0);
        for (int i = 0; i < 50; i++) {
            trials(20, 0.3, 2);
            assertTrue(tier.isCompared());
            trial(100_000, 2);
            assertFalse(tier.isCompared(), "small trials again");
        }
        assertFalse(tier.serves);
    }

    @Test
    void aKernelThatIsSeldomCalledIsNotTried() {
        int calls = callsUntilDue();
        assertTrue((long) calls * SERVED > 1_000_000, calls + " calls");
    }

    /** A trial costs what it took, twice, and more and more where nothing comes of it. */
    @Test
    void trialsTakeAThirdOfTheTimeAndThenLess() {
        trial(1000, 2);
        long nanos = trial(1000, 2);
        int first = callsUntilDue();
        assertEquals(2 * nanos / (SERVED + 10) + 1, first);
        trials(100_000, 1000, 2);
        assertTrue(callsUntilDue() > 5 * first, "after seconds of trials");
    }

    /** The first one may load what the Vector API is made of. */
    @Test
    void theNextFirstTrialWaitsForWhatTheLastOneTook() {
        trial(1_000_000, 0);
        Tier other = new Tier(null, "kernel", 1);
        try {
            int calls = 1;
            while (!other.isDue(SERVED)) {
                calls++;
            }
            assertTrue((long) calls * (SERVED + 10) >= 2 * 32_000_000L, calls + " calls");
        } finally {
            Tier.ALL.remove(other);
        }
    }
}
