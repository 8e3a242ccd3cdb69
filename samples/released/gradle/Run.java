import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs the Gradle on the path in a folder that begins empty, and tells it which JDK this is. */
public final class Run {
    private Run() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path project = Path.of(arguments[0]);
        Path work = Files.createDirectories(Path.of(arguments[1]));
        for (String file : List.of("build.gradle", "settings.gradle")) {
            Files.writeString(work.resolve(file), Files.readString(project.resolve(file)));
        }
        ProcessBuilder gradle = new ProcessBuilder(
                "gradle",
                "--no-daemon",
                "--gradle-user-home=" + work.resolve("home"),
                "-Pjdk=" + System.getProperty("java.home"),
                "-Pstaging=" + Path.of(arguments[2]).toRealPath(),
                "-Psources=" + Path.of(arguments[3]).toRealPath(),
                "-PpanamaxVersion=" + arguments[4],
                "run");
        // Gradle's own Java is that of the machine.
        gradle.environment().remove("JAVA_HOME");
        int status = gradle.directory(work.toFile()).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("gradle ended with " + status);
        }
    }
}
