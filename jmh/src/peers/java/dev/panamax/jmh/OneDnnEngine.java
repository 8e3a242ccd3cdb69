package dev.panamax.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.softmax_forward;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/** oneDNN with one thread: a primitive and its memories are made once and executed by the C interface, the shortest way. */
// The types of oneDNN have the names of variables.
@SuppressWarnings({"VariableNameSameAsType", "ReachabilityFenceUsage"})
public final class OneDnnEngine implements Engine {
    private static final int AXIS = 1;

    @Override
    public boolean supports(Case what) {
        return what.input() == Input.FLOATS
                && (what.operation() == Operation.SOFTMAX || what.operation() == Operation.LOG_SOFTMAX);
    }

    @Override
    public double tolerance(Case what) {
        return Native.tolerance(what);
    }

    @Override
    public Prepared prepare(Operation operation, Problem problem) throws Exception {
        Loader.load(dnnl.class);
        useOneThread();
        Shape shape = problem.shape;
        FloatBuffer values = Native.floats(problem.logits);
        FloatBuffer results = problem.isInPlace() ? values : Native.floats(new float[shape.elements()]);

        engine cpu = new engine(engine.kind.cpu, 0);
        stream stream = new stream(cpu);
        memory.desc layout =
                new memory.desc(new long[] {shape.rows(), shape.cols()}, memory.data_type.f32, memory.format_tag.ab);
        memory source = new memory(layout, cpu, new FloatPointer(values));
        memory target = new memory(layout, cpu, new FloatPointer(results));
        dnnl.algorithm algorithm =
                operation == Operation.SOFTMAX ? dnnl.algorithm.softmax_accurate : dnnl.algorithm.softmax_log;
        softmax_forward primitive = new softmax_forward(new softmax_forward.primitive_desc(
                cpu, dnnl.prop_kind.forward_inference, algorithm, layout, layout, AXIS));

        dnnl_exec_arg_t arguments = new dnnl_exec_arg_t(2);
        arguments.getPointer(0).arg(dnnl.DNNL_ARG_SRC).memory(source.get());
        arguments.getPointer(1).arg(dnnl.DNNL_ARG_DST).memory(target.get());
        dnnl_primitive bare = primitive.get();
        dnnl_stream queue = stream.get();
        List<Pointer> owners = List.of(cpu, stream, source, target, primitive);
        return new Prepared(
                () -> {
                    int status = dnnl.dnnl_primitive_execute(bare, queue, 2, arguments);
                    return status + dnnl.dnnl_stream_wait(queue);
                },
                () -> Native.array(results),
                () -> {
                    values.put(0, problem.logits);
                    // The handles above are bare; what they stand for must live as long.
                    Reference.reachabilityFence(owners);
                });
    }

    /** oneDNN asks OpenMP, whose number of threads belongs to the calling thread; the bindings do not show it. */
    @SuppressWarnings("restricted")
    private static void useOneThread() throws Exception {
        Path library =
                Path.of(Loader.load(org.bytedeco.dnnl.presets.dnnl.class)).resolveSibling("libgomp.so.1");
        SymbolLookup openMp = SymbolLookup.libraryLookup(library, Arena.global());
        try {
            Linker.nativeLinker()
                    .downcallHandle(
                            openMp.findOrThrow("omp_set_num_threads"), FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
                    .invokeExact(1);
        } catch (Exception e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("omp_set_num_threads", e);
        }
    }
}
