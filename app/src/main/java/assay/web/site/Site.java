package assay.web.site;

import assay.ResourceException;
import assay.base.run.Once;
import assay.base.run.Provenance;
import assay.discover.atlas.AtlasShelf;
import assay.tasks.session.Forecast;
import assay.tasks.session.Session;
import assay.tasks.talk.WorkQueue;
import assay.web.http.Assets;
import assay.web.http.Door;
import assay.web.http.EventLogs;
import assay.web.http.Limits;
import assay.web.http.Reply;
import assay.web.http.Request;
import assay.web.http.Route;
import assay.web.http.Server;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Assay's page on one open model: what may be asked, and who answers.
public final class Site implements AutoCloseable {
    private static final int USUAL_PORT = 8017;
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox;"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private final Session session;
    private final Setting setting;
    private final Runs runs;
    private final Places places;
    private final Explanations explanations;
    private final WorkQueue queue;
    private final Talks talks;
    private final Guess guess;
    private final EventLogs streams;
    private final Once<AtlasShelf.Shelved> atlas;
    private final Once<Forecast.Speed> speed;
    private final Door door;
    private final Pause pause = new Pause();
    private final Server server;

    /// How the page is opened.
    ///
    /// @param host name or address to listen at; `127.0.0.1` for this machine alone
    /// @param port to listen at; absent for the usual one, or any if that is taken; 0 for any
    /// @param runs folder of runs
    /// @param adapters folders besides, from which the page may take adapters
    public record Setting(String host, Optional<Integer> port, Path runs, List<Path> adapters) {}

    private Site(Session session, Setting setting) {
        this.session = session;
        this.setting = setting;
        Limits limits = Limits.defaults();
        this.runs = new Runs(setting.runs());
        List<Path> folders = new ArrayList<>(setting.adapters());
        folders.add(runs.folder());
        this.places = new Places(folders);
        this.streams = new EventLogs(limits.grace());
        this.explanations = new Explanations(session, runs, places, pause);
        this.guess = new Guess(runs, System.nanoTime());
        this.queue = new WorkQueue();
        this.talks = new Talks(session, runs, places, queue, streams, pause);
        this.atlas = new Once<>(session::atlas);
        this.speed = new Once<>(() ->
                queue.call(() -> Forecast.Speed.measure(session, atlas.get().atlas())));
        this.door = isThisMachine(setting.host()) ? Door.here() : Door.wide(setting.host());
        this.server = listen(limits);
    }

    /// Opens the page. The session stays the caller's, and must stay open.
    ///
    /// @throws ResourceException if the port is taken
    public static Site open(Session session, Setting setting) {
        return new Site(session, setting);
    }

    private Server listen(Limits limits) {
        int wanted = setting.port().orElse(USUAL_PORT);
        try {
            return Server.start(address(wanted), door, limits, streams, routes());
        } catch (ResourceException taken) {
            if (setting.port().isPresent()) {
                throw taken;
            }
            return Server.start(address(0), door, limits, streams, routes());
        }
    }

    private InetSocketAddress address(int port) {
        return new InetSocketAddress(setting.host(), port);
    }

    private static boolean isThisMachine(String host) {
        return host.equals("127.0.0.1") || host.equals("localhost") || host.equals("::1");
    }

    /// The runs it shows.
    Runs runs() {
        return runs;
    }

    /// What makes explanations give way.
    Pause pause() {
        return pause;
    }

    /// What to open in a browser.
    public String address() {
        String host = setting.host().contains(":") ? "[" + setting.host() + "]" : setting.host();
        return "http://" + host + ":" + server.port() + "/"
                + door.token().map(token -> "?token=" + token).orElse("");
    }

    /// Everything that may be asked.
    List<Route> routes() {
        List<Route> routes = new ArrayList<>(files());
        routes.addAll(ofRuns());
        routes.addAll(ofExplanations());
        routes.addAll(new TalkRoutes(talks, streams).routes());
        routes.addAll(ofTheGame());
        return routes;
    }

    private static List<Route> files() {
        Assets assets = new Assets(Site.class, POLICY);
        List<Route> routes = new ArrayList<>();
        routes.add(assets.route("/", "index.html"));
        routes.add(assets.route("/api/openapi.json", "openapi.json"));
        routes.addAll(assets.routes("assay.css", "icon.svg"));
        Stream.of(
                        "main",
                        "page",
                        "server",
                        "home",
                        "explain",
                        "targets",
                        "talk",
                        "answers",
                        "settings",
                        "copies",
                        "mixture",
                        "guess")
                .forEach(module -> routes.addAll(assets.routes(module + ".js")));
        return routes;
    }

    /// The program and its model.
    ///
    /// @param hasAtlas whether explanations can be made
    /// @param runs the folder of runs
    record About(String version, String model, String modelSha256, boolean hasAtlas, String runs) {}

    private List<Route> ofRuns() {
        return List.of(
                Route.get(
                        "/api/about",
                        _ -> Reply.ok(new About(
                                Provenance.assayVersion(),
                                session.chat().model().name(),
                                session.chat().sha256(),
                                session.shelf().exists(session.chat()),
                                runs.folder().toString()))),
                Route.get("/api/runs", _ -> Reply.ok(Map.of("runs", runs.cards()))),
                Route.get("/api/runs/{run}", request -> Reply.ok(runs.report(request.parameter("run")))),
                Route.get(
                        "/runs/{run}/report.html",
                        request -> new Reply.Content(
                                "text/html; charset=utf-8", runs.page(request.parameter("run")), REPORT_POLICY)));
    }

    private List<Route> ofExplanations() {
        return List.of(
                Route.get("/api/adapters", _ -> Reply.ok(Map.of("adapters", places.found()))),
                Route.post("/api/forecast", request -> Reply.ok(forecast(request.body(Wanted.class)))),
                Route.get("/api/explanations", _ -> Reply.ok(Map.of("explanations", explanations.all()))),
                Route.post("/api/explanations", request -> Reply.ok(explanations.begin(request.body(Wanted.class)))),
                Route.get(
                        "/api/explanations/{run}/events",
                        request ->
                                new Reply.Events(explanations.log(request.parameter("run")), request.number("from"))),
                Route.post("/api/explanations/{run}/stop", request -> {
                    explanations.stop(request.parameter("run"));
                    return Reply.ok(Map.of());
                }),
                Route.post(
                        "/api/explanations/{run}/resume",
                        request -> Reply.ok(explanations.resume(request.parameter("run")))));
    }

    private Forecast forecast(Wanted wanted) {
        return Forecast.of(wanted.work(), atlas.get().atlas(), session.chat().model(), speed.get());
    }

    private record Asked(Guess.Source source) {}

    private List<Route> ofTheGame() {
        return List.of(
                Route.post(
                        "/api/guesses",
                        request -> Reply.ok(guess.ask(request.body(Asked.class).source()))),
                Route.post("/api/guesses/{round}/answer", this::answer));
    }

    private Reply answer(Request request) {
        String round = request.parameter("round");
        return Reply.ok(guess.answer(round.matches("\\d{1,9}") ? Integer.parseInt(round) : -1));
    }

    /// Closes the page; an explanation under way is stopped and kept.
    @Override
    public void close() {
        server.close();
        explanations.close();
        talks.close();
        queue.close();
    }
}
