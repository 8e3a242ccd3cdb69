package dev.panamax.internal.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageTest {
    private static final int LARGEST_KEPT = 1 << 22;

    /** All that the pool has, and some more. */
    private static List<Stage> takeAll() {
        List<Stage> stages = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            stages.add(Stage.take());
        }
        return stages;
    }

    @Test
    void whatIsGivenBackIsTakenAgain() {
        Stage first = Stage.take();
        Stage second = Stage.take();
        assertNotSame(first, second);
        first.close();
        assertSame(first, Stage.take());
        first.close();
        second.close();
    }

    @Test
    void aStageBeyondTheLimitIsNotKept() {
        Stage large = Stage.take();
        assertEquals(LARGEST_KEPT + 1, large.scratch(LARGEST_KEPT + 1).length);
        large.close();
        Stage kept = Stage.take();
        int most = (int) (LARGEST_KEPT - kept.elements());
        assertEquals(most, kept.scratch(most).length);
        kept.close();
        List<Stage> all = takeAll();
        assertTrue(all.contains(kept));
        for (Stage stage : all) {
            assertTrue(stage.elements() <= LARGEST_KEPT);
            stage.close();
        }
    }
}
