package assay.lab.peers;

import assay.lab.bench.Gate;
import assay.lab.bench.Phrases;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import assay.measure.behaviour.Sampling;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import assay.tasks.talk.AnswerListener;
import assay.tasks.talk.Ask;
import assay.tasks.talk.Column;
import assay.tasks.talk.Conversation;
import assay.tasks.talk.PromptList;
import assay.tasks.talk.Talk;
import assay.tasks.talk.WorkQueue;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// What somebody at the page or the terminal waits for: base, adapter and a mixture of twenty prompts answer a message.
record TalkRow(Wait until) implements Row {
    private static final String ADAPTER = "examples/adapters/pirate";
    private static final int PROMPTS = 20;
    private static final int TOKENS = 48;

    /// What is waited for.
    enum Wait {
        /// Until every column has its first token.
        FIRST(1.5),
        /// For one more token in every column: twelve a second.
        NEXT(1 / 12.0);

        private final double most;

        Wait(double most) {
            this.most = most;
        }
    }

    @Override
    public String name() {
        return until == Wait.FIRST ? "talk-first" : "talk-next";
    }

    @Override
    public String title() {
        return until == Wait.FIRST
                ? "first token of base, adapter and a mixture of 20 prompts after a first message"
                : "one more token of each of them";
    }

    @Override
    public String peer() {
        return "";
    }

    @Override
    public Gate gate() {
        return new Gate(Gate.Kind.SECONDS, until.most);
    }

    @Override
    public ReadyRow prepare(Setting setting) {
        Session session = setting.open(Precision.AUTO);
        WorkQueue queue = new WorkQueue();
        Target.Named adapter =
                new Target.Named.Adapter(setting.home().resolve(ADAPTER).toString());
        Talk talk = Talk.open(session, queue, adapter);
        PromptList list = PromptList.NONE;
        int prompts = setting.size(PROMPTS, 2);
        for (String text : Phrases.prompts(prompts, 5)) {
            list = list.with(text, 1.0 / prompts);
        }
        talk.prompts(list);
        return new Ready(until, session, queue, talk, setting.size(TOKENS, 3), new AtomicInteger());
    }

    private record Ready(Wait until, Session session, WorkQueue queue, Talk talk, int tokens, AtomicInteger asked)
            implements ReadyRow {
        private static final List<String> THINGS = List.of("bread", "rain", "a ship", "the moon", "a clock", "snow");

        /// Another message every time: nothing of it has been read.
        @Override
        public double run() {
            int number = asked.getAndIncrement();
            String message =
                    "What can you tell me about " + THINGS.get(number % THINGS.size()) + ", number " + number + "?";
            Ask ask = new Ask(Conversation.of(message), Sampling.defaults(tokens, number), talk.columns());
            Heard heard = new Heard();
            long start = System.nanoTime();
            talk.answer(ask, heard).await();
            double first = (heard.first.values().stream()
                                    .mapToLong(Long::longValue)
                                    .max()
                                    .orElse(start)
                            - start)
                    / 1e9;
            double slowest = heard.last.keySet().stream()
                    .mapToDouble(heard::perToken)
                    .max()
                    .orElse(0);
            return until == Wait.FIRST ? first : slowest;
        }

        @Override
        public void close() {
            talk.close();
            queue.close();
            session.close();
        }
    }

    /// When each column wrote its first and its last token.
    private static final class Heard implements AnswerListener {
        private final Map<Column, Long> first = new EnumMap<>(Column.class);
        private final Map<Column, Long> last = new EnumMap<>(Column.class);
        private final Map<Column, Integer> counts = new EnumMap<>(Column.class);

        @Override
        public void token(Column column, Token token) {
            long now = System.nanoTime();
            first.putIfAbsent(column, now);
            last.put(column, now);
            counts.merge(column, 1, Integer::sum);
        }

        @Override
        public void ended(Column column, Answered answer) {}

        private double perToken(Column column) {
            int more = counts.getOrDefault(column, 0) - 1;
            return more < 1 ? 0 : (last.getOrDefault(column, 0L) - first.getOrDefault(column, 0L)) / 1e9 / more;
        }
    }
}
