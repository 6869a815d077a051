package assay;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads compiled classes and says which of the house's rules they break. A room is a package below `assay`: its wing
/// and its name (`measure.probe`), or the wing alone where it has no rooms (`cli`).
///
/// @param wings lowest first; wings of one level do not use each other
/// @param arrows for each room, the rooms it uses
record Layers(List<Set<String>> wings, Map<String, Set<String>> arrows) {
    private static final Pattern WINGS = Pattern.compile("`(base(?: → [a-z, ]+)+)`");
    private static final Pattern ARROW = Pattern.compile("`([a-z]+(?:\\.[a-z]+)?) → ([a-z., ]+)`");
    private static final Pattern REFERENCE = Pattern.compile("(?:^|[L\\[])((?:assay|org/bytedeco)/[\\w/$]+)");
    private static final Set<String> WORDLESS = Set.of("Util", "Utils", "Manager", "Helper");

    /// Reads wings and arrows from CONTRIBUTING.md: `base → engine → …`, lowest first, and a line per room,
    /// `room → rooms it uses`, where `nothing` may stand on the right.
    static Layers of(String contributing) {
        String text = contributing.replaceAll("\\s+", " ");
        Matcher order = WINGS.matcher(text);
        if (!order.find()) {
            throw new IllegalStateException("CONTRIBUTING.md: expected the order of the wings, found none.");
        }
        List<Set<String>> wings = new ArrayList<>();
        for (String level : order.group(1).split(" → ", -1)) {
            wings.add(Set.of(level.split(", ", -1)));
        }
        Map<String, Set<String>> arrows = new LinkedHashMap<>();
        Matcher matcher = ARROW.matcher(order.replaceFirst(""));
        while (matcher.find()) {
            String targets = matcher.group(2);
            arrows.put(
                    matcher.group(1),
                    targets.equals("nothing") ? Set.of() : new TreeSet<>(List.of(targets.split(", ", -1))));
        }
        return new Layers(wings, arrows);
    }

    /// Arrows that point upwards or sideways between wings, one line each; empty if none.
    List<String> upwards() {
        List<String> found = new ArrayList<>();
        arrows.forEach((from, targets) -> targets.stream()
                .filter(to -> !wing(from).equals(wing(to)) && level(to) >= level(from))
                .forEach(to -> found.add(from + " → " + to + ": expected a wing below " + wing(from))));
        return found;
    }

    /// Arrows of CONTRIBUTING.md that no class needs, one line each; empty if none.
    List<String> unused(List<ClassModel> classes) {
        Map<String, Set<String>> used = new TreeMap<>();
        for (ClassModel type : classes) {
            Set<String> rooms = used.computeIfAbsent(room(type.thisClass().asInternalName()), _ -> new TreeSet<>());
            references(type).forEach(reference -> rooms.add(roomUsed(reference)));
        }
        List<String> found = new ArrayList<>();
        arrows.forEach((from, targets) -> targets.stream()
                .filter(to -> !used.getOrDefault(from, Set.of()).contains(to))
                .forEach(to -> found.add(from + " → " + to + ": expected to be used, found no class that does")));
        return found;
    }

    private int level(String room) {
        for (int i = 0; i < wings.size(); i++) {
            if (wings.get(i).contains(wing(room))) {
                return i;
            }
        }
        throw new IllegalStateException("CONTRIBUTING.md: expected the wing of " + room + " in the order, found none.");
    }

    private static String wing(String room) {
        return room.split("\\.", -1)[0];
    }

    private static String roomUsed(String reference) {
        return reference.startsWith("org/bytedeco/") ? "base.tensor" : room(reference);
    }

    /// Every `.class` file below a folder, read.
    static List<ClassModel> classesIn(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<ClassModel> classes = new ArrayList<>();
            for (Path file : walk.filter(path -> path.toString().endsWith(".class"))
                    .sorted()
                    .toList()) {
                classes.add(ClassFile.of().parse(file));
            }
            return classes;
        }
    }

    /// What these classes break, one line each; empty if nothing.
    List<String> violations(List<ClassModel> classes) {
        List<String> found = new ArrayList<>();
        for (ClassModel type : classes) {
            found.addAll(arrowViolations(type));
            found.addAll(callViolations(type));
            found.addAll(shapeViolations(type));
        }
        found.addAll(cycles(uses(classes)));
        return found;
    }

    private List<String> arrowViolations(ClassModel type) {
        String name = type.thisClass().asInternalName();
        String room = room(name);
        if (!room.isEmpty() && !arrows.containsKey(room) && !name.endsWith("/package-info")) {
            return List.of(name + ": expected a room listed in CONTRIBUTING.md, found " + room);
        }
        Set<String> allowed = arrows.getOrDefault(room, Set.of());
        List<String> found = new ArrayList<>();
        for (String reference : references(type)) {
            String used = roomUsed(reference);
            if (!used.isEmpty() && !used.equals(room) && !allowed.contains(used)) {
                found.add(name + ": expected " + room + " → " + allowed + ", found " + reference);
            }
        }
        return found;
    }

    private static List<String> callViolations(ClassModel type) {
        String name = type.thisClass().asInternalName();
        String room = room(name);
        List<String> found = new ArrayList<>();
        for (PoolEntry entry : type.constantPool()) {
            if (entry instanceof MemberRefEntry member) {
                String call =
                        member.owner().asInternalName() + "." + member.name().stringValue();
                boolean allowed = switch (call) {
                    case "java/lang/System.out", "java/lang/System.err" ->
                        !(member instanceof FieldRefEntry) || room.equals("cli") || room.equals("base.run");
                    case "java/lang/System.exit", "java/lang/Runtime.exit" -> room.equals("cli");
                    case "java/lang/Runtime.halt" -> room.equals("cli") || room.equals("base.run");
                    default -> true;
                };
                if (!allowed) {
                    found.add(name + ": expected no " + call + " in this room");
                }
            }
        }
        return found;
    }

    private static List<String> shapeViolations(ClassModel type) {
        String name = type.thisClass().asInternalName();
        List<String> found = new ArrayList<>();
        String simple = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('$')) + 1);
        if (WORDLESS.stream().anyMatch(simple::endsWith)) {
            found.add(name + ": expected a name that says what it is, found " + simple);
        }
        type.fields().stream()
                .filter(field -> field.flags().has(AccessFlag.STATIC)
                        && !field.flags().has(AccessFlag.FINAL)
                        && !field.flags().has(AccessFlag.SYNTHETIC))
                .forEach(field -> found.add(name + ": expected no static mutable state, found "
                        + field.fieldName().stringValue()));
        type.findAttribute(Attributes.record())
                .filter(record -> record.components().size() > 8)
                .ifPresent(record -> found.add(name + ": expected at most 8 components, found "
                        + record.components().size()));
        return found;
    }

    /// For each room in use (the root is `assay`), the rooms its classes use.
    static Map<String, Set<String>> uses(List<ClassModel> classes) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (ClassModel type : classes) {
            String from = packageOf(type.thisClass().asInternalName());
            for (String reference : references(type)) {
                String to = packageOf(reference);
                if (reference.startsWith("assay/") && !to.equals(from)) {
                    uses.computeIfAbsent(from, _ -> new TreeSet<>()).add(to);
                }
            }
        }
        return uses;
    }

    /// Packages that reach themselves again.
    static List<String> cycles(Map<String, Set<String>> uses) {
        List<String> found = new ArrayList<>();
        for (String start : uses.keySet()) {
            Set<String> reached = new TreeSet<>();
            List<String> waiting = new ArrayList<>(uses.get(start));
            while (!waiting.isEmpty()) {
                String next = waiting.removeLast();
                if (reached.add(next)) {
                    waiting.addAll(uses.getOrDefault(next, Set.of()));
                }
            }
            if (reached.contains(start)) {
                found.add(start + ": expected no import cycle, found it reaches itself through " + reached);
            }
        }
        return found;
    }

    /// Every class of ours or of torch that a class mentions: in code, in descriptors, in generic signatures.
    static Set<String> references(ClassModel type) {
        Set<String> found = new TreeSet<>();
        for (PoolEntry entry : type.constantPool()) {
            switch (entry) {
                case ClassEntry mentioned -> collect(mentioned.asInternalName(), found);
                case NameAndTypeEntry member -> collect(member.type().stringValue(), found);
                case MethodTypeEntry method -> collect(method.descriptor().stringValue(), found);
                default -> {}
            }
        }
        type.fields().forEach(field -> collect(field.fieldType().stringValue(), found));
        type.methods().forEach(method -> collect(method.methodType().stringValue(), found));
        var signature = Attributes.signature();
        type.findAttribute(signature).ifPresent(s -> collect(s.signature().stringValue(), found));
        type.fields()
                .forEach(field -> field.findAttribute(signature)
                        .ifPresent(s -> collect(s.signature().stringValue(), found)));
        type.methods()
                .forEach(method -> method.findAttribute(signature)
                        .ifPresent(s -> collect(s.signature().stringValue(), found)));
        return found;
    }

    private static void collect(String text, Set<String> found) {
        for (String part : text.split("[;<>:()+*-]", -1)) {
            Matcher matcher = REFERENCE.matcher(part);
            if (matcher.find()) {
                found.add(matcher.group(1));
            }
        }
    }

    /// The package below `assay` with dots; empty for the root and for classes that are not ours.
    static String room(String internalName) {
        return internalName.startsWith("assay/") && internalName.lastIndexOf('/') > "assay/".length()
                ? internalName
                        .substring("assay/".length(), internalName.lastIndexOf('/'))
                        .replace('/', '.')
                : "";
    }

    private static String packageOf(String internalName) {
        return internalName.substring(0, Math.max(0, internalName.lastIndexOf('/')));
    }
}
