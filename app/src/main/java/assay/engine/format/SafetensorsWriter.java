package assay.engine.format;

import assay.ResourceException;
import assay.base.run.AtomicFiles;
import assay.base.tensor.TensorScope;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Saves tensors as a safetensors file that Python reads.
public final class SafetensorsWriter {
    private static final int CHUNK_BYTES = 1 << 26;

    private SafetensorsWriter() {}

    /// Writes float32 and bfloat16 tensors, sorted by name, so that equal content gives equal bytes. The file
    /// appears whole or not at all.
    ///
    /// @param metadata free texts kept in the header
    /// @throws IllegalArgumentException if a tensor has another dtype
    /// @throws ResourceException if the disk does not take it
    public static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) {
        Map<String, Tensor> ordered = new TreeMap<>(tensors);
        byte[] header = header(ordered, metadata);
        AtomicFiles.write("disk", "to write tensors", path, out -> {
            out.write(header);
            for (Tensor tensor : ordered.values()) {
                writeNumbers(Channels.newChannel(out), tensor);
            }
        });
    }

    private static byte[] header(Map<String, Tensor> tensors, Map<String, String> metadata) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        ObjectNode texts = root.putObject("__metadata__");
        new TreeMap<>(metadata).forEach(texts::put);
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            ObjectNode node = root.putObject(entry.getKey());
            node.put("dtype", type(entry.getKey(), tensor).name());
            var shape = node.putArray("shape");
            for (int axis = 0; axis < tensor.dim(); axis++) {
                shape.add(tensor.size(axis));
            }
            var offsets = node.putArray("data_offsets");
            offsets.add(offset);
            offset += tensor.numel() * tensor.element_size();
            offsets.add(offset);
        }
        byte[] json = JsonMapper.shared().writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        // Spaces up to a multiple of 8 keep the numbers aligned, as the reference writer does.
        int padded = Math.ceilDiv(json.length, 8) * 8;
        ByteBuffer buffer = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(padded).put(json);
        while (buffer.hasRemaining()) {
            buffer.put((byte) ' ');
        }
        return buffer.array();
    }

    private static ElementType type(String name, Tensor tensor) {
        torch.ScalarType type = tensor.scalar_type().intern();
        return switch (type) {
            case Float -> ElementType.F32;
            case BFloat16 -> ElementType.BF16;
            default ->
                throw new IllegalArgumentException(
                        "safetensors: expected float32 or bfloat16, found " + type + " (" + name + ").");
        };
    }

    private static void writeNumbers(WritableByteChannel channel, Tensor tensor) throws IOException {
        try (TensorScope _ = new TensorScope()) {
            Tensor whole = tensor.detach().contiguous();
            long bytes = whole.numel() * whole.element_size();
            MemorySegment numbers = TensorMemory.of(whole);
            for (long at = 0; at < bytes; at += CHUNK_BYTES) {
                channel.write(
                        numbers.asSlice(at, Math.min(CHUNK_BYTES, bytes - at)).asByteBuffer());
            }
        }
    }
}
