package assay.measure.behaviour;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.AtomicFiles;
import assay.base.run.SavedState;
import assay.base.run.Sha256;
import assay.base.run.UserFolders;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/// Final hidden states of a dictionary's prompts on contexts in which no target has a part. They depend on model,
/// prompt and contexts alone, so they are run once and kept in the user's cache, four bytes a number: what is looked up
/// is to the last bit what was run.
///
/// @param folder where they lie
/// @param prompts texts of the prompts whose states are worth keeping
/// @param mostBytes kept from run to run; what was not used for longest goes first
public record StateShelf(Path folder, Set<String> prompts, long mostBytes) {
    /// Keeps nothing.
    public static final StateShelf NONE = new StateShelf(Path.of(""), Set.of(), 0);

    private static final long USUAL_BYTES = 1L << 30;
    private static final long KIND = 0x4153_5341_595F_5354L;
    private static final int MOST_NUMBERS = 1 << 28;
    private static final SavedState.Wording STATES = new SavedState.Wording("shelf", "It is run again.");

    /// The shelf of this user, tidied to 1 GB.
    ///
    /// @param prompts of a dictionary
    public static StateShelf current(Collection<String> prompts) {
        Path folder = UserFolders.current().cache().resolve("states");
        StateShelf shelf = new StateShelf(folder, Set.copyOf(prompts), USUAL_BYTES);
        shelf.tidy();
        return shelf;
    }

    boolean keeps(HardPrompt prompt) {
        return prompts.contains(prompt.text());
    }

    /// States of a prompt on contexts `[place hidden]`, run now if they are not there; owned by the caller's scope.
    Tensor states(HardPrompt prompt, List<Context> contexts, ChatModel chat, Supplier<Tensor> run) {
        int places = contexts.stream().mapToInt(Context::places).sum();
        Path file = folder.resolve(key(prompt, contexts, chat) + ".states");
        Optional<float[]> kept = read(file);
        if (kept.isPresent() && kept.get().length % places == 0) {
            return Torch.floats(kept.get(), places, kept.get().length / places);
        }
        Tensor states = run.get();
        keep(file, Torch.toFloats(states));
        return states;
    }

    /// Everything that decides the numbers, thread counts included.
    private static String key(HardPrompt prompt, List<Context> contexts, ChatModel chat) {
        StringBuilder all = new StringBuilder(chat.sha256())
                .append(chat.model().dtype())
                .append(
                        chat.model().device().isCpu()
                                ? ""
                                : chat.model().device().name())
                .append(Torch.description())
                .append(Arrays.toString(chat.slot().prefix(prompt.tokens())));
        contexts.forEach(context -> all.append('\n').append(context.places()).append(Arrays.toString(context.tail())));
        return Sha256.ofText(all.toString());
    }

    /// What is kept; a damaged file counts as none, since it can be made again.
    private static Optional<float[]> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            float[] numbers =
                    SavedState.read(in, KIND, Map.of(), STATES, file.toString(), state -> state.floats(MOST_NUMBERS));
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return Optional.of(numbers);
        } catch (IOException | InputException _) {
            return Optional.empty();
        }
    }

    /// A disk that takes nothing costs time later, and nothing now.
    private static void keep(Path file, float[] numbers) {
        try {
            AtomicFiles.write(
                    file,
                    out -> SavedState.write(out, KIND, Map.of(), state -> SavedState.writeFloats(numbers, state)));
        } catch (ResourceException _) {
            return;
        }
    }

    /// Takes away what was not used for longest, until what is left is small enough.
    void tidy() {
        record Kept(Path file, long bytes, FileTime used) {}
        List<Kept> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".states")).toList()) {
                all.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file)));
            }
            all.sort(Comparator.comparing(Kept::used).reversed());
            long total = 0;
            for (Kept one : all) {
                total += one.bytes();
                if (total > mostBytes) {
                    Files.deleteIfExists(one.file());
                }
            }
        } catch (IOException _) {
            // No folder yet, or another process tidies it: nothing that must be done now.
            return;
        }
    }
}
