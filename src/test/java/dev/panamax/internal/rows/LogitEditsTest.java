package dev.panamax.internal.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** What a row does not have is not edited, and nothing of a history stays behind. */
class LogitEditsTest {
    private static final SamplerSettings SETTINGS = new SamplerSettings(
            1, 0, 1, 0, 1, false, false, Float.POSITIVE_INFINITY, 2, 0.5f, 0.25f, new int[] {1, 9}, new float[] {3, 3});

    private static float[] edited(LogitEdits edits, int[] history, float... row) {
        float[] out = new float[row.length];
        try (Stage stage = Stage.take()) {
            edits.edit(SETTINGS, stage, 0, 10, history, row, 0, row.length, out);
        }
        return out;
    }

    /** As under a causal mask: of ten tokens the row shows the first ones. */
    @Test
    void tokensBehindTheRow() {
        LogitEdits edits = new LogitEdits();
        assertArrayEquals(new float[] {4}, edited(edits, new int[] {9, 5, 9}, 4));
        assertArrayEquals(new float[] {4, 4}, edited(edits, new int[] {9, 5, 9}, 4, 1));
    }

    @Test
    void countsBeginAnew() {
        LogitEdits edits = new LogitEdits();
        for (int i = 0; i < 3; i++) {
            // 4 / 2 less twice 0.25 and once 0.5; (-5 + 3) * 2 less 0.25 and 0.5.
            assertArrayEquals(new float[] {1, -4.75f, 7}, edited(edits, new int[] {0, 1, -1, 0}, 4, -5, 7));
            assertArrayEquals(new float[] {4, -2, 7}, edited(edits, null, 4, -5, 7));
            assertArrayEquals(new float[] {4, -2, 2.75f}, edited(edits, new int[] {2}, 4, -5, 7));
        }
    }
}
