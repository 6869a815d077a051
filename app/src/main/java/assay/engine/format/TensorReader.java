package assay.engine.format;

import assay.ResourceException;
import assay.base.run.Refusal;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Copies stored numbers into tensors, decoding blocks on all cores.
///
/// @param file where the numbers are
/// @param tensors the file's tensors, already checked to lie within it
record TensorReader(MappedFile file, Map<String, TensorInfo> tensors) {
    private static final int CHUNK_NUMBERS = 1 << 16;
    /// Singles hold every whole number below this exactly.
    private static final float EXACT_INTEGERS = 1 << 24;

    Tensor read(String name, Dtype dtype) {
        TensorInfo info = tensors.get(name);
        if (info == null) {
            throw file.refusal("a tensor " + name, "none", "Is it the right file?");
        }
        ElementType.Decoder decoder = info.type().decoder();
        if (decoder == null) {
            throw file.refusal(
                    "numbers a model computes with", info.type() + " (" + name + ")", "Convert it to F32 or BF16.");
        }
        boolean asStored = info.type() == (dtype == Dtype.FLOAT32 ? ElementType.F32 : ElementType.BF16);
        try (TensorScope scope = new TensorScope()) {
            Tensor tensor = allocate(name, info, asStored ? dtype : Dtype.FLOAT32);
            MemorySegment target = TensorMemory.of(tensor);
            MemorySegment source = file.bytes().asSlice(info.offset(), info.bytes());
            if (asStored) {
                target.copyFrom(source);
            } else {
                decode(info.type(), decoder, source, target);
            }
            requireExact(name, info, tensor);
            return scope.keep(tensor.to(dtype.scalarType()));
        } catch (InternalError cut) {
            // How the virtual machine reports mapped bytes that are no longer there.
            throw file.broken("the file to stay as it was when opened", "it shorter than that");
        }
    }

    private Tensor allocate(String name, TensorInfo info, Dtype dtype) {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        if (info.numbers() > machine.getTotalMemorySize() / dtype.bytes()) {
            throw tooLarge(name, info, dtype, null);
        }
        try (TensorScope scope = new TensorScope()) {
            long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
            return scope.keep(torch.empty(shape, new TensorOptions(dtype.scalarType()), new MemoryFormatOptional()));
        } catch (RuntimeException full) {
            throw tooLarge(name, info, dtype, full);
        }
    }

    private ResourceException tooLarge(String name, TensorInfo info, Dtype dtype, @Nullable RuntimeException cause) {
        String needed = ((info.numbers() * dtype.bytes()) >> 20) + " MB for " + name;
        String line =
                Refusal.line("memory", needed, "less", file.path(), "Close other programs or use a smaller model.");
        return cause == null ? new ResourceException(line) : new ResourceException(line, cause);
    }

    private static void decode(
            ElementType type, ElementType.Decoder decoder, MemorySegment source, MemorySegment target) {
        long blocks = source.byteSize() / type.blockBytes();
        int chunkBlocks = (int) Math.min(CHUNK_NUMBERS / type.blockNumbers(), blocks);
        int workers =
                Math.min(Runtime.getRuntime().availableProcessors(), (int) Math.min(64, blocks / chunkOf(type) + 1));
        IntStream.range(0, workers).parallel().forEach(worker -> {
            byte[] packed = new byte[chunkBlocks * type.blockBytes()];
            float[] numbers = new float[chunkBlocks * type.blockNumbers()];
            for (long first = (long) worker * chunkBlocks; first < blocks; first += (long) workers * chunkBlocks) {
                int count = (int) Math.min(chunkBlocks, blocks - first);
                MemorySegment.copy(
                        source, ValueLayout.JAVA_BYTE, first * type.blockBytes(), packed, 0, count * type.blockBytes());
                decoder.decode(packed, count, numbers);
                MemorySegment.copy(
                        numbers,
                        0,
                        target,
                        ValueLayout.JAVA_FLOAT,
                        first * type.blockNumbers() * Float.BYTES,
                        count * type.blockNumbers());
            }
        });
    }

    private static int chunkOf(ElementType type) {
        return CHUNK_NUMBERS / type.blockNumbers();
    }

    private void requireExact(String name, TensorInfo info, Tensor tensor) {
        if (info.type().isInteger() && info.numbers() > 0 && tensor.abs().max().item_float() >= EXACT_INTEGERS) {
            throw file.refusal(
                    "whole numbers below 16777216 in " + name, "larger ones", "They cannot be read as floats exactly.");
        }
    }
}
