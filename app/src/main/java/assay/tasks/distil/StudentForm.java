package assay.tasks.distil;

import assay.InputException;
import assay.engine.model.LanguageModel;
import assay.engine.peft.PeftPrompt;
import assay.train.LoraStudent;
import assay.train.SoftStudent;
import assay.train.Student;
import java.util.List;
import java.util.Locale;

/// What learns, as a user asks for it.
public sealed interface StudentForm {
    /// A LoRA adapter.
    ///
    /// @param rank of every module
    /// @param alpha B·A is multiplied by alpha/rank
    /// @param modules endings of module names
    record Lora(int rank, double alpha, List<String> modules) implements StudentForm {}

    /// A soft prompt.
    ///
    /// @param slot where it sits: `system` or `prefix`
    record Soft(int tokens, String slot) implements StudentForm {
        /// Checks the slot.
        ///
        /// @throws InputException if there is no such place
        public Soft {
            placeOf(slot);
        }
    }

    /// A student of this form for a model.
    ///
    /// @throws InputException if the model has no such modules
    default Student student(LanguageModel model) {
        return switch (this) {
            case Lora(int rank, double alpha, List<String> modules) -> LoraStudent.of(model, modules, rank, alpha);
            case Soft(int tokens, String slot) -> new SoftStudent(tokens, model.hidden(), placeOf(slot));
        };
    }

    /// Where it sits; empty if it is an adapter.
    default String slot() {
        return "";
    }

    /// Its length in soft tokens; 0 if it is an adapter.
    default int length() {
        return this instanceof Soft soft ? soft.tokens() : 0;
    }

    /// The same at another length; an adapter has none.
    default StudentForm ofLength(int tokens) {
        return this instanceof Soft soft ? new Soft(tokens, soft.slot()) : this;
    }

    private static PeftPrompt.Place placeOf(String slot) {
        return switch (slot.toLowerCase(Locale.ROOT)) {
            case "system" -> PeftPrompt.Place.SYSTEM;
            case "prefix" -> PeftPrompt.Place.PREFIX;
            default ->
                throw new InputException(
                        "--slot: expected system or prefix, found " + slot + ". Take system if in doubt.");
        };
    }
}
