package assay.web.site;

import assay.measure.behaviour.Sampling;
import assay.tasks.talk.AnswerListener;
import assay.tasks.talk.Ask;
import assay.tasks.talk.Column;
import assay.tasks.talk.Conversation;
import assay.tasks.talk.Figures;
import assay.tasks.talk.Reading;
import assay.tasks.talk.Talk;
import assay.web.http.EventLog;
import assay.web.http.EventLogs;
import assay.web.http.Refused;
import assay.web.http.Reply;
import assay.web.http.Request;
import assay.web.http.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What may be asked of talks. Conversations are the page's: it sends them whole with every message, in
/// token ids, so that editing, going back and branching need nothing here.
record TalkRoutes(Talks talks, EventLogs streams) {
    private static final int MOST_TOKENS = 1_024;
    private static final int MOST_SHOWN = 20;
    private static final int CANDIDATES = 256;

    /// A message and the answers to it.
    record Exchange(String user, Map<String, int[]> answers) {}

    /// What is to be answered.
    ///
    /// @param system empty for none
    /// @param prefill how every answer begins; counts only where `begun` is empty
    /// @param begun token ids every answer begins with
    /// @param raw without the chat template
    record Said(
            @Nullable String system,
            @Nullable List<Exchange> past,
            String user,
            @Nullable String prefill,
            int @Nullable [] begun,
            boolean raw) {}

    /// How it is to be drawn.
    record Drawn(int maxTokens, double temperature, double topP, long seed) {
        Sampling sampling() {
            if (maxTokens < 1 || maxTokens > MOST_TOKENS || !(temperature >= 0 && temperature <= 5)) {
                throw new Refused(
                        400,
                        "sampling: expected 1 to " + MOST_TOKENS
                                + " tokens and a temperature of 0 to 5, found another. Correct it.");
            }
            if (!(topP > 0 && topP <= 1)) {
                throw new Refused(
                        400, "top-p: expected above 0, at most 1, found " + topP + ". Take 0.95 if in doubt.");
            }
            return new Sampling(maxTokens, temperature, topP, temperature == 0 ? 1 : CANDIDATES, seed);
        }
    }

    record Message(Said said, Drawn sampling, @Nullable List<String> columns) {}

    record Question(Said said, String writer, @Nullable Integer shown) {}

    record Prompts(List<Talks.Part> prompts) {}

    record Factor(double factor) {}

    /// A token, as it is written.
    record TokenEvent(Column column, int place, int id, String text, double probability) {}

    /// An answer that is over.
    ///
    /// @param ending `itself`, `length`, `context`, `stopped`
    record EndedEvent(Column column, int[] tokens, String text, String ending) {}

    /// Figures on the search split.
    record FigureEvent(List<Double> closed, @Nullable List<Double> own, double klBase, double klMixture) {}

    List<Route> routes() {
        return List.of(
                Route.post("/api/talks", request -> Reply.ok(talks.open(request.body(Talks.Wish.class)))),
                Route.get("/api/talks/{talk}", request -> Reply.ok(talks.view(talk(request)))),
                Route.post(
                        "/api/talks/{talk}/prompts",
                        request -> Reply.ok(talks.prompts(
                                talk(request), request.body(Prompts.class).prompts()))),
                Route.post(
                        "/api/talks/{talk}/scale",
                        request -> Reply.ok(talks.scale(
                                talk(request), request.body(Factor.class).factor()))),
                Route.post("/api/talks/{talk}/answers", this::answer),
                Route.post("/api/talks/{talk}/readings", this::read),
                Route.post("/api/talks/{talk}/figures", this::figures),
                Route.post("/api/talks/{talk}/refit", this::refit),
                Route.post("/api/talks/{talk}/save", request -> {
                    String file = String.valueOf(talks.now(talk(request), one -> one.save(Optional.empty()))
                            .getFileName());
                    return Reply.ok(Map.of("file", file));
                }),
                Route.get(
                        "/api/talks/{talk}/exports/{form}",
                        request -> Exports.of(talks.find(talk(request)).talk(), request.parameter("form"))),
                Route.get(
                        "/api/streams/{stream}",
                        request -> new Reply.Events(streams.find(request.parameter("stream")), request.number("from"))),
                Route.post("/api/streams/{stream}/stop", request -> {
                    streams.find(request.parameter("stream")).stop();
                    return Reply.ok(Map.of());
                }));
    }

    private static String talk(Request request) {
        return request.parameter("talk");
    }

    private Reply answer(Request request) {
        Message message = request.body(Message.class);
        Sampling sampling = message.sampling().sampling();
        Talk talk = talks.find(talk(request)).talk();
        Set<Column> columns = EnumSet.copyOf(talk.columns());
        if (message.columns() != null) {
            columns.retainAll(message.columns().stream().map(TalkRoutes::column).toList());
        }
        if (columns.isEmpty()) {
            throw new Refused(400, "columns: expected some that are there, found none. Leave it out for all.");
        }
        Conversation conversation = conversation(message.said(), talk);
        String stream = talks.stream(
                talk(request), true, named -> talk.answer(new Ask(conversation, sampling, columns), told(named.log())));
        return Reply.ok(Map.of("stream", stream));
    }

    private static AnswerListener told(EventLog log) {
        return new AnswerListener() {
            @Override
            public void token(Column column, Token token) {
                log.add("token", new TokenEvent(column, token.place(), token.id(), token.text(), token.probability()));
            }

            @Override
            public void ended(Column column, Answered answer) {
                String ending = answer.ending().name().toLowerCase(Locale.ROOT);
                log.add("ended", new EndedEvent(column, answer.tokens(), answer.text(), ending));
            }
        };
    }

    /// What every column expected in the place of each token of an answer.
    private Reply read(Request request) {
        Question question = request.body(Question.class);
        int shown = Math.clamp(question.shown() == null ? 8 : question.shown(), 1, MOST_SHOWN);
        AtomicReference<@Nullable Reading> reading = new AtomicReference<>();
        talks.now(talk(request), talk -> {
            Conversation conversation = conversation(question.said(), talk);
            if (conversation.begun().length == 0) {
                throw new Refused(400, "reading: expected an answer in \"begun\", found none. Send its token ids.");
            }
            talk.read(conversation, column(question.writer()), shown, reading::set)
                    .await();
            return true;
        });
        return Reply.ok(ReadingView.of(java.util.Objects.requireNonNull(reading.get())));
    }

    private Reply figures(Request request) {
        Talk talk = talks.find(talk(request)).talk();
        String stream = talks.stream(
                talk(request),
                false,
                named -> talk.figures(figures -> named.log().add("figures", view(figures))));
        return Reply.ok(Map.of("stream", stream));
    }

    private static FigureEvent view(Figures figures) {
        var own = figures.own();
        return new FigureEvent(
                List.of(
                        figures.closed().value(),
                        figures.closed().low(),
                        figures.closed().high()),
                Double.isFinite(own.value()) ? List.of(own.value(), own.low(), own.high()) : null,
                figures.klBase(),
                figures.klMixture());
    }

    private Reply refit(Request request) {
        Talk talk = talks.find(talk(request)).talk();
        String stream = talks.stream(
                talk(request),
                false,
                named -> talk.refit(fitted -> named.log()
                        .add(
                                "prompts",
                                new Prompts(fitted.parts().stream()
                                        .map(part -> new Talks.Part(part.text(), part.weight(), part.isOn()))
                                        .toList()))));
        return Reply.ok(Map.of("stream", stream));
    }

    private static Conversation conversation(Said said, Talk talk) {
        List<Conversation.Exchange> past = new ArrayList<>();
        for (Exchange exchange : said.past() == null ? List.<Exchange>of() : said.past()) {
            Map<Column, int[]> answers = new EnumMap<>(Column.class);
            exchange.answers().forEach((column, tokens) -> answers.put(column(column), known(tokens, talk)));
            past.add(new Conversation.Exchange(exchange.user(), answers));
        }
        String prefill = said.prefill() == null ? "" : said.prefill();
        int[] begun = said.begun() != null && said.begun().length > 0
                ? known(said.begun(), talk)
                : prefill.isEmpty() ? new int[0] : talk.tokens(prefill);
        return new Conversation(said.system() == null ? "" : said.system(), past, said.user(), begun, said.raw());
    }

    /// Refuses ids the model has no token for.
    private static int[] known(int[] tokens, Talk talk) {
        int vocabulary = talk.chat().model().vocabulary();
        if (Arrays.stream(tokens).anyMatch(token -> token < 0 || token >= vocabulary)) {
            throw new Refused(400, "token: expected ids below " + vocabulary + ", found another. Send ids of answers.");
        }
        return tokens;
    }

    private static Column column(String name) {
        return Arrays.stream(Column.values())
                .filter(column -> column.toString().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new Refused(400, "column: expected base, target, soft or mixture, found another. Correct it."));
    }
}
