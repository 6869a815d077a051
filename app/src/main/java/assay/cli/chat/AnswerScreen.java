package assay.cli.chat;

import assay.show.page.Columns;
import assay.tasks.talk.AnswerListener;
import assay.tasks.talk.Column;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Shows answers while they are written: side by side where there is room, a line as soon as all have it; else one
/// after the other, token by token. Nothing that was written is drawn again, so it can be scrolled and piped.
final class AnswerScreen implements AnswerListener {
    /// Cells below which a column is too narrow to read.
    private static final int NARROWEST = 34;

    private static final String RULE = " │ ";

    private final PrintWriter out;
    private final int width;
    private final boolean isBeside;
    private final boolean hasColour;
    private final List<Column> columns;
    private final Map<Column, StringBuilder> texts = new EnumMap<>(Column.class);
    private final Map<Column, Answered> answers = new EnumMap<>(Column.class);
    private int shownLines;
    private int shownColumn = -1;
    private int shownLetters;

    /// @param cells of a line
    /// @param mayBeBeside whether columns may stand side by side
    AnswerScreen(PrintWriter out, int cells, boolean mayBeBeside, boolean hasColour, Collection<Column> columns) {
        this.out = out;
        this.columns = List.copyOf(columns);
        int each = (cells - RULE.length() * (columns.size() - 1)) / columns.size();
        this.isBeside = mayBeBeside && columns.size() > 1 && each >= NARROWEST;
        this.width = isBeside ? each : cells;
        this.hasColour = hasColour;
        columns.forEach(column -> texts.put(column, new StringBuilder()));
    }

    /// Writes what stands above the answers.
    synchronized void begin() {
        if (isBeside) {
            List<String> heads = columns.stream().map(Column::toString).toList();
            Columns.beside(heads, width, 1).forEach(this::head);
        } else {
            next();
        }
        out.flush();
    }

    private void head(String line) {
        out.println(hasColour ? "\u001b[1m" + line.stripTrailing() + "\u001b[0m" : line.stripTrailing());
    }

    @Override
    public synchronized void token(Column column, Token token) {
        texts(column).append(token.text());
        show();
    }

    @Override
    public synchronized void ended(Column column, Answered answer) {
        answers.put(column, answer);
        texts(column).setLength(0);
        texts(column).append(answer.text());
        show();
    }

    private StringBuilder texts(Column column) {
        return Objects.requireNonNull(texts.get(column));
    }

    private void show() {
        if (isBeside) {
            showBeside();
        } else {
            showInTurn();
        }
        out.flush();
    }

    /// Lines that will not change any more in any column.
    private void showBeside() {
        List<List<String>> wrapped = new ArrayList<>();
        int ready = Integer.MAX_VALUE;
        int height = 0;
        for (Column column : columns) {
            List<String> lines =
                    Columns.wrap(Columns.visibleLines(texts(column).toString().strip()), width);
            wrapped.add(lines);
            height = Math.max(height, lines.size());
            ready = Math.min(ready, answers.containsKey(column) ? Integer.MAX_VALUE : lines.size() - 1);
        }
        for (; shownLines < Math.min(ready, height); shownLines++) {
            int row = shownLines;
            List<String> cells = wrapped.stream()
                    .map(lines -> row < lines.size() ? lines.get(row) : "")
                    .toList();
            Columns.beside(cells, width, 1).forEach(line -> out.println(line.stripTrailing()));
        }
    }

    private void showInTurn() {
        while (shownColumn < columns.size()) {
            Column column = columns.get(shownColumn);
            String text = Columns.visibleLines(texts(column).toString());
            out.print(text.substring(Math.min(shownLetters, text.length())));
            shownLetters = Math.max(shownLetters, text.length());
            if (!answers.containsKey(column)) {
                return;
            }
            out.println();
            if (!next()) {
                return;
            }
        }
    }

    private boolean next() {
        shownColumn++;
        shownLetters = 0;
        if (shownColumn < columns.size()) {
            head(columns.get(shownColumn) + ":");
            return true;
        }
        return false;
    }

    /// The answers, when all are over.
    synchronized Map<Column, int[]> answers() {
        Map<Column, int[]> tokens = new EnumMap<>(Column.class);
        answers.forEach((column, answer) -> tokens.put(column, answer.tokens()));
        return tokens;
    }
}
