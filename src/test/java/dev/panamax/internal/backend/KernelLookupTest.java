package dev.panamax.internal.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The choice for JVMs and machines that are not here, told by their properties; those that are run in {@code JvmFlagsTest}. */
class KernelLookupTest {
    private static final Jvm HOTSPOT =
            new Jvm("OpenJDK 64-Bit Server VM", "25.0.3+9-LTS", "mixed mode, sharing", true, true);

    @ParameterizedTest
    @CsvSource({
        "OpenJDK 64-Bit Server VM, 25.0.3+9-LTS",
        "Java HotSpot(TM) 64-Bit Server VM, 25+37-LTS-3491",
        "Dynamic Code Evolution 64-Bit Server VM, 25.0.1+1-b100"
    })
    void c2RunsVectors(String name, String version) {
        assertNull(new Jvm(name, version, "mixed mode, sharing", true, true).hindrance());
        assertNull(new Jvm(name, version, "compiled mode", true, true).hindrance());
    }

    @ParameterizedTest
    @CsvSource({
        "Eclipse OpenJ9 VM, master-7e1a1a1, run on a HotSpot server JVM",
        "OpenJDK 64-Bit Client VM, 25.0.3+9, run on a HotSpot server JVM",
        "OpenJDK 64-Bit Minimal VM, 25.0.3+9, run on a HotSpot server JVM",
        "OpenJDK 64-Bit Zero VM, 25.0.3+9, run on a HotSpot server JVM",
        "Substrate VM, 25+37, run on a HotSpot server JVM",
        "Zing 64-Bit Tiered VM, 25.0.1, run on a HotSpot server JVM",
        "Java HotSpot(TM) 64-Bit Server VM, 25.0.1+8-LTS-jvmci-b01, force a width with panamax.backend"
    })
    void anotherCompilerDoesNot(String name, String version, String remedy) {
        assertReason(remedy, new Jvm(name, version, "mixed mode, sharing", true, true));
    }

    @Test
    void flags() {
        assertReason("remove -Xint", mode("interpreted mode, sharing"));
        assertReason("remove -XX:TieredStopAtLevel=1", mode("mixed mode, emulated-client, sharing"));
        assertReason("remove -XX:-UseFMA", new Jvm(HOTSPOT.name(), HOTSPOT.version(), HOTSPOT.mode(), true, false));
    }

    /** Machines that are not this one. */
    @ParameterizedTest
    @CsvSource({
        "auto, 512, vector512",
        "auto, 256, vector256",
        "auto, 128, vector128",
        "auto, 64, scalar",
        "auto, 2048, vector512",
        "scalar, 512, scalar",
        "vector, 128, vector128",
        "vector, 512, vector512",
        "vector128, 128, vector128",
        "vector128, 512, vector128",
        "vector256, 256, vector256",
        "vector512, 512, vector512"
    })
    void theChoice(String wanted, int widest, String backend) {
        KernelLookup.Choice choice = KernelLookup.choose(wanted, HOTSPOT, () -> widest);
        assertEquals(backend, choice.name());
        assertEquals(backend.equals("scalar") ? 0 : Integer.parseInt(backend.substring(6)), choice.vectorBits());
        assertEquals(choice.vectorBits() >= 128, choice.hasVectors());
    }

    @ParameterizedTest
    @CsvSource({"vector512, 256", "vector512, 128", "vector256, 128", "vector128, 64"})
    void aForcedWidthBeyondTheMachinesIsRefused(String wanted, int widest) {
        assertEquals(
                "panamax.backend=" + wanted + " cannot run here: vectors are " + widest + " bits wide here",
                refusal(wanted, HOTSPOT, widest));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Scalar", "vectors", "vector64", "vector1024", "vector256 ", "avx"})
    void anUnknownBackendIsRefused(String wanted) {
        assertEquals(
                "panamax.backend=" + wanted + " is not one of scalar, vector, vector128, vector256, vector512 and auto",
                refusal(wanted, HOTSPOT, 512));
    }

    @Test
    void vectorsThatAreRequiredAreRefusedWithTheReason() {
        assertEquals(
                "panamax.backend=vector cannot run here: vectors are 64 bits wide here, less than 128: remove"
                        + " -XX:MaxVectorSize, or run on a processor with wider ones",
                refusal("vector", HOTSPOT, 64));
    }

    private static String refusal(String wanted, Jvm jvm, int widest) {
        return assertThrows(IllegalStateException.class, () -> KernelLookup.choose(wanted, jvm, () -> widest))
                .getMessage();
    }

    /** Without the Vector API nobody asks how wide its vectors are. */
    @Test
    void withoutTheVectorApi() {
        Jvm without = new Jvm(HOTSPOT.name(), HOTSPOT.version(), HOTSPOT.mode(), false, true);
        IntSupplier unknown = () -> {
            throw new AssertionError("asked");
        };
        assertEquals("scalar", KernelLookup.choose("auto", without, unknown).name());
        assertEquals("scalar", KernelLookup.choose("scalar", HOTSPOT, unknown).name());
        assertThrows(IllegalStateException.class, () -> KernelLookup.choose("vector128", without, unknown));
    }

    /** A backend that was forced may be slow. */
    @Test
    void whatHindersVectorsHindersNoForcedOnes() {
        Jvm interpreter = mode("interpreted mode, sharing");
        assertEquals(
                "scalar", KernelLookup.choose("auto", interpreter, () -> 512).name());
        assertEquals(
                "vector256",
                KernelLookup.choose("vector256", interpreter, () -> 512).name());
    }

    /** Each family of kernels in this JVM is of the backend's kind. */
    @Test
    void everyFamilyIsOfTheBackendsKind() {
        KernelLookup.Choice choice = KernelLookup.choice();
        for (Object kernels : List.of(
                KernelLookup.set().kernels(),
                KernelLookup.set().columns(),
                KernelLookup.set().halves(),
                KernelLookup.set().hinge(),
                KernelLookup.set().linear(),
                KernelLookup.set().logs(),
                KernelLookup.set().masks())) {
            assertKind(choice.vectorBits() >= 128, kernels);
        }
        assertKind(choice.vectorBits() >= 256, KernelLookup.set().doubles());
    }

    private static void assertKind(boolean vectors, Object kernels) {
        assertEquals(
                vectors,
                kernels.getClass().getSimpleName().startsWith("Panama"),
                () -> kernels.getClass() + " with " + KernelLookup.choice().name());
    }

    private static Jvm mode(String mode) {
        return new Jvm(HOTSPOT.name(), HOTSPOT.version(), mode, true, true);
    }

    /** One sentence: what is missing, and after a colon what helps. */
    private static void assertReason(String remedy, Jvm jvm) {
        String reason = KernelLookup.choose("auto", jvm, () -> 512).reason();
        assertTrue(reason.contains(remedy), reason);
        assertEquals(2, reason.split(": ").length, reason);
    }
}
