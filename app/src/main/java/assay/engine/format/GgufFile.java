package assay.engine.format;

import assay.InputException;
import assay.base.tensor.Dtype;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// A GGUF file (llama.cpp's format), versions 2 and 3, opened for reading.
public final class GgufFile implements WeightFile {
    private final MappedFile file;
    private final GgufHeader header;
    private final TensorReader reader;

    private GgufFile(MappedFile file, GgufHeader header) {
        this.file = file;
        this.header = header;
        this.reader = new TensorReader(file, header.tensors());
    }

    /// Maps the file and checks its header; reads no numbers yet.
    ///
    /// @throws InputException if it is not a GGUF file, damaged, or in a format this version does not read
    public static GgufFile open(Path path) {
        MappedFile file = MappedFile.open("GGUF", path);
        try {
            return new GgufFile(file, GgufHeader.read(file));
        } catch (RuntimeException | Error refused) {
            file.close();
            throw refused;
        }
    }

    /// The metadata by key: numbers as `Number`, texts as `String`, truth values as `Boolean`, arrays as
    /// `List`.
    public Map<String, Object> metadata() {
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
