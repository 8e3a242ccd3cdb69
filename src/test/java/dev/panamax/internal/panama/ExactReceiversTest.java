package dev.panamax.internal.panama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * No method of a vector that a loop carries from turn to turn is called, in the loop or after it: {@code sum = sum.add(x)} is to be
 * {@code sum = x.add(sum)}, and behind the loop {@code sum.intoArray(...)} is to be called on {@code (FloatVector) FLOAT_TYPE.cast(sum)}. C2 knows the
 * class of x, as it knows where x comes from, and that of a cast. That of sum it guesses from what it has seen run. Where it has seen
 * too little, or vectors of two widths, it never inlines the call, and allocates vectors for ever.
 */
class ExactReceiversTest {
    private static final List<Path> SOURCES = List.of(
            Path.of("main/java/dev/panamax/internal/panama"),
            Path.of("target/generated-sources/panama/dev/panamax/internal/panama"));

    @Test
    void whatALoopCarriesIsAnArgument() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : SOURCES) {
            try (Stream<Path> all = Files.list(folder)) {
                all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        Methods methods = new Methods();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree unit : task.parse()) {
                methods.file = Path.of(unit.getSourceFile().getName()).getFileName() + ", ";
                methods.scan(unit, null);
            }
        }
        assertEquals(List.of(), methods.mistakes);
        assertNotEquals(0, methods.carried, "vectors that loops carry");
        assertTrue(files.size() > 15, files + " are too few");
    }

    private static final class Methods extends TreeScanner<Void, Void> {
        private final List<String> mistakes = new ArrayList<>();
        private String file = "";
        private int carried;

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            Vectors vectors = new Vectors();
            vectors.scan(method.getBody(), none);
            carried += vectors.carried.size();
            vectors.calledOnCarried().forEach(call -> mistakes.add(file + method.getName() + ": " + call));
            return none;
        }
    }

    /** The vectors of a method: which of them loops carry, and what is called on them. */
    private static final class Vectors extends TreeScanner<Void, Void> {
        private int depth;
        private final Map<String, Integer> depthOf = new HashMap<>();
        private final Map<String, String> originalOf = new HashMap<>();
        private final Set<String> carried = new HashSet<>();
        private final List<String> called = new ArrayList<>();

        @Override
        public Void visitForLoop(ForLoopTree loop, Void none) {
            scan(loop.getInitializer(), none);
            depth++;
            scan(loop.getCondition(), none);
            scan(loop.getUpdate(), none);
            scan(loop.getStatement(), none);
            depth--;
            return none;
        }

        @Override
        public Void visitWhileLoop(WhileLoopTree loop, Void none) {
            depth++;
            super.visitWhileLoop(loop, none);
            depth--;
            return none;
        }

        @Override
        public Void visitDoWhileLoop(DoWhileLoopTree loop, Void none) {
            depth++;
            super.visitDoWhileLoop(loop, none);
            depth--;
            return none;
        }

        @Override
        public Void visitVariable(VariableTree variable, Void none) {
            String name = variable.getName().toString();
            if (String.valueOf(variable.getType()).endsWith("Vector")) {
                depthOf.put(name, depth);
                if (variable.getInitializer() instanceof IdentifierTree original) {
                    originalOf.put(name, original.getName().toString());
                }
            }
            return super.visitVariable(variable, none);
        }

        @Override
        public Void visitAssignment(AssignmentTree assignment, Void none) {
            String name = assignment.getVariable().toString();
            Integer declared = depthOf.get(name);
            if (declared != null && depth > declared) {
                carried.add(name);
            }
            return super.visitAssignment(assignment, none);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
            if (call.getMethodSelect() instanceof MemberSelectTree method
                    && method.getExpression() instanceof IdentifierTree receiver) {
                called.add(receiver.getName() + "." + method.getIdentifier());
            }
            return super.visitMethodInvocation(call, none);
        }

        private List<String> calledOnCarried() {
            return called.stream()
                    .filter(call -> isCarried(call.substring(0, call.indexOf('.'))))
                    .toList();
        }

        private boolean isCarried(String name) {
            return carried.contains(name) || originalOf.containsKey(name) && isCarried(originalOf.get(name));
        }
    }
}
