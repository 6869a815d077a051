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
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rooms and arrows of CONTRIBUTING.md, enforced on the compiled classes; and the checker itself, on planted
/// faults.
class LayersTest {
    private static final Path ROOT = root();
    private static final Layers LAYERS = Layers.of(read(ROOT.resolve("CONTRIBUTING.md")));

    @Test
    void everyArrowOfContributingIsRead() {
        assertThat(LAYERS.arrows().keySet())
                .contains("tensor", "text", "sparse", "run", "format", "model", "behaviour", "study", "cli");
        assertThat(LAYERS.arrows()).containsEntry("run", Set.of()).containsEntry("format", Set.of("tensor"));
        assertThat(LAYERS.arrows().get("cli")).containsExactlyInAnyOrder("study", "report", "run");
        assertThat(LAYERS.arrows().get("study"))
                .contains("tensor", "judge", "report")
                .doesNotContain("cli", "study");
    }

    @Test
    void arrowsThemselvesHaveNoCycle() {
        assertThat(Layers.cycles(LAYERS.arrows())).isEmpty();
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
    void noFileIsLongerThanThreeHundredLines() throws Exception {
        try (Stream<Path> walk = Files.walk(ROOT.resolve("app/src/main/java"))) {
            assertThat(walk.filter(path -> path.toString().endsWith(".java"))
                            .filter(path -> read(path).lines().count() > 300))
                    .isEmpty();
        }
    }

    @Test
    void plantedArrowIsFound() {
        ClassModel planted = type("assay.text.Planted", calls("assay.model.LanguageModel", "forward"));
        assertThat(LAYERS.violations(List.of(planted)))
                .singleElement()
                .asString()
                .contains("assay/model/LanguageModel");
    }

    @Test
    void plantedArrowInASignatureIsFound() {
        ClassModel planted = type(
                "assay.text.Planted",
                code -> code.withMethod(
                        "hidden",
                        MethodTypeDesc.of(
                                ConstantDescs.CD_void,
                                ClassDesc.of("assay.model.LanguageModel").arrayType()),
                        ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT,
                        _ -> {}));
        assertThat(LAYERS.violations(List.of(planted)))
                .singleElement()
                .asString()
                .contains("assay/model/LanguageModel");
    }

    @Test
    void torchIsAllowedOnlyWhereTensorIs() {
        Consumer<ClassBuilder> torch = calls("org.bytedeco.pytorch.global.torch", "zeros");
        assertThat(LAYERS.violations(List.of(type("assay.model.Fine", torch)))).isEmpty();
        assertThat(LAYERS.violations(List.of(type("assay.sparse.Planted", torch))))
                .hasSize(1);
        assertThat(LAYERS.violations(List.of(type("assay.Planted", torch)))).hasSize(1);
    }

    @Test
    void rootAndUnlistedRoomsMayUseNothing() {
        assertThat(LAYERS.violations(List.of(type("assay.Planted", calls("assay.run.Progress", "silent")))))
                .hasSize(1);
        assertThat(LAYERS.violations(List.of(type("assay.attic.Planted", _ -> {}))))
                .hasSize(1);
    }

    @Test
    void cycleOfPackagesIsFound() {
        Layers free = new Layers(Map.of("text", Set.of("sparse"), "sparse", Set.of("text")));
        List<ClassModel> planted = List.of(
                type("assay.text.One", calls("assay.sparse.Two", "go")),
                type("assay.sparse.Two", calls("assay.text.One", "go")));
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
        assertThat(LAYERS.violations(List.of(type("assay.text.Planted", exits))))
                .hasSize(1);
        assertThat(LAYERS.violations(List.of(type("assay.run.Planted", exits)))).hasSize(1);
        assertThat(LAYERS.violations(List.of(type("assay.text.Planted", prints))))
                .hasSize(1);
        assertThat(LAYERS.violations(List.of(type("assay.cli.Fine", exits), type("assay.cli.Fine", prints))))
                .isEmpty();
    }

    @Test
    void mutableStaticsAndEmptyNamesAreFound() {
        Consumer<ClassBuilder> field = type -> type.withField("count", ConstantDescs.CD_int, ClassFile.ACC_STATIC);
        assertThat(LAYERS.violations(List.of(type("assay.text.Planted", field))))
                .hasSize(1);
        assertThat(LAYERS.violations(List.of(type("assay.text.TokenUtil", _ -> {}))))
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
        try (Stream<Path> inside = Files.list(parent)) {
            List<Path> folders =
                    new ArrayList<>(inside.filter(Files::isDirectory).toList());
            folders.add(parent);
            return folders;
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
