package assay.engine.format;

import assay.InputException;
import assay.base.tensor.Dtype;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// A safetensors file (Hugging Face's format), opened for reading.
public final class SafetensorsFile implements WeightFile {
    private final MappedFile file;
    private final SafetensorsHeader header;
    private final TensorReader reader;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header) {
        this.file = file;
        this.header = header;
        this.reader = new TensorReader(file, header.tensors());
    }

    /// Maps the file and checks its header; reads no numbers yet.
    ///
    /// @throws InputException if it is not a safetensors file, damaged, or holds a dtype this version does
    ///     not know
    public static SafetensorsFile open(Path path) {
        MappedFile file = MappedFile.open("safetensors", path);
        try {
            return new SafetensorsFile(file, SafetensorsHeader.read(file));
        } catch (RuntimeException | Error refused) {
            file.close();
            throw refused;
        }
    }

    /// The free texts of the header, such as `format → pt`.
    public Map<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return header.tensors();
    }

    @Override
    public Tensor read(String name, Dtype dtype) {
        return reader.read(name, dtype);
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public void close() {
        file.close();
    }
}
