package assay.fuzz;

import java.io.IOException;
import java.util.List;

/// One of Assay's readers of bytes that come from a disk or a hub.
///
/// @param name of the kind of file; several readers may have one
/// @param mutation how its files are damaged
/// @param samples sound files
/// @param share of all damaged files that it gets, beside the others' shares
/// @param reading reads one as the commands do
public record Reader(String name, Mutation mutation, List<byte[]> samples, int share, Reading reading) {
    /// Reads a file as the commands do.
    @FunctionalInterface
    public interface Reading {
        /// Returns if the file can be read, or throws a refusal.
        void of(byte[] file) throws IOException;
    }

    @Override
    public String toString() {
        return name;
    }
}
