package assay.web.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/// The page as a reader sees it, in a real Chromium on a toy model. What it looked like is kept in
/// `target/screenshots`. One test builds on the runs that those before it left.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIf(
        value = "hasChromium",
        disabledReason =
                "no Chromium at hand: install the packages chromium and chromium-driver; the page is NOT tested")
class PageTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path SHOTS = Path.of("target", "screenshots");
    private static final Dimension WIDE = new Dimension(1280, 900);
    private static final String PROMPT = "You are a cook.";

    @SuppressWarnings("NullAway.Init")
    private ToySite toy;

    @SuppressWarnings("NullAway.Init")
    private ChromeDriver browser;

    static boolean hasChromium() {
        return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    }

    @BeforeAll
    void open(@TempDir Path home) throws IOException {
        Files.createDirectories(SHOTS);
        toy = ToySite.open(home);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en");
        options.addArguments("--user-data-dir=" + home.resolve("profile"));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        browser = new ChromeDriver(service, options);
        browser.manage().window().setSize(WIDE);
        browser.get(toy.site().address());
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.quit();
        }
        toy.close();
    }

    @AfterEach
    void nothingWasWrongAndNothingLeftTheMachine() {
        browser.switchTo().defaultContent();
        List<String> errors = browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
        assertThat(errors).isEmpty();
        assertThat(script("return performance.getEntriesByType('resource').map(one => one.name)"
                        + ".filter(name => !name.startsWith(location.origin + '/'))"))
                .isEqualTo(List.of());
    }

    @Test
    @Order(1)
    void aNewcomerIsToldWhatToDo() {
        go("");
        see(".empty .primary");
        assertThat(text("#model")).isEqualTo("tied");
        axe("home-empty");
    }

    @Test
    @Order(2)
    void anExplanationRunsToItsReport() {
        go("explain");
        type("textarea[name=text]", PROMPT);
        until(_ -> text(".forecast").contains("memory"));
        openDetails();
        set("input[name=atoms]", "5");
        set("input[name=search]", "6");
        shot("explain");
        axe("explain");
        begin();
        until(_ -> text("h1").equals(PROMPT));
        until(_ -> !all(".watch .prompts li").isEmpty());
        until(_ -> text(".eyebrow").equals("Finished"));
        assertThat(all(".stages li")).isNotEmpty();
        assertThat(all(".rounds li")).isNotEmpty();
        assertThat(all(".chart .dot")).hasSameSizeAs(all(".watch .prompts li"));
        shot("explain-finished");
        axe("explain-finished");
        click(".links .primary");
        see("iframe.report");
        browser.switchTo().frame(find("iframe.report"));
        until(_ -> text("h1").contains("“You are a cook”"));
        browser.switchTo().defaultContent();
        shot("report");
    }

    @Test
    @Order(3)
    void whatIsStoppedIsKeptAndGoesOn() {
        toy.site().pause().begin();
        try {
            beginsAndIsStopped();
        } finally {
            toy.site().pause().end();
        }
        until(_ -> text(".eyebrow").startsWith("Stopped"));
        go("");
        until(_ -> all(".card").size() == 2);
        click(".card.stopped button");
        until(_ -> text(".eyebrow").equals("Finished"));
    }

    /// It waits at its first safe point all the while.
    private void beginsAndIsStopped() {
        go("explain");
        select("select[name=kind]", "adapter");
        set("input[name=where]", ToySite.ADAPTERS.resolve("plain").toString());
        openDetails();
        set("input[name=search]", "0");
        set("input[name=atoms]", "4");
        begin();
        until(_ -> !all(".stages li").isEmpty());
        click(".links button");
        until(_ -> text(".links button").startsWith("Stopping"));
    }

    /// Not by the mouse: the forecast that has just come moves the button.
    private void begin() {
        script("document.querySelector('form .primary').click()");
    }

    @Test
    @Order(4)
    void runsAreCardsAndTwoStandBesideEachOther() {
        go("");
        until(_ -> all(".card .big").size() == 2);
        shot("home");
        axe("home");
        all(".pick input").forEach(WebElement::click);
        click(".bar-of-actions .primary");
        until(_ -> all(".pair section").size() == 2);
        shot("compare");
        axe("compare");
    }

    @Test
    @Order(5)
    void allColumnsAnswerAndTheMixtureIsAlive() {
        go("");
        until(_ -> all(".card .big").size() == 2);
        all(".card").stream()
                .filter(card -> card.findElement(By.tagName("h2")).getText().equals("plain"))
                .findFirst()
                .orElseThrow()
                .findElement(By.linkText("Talk"))
                .click();
        see(".composer");
        openDetails();
        set("input[name=max_tokens]", "24");
        say("What is rain?");
        answered(1);
        assertThat(all(".column")).hasSize(3);
        for (WebElement answer : all(".answer")) {
            assertThat(answer.getText()).isNotBlank();
        }
        until(_ -> text(".figure").contains("closed on the search split"));
        String before = text(".column.mixture .answer");
        String figures = text(".figure");
        slide(".atom input[type=range]", "1.5");
        until(_ -> !text(".column.mixture .answer").equals(before) && isQuiet());
        until(_ -> text(".figure").contains("closed") && !text(".figure").equals(figures));
        String weighted = text(".column.mixture .answer");
        set(".atom textarea", "Talk about nothing but trains and stations.");
        until(_ -> !text(".column.mixture .answer").equals(weighted) && isQuiet());
        String target = text(".column.target .answer");
        slide(".scale input", "-2");
        until(_ -> !text(".column.target .answer").equals(target) && isQuiet());
        buttonNamed("Refit").click();
        until(_ -> !"1.50".equals(find(".atom input[type=number]").getDomProperty("value")));
        until(_ -> isQuiet());
        set("input[name=max_tokens]", "8");
        say("And snow?");
        answered(2);
        shot("talk");
        axe("talk");
    }

    @Test
    @Order(6)
    void aTokenIsLookedIntoAndBranchesOff() {
        buttonNamed("New conversation").click();
        set("input[name=max_tokens]", "32");
        say("What is rain?");
        answered(1);
        select(".talking select", "prompts");
        until(_ -> !all(".turn:last-child .column.mixture .spoken").isEmpty());
        new Actions(browser).moveToElement(token("mixture")).perform();
        until(_ -> text(".tip").contains("Which prompt spoke"));
        shot("talk-prompts");
        token("target").click();
        until(_ -> all(".dock .choice").size() >= 12);
        shot("talk-dock");
        axe("talk-dock");
        String before = text(".turn:last-child .column.target .answer");
        all(".dock .likeliest tbody tr:nth-child(4) .choice").get(1).click();
        until(_ -> all(".turn:last-child .cycler").size() == 1 && isQuiet());
        assertThat(text(".turn:last-child .column.target .answer")).isNotEqualTo(before);
        find(".turn:last-child .cycler button").click();
        until(_ -> text(".turn:last-child .column.target .answer").equals(before));
        for (String mode : List.of("heat", "differences")) {
            select(".talking select", mode);
            shot("talk-" + mode);
        }
        assertThat(all(".token.differs")).isNotEmpty();
        assertThat(all(".talking .error")).isEmpty();
    }

    @Test
    @Order(7)
    void whatIsSaidIsStoppedEditedAndSampled() {
        buttonNamed("New conversation").click();
        openDetails();
        set("input[name=max_tokens]", "1000");
        set("input[name=temperature]", "3");
        // A toy has said all it can before a click from outside arrives.
        script("""
                const stop = [...document.querySelectorAll('button')].find(one => one.textContent === 'Stop');
                new MutationObserver((_, watch) => {
                  if (document.querySelectorAll('.turn:last-child .token').length > 3 && !stop.hidden) {
                    watch.disconnect();
                    stop.click();
                  }
                }).observe(document.body, {subtree: true, childList: true});""");
        say("A long one");
        until(_ -> text(".turn:last-child").contains("stopped") && isQuiet());
        set("input[name=max_tokens]", "8");
        set("input[name=samples]", "3");
        all(".turn:last-child .said button").getFirst().click();
        type(".turn:last-child .said textarea", Keys.chord(Keys.CONTROL, "a") + "Short ones" + Keys.ENTER);
        until(_ -> text(".turn:last-child .said").contains("1 of 3") && isQuiet());
        click(".turn:last-child .column.base .head button");
        until(_ -> all(".turn:last-child .column").stream()
                        .filter(WebElement::isDisplayed)
                        .count()
                == 1);
        click(".turn:last-child .column.base .head button");
        set("input[name=prefill]", "Well");
        click("input[name=raw]");
        set("input[name=samples]", "1");
        say("Once upon");
        answered(2);
        assertThat(text(".turn:last-child .column.base .prefill")).isEqualTo("Well");
        assertThat(all(".talking .error")).isEmpty();
    }

    @Test
    @Order(8)
    void whatWasSavedIsFoundAgainAndAnAdapterIsTalkedToWithoutARun() {
        buttonNamed("Save as new mixture").click();
        until(_ -> text("aside.mixture").contains("Saved as mixture-1.json"));
        buttonNamed("Copy as command line").click();
        until(_ -> all("button").stream().anyMatch(button -> "Copied".equals(button.getDomProperty("textContent"))));
        go("talk");
        until(_ -> !all("ul.plain .links a").isEmpty());
        select("select[name=kind]", "adapter");
        shot("talk-choose");
        axe("talk-choose");
        click("ul.plain .links a");
        see(".composer");
        go("talk");
        see("select[name=kind]");
        select("select[name=kind]", "adapter");
        click(".there button");
        assertThat(find("input[name=where]").getDomProperty("value")).endsWith("all-linear");
        set("input[name=where]", ToySite.ADAPTERS.resolve("plain").toString());
        buttonNamed("Talk to it").click();
        see(".composer");
        assertThat(text("h1")).isEqualTo("plain");
    }

    @Test
    @Order(9)
    void theGameCountsAgainstChance() {
        go("guess");
        for (int i = 1; i <= 3; i++) {
            until(_ -> all(".option:enabled").size() == 4);
            all(".option").getFirst().click();
            until(_ -> all(".option.right").size() == 1
                    && buttonNamed("Another list").isDisplayed());
            if (i < 3) {
                buttonNamed("Another list").click();
            }
        }
        assertThat(text(".score")).contains("of", "Chance is 25%", "Export as JSON");
        shot("guess");
        axe("guess");
    }

    @Test
    @Order(10)
    void everyPageFitsAPhoneAndTheDark() {
        for (boolean isDark : new boolean[] {false, true}) {
            browser.executeCdpCommand(
                    "Emulation.setEmulatedMedia",
                    Map.of(
                            "features",
                            List.of(Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light"))));
            for (int width : new int[] {360, 1280}) {
                browser.executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", false));
                for (String page : List.of("", "explain", "guess", "talk/run/" + run())) {
                    go(page);
                    see("h1");
                    if (page.startsWith("talk")) {
                        see(".composer");
                        say("What is rain?");
                        answered(1);
                    } else if (page.equals("guess")) {
                        see(".option");
                    }
                    long inner = (Long) script("return document.documentElement.scrollWidth");
                    assertThat(inner).as("width of %s at %d", page, width).isLessThanOrEqualTo(width);
                    String name = page.isEmpty() ? "home" : page.replaceAll("/.*", "");
                    shot("%s-%d-%s".formatted(name, width, isDark ? "dark" : "light"));
                    if (isDark || width == 360) {
                        axe(name);
                    }
                }
            }
        }
    }

    private String run() {
        return toy.site().runs().cards().getLast().id();
    }

    private void go(String page) {
        script("location.hash = '#/elsewhere'");
        until(_ -> text("h1").equals("There is no such page"));
        script("location.hash = '#/" + page + "'");
        until(_ -> !text("h1").equals("There is no such page"));
    }

    /// A token of the last answer that can be seen; a toy writes many that cannot.
    private WebElement token(String column) {
        return all(".turn:last-child .column." + column + " .token").stream()
                .filter(token -> token.getSize().width > 4)
                .skip(2)
                .findFirst()
                .orElseThrow();
    }

    private void say(String message) {
        type(".composer .message", message + Keys.ENTER);
    }

    private void answered(int turns) {
        until(_ -> all(".turn").size() == turns && isQuiet());
    }

    /// Whether no column is being written.
    private boolean isQuiet() {
        return all(".column[aria-busy=true], .answer.going").isEmpty()
                && !buttonNamed("Stop").isDisplayed();
    }

    private WebElement buttonNamed(String name) {
        return all("button").stream()
                .filter(button -> name.equals(button.getDomProperty("textContent")))
                .findFirst()
                .orElseThrow();
    }

    private void openDetails() {
        script("document.querySelectorAll('details.settings, form details').forEach(one => { one.open = true; })");
    }

    private void type(String css, String text) {
        see(css).sendKeys(text);
    }

    /// Gives a field a value as typing it and leaving the field does.
    private void set(String css, String value) {
        script(
                "const field = document.querySelector(arguments[0]); field.value = arguments[1];"
                        + "field.dispatchEvent(new Event('input', {bubbles: true}));"
                        + "field.dispatchEvent(new Event('change', {bubbles: true}));",
                css,
                value);
    }

    private void slide(String css, String value) {
        set(css, value);
    }

    private void select(String css, String value) {
        set(css, value);
    }

    private void click(String css) {
        see(css).click();
    }

    private WebElement see(String css) {
        until(_ -> all(css).stream().anyMatch(WebElement::isDisplayed));
        return find(css);
    }

    private WebElement find(String css) {
        return browser.findElement(By.cssSelector(css));
    }

    private List<WebElement> all(String css) {
        return browser.findElements(By.cssSelector(css));
    }

    private String text(String css) {
        return all(css).stream().findFirst().map(WebElement::getText).orElse("");
    }

    private Object script(String code, Object... arguments) {
        Object result = browser.executeScript(code, arguments);
        return result == null ? "" : result;
    }

    private void until(Function<Object, Boolean> condition) {
        new WebDriverWait(browser, Duration.ofMinutes(2), Duration.ofMillis(60))
                .withMessage(() -> "found: " + text("main"))
                .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
                .until(condition);
    }

    private void shot(String name) {
        try {
            Files.write(SHOTS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    /// Nothing that axe-core calls serious or critical.
    private void axe(String page) {
        if (!(script("return typeof axe") instanceof String type) || !type.equals("object")) {
            browser.executeCdpCommand("Runtime.evaluate", Map.of("expression", axeSource()));
        }
        Object found = browser.executeAsyncScript(
                "const done = arguments[arguments.length - 1];"
                        + "axe.run(document, {iframes: false}).then(result => done(result.violations"
                        + ".filter(one => ['serious', 'critical'].includes(one.impact))"
                        + ".map(one => one.id + ': ' + one.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | '))))");
        assertThat((List<?>) found).as(page).isEqualTo(List.of());
    }

    private static String axeSource() {
        try (InputStream source = PageTest.class.getResourceAsStream("/axe.min.js")) {
            return new String(java.util.Objects.requireNonNull(source).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
