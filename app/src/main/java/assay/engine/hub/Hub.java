package assay.engine.hub;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.AtomicFiles;
import assay.base.run.ProcessLock;
import assay.base.run.Progress;
import assay.base.run.Refusal;
import assay.base.run.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Models and adapters of a Hugging Face hub, in the cache its Python libraries share:
/// `models--owner--repo/{blobs,refs,snapshots}`.
///
/// What is in the cache is used without asking the network; what is missing is fetched into the same layout.
final class Hub {
    private final Path cache;
    private final HubAccess access;

    /// @param cache the folder of all repositories
    Hub(Path cache, HubAccess access) {
        this.cache = cache;
        this.access = access;
    }

    /// The folder (or `.gguf` file) an address names, with every file of the wanted kind in it.
    ///
    /// @throws InputException if there is none, or not in a form Assay reads
    /// @throws ResourceException if it must be fetched and cannot be
    Path locate(HubId id, HubKind kind, Progress progress) {
        String lacks = "it";
        try {
            Cached cached = cached(id, kind);
            if (cached.missing().isEmpty()) {
                return cached.place();
            }
            lacks = cached.missing().get();
            if (access.offline()) {
                throw new ResourceException(id + ": expected it in the cache, found it " + cached.state() + " ("
                        + repository(id) + "). HF_HUB_OFFLINE is set: unset it to fetch, or pass a folder.");
            }
            try (ProcessLock _ = ProcessLock.take(
                    cache.resolve(".locks").resolve(id.folder()).resolve("assay.lock"), progress)) {
                Cached meanwhile = cached(id, kind);
                return meanwhile.missing().isEmpty() ? meanwhile.place() : fetch(id, kind, progress);
            }
        } catch (IOException failed) {
            throw new ResourceException(
                    id + ": expected to fetch " + lacks + " from " + access.endpoint() + ", found "
                            + Refusal.reason(failed)
                            + ". What came so far is kept; go online and start again, or pass a folder.",
                    failed);
        }
    }

    /// Whether the cache has anything of a repository: it exists, whatever else is wrong.
    boolean hasSeen(HubId id) {
        return Files.isDirectory(repository(id));
    }

    /// Addresses of all models in the cache, whole or not: of each repository the folder with a `config.json`, and
    /// every `.gguf` file, one part of each that is split.
    List<HubId> models() throws IOException {
        List<HubId> models = new ArrayList<>();
        for (Path repository : HubCache.repositories(cache)) {
            for (HubCache.Revision revision : HubCache.revisions(repository)) {
                HubId whole = new HubId(HubCache.name(repository), revision.name(), "");
                if (Files.isRegularFile(revision.snapshot().resolve(HubKind.MODEL.sign()))) {
                    models.add(whole);
                }
                HubCache.ggufs(revision.snapshot()).stream()
                        .map(inside -> new HubId(whole.repository(), whole.revision(), inside))
                        .filter(file -> file.parts().getFirst().equals(file.inside()))
                        .forEach(models::add);
            }
        }
        return models;
    }

    /// Where a model of the cache stands, and what it lacks.
    Cached known(HubId id) throws IOException {
        return cached(id, HubKind.MODEL);
    }

    /// What the cache has of an address.
    ///
    /// @param missing the first file it lacks; empty if it is whole
    record Cached(Path place, Optional<String> missing) {
        String state() {
            return Files.exists(place) ? "incomplete: it lacks " + missing.orElse("nothing") : "missing";
        }
    }

    private Cached cached(HubId id, HubKind kind) throws IOException {
        Optional<String> commit = cachedCommit(id);
        if (commit.isEmpty()) {
            return new Cached(repository(id).resolve("snapshots").resolve("none"), Optional.of("it"));
        }
        Path snapshot = snapshot(id, commit.get());
        Path place = snapshot.resolve(id.inside());
        Optional<String> missing = id.isGguf()
                ? id.parts().stream()
                        .filter(part -> !Files.isRegularFile(snapshot.resolve(part)))
                        .findFirst()
                : kind.missing(place);
        return new Cached(place, missing);
    }

    private Optional<String> cachedCommit(HubId id) throws IOException {
        if (HubId.isCommit(id.revision())) {
            return Optional.of(id.revision());
        }
        Path reference = reference(id);
        if (!Files.isRegularFile(reference) || Files.size(reference) > 1000) {
            return Optional.empty();
        }
        return Optional.of(Files.readString(reference, StandardCharsets.UTF_8).strip())
                .filter(HubId::isCommit);
    }

    private Path fetch(HubId id, HubKind kind, Progress progress) throws IOException {
        try (HubClient client = new HubClient(access)) {
            HubListing listing = client.list(id);
            Files.createDirectories(repository(id));
            Path place = snapshot(id, listing.commit()).resolve(id.inside());
            if (id.isGguf()) {
                fetch(id, listing, id.parts(), client, progress);
            } else {
                fetch(id, listing, kind.described(id, listing), client, progress);
                fetch(id, listing, kind.weights(id, listing, place), client, progress);
            }
            if (!HubId.isCommit(id.revision())) {
                AtomicFiles.write(reference(id), listing.commit());
            }
            return place;
        }
    }

    private void fetch(HubId id, HubListing listing, List<String> files, HubClient client, Progress progress)
            throws IOException {
        Path blobs = repository(id).resolve("blobs");
        List<HubListing.Blob> wanted = files.stream()
                .map(file -> Optional.ofNullable(listing.files().get(file))
                        .orElseThrow(() -> new InputException(
                                id + ": expected " + file + " on the hub, found no such file. Check the address.")))
                .toList();
        long total = wanted.stream().mapToLong(HubListing.Blob::bytes).sum();
        Folders.requireRoom(blobs, total, id.toString());
        try (Stage stage = progress.stage("fetching " + id, total)) {
            for (int i = 0; i < files.size(); i++) {
                String file = files.get(i);
                HubListing.Blob blob = wanted.get(i);
                Path target = blobs.resolve(blob.hash());
                new Download(
                                from -> client.open(id, listing.commit(), file, from),
                                blob.bytes(),
                                blob.hash(),
                                Download.ATTEMPTS,
                                Download.PAUSE,
                                Download.STALL)
                        .to(target, stage);
                link(snapshot(id, listing.commit()).resolve(file), target);
            }
        }
    }

    /// Points a snapshot's file to its content; where links are not allowed (Windows), the content itself
    /// moves there.
    private static void link(Path file, Path blob) throws IOException {
        Path folder = file.resolveSibling(".").normalize();
        Files.createDirectories(folder);
        if (Files.exists(file)) {
            return;
        }
        Files.deleteIfExists(file);
        try {
            Files.createSymbolicLink(file, folder.relativize(blob));
        } catch (IOException | UnsupportedOperationException _) {
            AtomicFiles.move(blob, file);
        }
    }

    private Path reference(HubId id) {
        return repository(id).resolve("refs").resolve(id.revision());
    }

    private Path snapshot(HubId id, String commit) {
        return repository(id).resolve("snapshots").resolve(commit);
    }

    private Path repository(HubId id) {
        return cache.resolve(id.folder());
    }
}
