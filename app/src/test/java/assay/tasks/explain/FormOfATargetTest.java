package assay.tasks.explain;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.TinyAtlas;
import assay.discover.search.TargetSearch;
import assay.engine.model.ChatModel;
import assay.engine.model.Overlay;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.LoraAdapter;
import assay.measure.form.FormChange;
import assay.measure.form.FormKind;
import assay.measure.judge.Explanation;
import assay.show.page.Style;
import assay.show.report.FirstLines;
import assay.show.report.TextReport;
import assay.tasks.distil.Bake;
import assay.tasks.distil.StudentForm;
import assay.tasks.distil.TrainingRun;
import assay.tasks.distil.TrainingStore;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A form of writing planted into a tiny random model, and what an explanation tells of it.
class FormOfATargetTest {
    private static final double STRENGTH = 20;
    private static final Path MODEL = Path.of("src", "test", "resources", "golden", "tiny", "models", "tied");
    private static final Explain.Options SMALL = new Explain.Options(2, 8, 8, 2, TargetSearch.Budget.NONE, 0);

    @Test
    void aPlantedFormIsToldAndAskedFor() {
        try (ChatModel chat = TinyModel.open("untied-bf16");
                TensorScope _ = TensorScope.withoutGradients();
                Job job = Job.silent()) {
            Atlas atlas = TinyAtlas.of(chat);
            Target target = new Target(Explanation.Kind.LORA, "sevens", "", insistingOn("7", chat), "0");
            Explanation explanation = new Explain(chat, atlas, job).run(target, SMALL);
            assertThat(explanation.illustration().form()).hasSize(FormKind.values().length);
            assertThat(explanation.illustration().telling())
                    .extracting(FormChange::kind)
                    .contains(FormKind.DIGITS)
                    .doesNotContain(FormKind.EXCLAMATION_MARKS);
            assertThat(TextReport.render(explanation, Optional.empty(), new Style(100, false)))
                    .contains("How it writes", "digits: ");
            Explanation searched =
                    new Explain(chat, atlas, job).run(target, SMALL.within(new TargetSearch.Budget(600, 12)));
            assertThat(searched.effort().atlasPrompts())
                    .isGreaterThan(explanation.effort().atlasPrompts());
        }
    }

    @Test
    void aBakedFormIsTold(@TempDir Path home) throws IOException {
        List<String> lines = IntStream.range(0, 12)
                .mapToObj(i -> "{\"user\": \"Question " + i + "?\", \"answer\": \";;;;;;;;\"}")
                .toList();
        Path examples = Files.write(home.resolve("semicolons.jsonl"), lines);
        StudentForm form = new StudentForm.Lora(4, 64, List.of("down_proj"));
        try (Job job = Job.silent();
                RunFolder baked = TrainingStore.folder(Optional.of(home.resolve("baked")), "baked");
                Session session = Session.open(MODEL.toString(), Precision.FLOAT32, home, job)) {
            new TrainingRun(session).bake("examples", new Bake(new Bake.Source.Data(examples), form, 60, 0), baked);
            Target target = session.adapter(baked.path().toString());
            Atlas atlas = TinyAtlas.of(session.chat());
            Explanation explanation = new Explain(session.chat(), atlas, job).run(target, SMALL);
            assertThat(explanation.illustration().telling().stream().filter(FormChange::rises))
                    .extracting(FormChange::kind)
                    .contains(FormKind.SEMICOLONS)
                    .doesNotContain(FormKind.COLONS, FormKind.DIGITS);
            assertThat(FirstLines.of(explanation).sentence()).contains("more semicolons");
        }
    }

    /// A bias in the last block that pushes every state towards one token.
    private static Behaviour insistingOn(String mark, ChatModel chat) {
        int[] tokens = chat.tokenizer().encode(mark);
        assertThat(tokens).hasSize(1);
        Tensor push = chat.model().unembedding().matrix().select(0, tokens[0]).mul(new Scalar(STRENGTH));
        Map<String, Tensor> biases = Map.of("model.layers.1.mlp.down_proj", push);
        return new LoraAdapter("sevens", "", new Overlay(Map.of(), Optional.empty(), Map.of(), biases));
    }
}
