package dev.panamax.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JVMs that are not on every machine, told by their properties; those that are run in {@code JvmFlagsTest}. */
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
        assertNull(KernelLookup.hindrance(new Jvm(name, version, "mixed mode, sharing", true, true)));
        assertNull(KernelLookup.hindrance(new Jvm(name, version, "compiled mode", true, true)));
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
        assertReason(
                "start Java with --add-modules jdk.incubator.vector",
                new Jvm(HOTSPOT.name(), HOTSPOT.version(), HOTSPOT.mode(), false, true));
    }

    private static Jvm mode(String mode) {
        return new Jvm(HOTSPOT.name(), HOTSPOT.version(), mode, true, true);
    }

    /** One sentence: what is missing, and after a colon what helps. */
    private static void assertReason(String remedy, Jvm jvm) {
        String reason = KernelLookup.hindrance(jvm);
        assertNotNull(reason, () -> "nothing hinders " + jvm);
        assertTrue(reason.contains(remedy), reason);
        assertEquals(2, reason.split(": ").length, reason);
    }
}
