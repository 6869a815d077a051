package assay.tasks.distil;

import assay.base.run.RunFolder;
import assay.base.run.ToldJob;
import assay.engine.model.ChatModel;
import assay.engine.peft.PeftPrompt;
import assay.measure.judge.Distillation;
import assay.measure.probe.Probe;
import assay.train.Checkpoint;
import assay.train.SoftStudent;
import assay.train.TrainingState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How the checkpoint of a training and kept user turns are read.
public final class TrainingBorder {
    private static final Map<String, String> RUN = Map.of("command", "distil", "teacher", "t", "tokens", "2");
    private static final int NUMBERS = 8;

    private TrainingBorder() {}

    /// A sound checkpoint.
    public static byte[] sample() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, String> notes = new Starts.Begun(
                        TrainingState.begin(new float[1][NUMBERS]),
                        List.of(new Distillation.Start("prompt", "Be kind.", 0.5, 0.6, true)),
                        "Be kind.")
                .notes();
        new Checkpoint(RUN, notes, TrainingState.begin(new float[1][NUMBERS])).write(out);
        return out.toByteArray();
    }

    /// Reads one in a folder and goes on with it.
    ///
    /// @throws assay.InputException if it is damaged, which a training tells of and begins anew
    public static void resume(Path home, byte[] file) throws IOException {
        Files.write(home.resolve("checkpoint.assay"), file);
        try (RunFolder folder = TrainingStore.folder(Optional.of(home), "x")) {
            ToldJob told = new ToldJob();
            SoftStudent student = new SoftStudent(2, NUMBERS / 2, PeftPrompt.Place.SYSTEM);
            Starts.Begun begun = new TrainingStore(Optional.of(folder), RUN, told.job())
                    .saved(saved -> Starts.resumed(saved, student))
                    .orElseThrow(told::damage);
            begun.notes();
            begun.state().best();
        }
    }

    /// Reads user turns; a damaged file may count as none.
    public static void turns(Path file, ChatModel chat) {
        for (Probe.Turn turn : TurnShelf.read(file, chat.model().vocabulary())
                .map(Probe::turns)
                .orElse(List.of())) {
            for (int token : turn.answer()) {
                if (token < 0 || token >= chat.model().vocabulary()) {
                    throw new IllegalStateException("a token the model does not have");
                }
            }
        }
    }
}
