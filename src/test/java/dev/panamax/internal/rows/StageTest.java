package dev.panamax.internal.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.SegmentMatrix;
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

    /** Rows that have to be moved are not moved by the thousand. */
    @Test
    void longRowsWithFactorsElsewhereComeOneByOne() {
        FloatMatrix x = FloatMatrix.of(new float[9000], 3, 3000);
        SegmentMatrix halves = SegmentMatrix.of(new short[9000], ElementType.FLOAT16, 3, 3000);
        try (Stage stage = Stage.take(x, x, x).factors(x, null)) {
            stage.open(0, 3);
            assertEquals(3, stage.count);
        }
        try (Stage stage = Stage.take(x, x, x).factors(null, halves)) {
            stage.open(0, 3);
            assertEquals(1, stage.count);
        }
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
