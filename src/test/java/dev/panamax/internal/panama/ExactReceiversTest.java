package dev.panamax.internal.panama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.TypeCastTree;
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
 * No vector that a loop carries from turn to turn is called to compute its own next value: {@code sum = sum.add(x)} is to be
 * {@code sum = x.add(sum)}. C2 knows the class of x, as it knows where x comes from. That of sum it guesses from what it
 * has seen run, and where it has seen too little it never inlines the call, and allocates vectors for ever.
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
            task.parse().forEach(unit -> methods.scan(unit, null));
        }
        assertEquals(List.of(), methods.mistakes);
        assertNotEquals(0, methods.carried, "vectors that loops carry");
        assertTrue(files.size() > 15, files + " are too few");
    }

    private static final class Methods extends TreeScanner<Void, Void> {
        private final List<String> mistakes = new ArrayList<>();
        private int carried;

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            Vectors vectors = new Vectors();
            vectors.scan(method.getBody(), none);
            vectors.spread();
            carried += vectors.carried.size();
            vectors.carriedByThemselves().forEach(name -> mistakes.add(method.getName() + ": " + name));
            return none;
        }
    }

    /** The vectors of a method: from whose class the class of each follows. */
    private static final class Vectors extends TreeScanner<Void, Void> {
        private int depth;
        private final Map<String, Integer> depthOf = new HashMap<>();
        private final Map<String, Set<String>> receiversOf = new HashMap<>();
        private final Set<String> carried = new HashSet<>();

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
                receiversOf.put(name, new HashSet<>());
                addReceivers(name, variable.getInitializer());
            }
            return super.visitVariable(variable, none);
        }

        @Override
        public Void visitAssignment(AssignmentTree assignment, Void none) {
            String name = assignment.getVariable().toString();
            Integer declared = depthOf.get(name);
            if (declared != null && depth > declared) {
                carried.add(name);
                addReceivers(name, assignment.getExpression());
            }
            return super.visitAssignment(assignment, none);
        }

        private void addReceivers(String name, ExpressionTree value) {
            if (value instanceof ParenthesizedTree inner) {
                addReceivers(name, inner.getExpression());
            } else if (value instanceof TypeCastTree cast) {
                addReceivers(name, cast.getExpression());
            } else if (value instanceof ConditionalExpressionTree either) {
                addReceivers(name, either.getTrueExpression());
                addReceivers(name, either.getFalseExpression());
            } else if (value instanceof MethodInvocationTree call) {
                addReceivers(name, call.getMethodSelect());
            } else if (value instanceof MemberSelectTree method) {
                addReceivers(name, method.getExpression());
            } else if (value != null && depthOf.containsKey(value.toString())) {
                receiversOf.get(name).add(value.toString());
            }
        }

        /** What a receiver follows from, the vector follows from, too. */
        private void spread() {
            for (boolean grows = true; grows; ) {
                grows = false;
                for (Set<String> receivers : receiversOf.values()) {
                    for (String receiver : List.copyOf(receivers)) {
                        grows |= receivers.addAll(receiversOf.get(receiver));
                    }
                }
            }
        }

        private List<String> carriedByThemselves() {
            return carried.stream()
                    .filter(name -> receiversOf.get(name).contains(name))
                    .toList();
        }
    }
}
