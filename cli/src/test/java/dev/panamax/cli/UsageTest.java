package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                            | Unmatched argument at index 0: ''; see panamax --help",
                "train --l3 1                  | Unknown option: '--l3'; see panamax train --help",
                "train --l2 much               | "
                        + "Invalid value for option '--l2': 'much' is not a double; see panamax train --help",
                "train --l2 -1                 | l2 is -1.0, not a finite number of 0 or more",
                "train --epochs 0              | epochs is 0, less than 1",
                "train --batch-size 0          | batchSize is 0, less than 1",
                "train --momentum 1            | momentum is 1.0, not 0 or more and less than 1",
                "train --learning-rate 0       | learningRate is 0.0, not a finite number above 0",
                "train --test-fraction 1       | "
                        + "built-in digits: testFraction is 1.0, which does not split 1797 rows in two",
                "train --label 1               | --label needs a CSV file",
                "train --skip-lines 1          | --skip-lines needs a CSV file",
                "train a.csv --skip-lines -1   | --skip-lines is -1, less than 0",
                "train --images a              | --images and --labels belong together",
                "train --labels a              | --images and --labels belong together",
                "train --images a --labels b c | give either a CSV file or --images, not both",
                "train --test-images a --test-labels b | --test-images needs --images",
                "train --images a --labels b --test-images c | --test-images and --test-labels belong together",
                "train --images a --labels b --test-images c --test-labels d --test-fraction 0.1 | "
                        + "--test-fraction does not go with --test-images"
            })
    void refusesInOneLine(String arguments, String message) {
        assertEquals(message, Program.refusal((Object[]) arguments.split(" ")));
    }

    @Test
    void needsASubcommand() {
        assertEquals("Missing required subcommand; see panamax --help", Program.refusal());
    }

    @Test
    void helps() {
        assertTrue(Program.succeed("--help").out().contains("Commands:"));
        assertTrue(Program.succeed("train", "--help").out().contains("--test-images"));
        assertTrue(Program.succeed("info", "--help").out().contains("Usage: panamax info"));
    }
}
