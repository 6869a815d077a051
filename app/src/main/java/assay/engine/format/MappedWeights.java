package assay.engine.format;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.Refusal;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// A GGUF file (llama.cpp's format, versions 2 and 3) or a safetensors file (Hugging Face's), opened for
/// reading. Its header is checked when it is opened; numbers are copied when asked for, blocks decoded on
/// all cores.
///
/// @param <M> what its metadata holds
public final class MappedWeights<M> implements WeightFile {
    private static final int CHUNK_NUMBERS = 1 << 16;
    private static final long LARGE = 1 << 20;
    /// Singles hold every whole number below this exactly.
    private static final float EXACT_INTEGERS = 1 << 24;

    private final MappedFile file;
    private final Map<String, M> metadata;
    private final Map<String, TensorInfo> tensors;

    /// @param tensors already checked to lie within the file
    private MappedWeights(MappedFile file, Map<String, M> metadata, Map<String, TensorInfo> tensors) {
        this.file = file;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    /// Opens a GGUF file.
    ///
    /// @throws InputException if it is not a GGUF file, damaged, or in a format this version does not read
    public static MappedWeights<Object> gguf(Path path) {
        return open("GGUF", path, file -> gguf(file, GgufHeader.read(file)));
    }

    /// Opens one part of a GGUF model that is split.
    static MappedWeights<Object> ggufPart(Path path) {
        return open("GGUF", path, file -> gguf(file, GgufHeader.readPart(file)));
    }

    private static MappedWeights<Object> gguf(MappedFile file, GgufHeader header) {
        return new MappedWeights<>(file, header.metadata(), header.tensors());
    }

    /// Opens a safetensors file.
    ///
    /// @throws InputException if it is not one, damaged, or holds a dtype this version does not know
    public static MappedWeights<String> safetensors(Path path) {
        return open("safetensors", path, file -> {
            SafetensorsHeader header = SafetensorsHeader.read(file);
            return new MappedWeights<>(file, header.metadata(), header.tensors());
        });
    }

    /// Opens a file of `torch.save` that holds a dictionary of tensors. It is read, never run.
    ///
    /// @throws InputException if it is not one, damaged, or holds or does anything else
    public static MappedWeights<String> torch(Path path) {
        return open("adapter", path, file -> {
            Map<String, TorchPickle.ZipDirectory.Entry> entries = TorchPickle.ZipDirectory.read(file);
            String code = entries.keySet().stream()
                    .filter(name -> name.equals("data.pkl") || name.endsWith("/data.pkl"))
                    .findFirst()
                    .orElseThrow(() -> file.broken("data.pkl in a file of torch.save", "none"));
            String root = code.substring(0, code.length() - "data.pkl".length());
            Map<String, TensorInfo> tensors = new LinkedHashMap<>();
            TorchPickle.tensors(file, Objects.requireNonNull(entries.get(code))).forEach((name, saved) -> {
                TorchPickle.ZipDirectory.Entry home = entries.get(root + "data/" + saved.key());
                long numbers = TensorInfo.product(saved.shape());
                long size = saved.type().blockBytes();
                if (home == null || numbers < 0 || saved.first() < 0 || saved.first() + numbers > home.bytes() / size) {
                    throw file.broken("all numbers of " + Refusal.name(name), "fewer");
                }
                tensors.put(
                        name,
                        new TensorInfo(
                                saved.type(), saved.shape(), home.offset() + saved.first() * size, numbers * size));
            });
            return new MappedWeights<>(file, Map.of(), Collections.unmodifiableMap(tensors));
        });
    }

    private static <M> MappedWeights<M> open(String kind, Path path, Function<MappedFile, MappedWeights<M>> reading) {
        MappedFile file = MappedFile.open(kind, path);
        try {
            return reading.apply(file);
        } catch (RuntimeException | Error refused) {
            file.close();
            throw refused;
        }
    }

    /// What stands in the header besides tensors, by key. GGUF: numbers as `Number`, texts as `String`,
    /// truth values as `Boolean`, arrays as `List`. Safetensors: free texts, such as `format → pt`.
    public Map<String, M> metadata() {
        return metadata;
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    /// Where it was read from.
    public Path path() {
        return file.path();
    }

    @Override
    public void close() {
        file.close();
    }

    @Override
    public Tensor read(String name, Dtype dtype) {
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
            letGo(source);
            requireExact(name, info, tensor);
            Tensor wanted = tensor.to(dtype.scalarType());
            if (!Torch.isFinite(wanted)) {
                throw file.refusal(
                        "finite numbers in " + Refusal.name(name),
                        "NaN or infinity",
                        "The training diverged or the file is damaged.");
            }
            return scope.keep(wanted);
        } catch (InternalError cut) {
            // How the virtual machine reports mapped bytes that are no longer there.
            throw file.broken("the file to stay as it was when opened", "it shorter than that");
        }
    }

    /// What was copied need not stay in memory beside the copy; read again, it is there again.
    private static void letGo(MemorySegment source) {
        if (source.byteSize() > LARGE) {
            source.unload();
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
