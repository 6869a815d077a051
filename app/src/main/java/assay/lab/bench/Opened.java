package assay.lab.bench;

import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;

/// An open model and a scope for what a row computes before it is measured; both live as long as the row.
public record Opened(Session session, TensorScope scope) implements AutoCloseable {
    /// Opens the model of a setting.
    public static Opened of(Setting setting, Precision precision) {
        return new Opened(setting.open(precision), TensorScope.withoutGradients());
    }

    /// The model with its tokenizer and slot.
    public ChatModel chat() {
        return session.chat();
    }

    /// The model alone.
    public LanguageModel model() {
        return session.chat().model();
    }

    @Override
    public void close() {
        scope.close();
        session.close();
    }
}
