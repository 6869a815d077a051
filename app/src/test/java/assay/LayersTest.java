package assay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rooms and arrows of CONTRIBUTING.md, enforced on the compiled classes; and the checker itself, on planted
/// faults.
class LayersTest {
    private static final Path ROOT = root();
    private static final Layers LAYERS = Layers.of(read(ROOT.resolve("CONTRIBUTING.md")));

    @Test
    void everyRoomHasALineInContributingAndEveryLineARoom() throws Exception {
        Set<String> rooms = new TreeSet<>();
        Layers.classesIn(classes()).stream()
                .map(type -> type.thisClass().asInternalName())
                .filter(name -> !name.endsWith("/package-info"))
                .map(Layers::room)
                .filter(room -> !room.isEmpty())
                .forEach(rooms::add);
        assertThat(LAYERS.arrows().keySet()).containsExactlyInAnyOrderElementsOf(rooms);
        assertThat(LAYERS.wings().getFirst()).containsExactly("base");
        assertThat(LAYERS.wings().getLast()).containsExactly("cli");
    }

    @Test
    void arrowsPointDownAndHaveNoCycle() {
        assertThat(LAYERS.upwards()).isEmpty();
        assertThat(Layers.cycles(LAYERS.arrows())).isEmpty();
    }

    @Test
    void everyArrowIsUsed() throws Exception {
        assertThat(LAYERS.unused(Layers.classesIn(classes()))).isEmpty();
    }

    @Test
    void arrowsUpwardsSidewaysAndUnusedAreFound() {
        List<Set<String>> wings = List.of(Set.of("base"), Set.of("show", "train"));
        Layers planted = new Layers(
                wings,
                Map.of("base.run", Set.of("show.page"), "show.page", Set.of("train"), "train", Set.of("base.run")));
        assertThat(planted.upwards()).hasSize(2);
        assertThat(planted.unused(List.of(type("assay.train.One", calls("assay.base.run.Two", "go")))))
                .hasSize(2);
    }

    @Test
    void roomsUseOnlyWhatTheyMay() throws Exception {
        List<ClassModel> classes = Layers.classesIn(classes());
        assertThat(classes).isNotEmpty();
        assertThat(LAYERS.violations(classes)).isEmpty();
    }

    @Test
    void everyRoomSaysWhatItKnows() throws Exception {
        for (Path room : folders(ROOT.resolve("app/src/main/java/assay"))) {
            assertThat(read(room.resolve("package-info.java")))
                    .as(room.toString())
                    .contains("@NullMarked")
                    .startsWith("///");
        }
    }

    @Test
    void noFileIsLongerThanFourHundredLines() throws Exception {
        try (Stream<Path> walk = Files.walk(ROOT.resolve("app/src/main/java"))) {
            assertThat(walk.filter(path -> path.toString().endsWith(".java"))
                            .filter(path -> read(path).lines().count() > 400))
                    .isEmpty();
        }
    }

    @Test
    void noRoomHasMoreThanTwentyFourFiles() throws Exception {
        for (Path room : folders(ROOT.resolve("app/src/main/java/assay"))) {
            try (Stream<Path> files = Files.list(room)) {
                assertThat(files.filter(path -> path.toString().endsWith(".java")))
                        .as(room.toString())
                        .hasSizeLessThanOrEqualTo(24);
            }
        }
    }

    @Test
    void noWingHasTwoFilesOfOneName() throws Exception {
        Map<String, List<Path>> sources = new TreeMap<>();
        for (String tree : List.of("app/src/main/java/assay", "app/src/test/java/assay")) {
            Path root = ROOT.resolve(tree);
            try (Stream<Path> walk = Files.walk(root)) {
                walk.filter(path -> path.toString().endsWith(".java") && !path.endsWith("package-info.java"))
                        .forEach(path -> sources.computeIfAbsent(
                                        root.relativize(path).getName(0) + " " + path.getFileName(),
                                        _ -> new ArrayList<>())
                                .add(path));
            }
        }
        assertThat(sources.values()).hasSizeGreaterThan(400).allMatch(same -> same.size() == 1);
    }

    @Test
    void plantedArrowIsFound() {
        ClassModel planted = type("assay.engine.text.Planted", calls("assay.engine.model.LanguageModel", "forward"));
        assertThat(LAYERS.violations(List.of(planted)))
                .singleElement()
                .asString()
                .contains("assay/engine/model/LanguageModel");
    }

    @Test
    void plantedArrowInASignatureIsFound() {
        ClassModel planted = type(
                "assay.engine.text.Planted",
                code -> code.withMethod(
                        "hidden",
                        MethodTypeDesc.of(
                                ConstantDescs.CD_void,
                                ClassDesc.of("assay.engine.model.LanguageModel").arrayType()),
                        ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT,
                        _ -> {}));
        assertThat(LAYERS.violations(List.of(planted)))
                .singleElement()
                .asString()
                .contains("assay/engine/model/LanguageModel");
    }

    @Test
    void torchIsAllowedOnlyWhereTensorIs() {
        Consumer<ClassBuilder> torch = calls("org.bytedeco.pytorch.global.torch", "zeros");
        assertThat(LAYERS.violations(List.of(type("assay.engine.model.Fine", torch))))
                .isEmpty();
        assertThat(LAYERS.violations(List.of(type("assay.base.sparse.Planted", torch))))
                .hasSize(1);
        assertThat(LAYERS.violations(List.of(type("assay.Planted", torch)))).hasSize(1);
    }

    @Test
    void rootAndUnlistedRoomsMayUseNothing() {
        assertThat(LAYERS.violations(List.of(type("assay.Planted", calls("assay.base.run.Progress", "silent")))))
                .hasSize(1);
        assertThat(LAYERS.violations(List.of(type("assay.attic.Planted", _ -> {}))))
                .hasSize(1);
    }

    @Test
    void cycleOfPackagesIsFound() {
        Layers free = new Layers(
                List.of(), Map.of("engine.text", Set.of("base.sparse"), "base.sparse", Set.of("engine.text")));
        List<ClassModel> planted = List.of(
                type("assay.engine.text.One", calls("assay.base.sparse.Two", "go")),
                type("assay.base.sparse.Two", calls("assay.engine.text.One", "go")));
        assertThat(free.violations(planted)).hasSize(2).allMatch(line -> line.contains("cycle"));
    }

    @Test
    void printingAndExitingAreFoundOutsideTheirRooms() {
        Consumer<ClassBuilder> exits = calls("java.lang.System", "exit");
        Consumer<ClassBuilder> prints = type -> type.withMethodBody(
                "body",
                MethodTypeDesc.of(ConstantDescs.CD_void),
                ClassFile.ACC_STATIC,
                code -> code.getstatic(ClassDesc.of("java.lang.System"), "out", ClassDesc.of("java.io.PrintStream"))
                        .pop()
                        .return_());
        assertThat(LAYERS.violations(List.of(type("assay.engine.text.Planted", exits))))
                .hasSize(1);
        assertThat(LAYERS.violations(List.of(type("assay.base.run.Planted", exits))))
                .hasSize(1);
        assertThat(LAYERS.violations(List.of(type("assay.engine.text.Planted", prints))))
                .hasSize(1);
        assertThat(LAYERS.violations(List.of(type("assay.cli.Fine", exits), type("assay.cli.Fine", prints))))
                .isEmpty();
    }

    @Test
    void mutableStaticsAndEmptyNamesAreFound() {
        Consumer<ClassBuilder> field = type -> type.withField("count", ConstantDescs.CD_int, ClassFile.ACC_STATIC);
        assertThat(LAYERS.violations(List.of(type("assay.engine.text.Planted", field))))
                .hasSize(1);
        assertThat(LAYERS.violations(List.of(type("assay.engine.text.TokenUtil", _ -> {}))))
                .hasSize(1);
    }

    private static ClassModel type(String name, Consumer<ClassBuilder> body) {
        return ClassFile.of().parse(ClassFile.of().build(ClassDesc.of(name), body));
    }

    private static Consumer<ClassBuilder> calls(String owner, String method) {
        return type -> type.withMethodBody(
                "body",
                MethodTypeDesc.of(ConstantDescs.CD_void),
                ClassFile.ACC_STATIC,
                code -> code.invokestatic(ClassDesc.of(owner), method, MethodTypeDesc.of(ConstantDescs.CD_void))
                        .return_());
    }

    private static Path classes() throws URISyntaxException {
        return Path.of(InputException.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    private static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> below = Files.walk(parent)) {
            return below.filter(Files::isDirectory).toList();
        }
    }

    private static Path root() {
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("CONTRIBUTING.md"))) {
                return folder;
            }
        }
        throw new IllegalStateException("CONTRIBUTING.md: expected above " + start);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
