package assay.tasks.session;

import assay.InputException;
import assay.base.run.Job;
import assay.base.run.Provenance;
import assay.base.run.Sha256;
import assay.base.run.UserFolders;
import assay.base.tensor.Device;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.BuildAtlas;
import assay.engine.hub.ModelStore;
import assay.engine.model.ChatModel;
import assay.engine.peft.PeftFolder;
import assay.engine.peft.PeftPrompt;
import assay.engine.peft.Trim;
import assay.engine.text.BasePrompt;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.LoraAdapter;
import assay.measure.behaviour.SoftPrompt;
import assay.measure.judge.Explanation;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// An open model and what belongs to it; closing it frees everything.
///
/// @param shelf where its atlas is or will be
/// @param job what it is opened for: where to tell of progress, and how it is stopped
public record Session(TensorScope scope, ChatModel chat, AtlasShelf shelf, Job job) implements AutoCloseable {

    /// Finds a model, fetching it if need be, and opens it.
    ///
    /// @param spec as the user wrote it: `smollm2-135m`, a folder, a `.gguf` file, or
    /// `owner/repo[@revision][/subfolder]`
    /// @param home the program's folder, in which shipped atlases stand
    public static Session open(String spec, Precision precision, Path home, Job job) {
        return open(spec, precision, BasePrompt.usual(), home, job);
    }

    /// The same over another base.
    ///
    /// @throws InputException if the model's template leaves no way to do that
    public static Session open(String spec, Precision precision, BasePrompt base, Path home, Job job) {
        return open(spec, new Choices(precision, DeviceChoice.CPU, base), home, job);
    }

    /// What a user chooses about a model.
    ///
    /// @param base what stands in the prompt's place of the base
    public record Choices(Precision precision, DeviceChoice device, BasePrompt base) {}

    /// The same as the user chose.
    ///
    /// @throws InputException if the device is not there, or the model's template leaves no way to put the base in
    public static Session open(String spec, Choices choices, Path home, Job job) {
        Device device = choices.device().device();
        ModelStore.Located located = ModelStore.current().locate(spec, job.progress());
        TensorScope scope = TensorScope.withoutGradients();
        try (var _ = job.stage("opening " + located.name(), 0)) {
            ChatModel chat = ChatModel.open(
                    located.name(), located.path(), choices.precision().dtype(device), choices.base(), device);
            return new Session(scope, chat, shelf(spec, home), job);
        } catch (RuntimeException | Error failure) {
            scope.close();
            throw failure;
        }
    }

    /// Where a model's atlas is or will be.
    ///
    /// @param spec as [#open] has it
    public static AtlasShelf shelf(String spec, Path home) {
        Path built = UserFolders.current().cache().resolve("atlas");
        return new AtlasShelf(home.resolve("atlas"), built, spec);
    }

    /// The same session for another job; it is closed where it was opened.
    public Session doing(Job other) {
        return new Session(scope, chat, shelf, other);
    }

    /// Refuses of a target what can be refused before a model is opened: a blank prompt, an adapter that is not there.
    /// An
    /// adapter on a hub is fetched.
    ///
    /// @throws InputException if it cannot be a target of any model
    public static void requireThere(Target.Named named, Job job) {
        switch (named) {
            case Target.Named.Adapter(String spec, Trim _) -> locate("adapter", spec, job);
            case Target.Named.Soft(String spec) -> locate("soft prompt", spec, job);
            case Target.Named.Prompt(String text) -> HardPrompt.requireText(text);
            case Target.Named.Against(Target.Named target, Target.Named base) -> {
                requireThere(target, job);
                requireThere(base, job);
            }
        }
    }

    private static void locate(String subject, String spec, Job job) {
        PeftFolder.find(
                subject,
                ModelStore.current().locateAdapter(spec, job.progress()).path());
    }

    /// What a user named as a target.
    ///
    /// @throws InputException if it does not fit the model
    public Target target(Target.Named named) {
        return switch (named) {
            case Target.Named.Adapter(String spec, Trim trim) -> adapter(spec, trim);
            case Target.Named.Soft(String spec) -> soft(spec);
            case Target.Named.Prompt(String text) -> prompt(text);
            case Target.Named.Against(Target.Named target, Target.Named base) ->
                target(target).against(target(base));
        };
    }

    /// A LoRA adapter as a target; its tensors live as long as this session.
    ///
    /// @throws InputException if it does not fit the model or has no effect
    public Target adapter(String spec) {
        return adapter(spec, Trim.NONE);
    }

    private Target adapter(String spec, Trim trim) {
        ModelStore.Located located = ModelStore.current().locateAdapter(spec, job.progress());
        LoraAdapter adapter = LoraAdapter.open(located.path(), chat, trim);
        String file = PeftFolder.find("adapter", located.path()).sha256();
        String sha256 = trim.isNone() ? file : Sha256.ofText(file + " " + trim.words());
        return new Target(
                Explanation.Kind.LORA, adapter.name(), adapter.description(), adapter, sha256, source(spec, trim));
    }

    private static Map<String, String> source(String spec, Trim trim) {
        Map<String, String> source = new TreeMap<>(Map.of("target", found(spec)));
        if (trim.scale() != 1) {
            source.put("scale", Double.toString(trim.scale()));
        }
        if (trim.rank() > 0) {
            source.put("rank", Integer.toString(trim.rank()));
        }
        return source;
    }

    /// Where the model was found: a whole path, or its name here or on a hub.
    public String source() {
        return found(shelf.model());
    }

    /// The whole path of a file or folder, so that it is found from any place; else what a hub calls it.
    private static String found(String spec) {
        try {
            Path path = Path.of(spec);
            return Files.exists(path) ? path.toAbsolutePath().normalize().toString() : spec;
        } catch (InvalidPathException _) {
            return spec;
        }
    }

    /// A system prompt as a target.
    ///
    /// @throws InputException if it is blank or too long
    public Target prompt(String text) {
        HardPrompt prompt = HardPrompt.of(text.strip(), chat.tokenizer());
        Set<String> special = Arrays.stream(prompt.tokens())
                .filter(chat.tokenizer().specialTokens()::contains)
                .mapToObj(token -> chat.tokenizer().token(token).orElse("" + token))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!special.isEmpty()) {
            job.note("prompt: expected plain text, found the special " + (special.size() == 1 ? "token " : "tokens ")
                    + String.join(", ", special) + ", which may end the system message. It is explained as it is.");
        }
        String description = "system prompt of " + prompt.tokens().length + " tokens";
        String sha256 = Sha256.ofText(prompt.text());
        return new Target(
                Explanation.Kind.PROMPT, prompt.text(), description, prompt, sha256, Map.of("target", prompt.text()));
    }

    /// The model's atlas; where there is none, a quick one is made first and kept.
    ///
    /// @throws InputException if the one there is unfinished, damaged or another model's
    public AtlasShelf.Shelved readyAtlas() {
        return new BuildAtlas(chat, shelf, job).ready();
    }

    /// Whether [#readyAtlas] has nothing to make.
    public boolean isAtlasReady() {
        return new BuildAtlas(chat, shelf, job).isReady();
    }

    /// The model's atlas.
    ///
    /// @throws InputException if there is none, or if it is unfinished or damaged
    public AtlasShelf.Shelved atlas() {
        return shelf.find(chat);
    }

    /// The model's atlas, if it has one.
    ///
    /// @throws InputException if it is unfinished or damaged
    public Optional<AtlasShelf.Shelved> atlasIfAny() {
        return shelf.exists(chat) ? Optional.of(atlas()) : Optional.empty();
    }

    /// A soft prompt as a target; its tensor lives as long as this session.
    ///
    /// @throws InputException if it does not fit the model
    public Target soft(String spec) {
        ModelStore.Located located = ModelStore.current().locateAdapter(spec, job.progress());
        PeftPrompt prompt = PeftPrompt.read(
                located.path(), chat.model().hidden(), chat.model().keysAndValues());
        String where = switch (prompt.place()) {
            case SYSTEM -> "in the system slot";
            case PREFIX -> "in front of all input";
            case KEYS -> "in front of all input, as keys and values of every block (prefix tuning)";
        };
        String description = prompt.embeddings().size(0) + " soft tokens " + where;
        SoftPrompt soft = new SoftPrompt(located.name(), description, prompt.embeddings(), prompt.place());
        String sha256 = PeftFolder.find("soft prompt", located.path()).sha256();
        return new Target(
                Explanation.Kind.SOFT, located.name(), description, soft, sha256, Map.of("target", found(spec)));
    }

    /// Where the numbers of a run in this session come from.
    ///
    /// @param seeds by what they seed
    /// @param hashes of the inputs besides the model
    public Map<String, Object> provenance(Map<String, Long> seeds, Map<String, String> hashes) {
        Map<String, String> all = new TreeMap<>(hashes);
        all.put("model", chat.sha256());
        Map<String, String> libraries = new TreeMap<>(Map.of(
                "torch", Torch.description(), "dtype", chat.model().dtype().name()));
        if (!chat.model().device().isCpu()) {
            libraries.put("device", chat.model().device().name());
        }
        return written(Provenance.current(seeds, all, libraries));
    }

    /// Where something comes from that depends on no model.
    public static Map<String, Object> provenance() {
        return written(Provenance.current(Map.of(), Map.of(), Map.of()));
    }

    private static Map<String, Object> written(Provenance provenance) {
        return JsonMapper.shared().convertValue(provenance, new TypeReference<Map<String, Object>>() {});
    }

    @Override
    public void close() {
        chat.close();
        scope.close();
    }
}
