package assay.tasks.distil;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.base.run.Refusal;
import assay.base.run.SmallFile;
import assay.engine.peft.PeftFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A PEFT folder that a study made and goes on with. Its hash stands beside it, in `<name>.sha256`, so
/// that no number a disk has changed is ever used.
///
/// @param job is told of a damaged one
public record KeptPeft(Path folder, Job job) {
    private static final long MOST_BYTES = 200;

    /// Whether it is there as it was written. A damaged one is told of and set aside; one whose hash nobody noted, as a
    /// run that was killed behind it leaves, is taken as it is.
    public boolean isWhole() {
        boolean wasThere = PeftFolder.holdsPeft(folder) || Files.exists(hash());
        if (!Files.isDirectory(folder) || !wasThere) {
            return false;
        }
        String found = found();
        if (found.isEmpty()) {
            if (!Files.exists(hash())) {
                note();
            }
            return true;
        }
        Path aside = AtomicFiles.setAside(folder);
        forget();
        String next = "It is made again. The damaged one is kept as " + aside.getFileName() + ".";
        job.note(Refusal.line("study", "the adapter or soft prompt that it made", found, folder, next));
        return false;
    }

    /// What is wrong with it; empty if nothing is, or if nobody noted its hash.
    private String found() {
        try {
            String now = PeftFolder.find("adapter", folder).sha256();
            boolean isSame = !Files.isRegularFile(hash())
                    || SmallFile.text(hash(), MOST_BYTES).strip().equals(now);
            return isSame ? "" : "other bytes";
        } catch (InputException | ResourceException | IOException _) {
            return "it damaged";
        }
    }

    /// Notes that it is finished.
    public void note() {
        AtomicFiles.write(hash(), PeftFolder.find("adapter", folder).sha256() + "\n");
    }

    /// Notes that it is written anew.
    public void forget() {
        try {
            Files.deleteIfExists(hash());
        } catch (IOException failed) {
            throw Refusal.failed("study", "to remove a file", hash(), "Remove it yourself.", failed);
        }
    }

    private Path hash() {
        return folder.resolveSibling(folder.getFileName() + ".sha256");
    }
}
