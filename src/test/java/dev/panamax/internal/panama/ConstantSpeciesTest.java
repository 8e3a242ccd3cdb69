package dev.panamax.internal.panama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * C2 keeps vectors in registers where their species is a constant; elsewhere it allocates them. So each species is loaded
 * from a static final field of its class right where it is used. It comes from no parameter, no vector and no choice of two.
 * Static initialisers may make species: they make these constants, with the help of {@link PanamaSpecies}.
 */
@Tag("once")
class ConstantSpeciesTest {
    private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");

    private final List<String> mistakes = new ArrayList<>();
    private int constants;

    @Test
    void everySpeciesIsAConstantOfItsClass() throws Exception {
        Path initial =
                Path.of(PanamaSpecies.class.getResource("PanamaSpecies.class").toURI());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(initial.getParent(), "*.class")) {
            for (Path file : files) {
                if (!file.equals(initial)) {
                    check(ClassFile.of().parse(file));
                }
            }
        }
        assertEquals(List.of(), mistakes);
        assertNotEquals(0, constants, "species found");
    }

    private void check(ClassModel type) {
        for (MethodModel method : type.methods()) {
            if (!method.methodName().equalsString("<clinit>")) {
                check(type, method, type.thisClass().name() + "." + method.methodName());
            }
        }
    }

    private void check(ClassModel type, MethodModel method, String place) {
        if (method.methodType().stringValue().contains(SPECIES.descriptorString())) {
            mistakes.add(place + " takes or returns a species");
        }
        boolean isLoaded = false;
        for (Object element :
                method.code().stream().flatMap(code -> code.elementStream()).toList()) {
            if (isLoaded && (element instanceof StoreInstruction || element instanceof BranchInstruction)) {
                mistakes.add(place + " does not use a species where it loads it");
            }
            isLoaded &= !(element instanceof Instruction);
            if (element instanceof FieldInstruction field && field.typeSymbol().equals(SPECIES)) {
                constants++;
                isLoaded = true;
                if (field.opcode() != Opcode.GETSTATIC || !isConstant(type, field.field())) {
                    mistakes.add(place + " uses " + field.owner().name() + "." + field.name());
                }
            } else if (element instanceof InvokeInstruction call
                    && call.typeSymbol().returnType().equals(SPECIES)) {
                mistakes.add(place + " uses " + call.owner().name() + "." + call.name());
            } else if (element instanceof TypeCheckInstruction cast
                    && cast.type().asSymbol().equals(SPECIES)) {
                mistakes.add(place + " casts to a species");
            }
        }
    }

    private static boolean isConstant(ClassModel type, FieldRefEntry reference) {
        return reference.owner().equals(type.thisClass())
                && type.fields().stream()
                        .anyMatch(field -> field.fieldName().equals(reference.name())
                                && field.flags().has(AccessFlag.FINAL));
    }
}
