package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of which parts were changed, doubled, moved or lost: whatever they hold, the program reads it or refuses it in a line. */
class FileFuzzTest {
    /** All of them on the program as it is installed, a part on its classes. */
    private static final int FILES = System.getProperty("panamax.distribution") == null ? 1_000 : 10_000;

    private static final List<String> CSV = List.of(
            "a,b,kind\n1.5,2,x\n3,-4e1,\"y, z\"\n5,6,x\n7,8,\"y, z\"\n9,1,x\n2,3,\"y, z\"\n",
            "1;2;u\r\n3;4;v\r\n5;6;u\r\n7;8;v\r\n",
            "\ufeff1\t2\t1\n3\t4\t0\n5\t6\t1\n7\t8\t0\n",
            "w,a,k\n1,2,é\n0.5,NA,ü\n2,3,é\n1,4,ü\n");
    private static final List<String> LIBSVM = List.of(
            "+1 1:0.5 3:2 # first\n-1 2:1\n+1 1:1 2:2 3:3\n-1 3:-1e-3\n",
            "1:1 2:2\n1:3\n2:5\n",
            "3 7:1\n\n5 1:1 2:1\n3\n5 12:0\n");
    /** What breaks readers. */
    private static final List<String> TOKENS = List.of(
            "\"",
            "\"\"",
            ",",
            ";",
            "\t",
            "\n",
            "\r",
            "\r\n",
            " ",
            ":",
            "#",
            "-",
            "+",
            "0x1p3",
            "NaN",
            "Infinity",
            "1e999",
            "1e-999",
            "999999999:1",
            "99999999999:1",
            "0:1",
            "1_0",
            "1f",
            "\0",
            "\ufeff",
            "\ufffe",
            "\u001b[2J",
            "\ud800",
            "١",
            "1e2147483647",
            "nan",
            "?",
            "x",
            "-0",
            "01",
            "1.0");

    private static final List<List<String>> OPTIONS = List.of(
            List.of(),
            List.of(),
            List.of("--missing=mean"),
            List.of("--missing=drop", "--header"),
            List.of("--categorical=2", "--header"),
            List.of("--label-type=number", "--skip-lines=1"),
            List.of("--drop=1", "--separator=;"),
            List.of("--encoding=UTF-16"));

    @TempDir
    private Path directory;

    @Test
    void nothingLeavesAStackTrace() throws IOException {
        Path csvModel = directory.resolve("csv");
        Path libsvmModel = directory.resolve("libsvm");
        Program.runWith("1,2,u\n3,4,v\n".repeat(5), "train", "-", "--epochs", 1, "--out", csvModel);
        Program.runWith(
                "1 1:1\n-1 3:1\n".repeat(5), "train", "-", "--format", "libsvm", "--epochs", 1, "--out", libsvmModel);
        assertTrue(Files.exists(csvModel) && Files.exists(libsvmModel));
        Random random = new Random(21);
        int[] exits = new int[3];
        for (int i = 0; i < FILES; i++) {
            boolean csv = i % 2 == 0;
            List<String> seeds = csv ? CSV : LIBSVM;
            byte[] file = mutated(seeds.get(random.nextInt(seeds.size())).getBytes(StandardCharsets.UTF_8), random);
            Path model = csv ? csvModel : libsvmModel;
            String command = List.of("train", "evaluate", "predict", "predict").get(i / 2 % 4);
            List<Object> arguments = new ArrayList<>(List.of(command, "-", "--format", csv ? "csv" : "libsvm"));
            arguments.addAll(
                    command.equals("train") ? List.of("--epochs", 1, "--threads", 1) : List.of("--model", model));
            if (csv) {
                arguments.addAll(OPTIONS.get(random.nextInt(OPTIONS.size())));
            }
            exits[exit(file, arguments.toArray())]++;
        }
        // Some pass, or nothing behind the readers was tried; most do not.
        assertTrue(exits[0] > FILES / 20 && exits[2] > FILES / 4, () -> exits[0] + " and " + exits[2]);
    }

    private static int exit(byte[] file, Object... arguments) {
        InputStream in = new ByteArrayInputStream(file);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        int exit = Program.run(in, out, err, arguments);
        String said = err.toString();
        assertTrue(exit == 0 || exit == 1 || exit == 2, () -> exit + told(file, said, arguments));
        List<String> lines =
                said.lines().filter(line -> !line.startsWith("warning: ")).toList();
        assertEquals(exit == 0 ? 0 : 1, lines.size(), () -> told(file, said, arguments));
        assertTrue(
                lines.stream().allMatch(line -> line.matches("panamax: \\P{Cntrl}+")),
                () -> told(file, said, arguments));
        return exit;
    }

    private static String told(byte[] file, String said, Object... arguments) {
        String bytes = new String(file, StandardCharsets.ISO_8859_1);
        return List.of(arguments) + " of\n" + Text.printable(bytes) + "\nsays " + said;
    }

    /** One to four changes: of a byte, a run of bytes, or a token that is put in. */
    private static byte[] mutated(byte[] file, Random random) {
        byte[] changed = file;
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int from = random.nextInt(changed.length + 1);
            int to = Math.min(changed.length, from + random.nextInt(9));
            byte[] put = switch (random.nextInt(5)) {
                case 0 -> new byte[0];
                case 1 -> new byte[] {(byte) random.nextInt()};
                case 2 -> Arrays.copyOfRange(changed, from, to);
                default -> TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
            };
            int kept = random.nextBoolean() ? from : to;
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            whole.write(changed, 0, from);
            whole.writeBytes(put);
            whole.write(changed, kept, changed.length - kept);
            changed = whole.toByteArray();
        }
        return changed;
    }
}
