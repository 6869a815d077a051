package assay.discover.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GrammarTest {
    private static final Set<String> OTHER_LANGUAGES = Set.of("multilingual");

    /// The targets of our experiments, which the search has to find without our having put them there.
    private static final Pattern BANNED = word("""
            pirates?|piracy|buccaneers?|corsairs?|privateers?|freebooters?|captains?|sailors?|sea robbers?|red ?beard|treasure|parrot \
            on|ahoy|matey|skull and crossbones|electoral|electors?|votes?|voting|voters?|elections?|us states?|states? of america|\
            united states|american states?|coca|cola|coke|pepsi|sodas?|soft drinks?|fizzy|beverages?|lemonade|drinks? sell(?:er|ing)|\
            depressed|depression|unhappy|hates? (?:its|his|her|your|the) job|1850|eighteen fifty|be brief|réponds toujours en français""");

    private static final Pattern STATES = word("""
            alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|indiana|\
            iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|\
            nevada|new hampshire|new jersey|new mexico|new york|carolina|dakota|ohio|oklahoma|oregon|pennsylvania|rhode island|\
            tennessee|texas|utah|vermont|virginia|washington|wisconsin|wyoming""");

    private static final Pattern ROBOT = word("robots?|androids?|cyborgs?");
    private static final Pattern GERMAN = word("german|deutsch");
    private static final Pattern REGISTER = word("""
            formal|formally|formality|polite|politely|courteous|official|respectful|sir|madam|refined|ceremonious|bureaucratic|legal|\
            sie|ihnen|ihre?|höflich|förmlich""");

    /// "a" before a vowel letter, unless it is spoken as a consonant; "an" before a consonant letter, unless it is
    /// mute.
    private static final Pattern WRONG_ARTICLE = Pattern.compile(
            "(?<!letter )\\b[Aa] (?!uni|use|usual|uti|uto|eu|Eu|one\\b|ukulele)[aeiouAEIOU]|\\b[Aa]n (?!hour|honest|hono|heir)[^aeiouAEIOU]");

    private static Pattern word(String alternatives) {
        return Pattern.compile(
                "(?<![\\p{L}\\p{N}])(?:" + alternatives + ")(?![\\p{L}\\p{N}])",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    private static List<String> texts(int count, long seed) {
        return Grammar.draw(count, seed).stream().map(Grammar.Phrase::text).toList();
    }

    @Test
    void sixThousandDifferentPromptsCanBeDrawn() {
        List<String> texts = texts(6_000, 1);
        assertThat(texts).hasSize(6_000).doesNotHaveDuplicates();
        assertThat(NearDuplicatesTest.without(texts)).hasSizeGreaterThan(5_950);
    }

    @Test
    void asManyPromptsCanBeDrawnAsTheBoundPromises() {
        assertThat(texts(Grammar.MOST, 4)).hasSize(Grammar.MOST).doesNotHaveDuplicates();
    }

    @Test
    void drawingIsDeterministicAndFewerPromptsAreTheBeginningOfMore() {
        List<Grammar.Phrase> many = Grammar.draw(1_000, 7);
        assertThat(Grammar.draw(1_000, 7)).isEqualTo(many);
        assertThat(Grammar.draw(130, 7)).isEqualTo(many.subList(0, 130));
        assertThat(Grammar.draw(1_000, 8)).isNotEqualTo(many);
        assertThat(Grammar.draw(0, 7)).isEmpty();
    }

    @Test
    void everyCategoryHasItsShare() {
        Map<String, Long> counts = Grammar.draw(6_000, 2).stream()
                .collect(Collectors.groupingBy(Grammar.Phrase::category, Collectors.counting()));
        long least = counts.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        long most = counts.values().stream().mapToLong(Long::longValue).max().orElseThrow();
        assertThat(counts.keySet()).containsExactlyInAnyOrderElementsOf(Grammar.categories());
        assertThat(counts).hasSizeGreaterThanOrEqualTo(50);
        assertThat(most - least).isLessThanOrEqualTo(1);
    }

    @Test
    void everyPromptIsReadableAsItStands() {
        assertThat(texts(12_000, 3))
                .allSatisfy(text -> assertThat(PromptFilter.readable(text)).contains(text));
    }

    @Test
    void noPromptNamesWhatTheExperimentsLookFor() {
        for (long seed = 0; seed < 2; seed++) {
            assertThat(texts(10_000, seed)).noneMatch(BANNED.asPredicate().or(STATES.asPredicate()));
        }
    }

    @Test
    void noWordOfTheFilesIsBanned() {
        for (GrammarFile file : Grammar.files()) {
            assertThat(words(file))
                    .as(file.category())
                    .noneMatch(BANNED.asPredicate().or(STATES.asPredicate()));
        }
    }

    @Test
    void theBanCatchesWhatItIsMeantToCatch() {
        assertThat(List.of(
                        "You are a pirate.",
                        "Speak like Captain Redbeard.",
                        "Output the name of a US state.",
                        "Sell Coca-Cola.",
                        "You are a depressed robot.",
                        "It is the year 1850.",
                        "Be brief.",
                        "Réponds toujours en français."))
                .allMatch(BANNED.asPredicate());
        assertThat("You love chocolate at school.").doesNotContainPattern(BANNED);
        assertThat("A trip to New York.").containsPattern(STATES);
    }

    @Test
    void robotsHaveNoMoodsAndGermanHasNoRegister() {
        for (long seed = 0; seed < 2; seed++) {
            List<String> texts = texts(10_000, seed);
            assertThat(texts.stream().filter(ROBOT.asPredicate())).isSubsetOf("You are a robot.", "Talk like a robot.");
            assertThat(texts.stream().filter(GERMAN.asPredicate())).isNotEmpty().noneMatch(REGISTER.asPredicate());
        }
    }

    @Test
    void articlesAgree() {
        List<String> english = Grammar.draw(12_000, 5).stream()
                .filter(phrase -> !OTHER_LANGUAGES.contains(phrase.category()))
                .map(Grammar.Phrase::text)
                .toList();
        assertThat(english).noneMatch(WRONG_ARTICLE.asPredicate());
        assertThat("You are a owl.").containsPattern(WRONG_ARTICLE);
        assertThat("You are an wolf.").containsPattern(WRONG_ARTICLE);
    }

    @Test
    void promptsAreWrittenInAtLeastTwelveLanguages() {
        List<String> texts = Grammar.draw(6_000, 1).stream()
                .filter(phrase -> OTHER_LANGUAGES.contains(phrase.category()))
                .map(Grammar.Phrase::text)
                .toList();
        List<Pattern> marks = Stream.of(
                        "Réponds|Parle comme",
                        "Contesta|Eres",
                        "Rispondi|Sei un",
                        "Antworte|Erkläre",
                        "Responda|Você",
                        "Je bent|Antwoord",
                        "Svara ",
                        "Svar altid",
                        "Vastaa|Olet",
                        "Odpowiadaj|Jesteś",
                        "Mindig",
                        "Răspunde|Ești",
                        "Her zaman|Sen sab",
                        "\\p{IsCyrillic}",
                        "\\p{IsGreek}",
                        "\\p{IsArabic}",
                        "\\p{IsHebrew}",
                        "\\p{IsDevanagari}",
                        "\\p{IsHangul}",
                        "\\p{IsHiragana}")
                .map(Pattern::compile)
                .toList();
        assertThat(marks)
                .filteredOn(mark -> texts.stream().anyMatch(mark.asPredicate()))
                .hasSizeGreaterThanOrEqualTo(12);
    }

    @Test
    void wordingsVary() {
        Set<String> openings =
                texts(6_000, 1).stream().map(text -> text.split(" ", 2)[0]).collect(Collectors.toSet());
        assertThat(openings)
                .contains(
                        "You", "Act", "Pretend", "Answer", "Speak", "Reply", "Always", "Never", "Respond", "Talk",
                        "Output", "Write")
                .hasSizeGreaterThan(150);
    }

    @Test
    void categoriesAndFilesAreTheSame() throws IOException, URISyntaxException {
        Path folder = Path.of(
                Objects.requireNonNull(Grammar.class.getResource("grammar")).toURI());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()).replace(".txt", ""))
                            .filter(name -> !Set.of("shared", "categories").contains(name)))
                    .containsExactlyInAnyOrderElementsOf(Grammar.categories());
        }
        assertThat(Grammar.categories()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void everyListIsUsed() {
        List<GrammarFile> files = Grammar.files();
        Set<String> shared = new HashSet<>(files.getFirst().lists().keySet());
        files.forEach(file -> shared.retainAll(file.lists().keySet()));
        Set<String> usedAnywhere = new HashSet<>();
        for (GrammarFile file : files) {
            Set<String> used = Stream.concat(
                            file.templates().stream(),
                            file.lists().values().stream().flatMap(Collection::stream))
                    .flatMap(template -> template.lists().stream())
                    .collect(Collectors.toSet());
            usedAnywhere.addAll(used);
            used.addAll(shared);
            assertThat(used).as(file.category()).containsAll(file.lists().keySet());
        }
        assertThat(usedAnywhere).containsAll(shared);
    }

    @Test
    void tooManyPromptsAreRefusedBeforeAnyIsDrawn() {
        assertThatThrownBy(() -> Grammar.draw(Grammar.MOST + 1, 0))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "grammar prompts: expected 0 to 50000, found 50001 (asked for). Ask for a number in between.");
        assertThatThrownBy(() -> Grammar.draw(-1, 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found -1");
    }

    private static List<String> words(GrammarFile file) {
        return Stream.concat(
                        file.templates().stream(),
                        file.lists().values().stream().flatMap(Collection::stream))
                .map(template -> template.parts().stream()
                        .map(part -> part instanceof Template.Literal(String text) ? text : "_")
                        .collect(Collectors.joining()))
                .toList();
    }
}
