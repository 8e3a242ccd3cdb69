package dev.panamax.jmh;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where and how a run was made.
 *
 * @param commit the tree's commit, and whether it had changes
 * @param caches size in bytes of each cache that a core sees, by level and kind
 * @param arguments the suite's own
 * @param jvmArguments of every fork; {@link Engines} adds a few for single engines
 * @param polluted whether Panamax was first called in other ways
 * @param versions of the compiler and of the peers in the build
 */
public record Environment(
        String date,
        String commit,
        String cpu,
        int cores,
        Map<String, Long> caches,
        String os,
        String jdk,
        List<String> arguments,
        List<String> jvmArguments,
        boolean polluted,
        Map<String, String> versions) {
    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");

    /** {@code peers} are the versions of those in the build. */
    static Environment current(
            List<String> arguments, List<String> jvmArguments, boolean polluted, Map<String, String> peers) {
        Map<String, String> versions = new TreeMap<>(peers);
        versions.put(
                "C compiler",
                Commands.run("gcc", "--version").output().lines().findFirst().orElse(""));
        return new Environment(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                readCommit(),
                readCpu(),
                Runtime.getRuntime().availableProcessors(),
                readCaches(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + Runtime.version() + ", " + System.getProperty("java.vendor"),
                arguments,
                jvmArguments,
                polluted,
                versions);
    }

    /** The largest memory that the L2 cache holds; where it is unknown, that of the usual server core. */
    long l2Bytes() {
        return caches.getOrDefault("L2 Unified", 1L << 20);
    }

    private static String readCommit() {
        Commands.Outcome head = Commands.run("git", "rev-parse", "HEAD");
        Commands.Outcome changes = Commands.run("git", "status", "--porcelain", "--untracked-files=no");
        return head.succeeded() ? head.output() + (changes.output().isEmpty() ? "" : " with changes") : "unknown";
    }

    private static String readCpu() {
        Map<String, String> info = new TreeMap<>();
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            lines.map(line -> line.split("\\s*:\\s*", 2))
                    .filter(pair -> pair.length == 2)
                    .forEach(pair -> info.putIfAbsent(pair[0], pair[1]));
        } catch (IOException e) {
            return "unknown";
        }
        return info.get("model name") + ", family " + info.get("cpu family") + ", model " + info.get("model");
    }

    private static Map<String, Long> readCaches() {
        Map<String, Long> caches = new TreeMap<>();
        try (Stream<Path> folders = Files.list(CACHES)) {
            for (Path folder : folders.toList()) {
                if (Files.exists(folder.resolve("size"))) {
                    String size = Files.readString(folder.resolve("size")).strip();
                    String name =
                            "L" + Files.readString(folder.resolve("level")).strip() + " "
                                    + Files.readString(folder.resolve("type")).strip();
                    caches.put(name, Long.parseLong(size.replace("K", "")) << 10);
                }
            }
        } catch (IOException e) {
            return Map.of();
        }
        return caches;
    }

    /** The version of each peer that the build may have, by name. */
    static Map<String, String> peerVersions() {
        Properties peers = new Properties();
        try (InputStream in = Environment.class.getResourceAsStream("/peers.properties")) {
            peers.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> versions = new TreeMap<>();
        peers.stringPropertyNames().forEach(name -> versions.put(name, peers.getProperty(name)));
        return versions;
    }
}
